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

struct exchange {
	const char *request;     /* "METHOD target", then header lines, "\n\n" and body */
	int status;
	const char *body;        /* NULL: any */
	const char *head;        /* a part of the response's head; NULL: any */
};
struct handler_case {
	const char *name, *source;
	struct exchange x[24];
	const char *log[4];      /* lines that the log must have parts of */
};

static const struct handler_case cases[] = {
	{ "a handler of several files",
	  "import { route, hits } from './handlers.route.mjs';\nimport config from './handlers.config.json' with { type: 'json' };\n"
	  "export { handler as default } from './handlers.main.mjs';\n"
	  "//// handlers.main.mjs\nimport { route, hits } from './handlers.route.mjs';\nimport config from './handlers.config.json' with { type: 'json' };\n"
	  "export async function handler(r) {\n"
	  "  if (r.path === '/late') return (await import('./handlers.late.mjs')).text;\n"
	  "  const again = await import('./handlers.route.mjs');\n"
	  "  return route(r) + config.name + hits + again.hits + new URL(import.meta.url).pathname.endsWith('/handlers.main.mjs');\n}\n"
	  "globalThis.URL = class { constructor(u) { this.pathname = u; } };\n"
	  "//// handlers.route.mjs\nexport let hits = 0;\nexport const route = (r) => { hits++; return r.path + ' '; };\n"
	  "//// handlers.late.mjs\nexport const text = 'late';\n"
	  "//// handlers.config.json\n{ \"name\": \"config \" }\n",
	  { { "GET /a", 200, "/a config 11true", NULL }, { "GET /a", 200, "/a config 11true", NULL }, { "GET /b", 200, "/b config 11true", NULL },
	    { "GET /late", 500, NULL, NULL } },
	  { "Cannot import './handlers.late.mjs': it was not loaded before the server started" } },
	{ "a function named handler", "function handler(r) { return 'a'; }", { { "GET /", 200, "a", "text/plain" } }, { 0 } },
	{ "a constant named handler", "const handler = (r) => r.path;", { { "GET /x?y", 200, "/x", NULL } }, { 0 } },
	{ "export default function", "export default function (r) { return { b: 1 }; }",
	  { { "GET /", 200, "{\"b\":1}", "application/json" } }, { 0 } },
	{ "export default arrow", "export default (r) => new Response('arrow');", { { "GET /", 200, "arrow", NULL } }, { 0 } },
	{ "export function handler", "export function handler(r) { return [1, null]; }",
	  { { "GET /", 200, "[1,null]", "application/json" } }, { 0 } },
	{ "export { x as default }", "function x() { return 'x'; }\nexport { x as default };", { { "GET /", 200, "x", NULL } }, { 0 } },
	{ "export default { fetch }",
	  "export default { n: 5, fetch(r, env, ctx) { return r.url + ' ' + this.n + ' ' + typeof env + ' ' + typeof ctx; } };",
	  { { "GET /p?q=1", 200, "http://t/p?q=1 5 object object", NULL } }, { 0 } },
	{ "default wins over handler", "export function handler() { return 'h'; }\nexport default function () { return 'd'; }",
	  { { "GET /", 200, "d", NULL } }, { 0 } },

	{ "asynchronous handlers",
	  "let n = 0;\n"
	  "const shared = new Promise((r) => { globalThis.done = r; });\n"
	  "const sleepless = Promise.resolve('loaded');\n"
	  "async function* parts(s) { for (const c of s) yield c; }\n"
	  "export default async function (r) {\n"
	  "  switch (r.path) {\n"
	  "  case '/json': { const b = await r.json(); return { b, text: await r.text() }; }\n"
	  "  case '/count': n++; await null; return String(++n);\n"
	  "  case '/shared': done(r.query.v); return await shared + ' ' + await sleepless;\n"
	  "  case '/parts': { let s = ''; for await (const p of parts('abc')) s += '<' + p + '>'; return new Response(s); }\n"
	  "  case '/thenable': return { then(f) { f('then ' + r.method); } };\n"
	  "  case '/throw': await 1; throw new RangeError('late');\n"
	  "  case '/never': return await new Promise(() => {});\n"
	  "  case '/lost': Promise.reject(new Error('nobody waits')); return 'ok';\n"
	  "  case '/undefined': await 0; return;\n"
	  "  default: return Promise.all([1, Promise.resolve(2)]);\n"
	  "  }\n"
	  "}",
	  { { "GET /", 200, "[1,2]", "application/json" },
	    { "POST /json\n\n{\"a\":[1]}", 200, "{\"b\":{\"a\":[1]},\"text\":\"{\\\"a\\\":[1]}\"}", NULL },
	    { "GET /count", 200, "2", NULL }, { "GET /count", 200, "2", NULL },
	    { "GET /shared?v=1", 200, "1 loaded", NULL }, { "GET /shared?v=2", 200, "2 loaded", NULL },
	    { "GET /parts", 200, "<a><b><c>", NULL }, { "GET /thenable", 200, "then GET", NULL },
	    { "GET /throw", 500, NULL, NULL }, { "GET /never", 500, NULL, NULL }, { "GET /lost", 200, "ok", NULL },
	    { "GET /undefined", 500, NULL, NULL }, { "GET /count", 200, "2", NULL } },
	  { "RangeError: late\n    at ", "GET /never: the handler's promise never settles",
	    "GET /lost: unhandled rejection: Error: nobody waits", "GET /undefined: the handler returned neither" } },
	{ "a module with top-level await", "const t = await Promise.resolve('tla');\nexport default () => t;",
	  { { "GET /", 200, "tla", NULL } }, { 0 } },

	{ "Request",
	  "function handler(r) {\n"
	  "  const h = r.headers;\n"
	  "  switch (r.path) {\n"
	  "  case '/h': return [h.get('X-A'), h['x-a'], h.host, h.get('none'), h.none === undefined, h.has('x-b'), 'x-a' in h];\n"
	  "  case '/i': return [...h].map(([k, v]) => k + '=' + v).join(' ');\n"
	  "  case '/k': return Object.keys(h);\n"
	  "  case '/b': return [r.body, r.text(), r.json()];\n"
	  "  case '/n': return [r.body, r.text()];\n"
	  "  case '/q': return [r.query, r.query.a, r.query.getAll('a'), r.query.getAll('none'), Object.keys(r.query)];\n"
	  "  case '/c': { const c = r.clone(); c.headers.set('x-a', 'changed'); return [h.get('x-a'), c.headers.get('x-a'), c.url]; }\n"
	  "  case '/new': { const n = new Request('http://h/p%20q?x=1&x=2#f', { method: 'PUT', headers: { A: 'b' }, body: 'z' });\n"
	  "    return [n.method, n.url, n.path, n.query, n.query.getAll('x'), n.headers.get('a'), n.body]; }\n"
	  "  default: return [r.method, r.url, r.path, r.href];\n"
	  "  }\n"
	  "}",
	  { { "PUT /a%20b?c=d", 200, "[\"PUT\",\"/a%20b?c=d\",\"/a b\",\"http://t/a%20b?c=d\"]", NULL },
	    { "GET /h\nX-A: 1\nx-a: 2\nX-B: 3", 200, "[\"1, 2\",\"1, 2\",\"t\",null,true,true,true]", NULL },
	    { "GET /i\nZ: 1\nA: 2\nM: 3\nA: 4", 200, "a=2, 4 host=t m=3 z=1", NULL },
	    { "GET /k\nB: 1\nA: 2", 200, "[\"a\",\"b\",\"host\"]", NULL },
	    { "POST /b\n\n[1]", 200, "[\"[1]\",\"[1]\",[1]]", NULL },
	    { "GET /n", 200, "[null,\"\"]", NULL },
	    { "GET /q?a=1&b&a=%41+x&&=e&c=", 200,
	      "[{\"a\":\"1\",\"b\":\"\",\"\":\"e\",\"c\":\"\"},\"1\",[\"1\",\"A x\"],[],[\"a\",\"b\",\"\",\"c\"]]", NULL },
	    { "GET /c?x\nX-A: 1", 200, "[\"1\",\"changed\",\"/c?x\"]", NULL },
	    { "GET /new", 200, "[\"PUT\",\"http://h/p%20q?x=1&x=2#f\",\"/p q\",{\"x\":\"1\"},[\"1\",\"2\"],\"b\",\"z\"]", NULL } },
	  { 0 } },

	{ "Response",
	  "class Sub extends Response { constructor(b) { super(b, { status: 207 }); } get sub() { return 1; } }\n"
	  "const headers = () => { const h = new Headers({ a: '1' }); h.append('A', ' 2 '); h.set('c', '3'); h.set('B', '4');\n"
	  "  h.delete('c'); return h; };\n"
	  "function handler(r) {\n"
	  "  switch (r.path) {\n"
	  "  case '/init': return new Response('x', { status: 201, statusText: 'Made', headers: { 'X-A': '1' } });\n"
	  "  case '/text': return Response.text('t', { status: 202 });\n"
	  "  case '/html': return Response.html('<p>', { headers: [['x-b', '2']] });\n"
	  "  case '/moved': return Response.redirect('/x', 301);\n"
	  "  case '/cookies': return Response.json({}, { headers: new Headers([['set-cookie', 'a=1'], ['Set-Cookie', 'b=2']]) });\n"
	  "  case '/headers': { let s = ''; headers().forEach((v, k) => s += k + '=' + v + ';');\n"
	  "    return [s, [...headers().keys()], [...headers().values()], headers().getSetCookie().length]; }\n"
	  "  case '/utf8': return new Response('h\\u00e9 \\u2713 \\u{1f600}');\n"
	  "  case '/read': { const x = new Response('abc'); return [x.ok, x.status, x.statusText, x.headers.get('content-type'), x.text()]; }\n"
	  "  case '/sub': { const x = new Sub('sub'); return x.sub === 1 && x instanceof Response ? x : null; }\n"
	  "  case '/ours': return new Response('x', { headers: { 'Content-Length': '55', 'Transfer-Encoding': 'chunked' } });\n"
	  "  case '/type': return new Response('x', { headers: { 'content-type': 'a/b' } });\n"
	  "  case '/status': return new Response(null, { status: 199 });\n"
	  "  case '/body204': return new Response('x', { status: 204 });\n"
	  "  case '/nojson': return Response.json(undefined);\n"
	  "  case '/call': return Response('x');\n"
	  "  case '/error': return Response.error();\n"
	  "  case '/number': return 5;\n"
	  "  case '/split': return new Response('x', { headers: { a: 'b\\r\\nC: d' } });\n"
	  "  }\n"
	  "}",
	  { { "GET /init", 201, "x", "HTTP/1.1 201 Made\r\n" }, { "GET /init", 201, "x", "x-a: 1\r\n" },
	    { "GET /text", 202, "t", NULL }, { "GET /html", 200, "<p>", "x-b: 2\r\n" }, { "GET /moved", 301, "", "location: /x\r\n" },
	    { "GET /cookies", 200, "{}", "set-cookie: a=1\r\nset-cookie: b=2\r\n" },
	    { "GET /headers", 200, "[\"a=1, 2;b=4;\",[\"a\",\"b\"],[\"1, 2\",\"4\"],0]", NULL },
	    { "GET /utf8", 200, "h\303\251 \342\234\223 \360\237\230\200", "Content-Length: 12\r\n" },
	    { "GET /read", 200, "[true,200,\"\",\"text/plain;charset=UTF-8\",\"abc\"]", NULL },
	    { "GET /sub", 207, "sub", NULL }, { "GET /ours", 200, "x", "Content-Length: 1\r\n" },
	    { "GET /type", 200, "x", "content-type: a/b\r\n" }, { "GET /status", 500, NULL, NULL }, { "GET /body204", 500, NULL, NULL },
	    { "GET /nojson", 500, NULL, NULL }, { "GET /call", 500, NULL, NULL }, { "GET /error", 500, NULL, NULL },
	    { "GET /number", 500, "Internal Server Error", NULL }, { "GET /none", 500, NULL, NULL }, { "GET /split", 500, NULL, NULL } },
	  { "GET /status: RangeError: ", "GET /number: the handler returned neither", "GET /split: TypeError: invalid header value" } },

	{ "throwing",
	  "function deep(n) {\n"
	  "  if (n === 0) throw new TypeError('deep thing');\n"
	  "  return deep(n - 1) + 1;\n"
	  "}\n"
	  "function handler(r) {\n"
	  "  if (r.path === '/deep') return deep(2);\n"
	  "  if (r.path === '/null')\n"
	  "    return null.foo;\n"
	  "  throw 'just text';\n"
	  "}",
	  { { "GET /deep", 500, "Internal Server Error", "text/plain" }, { "GET /null", 500, NULL, NULL }, { "GET /text", 500, NULL, NULL } },
	  { ".js:2:22)", "at handler (", ".js:8:17)", "GET /text: just text" } },

	{ "hostile",
	  "let count = 0;\n"
	  "const kept = [];\n"
	  "function recurse() { return recurse() + 1; }\n"
	  "function handler(r) {\n"
	  "  switch (r.path) {\n"
	  "  case '/count': return String(++count);\n"
	  "  case '/keep': kept.push(r); globalThis.left = r; Array.prototype.mine = 1; String.prototype.trim = () => 'stolen';\n"
	  "    Object.freeze(kept); return String(kept.length);\n"
	  "  case '/left': return [typeof left, kept.length, [].mine === undefined, ' a '.trim(), Object.isFrozen(kept)];\n"
	  "  case '/grow': { const a = []; for (;;) a.push({ a: [a.length], s: 'x'.repeat(100) + a.length }); }\n"
	  "  case '/double': { let s = 'x'; for (;;) s += s; }\n"
	  "  case '/fill': return new Array(1e9).fill(1).length + '';\n"
	  "  case '/recurse': return recurse();\n"
	  "  case '/caught': try { recurse(); } catch (e) { return e.name; }\n"
	  "  case '/cycle': { const o = {}; o.o = o; return o; }\n"
	  "  case '/spin': for (;;);\n"
	  "  case '/catch': for (;;) try { for (;;); } catch { } finally { continue; }\n"
	  "  case '/regrow': for (;;) try { const a = []; for (;;) a.push(new Array(1000).fill(1)); } catch { }\n"
	  "  }\n"
	  "}",
	  { { "GET /count", 200, "1", NULL }, { "GET /count", 200, "1", NULL }, { "GET /keep", 200, "1", NULL },
	    { "GET /keep", 200, "1", NULL }, { "GET /left", 200, "[\"undefined\",0,true,\"a\",false]", NULL },
	    { "GET /grow", 500, NULL, NULL }, { "GET /count", 200, "1", NULL }, { "GET /double", 500, NULL, NULL },
	    { "GET /fill", 500, NULL, NULL }, { "GET /recurse", 500, NULL, NULL }, { "GET /caught", 200, "RangeError", NULL },
	    { "GET /cycle", 500, NULL, NULL }, { "GET /spin", 504, "Gateway Timeout", NULL }, { "GET /count", 200, "1", NULL },
	    { "GET /catch", 504, NULL, NULL }, { "GET /regrow", 500, NULL, NULL },
	    { "GET /left", 200, "[\"undefined\",0,true,\"a\",false]", NULL }, { "GET /count", 200, "1", NULL } },
	  { "GET /grow: ", "GET /spin: the handler " } },
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
