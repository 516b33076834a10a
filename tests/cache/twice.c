/* twice.c: every request is run twice from the same frozen heap, by the
 * interpreter and by the slow functions alone, in two processes with other
 * hash keys and other addresses: effects, questions asked and, where the run
 * had no effect, every byte of the response must be the same. So that they
 * are functions of the request: which is what the response cache relies on.
 *
 *   twice SRCDIR [PART OF A NAME]     TWICE_ROUNDS (1): how often in each process
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "engine/include/zigts_tools.h"
#include "shm/deps.h"
#include "supervisor/settings.h"
#include "worker/dispatch.h"
#include "worker/host/host.h"
#include "tests/http/handler_case.h"

static const struct handler_case cases[] = {
#include "tests/http/handler_cases.def"
};

/* Effects of which the world has a say in the response. */
#define UNSTEADY (EFF_TIME | EFF_RANDOM | EFF_RESOURCE)

/* Requests for each name of a file of handlers: what follows "GET /NAME". */
static const char *const forms[] = {
	"", "/deeper", "?a=1", "?a=2&b=1", "?b=2&a=1&a=3", "?a=%20x&k1=5&toString=1&0=z", "\nX-A: 1", "\nX-A:\nX-B: 2", "\nX-A: 1\nX-A: 2",
	"?a=1\nAccept: application/json\nUser-Agent: bot\nAccept-Language: de", "\nCookie: a=1; b=2\nAuthorization: x", "?c=red&d=zz\nIf-None-Match: \"own\"",
	"?a=1&b=2&c=blue\nX-A: 1\nX-B: 2\nReferer: r",
};

struct source { const char *name, *text; struct buf requests; uint32_t n; /* NUL-terminated, one after the other */ };

/* What came of one request. */
struct outcome { uint32_t status, taint, deps_n, out_n; };

static unsigned passed, failed, compared, unsteady;

static struct { struct outcome o; struct deps deps; } now;

static void on_reply(struct http_reply *r, uint32_t taint, bool (*where)(void *u, int bit, char *text, size_t n), void *u)
{
	(void)r, (void)where, (void)u;
	now.o.taint = taint;
}

/* "METHOD target\nName: value\n\nbody" as bytes. */
static void wire(struct buf *b, const char *request)
{
	const char *body = strstr(request, "\n\n"), *end = body ? body : request + strlen(request), *p, *nl;

	b->len = 0;
	for (p = request; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			nl = end;
		buf_put(b, p, (size_t)(nl - p));
		buf_puts(b, p == request ? " HTTP/1.1\r\nHost: t\r\n" : "\r\n");
	}
	if (body)
		buf_printf(b, "Content-Length: %zu\r\n", strlen(body + 2));
	buf_printf(b, "\r\n%s", body ? body + 2 : "");
}

/* Streamed bodies go where the head is; nobody waits for a client. */
static void sink_put(void *u, const char *p, size_t n) { buf_put(u, p, n); }
static bool never(void *u) { (void)u; return false; }
static void sink_begin(void *u, size_t head, bool chunked) { (void)u, (void)head, (void)chunked; }
static bool sink_cut(void *u) { (void)u; return true; }

static void run(struct app *app, const char *request, struct buf *bytes, struct buf *out)
{
	static struct http_head h;
	const struct host_sink sink = { .put = sink_put, .full = never, .gone = never, .sending = never, .u = out };
	struct dispatch_request rq = {
		.sink = &sink, .sink_begin = sink_begin, .sink_cut = sink_cut,
		.head = &h, .wall_seconds = 1000000000, .keep_alive = true, .deps = &now.deps, .on_reply = on_reply,
	};

	wire(bytes, request);
	gate_init(&h);
	now.o = (struct outcome){ 0 };
	deps_clear(&now.deps);
	out->len = 0;
	if (gate_feed(&h, bytes->p, bytes->len) != GATE_DONE || h.is_chunked) {
		now.o.status = 1; /* the gate's business */
		return;
	}
	rq.bytes = bytes->p;
	rq.body = (struct sv){ bytes->p + h.size, bytes->len - h.size };
	now.o.taint = ~0u; /* until there is a reply */
	now.o.status = dispatch_run(app, 0, &rq, out);
	deps_canonical(&now.deps);
	now.o.deps_n = (uint32_t)deps_size(&now.deps);
	now.o.out_n = (uint32_t)out->len;
}

static void put_all(int fd, const struct buf *b)
{
	size_t at = 0;
	ssize_t n;

	for (; at < b->len; at += (size_t)n)
		if ((n = write(fd, b->p + at, b->len - at)) <= 0)
			_exit(2);
}

/* Loads the source and writes what comes of all requests to fd. */
NORETURN static void child(const struct source *s, bool slow, unsigned rounds, int fd)
{
	struct config c;
	struct heritage h = { .generation = 1, .set = &c.set, .files_fd = -1, .log_fd = -1, .access_fd = -1 };
	struct buf bytes = BUF_INIT, out = BUF_INIT, record = BUF_INIT;
	const char *request;
	static struct shm_slot slot;
	struct app app;
	unsigned i, k;

	if (!freopen("/dev/null", "w", stderr))
		_exit(2);
	/* elsewhere: the heap is a large reservation */
	if (slow && mmap(NULL, (size_t)40 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED)
		_exit(2);
	log_init(-1, LOG_ERR, "twice");
	settings_defaults(&c);
	c.set.handler_ns = 60000000000u;
	c.set.handler_cpu_ns = 1000000000u; /* what reaches this never ends */
	c.set.memory = 16 << 20;
	c.set.napps = 1;
	c.set.app[0] = (struct app_setting){ .name = "t", .code = s->text };
	dispatch_read(&app, &h, NULL, NULL);
	if (dispatch_load(&app, &h) != 0)
		_exit(3);
	app.slot = &slot;
	zigts_set_slow(app.vm, slow);
	for (k = 0; k < rounds; k++)
		for (i = 0, request = s->requests.p; i < s->n; i++, request += strlen(request) + 1) {
			run(&app, request, &bytes, &out);
			record.len = 0;
			buf_put(&record, &now.o, sizeof now.o);
			buf_put(&record, &now.deps, now.o.deps_n);
			buf_put(&record, out.p, now.o.out_n);
			put_all(fd, &record);
		}
	_exit(0);
}

static bool take(struct sv *from, void *to, size_t n)
{
	if (from->n < n)
		return false;
	memcpy(to, from->p, n);
	from->p += n;
	from->n -= n;
	return true;
}

static void complain(const struct source *s, const char *request, const struct outcome *a, const struct outcome *b, struct sv x,
		     struct sv y)
{
	printf("not ok %s: %s\n  status %u %u, effects %x %x\n  fast " SV_FMT "\n  slow " SV_FMT "\n", s->name, request, a->status,
	       b->status, a->taint, b->taint, (int)(x.n > 1500 ? 1500 : x.n), x.p, (int)(y.n > 1500 ? 1500 : y.n), y.p);
}

/* One request's outcomes, of both. False: different, or cut off. */
static bool same(const struct source *s, const char *request, struct sv *x, struct sv *y)
{
	struct deps d, e;
	struct outcome a, b;
	bool ok;

	if (!take(x, &a, sizeof a) || !take(y, &b, sizeof b) || a.deps_n > sizeof d || b.deps_n > sizeof e ||
	    !take(x, &d, a.deps_n) || !take(y, &e, b.deps_n) || x->n < a.out_n || y->n < b.out_n) {
		printf("not ok %s: %s: no outcome\n", s->name, request);
		return false;
	}
	compared++;
	if (a.taint & b.taint & UNSTEADY && a.taint != ~0u) {
		unsteady++;
		ok = (a.taint & ~UNSTEADY) == (b.taint & ~UNSTEADY);
	} else {
		ok = a.status == b.status && a.taint == b.taint && a.deps_n == b.deps_n &&
		     (a.deps_n == 0 || deps_equal(&d, &e)) && a.out_n == b.out_n &&
		     (a.out_n == 0 || memcmp(x->p, y->p, a.out_n) == 0);
	}
	if (!ok)
		complain(s, request, &a, &b, (struct sv){ x->p, a.out_n }, (struct sv){ y->p, b.out_n });
	x->p += a.out_n, x->n -= a.out_n;
	y->p += b.out_n, y->n -= b.out_n;
	return ok;
}

static bool gather(int fd, struct buf *out)
{
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf_reserve(out, 1 << 16), 1 << 16)) > 0)
		out->len += (size_t)n;
	return n == 0;
}

static void try(const struct source *s, unsigned rounds)
{
	struct buf got[2] = { BUF_INIT, BUF_INIT };
	int fd[2], status[2], i;
	const char *request;
	unsigned k, n;
	pid_t pid[2];
	bool ok = true;

	for (i = 0; i < 2; i++) {
		fd[i] = memfd_create("outcomes", MFD_CLOEXEC);
		fflush(stdout);
		pid[i] = fork();
		if (pid[i] == 0)
			child(s, i == 1, rounds, fd[i]);
	}
	for (i = 0; i < 2; i++)
		ok &= pid[i] > 0 && waitpid(pid[i], &status[i], 0) == pid[i] && gather(fd[i], &got[i]);
	if (ok && status[0] == 0x300 && status[1] == 0x300) { /* meant not to load */
		passed++;
	} else if (!ok || status[0] != 0 || status[1] != 0) {
		printf("not ok %s: status %x and %x\n", s->name, status[0], status[1]);
		failed++;
	} else {
		struct sv x = buf_sv(&got[0]), y = buf_sv(&got[1]);

		for (k = 0; k < rounds; k++)
			for (n = 0, request = s->requests.p; n < s->n; n++, request += strlen(request) + 1)
				if (ok && !same(s, request, &x, &y))
					ok = false;
		ok ? passed++ : failed++;
	}
	for (i = 0; i < 2; i++) {
		fd_close(&fd[i]);
		buf_free(&got[i]);
	}
}

static void add(struct source *s, const char *a, const char *name, size_t n, const char *b)
{
	buf_printf(&s->requests, "%s%.*s%s", a, (int)n, name, b);
	buf_putc(&s->requests, '\0');
	s->n++;
}

/* The handlers of a file are the properties that begin a line behind two spaces. */
static void add_names(struct source *s)
{
	const char *p = s->text, *word = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t n, i;

	while ((p = strstr(p, "\n  ")) != NULL) {
		p += 3;
		n = strspn(p, word);
		/* what runs into limits takes its time */
		if (n != 0 && p[n] == ':')
			for (i = 0; i < (strncmp(p, "memory", 6) == 0 ? 1 : ARRAY_LEN(forms)); i++)
				add(s, "GET /", p, n, forms[i]);
	}
}

static void try_file(const char *dir, const char *name, const char *const *requests, const char *only, unsigned rounds)
{
	struct buf path = BUF_INIT, text = BUF_INIT;
	struct source s = { .name = name };

	if (only && !strstr(name, only))
		return;
	buf_printf(&path, "%s/%s", dir, name);
	if (fd_read_file(buf_cstr(&path), 1 << 20, &text) != 0) {
		printf("not ok %s cannot be read\n", buf_cstr(&path));
		failed++;
		return;
	}
	s.text = buf_cstr(&text);
	add_names(&s);
	for (; *requests; requests++)
		add(&s, *requests, "", 0, "");
	try(&s, rounds);
	buf_free(&s.requests);
	buf_free(&text);
	buf_free(&path);
}

static void try_case(const struct handler_case *t, const char *only, unsigned rounds)
{
	struct source s = { .name = t->name, .text = t->source };
	size_t i;

	if (strstr(t->source, "//// ") || (only && !strstr(t->name, only))) /* of several files */
		return;
	for (i = 0; i < ARRAY_LEN(t->x) && t->x[i].request; i++)
		add(&s, t->x[i].request, "", 0, "");
	try(&s, rounds);
	buf_free(&s.requests);
}

int main(int argc, char **argv)
{
	static const char *const some[] = { "GET /", "GET /x?a=1&b=2\nX-A: 1", "POST /echo\n\n{\"a\":[1,2]}", "HEAD /", "DELETE /x", NULL };
	static const char *const own[] = { "GET /", "GET /throw", "GET /text", "GET /null", "POST /echo\n\nabc", "GET /echo", "GET /big", "GET /host",
		"GET /ua\nUser-Agent: x", "GET /query?a=1&b=%20", "GET /info?x", "GET /a%20b", "GET /204", "GET /304", "GET /cookies", "GET /badheader",
		"HEAD /info", NULL };
	const char *dir = argc > 1 ? argv[1] : ".", *only = argc > 2 ? argv[2] : NULL, *env = getenv("TWICE_ROUNDS");
	unsigned rounds = env ? (unsigned)atoi(env) : 1;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++)
		try_case(&cases[i], only, rounds);
	try_file(dir, "tests/cache/toggle.js", some, only, rounds);
	try_file(dir, "tests/cache/evade.js", some, only, rounds);
	try_file(dir, "tests/http/handler.js", own, only, rounds);
	try_file(dir, "examples/hello.js", some, only, rounds);
	try_file(dir, "bench/http/hello.js", some, only, rounds);
	printf("%u requests, each by both: %u of them with the time, randomness or a limit in them\n", compared, unsteady);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
