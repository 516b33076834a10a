/* handlers.c: what handlers of every shape, and hostile ones, get and cause, on
 * a real zigttpd with one worker.
 *
 *   handlers ZIGTTPD LOGFILE
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/http/client.h"
#include "tests/http/handler_case.h"

static const struct handler_case cases[] = {
#include "tests/http/handler_cases.def"
};

/* Sources that must not start: exit status 65, and this text. */
static const struct { const char *name, *source, *text[3]; } refused[] = {
	{ "declared twice", "function handler(r) {\n  let x = 1;\n\tlet x = 2;\n}", { ".js:3:6: SyntaxError: ", "let x = 2;\n", "^\n" } },
	{ "an unfinished expression", "function handler(r) { return 1 +; }", { ".js:1:33: SyntaxError: ", "return 1 +;", "^\n" } },
	{ "a throw while loading", "const a = 1;\nfunction f() { throw new Error('at load'); }\nf();\nfunction handler() {}",
	  { "failed while it was loaded", "Error: at load", ".js:2:22)" } },
	{ "a rejection while loading", "Promise.reject(new Error('lost at load'));\nfunction handler() {}",
	  { "left a rejected promise unhandled", "Error: lost at load", ".js:1:" } },
	{ "top-level await without end", "export default await new Promise(() => {});", { "never settles", "", "" } },
	{ "no handler", "var x = 1;", { "has no handler", "", "" } },
	{ "a module that is not there", "export default () => 1;\nimport './handlers.none.mjs';", { ".js:2:8: TypeError: cannot import", "there is no file ", "^~~" } },
	{ "a module with an error", "import './handlers.part.mjs';\n//// handlers.part.mjs\nlet a = (;", { "handlers.part.mjs:2:10: SyntaxError: ", "let a = (;", "^\n" } },
	{ "an export that is not there", "import { a } from './handlers.part.mjs';\n//// handlers.part.mjs\nexport let b;",
	  { ".js:1:10: SyntaxError: ", "has no export named 'a'", "^\n" } },
	{ "a throw in a module", "import './handlers.part.mjs';\n//// handlers.part.mjs\nthrow new Error('in the part');", { "failed while it was loaded", "Error: in the part", "handlers.part.mjs:2:7" } },
	{ "a handler that is no function", "var handler = 1;", { "has no handler", "", "" } },
};

static const char *daemon_path, *log_path;
static char source_path[512];

/* A further file of a case begins with a line "//// NAME": beside the source. */
static const char *further(const char *text, char *path, size_t n)
{
	const char *mark = strstr(text, "//// ");
	int dir = (int)(strrchr(source_path, '/') ? strrchr(source_path, '/') - source_path + 1 : 0);

	if (mark)
		snprintf(path, n, "%.*s%.*s", dir, source_path, (int)strcspn(mark + 5, "\n"), mark + 5);
	return mark;
}

static bool write_part(const char *path, const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	return f && fwrite(text, 1, n, f) == n && fclose(f) == 0;
}

static bool write_source(const char *text)
{
	char path[1024], after[1024];
	const char *mark = further(text, path, sizeof path), *next;

	if (!write_part(source_path, text, mark ? (size_t)(mark - text) : strlen(text)))
		return false;
	for (; mark; mark = next) {
		text = mark + strcspn(mark, "\n");
		next = further(text, after, sizeof after);
		if (!write_part(path, text, next ? (size_t)(next - text) : strlen(text)))
			return false;
		strcpy(path, after);
	}
	return true;
}

static void remove_source(const char *text)
{
	char path[1024];

	unlink(source_path);
	while ((text = further(text, path, sizeof path)) != NULL) {
		unlink(path);
		text++;
	}
}

static char *log_text(void)
{
	static char text[1 << 16];
	FILE *f = fopen(log_path, "r");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;

	text[n] = '\0';
	if (f)
		fclose(f);
	return text;
}

static bool send_exchange(struct client *c, const char *request)
{
	char text[4096];
	const char *body = strstr(request, "\n\n"), *lines = strchr(request, '\n');
	size_t line = lines ? (size_t)(lines - request) : strlen(request);
	size_t end = body ? (size_t)(body - request) : strlen(request), i, n;

	n = (size_t)snprintf(text, sizeof text, "%.*s HTTP/1.1\r\nHost: t\r\n", (int)line, request);
	for (i = line; i < end; i++) {
		if (request[i] != '\n')
			text[n++] = request[i];
		else if (i != line)
			text[n++] = '\r', text[n++] = '\n';
	}
	if (end > line)
		text[n++] = '\r', text[n++] = '\n';
	if (body)
		n += (size_t)snprintf(text + n, sizeof text - n, "Content-Length: %zu\r\n", strlen(body + 2));
	n += (size_t)snprintf(text + n, sizeof text - n, "\r\n%s", body ? body + 2 : "");
	return client_send(c, text, n) == 0;
}

static void try_case(const struct handler_case *t)
{
	struct answer a = { 0 };
	struct client c;
	struct daemon d;
	bool lives;
	size_t i;

	if (!write_source(t->source))
		exit(73);
	daemon_start(&d, daemon_path, "1", source_path, log_path);
	client_open(&c, d.port);
	for (i = 0; i < sizeof t->x / sizeof t->x[0] && t->x[i].request; i++) {
		const struct exchange *x = &t->x[i];
		bool answered = send_exchange(&c, x->request) && client_read(&c, &a, false, 40000) == 0, ok;

		ok = answered && a.status == x->status && (!x->body || strcmp(a.body, x->body) == 0) &&
		     (!x->head || strstr(a.head, x->head));
		if (!ok)
			printf("# %s\n", answered ? a.head : "no answer");
		if (!ok && answered)
			printf("# %s\n", a.body);
		test_is(ok, "%s: %.*s: %d", t->name, (int)strcspn(x->request, "\n"), x->request, x->status);
	}
	client_close(&c);
	answer_free(&a);
	sleep_ms(150);
	for (i = 0; i < sizeof t->log / sizeof t->log[0] && t->log[i]; i++)
		test_is(strstr(log_text(), t->log[i]) != NULL, "%s: the log has \"%s\"", t->name, t->log[i]);
	lives = !strstr(log_text(), "(pid");
	test_is(lives, "%s: the worker lives", t->name);
	if (!lives)
		printf("# %s\n", log_text());
	if (daemon_stop(&d, 5000) == -1)
		kill(-d.pid, SIGKILL);
	remove_source(t->source);
}

static void try_refused(size_t i)
{
	int status, k;
	bool ok;
	pid_t pid;

	if (!write_source(refused[i].source))
		exit(73);
	unlink(log_path);
	pid = fork();
	if (pid == 0) {
		if (!freopen(log_path, "w", stderr))
			_exit(73);
		execl(daemon_path, daemon_path, "-p", "0", "-n", "1", source_path, (char *)NULL);
		_exit(127);
	}
	ok = waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 65;
	for (k = 0; k < 3; k++)
		ok = ok && strstr(log_text(), refused[i].text[k]);
	if (!ok)
		printf("# status %x: %s\n", (unsigned)status, log_text());
	test_is(ok, "%s: exit 65, and where", refused[i].name);
	remove_source(refused[i].source);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc != 3) {
		fputs("usage: handlers ZIGTTPD LOGFILE\n", stderr);
		return 64;
	}
	daemon_path = argv[1];
	log_path = argv[2];
	snprintf(source_path, sizeof source_path, "%s.js", log_path);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		try_case(&cases[i]);
	for (i = 0; i < sizeof refused / sizeof refused[0]; i++)
		try_refused(i);
	return test_end();
}
