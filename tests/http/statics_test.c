/* statics_test.c: static files without a server: requests as bytes through the
 * gate into statics_serve, over a directory made for it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/fd.h"
#include "worker/http/statics.h"

#define OLD 1700000000      /* mtime of the files */
#define NOW 1700100000

static char dir[64] = "/tmp/statics_test.XXXXXX";
static struct statics *st;
static int64_t now = NOW;

/* ---- the directory -------------------------------------------------------- */

static const char *at(const char *name)
{
	static char path[4][512];
	static unsigned i;
	char *p = path[i++ % 4];

	snprintf(p, 512, "%s/%s", dir, name);
	return p;
}

static void put(const char *name, const char *text, size_t n, int64_t mtime)
{
	struct timespec t[2] = { { mtime, 0 }, { mtime, 123456789 } };
	char temp[512];
	int fd;

	snprintf(temp, sizeof temp, "%s/.new", dir);
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0 && write(fd, text, n) == (ssize_t)n && futimens(fd, t) == 0);
	close(fd);
	assert_int_equal(rename(temp, at(name)), 0);
}

static void put_text(const char *name, const char *text) { put(name, text, strlen(text), OLD); }

static void put_filled(const char *name, size_t n, char c)
{
	char *p = malloc(n);

	memset(p, c, n);
	put(name, p, n, OLD);
	free(p);
}

static void reopen(size_t cache, size_t file_max)
{
	static char root[80], sub[80];
	struct settings set = { .static_cache = cache, .static_max = file_max, .static_control = "no-cache", .nstatics = 2 };
	const char *err;

	if (st)
		statics_close(st);
	snprintf(root, sizeof root, "%s/www", dir);
	snprintf(sub, sizeof sub, "%s/other", dir);
	set.statics[0] = (struct static_setting){ .root = root, .prefix = "/" };
	set.statics[1] = (struct static_setting){ .root = sub, .prefix = "/deep/er/" };
	st = statics_open(&set, &err);
	if (!st)
		fail_msg("%s", err);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	mkdir(at("www"), 0755);
	mkdir(at("other"), 0755);
	mkdir(at("www/docs"), 0755);
	mkdir(at("www/bare"), 0755);
	mkdir(at("www/.git"), 0755);
	mkdir(at("www/.well-known"), 0755);
	put_text("secret", "secret");
	put_text("www/hello.txt", "hello, world");
	put_text("www/a b.html", "<p>");
	put_text("www/index.html", "<index>");
	put_text("www/docs/index.html", "<docs>");
	put_text("www/.git/config", "hidden");
	put_text("www/.hidden", "hidden");
	put_text("www/.well-known/x", "known");
	put_text("www/empty", "");
	put_text("www/app.js", "let application = 1;");
	put_text("www/app.js.br", "BR");
	put_text("www/app.js.gz", "GZIP");
	put_text("www/app.js.zst", "ZSTD!");
	put_text("www/stale.js", "new");
	put("www/stale.js.gz", "old", 3, OLD - 100);
	put_filled("www/k8", 8192, 'k');
	put_filled("www/k100", 100000, 'm');
	put_filled("www/k200", 200000, 'l');
	put_text("other/there", "from the other root");
	assert_true(symlink("hello.txt", at("www/link.txt")) == 0 && symlink("../../secret", at("www/docs/out")) == 0 &&
		    symlink("/etc", at("www/etc")) == 0 && symlink("docs", at("www/doclink")) == 0);
	mkfifo(at("www/fifo"), 0644);
	mkdir(at("www/index.d"), 0755);
	mkdir(at("www/index.d/index.html"), 0755);
	reopen(2 << 20, 128 << 10);
	return 0;
}

static int teardown(void **state)
{
	char cmd[128];

	(void)state;
	statics_close(st);
	snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
	return system(cmd);
}

/* ---- requests -------------------------------------------------------------- */

static struct answer { bool served; uint16_t status; size_t nbody; char *head, *body; bool from_fd, from_mem; } got;

static void forget(void)
{
	free(got.head);
	free(got.body);
	memset(&got, 0, sizeof got);
}

static void ask_raw(const char *request)
{
	size_t n = strlen(request);
	char *copy = malloc(n);
	struct buf out = BUF_INIT;
	struct static_body body;
	static struct http_head h;
	const char *end;

	forget();
	memcpy(copy, request, n);
	gate_init(&h);
	if (gate_feed(&h, copy, n) == GATE_BAD) { /* such a path never comes so far */
		free(copy);
		return;
	}
	buf_puts(&out, "before");
	got.served = statics_serve(st, &h, copy, now, h.keep_alive, &got.status, &out, &body);
	if (!got.served) {
		assert_int_equal(out.len, 6);
	} else {
		end = memmem(out.p, out.len, "\r\n\r\n", 4);
		assert_non_null(end);
		got.head = strndup(out.p + 6, (size_t)(end + 2 - out.p) - 6);
		got.nbody = out.len - (size_t)(end + 4 - out.p);
		got.body = malloc(got.nbody + body.len + 1);
		memcpy(got.body, end + 4, got.nbody);
		got.from_fd = body.fd >= 0;
		got.from_mem = body.mem != NULL;
		if (body.fd >= 0) {
			assert_int_equal(pread(body.fd, got.body + got.nbody, body.len, (off_t)body.off), body.len);
			close(body.fd);
		} else if (body.mem) {
			memcpy(got.body + got.nbody, body.mem, body.len);
			statics_unpin(st, body.pin);
		}
		if (got.from_fd || got.from_mem)
			got.nbody += body.len;
		got.body[got.nbody] = 0;
	}
	buf_free(&out);
	free(copy);
}

static void ask(const char *method, const char *target, const char *lines)
{
	char request[12000];

	snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: a\r\n%s\r\n", method, target, lines);
	ask_raw(request);
}

static bool says(const char *line)
{
	char full[256];

	snprintf(full, sizeof full, "\r\n%s\r\n", line);
	return strstr(got.head, full) != NULL;
}

static const char *header(const char *name)
{
	static char value[256];
	const char *p = strstr(got.head, name);

	if (!p)
		return NULL;
	p += strlen(name) + 2;
	snprintf(value, sizeof value, "%.*s", (int)strcspn(p, "\r"), p);
	return value;
}

static void is(int status, const char *body)
{
	if (!got.served || got.status != status)
		fail_msg("served %d status %d, expected %d", got.served, got.status, status);
	if (body && (got.nbody != strlen(body) || memcmp(got.body, body, got.nbody) != 0))
		fail_msg("body is %.*s", (int)got.nbody, got.body);
}

/* ---- tests ----------------------------------------------------------------- */

static void plain(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3; i++) { /* read, then from memory, then looked at again */
		now += i == 2;
		ask("GET", "/hello.txt", "");
		is(200, "hello, world");
		assert_true(strncmp(got.head, "HTTP/1.1 200 OK\r\nDate: ", 23) == 0);
		assert_true(says("Content-Length: 12"));
		assert_true(says("Content-Type: text/plain; charset=utf-8"));
		assert_true(says("Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT"));
		assert_true(says("Accept-Ranges: bytes"));
		assert_true(says("X-Content-Type-Options: nosniff"));
		assert_true(says("Cache-Control: no-cache"));
		assert_non_null(header("ETag"));
		assert_null(header("Vary"));
		assert_null(header("Connection"));
	}
	ask("HEAD", "/hello.txt", "");
	is(200, "");
	assert_true(says("Content-Length: 12"));
	ask("GET", "/a%20b.html?x=%00", "");
	is(200, "<p>");
	assert_true(says("Content-Type: text/html; charset=utf-8"));
	ask("GET", "http://a/hello.txt", "");
	is(200, "hello, world");
	ask("GET", "/empty", "");
	is(200, "");
	assert_true(says("Content-Length: 0"));
	assert_true(says("Content-Type: application/octet-stream"));
	ask_raw("GET /hello.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	is(200, "hello, world");
	assert_true(says("Connection: keep-alive"));
	ask_raw("GET /hello.txt HTTP/1.0\r\n\r\n");
	assert_true(says("Connection: close"));
	ask("GET", "/.well-known/x", "");
	is(200, "known");
	ask("GET", "/deep/er/there", "");
	is(200, "from the other root");
}

static void elsewhere(void **state)
{
	static const char *const targets[] = {
		"/none", "/none/", "/hello.txt/", "/hello.txt/x", "/../secret", "/docs/../../secret", "/%2e%2e/secret",
		"/docs/%2e%2e/hello.txt", "/docs/..%2fhello.txt", "/docs%2findex.html", "//hello.txt", "/docs//index.html",
		"/./hello.txt", "/.hidden", "/.git/config", "/%2egit/config", "/link.txt", "/docs/out", "/etc/passwd",
		"/etc", "/doclink/index.html", "/doclink/", "/doclink", "/fifo", "/bare", "/bare/", "/index.d", "/index.d/",
		"/hello.txt%00", "/hello.txt%00.html", "/%zz", "/hello.tx%7", "/hello%2etxt%2f", "/deep/er", "/deep/er/",
		"/deep/there", "/deep/erthere", "/deep/er/../../secret", "/proc/self/environ",
	};
	static const char *const methods[] = { "POST", "PUT", "DELETE", "OPTIONS", "PATCH" };
	char deep[5000];
	size_t i, k;

	(void)state;
	for (k = 0; k < 2; k++)
		for (i = 0; i < ARRAY_LEN(targets); i++) {
			ask("GET", targets[i], "");
			if (got.served)
				fail_msg("%s: %d", targets[i], got.status);
		}
	for (i = 0; i < ARRAY_LEN(methods); i++) {
		ask(methods[i], "/hello.txt", "");
		assert_false(got.served);
	}
	ask("OPTIONS", "*", "");
	assert_false(got.served);
	memset(deep, 'a', sizeof deep);
	deep[0] = '/';
	deep[sizeof deep - 1] = 0;
	ask("GET", deep, "");
	assert_false(got.served);
	for (i = 1; i + 1 < sizeof deep; i++)
		deep[i] = i & 1 ? 'd' : '/';
	ask("GET", deep, "");
	assert_false(got.served);
}

static void directories(void **state)
{
	(void)state;
	ask("GET", "/", "");
	is(200, "<index>");
	ask("GET", "/docs/", "");
	is(200, "<docs>");
	assert_true(says("Content-Type: text/html; charset=utf-8"));
	ask("GET", "/docs", "");
	is(301, NULL);
	assert_true(says("Location: /docs/"));
	ask("GET", "/d%6Fcs?a=b&c", "");
	is(301, NULL);
	assert_true(says("Location: /d%6Fcs/?a=b&c"));
	ask("HEAD", "http://a/docs", "");
	is(301, "");
	assert_true(says("Location: /docs/"));
}

static void conditional(void **state)
{
	char lines[256], etag[64];

	(void)state;
	ask("GET", "/hello.txt", "");
	snprintf(etag, sizeof etag, "%s", header("ETag"));
	snprintf(lines, sizeof lines, "If-None-Match: \"x\", W/%s\r\n", etag);
	ask("GET", "/hello.txt", lines);
	is(304, "");
	assert_null(header("Content-Length"));
	assert_null(header("Content-Type"));
	assert_string_equal(header("ETag"), etag);
	assert_true(says("Cache-Control: no-cache"));
	ask("HEAD", "/hello.txt", lines);
	is(304, "");
	ask("GET", "/hello.txt", "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n");
	is(304, "");
	ask("GET", "/hello.txt", "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT\r\n");
	is(200, NULL);
	ask("GET", "/hello.txt", "If-Match: \"x\"\r\n");
	is(412, NULL);
	ask("HEAD", "/hello.txt", "If-Unmodified-Since: Tue, 14 Nov 2023 22:13:19 GMT\r\n");
	is(412, "");
	snprintf(lines, sizeof lines, "If-Match: %s\r\nRange: bytes=7-\r\nIf-Range: %s\r\n", etag, etag);
	ask("GET", "/hello.txt", lines);
	is(206, "world");
}

static void parts(void **state)
{
	(void)state;
	ask("GET", "/hello.txt", "Range: bytes=0-4\r\n");
	is(206, "hello");
	assert_true(says("Content-Range: bytes 0-4/12"));
	assert_true(says("Content-Length: 5"));
	assert_true(says("Content-Type: text/plain; charset=utf-8"));
	ask("GET", "/hello.txt", "Range: bytes=-5\r\n");
	is(206, "world");
	ask("GET", "/hello.txt", "Range: bytes=0-\r\n"); /* all of it: still a part */
	is(206, "hello, world");
	assert_true(says("Content-Range: bytes 0-11/12"));
	ask("GET", "/hello.txt", "Range: bytes=12-\r\n");
	is(416, NULL);
	assert_true(says("Content-Range: bytes */12"));
	ask("GET", "/hello.txt", "Range: bytes=0-1,3-4\r\n");
	is(200, "hello, world");
	ask("HEAD", "/hello.txt", "Range: bytes=0-1\r\n");
	is(200, "");
	assert_true(says("Content-Length: 12"));
	ask("GET", "/hello.txt", "Range: bytes=0-1\r\nIf-Range: \"x\"\r\n");
	is(200, "hello, world");
	ask("GET", "/empty", "Range: bytes=0-\r\n");
	is(416, NULL);
	ask("GET", "/k100", "Range: bytes=99999-\r\n");
	is(206, "m");
	ask("GET", "/k200", "Range: bytes=199990-\r\n");
	is(206, "llllllllll");
	assert_false(got.from_fd);
	ask("GET", "/k200", "Range: bytes=1-199998\r\n");
	is(206, NULL);
	assert_true(got.from_fd && got.nbody == 199998);
}

static void siblings(void **state)
{
	char etag[64], lines[128];

	(void)state;
	ask("GET", "/app.js", "");
	is(200, "let application = 1;");
	assert_true(says("Vary: Accept-Encoding"));
	assert_null(header("Content-Encoding"));
	snprintf(etag, sizeof etag, "%s", header("ETag"));
	ask("GET", "/app.js", "Accept-Encoding: gzip, deflate, br, zstd\r\n");
	is(200, "BR");
	assert_true(says("Content-Encoding: br") && says("Vary: Accept-Encoding") && says("Content-Length: 2"));
	assert_true(says("Content-Type: text/javascript; charset=utf-8"));
	assert_string_not_equal(header("ETag"), etag);
	snprintf(lines, sizeof lines, "Accept-Encoding: br\r\nIf-None-Match: %s\r\n", etag);
	ask("GET", "/app.js", lines);
	is(200, "BR");
	snprintf(lines, sizeof lines, "Accept-Encoding: br\r\nIf-None-Match: %s\r\n", header("ETag"));
	ask("GET", "/app.js", lines);
	is(304, "");
	assert_true(says("Vary: Accept-Encoding"));
	ask("GET", "/app.js", "Accept-Encoding: br;q=0, zstd;q=0.5, gzip;q=0.4\r\n");
	is(200, "ZSTD!");
	ask("GET", "/app.js", "Accept-Encoding: x-gzip\r\nRange: bytes=1-2\r\n");
	is(206, "ZI");
	assert_true(says("Content-Encoding: gzip") && says("Content-Range: bytes 1-2/4"));
	ask("HEAD", "/app.js", "Accept-Encoding: zstd\r\n");
	is(200, "");
	assert_true(says("Content-Length: 5"));
	ask("GET", "/stale.js", "Accept-Encoding: gzip\r\n");
	is(200, "new");
	assert_null(header("Vary"));
	ask("GET", "/app.js.gz", "Accept-Encoding: gzip\r\n");
	is(200, "GZIP");
	assert_null(header("Content-Encoding"));
	assert_true(says("Content-Type: application/gzip"));
}

static void changes(void **state)
{
	char etag[64];

	(void)state;
	put_text("www/c.txt", "one");
	ask("GET", "/c.txt", "");
	is(200, "one");
	snprintf(etag, sizeof etag, "%s", header("ETag"));
	put_text("www/c.txt", "two"); /* same size and time, another inode */
	ask("GET", "/c.txt", "");
	is(200, "one"); /* looked at in this very second */
	now++;
	ask("GET", "/c.txt", "");
	is(200, "two");
	assert_string_not_equal(header("ETag"), etag);
	unlink(at("www/c.txt"));
	now++;
	ask("GET", "/c.txt", "");
	assert_false(got.served);
	put_text("www/c.txt", "three");
	ask("GET", "/c.txt", "");
	assert_false(got.served);
	now++;
	ask("GET", "/c.txt", "");
	is(200, "three");
	put_text("www/c.txt.gz", "Z");
	now++;
	ask("GET", "/c.txt", "Accept-Encoding: gzip\r\n");
	is(200, "Z");
	unlink(at("www/c.txt.gz"));
	now++;
	ask("GET", "/c.txt", "Accept-Encoding: gzip\r\n");
	is(200, "three");
	/* a file of this second may change again without a new time */
	put("www/r.txt", "1st", 3, now);
	ask("GET", "/r.txt", "");
	is(200, "1st");
	{
		struct timespec t[2] = { { now, 0 }, { now, 123456789 } };
		int fd = open(at("www/r.txt"), O_WRONLY);

		assert_true(write(fd, "2nd", 3) == 3 && futimens(fd, t) == 0);
		close(fd);
	}
	now++;
	ask("GET", "/r.txt", "");
	is(200, "2nd");
	/* a large file that is not kept: opened anew, noticed at once */
	ask("GET", "/k200", "");
	assert_true(got.from_fd && got.nbody == 200000 && got.body[0] == 'l');
	put_filled("www/k200", 200000, 'n');
	ask("GET", "/k200", "");
	assert_true(got.from_fd && got.nbody == 200000 && got.body[0] == 'n' && got.body[199999] == 'n');
	put_filled("www/k200", 200000, 'l');
	now++;
}

static void cached(void **state)
{
	struct statics_use use;
	struct static_body kept;
	struct buf out = BUF_INIT;
	static struct http_head h;
	static const char request[] = "GET /k100 HTTP/1.1\r\nHost: a\r\n\r\n";
	uint16_t status;
	char name[64];
	int i;

	(void)state;
	reopen(300000, 128 << 10);
	ask("GET", "/k8", "");
	is(200, NULL);
	assert_false(got.from_mem);
	ask("GET", "/k100", "");
	assert_true(got.from_mem && got.nbody == 100000);
	ask("GET", "/k200", "");
	assert_true(got.from_fd && got.nbody == 200000);
	statics_use(st, &use);
	assert_true(use.entries == 3 && use.bytes > 108192 && use.bytes < 112000 && use.pinned == 0);
	/* what is being sent outlives its entry */
	gate_init(&h);
	assert_int_equal(gate_feed(&h, request, sizeof request - 1), GATE_DONE);
	assert_true(statics_serve(st, &h, request, now, true, &status, &out, &kept));
	assert_true(kept.mem && kept.len == 100000);
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "www/many%d", i);
		put_filled(name, 4000, 'x');
	}
	for (i = 0; i < 2000; i++) {
		snprintf(name, sizeof name, "/many%d", i % 1000);
		ask("GET", name, "");
		assert_true(got.served && got.nbody == 4000);
		statics_use(st, &use);
		assert_true(use.bytes <= 300000);
	}
	assert_true(use.entries > 50 && use.entries < 75 && use.pinned == 100000);
	for (i = 0; i < 100000; i++)
		assert_int_equal(kept.mem[i], 'm');
	statics_unpin(st, kept.pin);
	statics_use(st, &use);
	assert_int_equal(use.pinned, 0);
	buf_free(&out);
	/* a flood of names that are no files costs no memory */
	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof name, "/nothing%d", i);
		ask("GET", name, "");
		assert_false(got.served);
	}
	statics_use(st, &use);
	assert_true(use.entries > 50);
	reopen(0, 128 << 10); /* nothing kept */
	for (i = 0; i < 3; i++) {
		ask("GET", "/hello.txt", "");
		is(200, "hello, world");
		ask("GET", "/k100", "");
		assert_true(got.from_fd && got.nbody == 100000);
		ask("GET", "/none", "");
		assert_false(got.served);
	}
	statics_use(st, &use);
	assert_true(use.bytes == 0 && use.entries == 0);
	reopen(2 << 20, 128 << 10);
}

static void refused(void **state)
{
	struct settings set = { .static_control = "no-cache", .nstatics = 1 };
	const char *err = "";

	(void)state;
	set.statics[0] = (struct static_setting){ .root = "/nonexistent/dir", .prefix = "/" };
	assert_null(statics_open(&set, &err));
	assert_non_null(strstr(err, "/nonexistent/dir: No such file"));
	set.statics[0] = (struct static_setting){ .root = "/etc/passwd", .prefix = "/" };
	assert_null(statics_open(&set, &err));
	set.statics[0] = (struct static_setting){ .root = "/", .prefix = "x" };
	assert_null(statics_open(&set, &err));
	set.statics[0].prefix = "/";
	set.static_control = "a\r\nb: c";
	assert_null(statics_open(&set, &err));
	set.nstatics = 0;
	assert_null(statics_open(&set, &err));
	assert_null(err);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain), cmocka_unit_test(elsewhere), cmocka_unit_test(directories),
		cmocka_unit_test(conditional), cmocka_unit_test(parts), cmocka_unit_test(siblings), cmocka_unit_test(changes),
		cmocka_unit_test(cached), cmocka_unit_test(refused),
	};
	int r = cmocka_run_group_tests(tests, setup, teardown);

	forget();
	return r;
}
