/* statics.c: answers from files. Called by the stages that answer a request,
 * before the handler. Knows nothing of connections: it appends a head and says
 * where the body is.
 *
 * An entry is what one request path stands for: a file and the precompressed
 * files beside it, each with a head ready to be copied and, when it is small
 * enough, its bytes. Entries live in a table and in a list by last use. An
 * entry is compared with the file system when the wall clock's second is not
 * the one of the last look; names that are no files are remembered just as
 * long. Bytes are counted by reference: a blob that is being sent outlives its
 * entry. */
#include "worker/http/statics.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/hash.h"
#include "base/log.h"
#include "worker/http/cond.h"
#include "worker/http/mime.h"
#include "worker/http/reply.h"

#define BUCKETS 1024            /* power of two */
#define ABSENT 1024             /* power of two */
#define NAME_LIMIT 3800         /* of a file name, with room for what is added */
#define INLINE_MAX 8192         /* bodies copied behind their head: cheaper than a second piece */
#define CONTROL_MAX 256
#define INDEX "index.html"
#define STALE_S 2               /* a sibling older than its file by more is not used */

static const char *const suffix[CODINGS] = {
	[CODING_BR] = ".br", [CODING_ZSTD] = ".zst", [CODING_GZIP] = ".gz", [CODING_IDENTITY] = "",
};
static const char *const coding_name[CODINGS] = {
	[CODING_BR] = "br", [CODING_ZSTD] = "zstd", [CODING_GZIP] = "gzip",
};

struct blob { uint32_t refs; size_t len; char data[]; };

/* What tells one state of a file from another. */
struct identity { uint64_t dev, ino, size; int64_t sec, nsec; };

/* One file as it can be sent. fields[0..nfields) are header lines:
 * Content-Length | Content-Type … | ETag, Last-Modified, Vary, Cache-Control;
 * a partial response begins at `type`, a 304 at `valid`. */
struct rep {
	bool exists;
	struct identity id;
	struct blob *blob;       /* NULL: not read yet, or too large */
	char *fields;
	uint16_t nfields, type, valid;
	struct sv etag;          /* inside fields */
};

struct root { int fd; size_t nprefix; const char *prefix; };

struct entry {
	uint64_t hash;
	struct entry *next, *newer, *older; /* of the bucket; of the list by use */
	int64_t checked;         /* wall second of the last look */
	bool racy;               /* a file was written too recently to trust its time */
	const struct root *root;
	size_t bytes;            /* all of it, as counted against the limit */
	struct rep rep[CODINGS];
	size_t nname;
	char name[];             /* decoded path of the request */
};

struct statics {
	struct root root[STATICS_MAX];
	uint32_t nroots;
	size_t bytes_max, file_max, bytes, entries, pinned;
	const char *control;
	struct hash_key key;
	struct entry *bucket[BUCKETS];
	struct entry *newest, *oldest;
	struct { uint64_t hash; int64_t second; } absent[ABSENT];
	char path[HTTP_TARGET_MAX + 32];
};

/* ---- files --------------------------------------------------------------- */

static int open_below(int root, const char *name, uint64_t flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	int fd, tries = 8;

	do /* EAGAIN: something was renamed meanwhile and ".." cannot be excluded */
		fd = (int)syscall(SYS_openat2, root, name, &how, sizeof how);
	while (fd < 0 && (errno == EAGAIN || errno == EINTR) && --tries > 0);
	return fd;
}

static void identify(const struct stat *st, struct identity *id)
{
	*id = (struct identity){
		.dev = st->st_dev, .ino = st->st_ino, .size = (uint64_t)st->st_size,
		.sec = st->st_mtim.tv_sec, .nsec = st->st_mtim.tv_nsec,
	};
}

/* A regular file's descriptor; -1: there is none that may be read. -2: we are
 * out of something. *directory: it is one. */
static int file_open(int root, const char *name, struct identity *id, bool *directory)
{
	/* non-blocking: a FIFO must not hang the worker */
	int fd = open_below(root, name, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == EIO ? -2 : -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		identify(&st, id);
		return fd;
	}
	if (directory)
		*directory = S_ISDIR(st.st_mode);
	close(fd);
	return -1;
}

static bool read_all(int fd, char *to, size_t n, uint64_t off)
{
	while (n != 0) {
		ssize_t r = pread(fd, to, n, (off_t)off);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		to += r;
		off += (uint64_t)r;
		n -= (size_t)r;
	}
	return true;
}

/* ---- looking a path up ---------------------------------------------------- */

enum outcome { FOUND, NOTHING, REDIRECT, STARVED };
struct found {
	const struct root *root;
	int fd[CODINGS];         /* -1: none */
	struct identity id[CODINGS];
};

static void found_close(struct found *f)
{
	int k;

	for (k = 0; k < CODINGS; k++)
		fd_close(&f->fd[k]);
}

/* The file's name below its root for this coding, in s->path. */
static const char *file_name(struct statics *s, const struct root *r, struct sv name, enum coding k)
{
	struct sv rel = { name.p + r->nprefix, name.n - r->nprefix };
	char *at = s->path;

	if (rel.n != 0)
		rel.p++, rel.n--; /* the slash behind the prefix */
	memcpy(at, rel.p, rel.n);
	at += rel.n;
	if (rel.n == 0 || at[-1] == '/')
		at = stpcpy(at, INDEX);
	strcpy(at, suffix[k]);
	return s->path;
}

static bool root_covers(const struct root *r, struct sv name)
{
	return name.n >= r->nprefix && memcmp(name.p, r->prefix, r->nprefix) == 0 &&
	       (name.n == r->nprefix || name.p[r->nprefix] == '/');
}

/* A directory was named without its slash: redirect if it has an index. */
static enum outcome directory_at(struct statics *s, const struct root *r, struct sv rel)
{
	struct identity id;
	char *at = s->path;
	int fd;

	memcpy(at, rel.p, rel.n);
	at += rel.n;
	if (rel.n != 0)
		*at++ = '/';
	strcpy(at, INDEX);
	fd = file_open(r->fd, s->path, &id, NULL);
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? REDIRECT : fd == -2 ? STARVED : NOTHING;
}

static enum outcome look_in(struct statics *s, const struct root *r, struct sv name, struct found *f)
{
	bool directory = false;
	int k, fd;

	if (name.n == r->nprefix && r->nprefix != 0)
		return directory_at(s, r, SV(""));
	f->root = r;
	fd = file_open(r->fd, file_name(s, r, name, CODING_IDENTITY), &f->id[CODING_IDENTITY], &directory);
	if (directory)
		return directory_at(s, r, (struct sv){ name.p + r->nprefix + 1, name.n - r->nprefix - 1 });
	if (fd < 0)
		return fd == -2 ? STARVED : NOTHING;
	f->fd[CODING_IDENTITY] = fd;
	for (k = 0; k < CODING_IDENTITY; k++) {
		fd = file_open(r->fd, file_name(s, r, name, (enum coding)k), &f->id[k], NULL);
		if (fd >= 0 && f->id[k].sec + STALE_S < f->id[CODING_IDENTITY].sec)
			fd_close(&fd);
		f->fd[k] = fd < 0 ? -1 : fd;
	}
	return FOUND;
}

/* The longest prefix first (statics_open has sorted them). */
static enum outcome look(struct statics *s, struct sv name, struct found *f)
{
	enum outcome r = NOTHING;
	uint32_t i;
	int k;

	for (k = 0; k < CODINGS; k++)
		f->fd[k] = -1;
	for (i = 0; i < s->nroots && r == NOTHING; i++)
		if (root_covers(&s->root[i], name))
			r = look_in(s, &s->root[i], name, f);
	return r;
}

/* ---- entries -------------------------------------------------------------- */

static void blob_drop(struct statics *s, struct blob *b)
{
	if (b && --b->refs == 0) {
		s->pinned -= b->len;
		free(b);
	}
}

static struct entry **bucket_of(struct statics *s, uint64_t hash) { return &s->bucket[hash & (BUCKETS - 1)]; }

static void list_remove(struct statics *s, struct entry *e)
{
	*(e->newer ? &e->newer->older : &s->newest) = e->older;
	*(e->older ? &e->older->newer : &s->oldest) = e->newer;
}

static void list_put_first(struct statics *s, struct entry *e)
{
	e->newer = NULL;
	e->older = s->newest;
	*(s->newest ? &s->newest->newer : &s->oldest) = e;
	s->newest = e;
}

static void entry_drop(struct statics *s, struct entry *e)
{
	struct entry **at = bucket_of(s, e->hash);
	int k;

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	list_remove(s, e);
	s->bytes -= e->bytes;
	s->entries--;
	for (k = 0; k < CODINGS; k++) {
		if (e->rep[k].blob)
			s->pinned += e->rep[k].blob->len; /* until blob_drop finds it unused */
		blob_drop(s, e->rep[k].blob);
		free(e->rep[k].fields);
	}
	free(e);
}

static void evict(struct statics *s)
{
	while (s->bytes > s->bytes_max && s->oldest)
		entry_drop(s, s->oldest);
}

static struct entry *entry_find(struct statics *s, uint64_t hash, struct sv name)
{
	struct entry *e = *bucket_of(s, hash);

	while (e && !(e->hash == hash && e->nname == name.n && memcmp(e->name, name.p, name.n) == 0))
		e = e->next;
	return e;
}

/* "<16 hex>" or "<16 hex>-gzip": the file's identity without telling it. The
 * key is fixed: workers and restarts agree. */
static void etag_make(struct buf *b, const struct identity *id, enum coding k)
{
	static const struct hash_key key = { 0x7a69677474706431ull, 0x73746174696373ull };
	uint64_t what[4] = { id->ino, id->size, (uint64_t)id->sec, (uint64_t)id->nsec };

	buf_printf(b, "\"%016llx%s%s\"", (unsigned long long)hash_sip13(&key, what, sizeof what),
		   k == CODING_IDENTITY ? "" : "-", k == CODING_IDENTITY ? "" : coding_name[k]);
}

static void rep_make(struct statics *s, struct rep *r, const struct identity *id, enum coding k, struct sv name,
		     bool varies)
{
	char date[HTTP_DATE_LEN + 1];
	struct buf b = BUF_INIT;
	struct sv type = mime_type(name);
	size_t etag, etag_end;

	r->exists = true;
	r->id = *id;
	buf_printf(&b, "Content-Length: %llu\r\n", (unsigned long long)id->size);
	r->type = (uint16_t)b.len;
	buf_printf(&b, "Content-Type: " SV_FMT "%s\r\nX-Content-Type-Options: nosniff\r\nAccept-Ranges: bytes\r\n",
		   SV_ARG(type), mime_is_text(type) ? "; charset=utf-8" : "");
	if (k != CODING_IDENTITY)
		buf_printf(&b, "Content-Encoding: %s\r\n", coding_name[k]);
	r->valid = (uint16_t)b.len;
	buf_puts(&b, "ETag: ");
	etag = b.len;
	etag_make(&b, id, k);
	etag_end = b.len;
	http_date_format(id->sec, date);
	buf_printf(&b, "\r\nLast-Modified: %s\r\n", date);
	if (varies)
		buf_puts(&b, "Vary: Accept-Encoding\r\n");
	if (*s->control)
		buf_printf(&b, "Cache-Control: %s\r\n", s->control);
	r->nfields = (uint16_t)b.len;
	r->fields = buf_cstr(&b);
	r->etag = (struct sv){ r->fields + etag, etag_end - etag };
}

static struct entry *entry_make(struct statics *s, uint64_t hash, struct sv name, const struct found *f, int64_t now)
{
	struct entry *e = calloc(1, sizeof *e + name.n), **bucket = bucket_of(s, hash);
	struct sv file = name.p[name.n - 1] == '/' ? SV(INDEX) : name;
	bool varies = false;
	int k;

	AN(e);
	e->hash = hash;
	e->root = f->root;
	e->checked = now;
	e->nname = name.n;
	memcpy(e->name, name.p, name.n);
	e->bytes = sizeof *e + name.n;
	for (k = 0; k < CODING_IDENTITY; k++)
		varies |= f->fd[k] >= 0;
	for (k = 0; k < CODINGS; k++)
		if (f->fd[k] >= 0) {
			rep_make(s, &e->rep[k], &f->id[k], (enum coding)k, file, varies);
			e->bytes += e->rep[k].nfields;
			/* Times are coarse: a file written just now may change once
			 * more without showing it. */
			e->racy |= f->id[k].sec >= now - 1;
		}
	e->next = *bucket;
	*bucket = e;
	list_put_first(s, e);
	s->bytes += e->bytes;
	s->entries++;
	return e;
}

static bool entry_is_current(const struct entry *e, const struct found *f)
{
	int k;

	if (e->racy || e->root != f->root)
		return false;
	for (k = 0; k < CODINGS; k++)
		if (e->rep[k].exists != (f->fd[k] >= 0) ||
		    (e->rep[k].exists && memcmp(&e->rep[k].id, &f->id[k], sizeof f->id[k]) != 0))
			return false;
	return true;
}

/* May the bytes of this file be kept? */
static bool is_small(const struct statics *s, const struct entry *e, const struct rep *r)
{
	return r->id.size <= s->file_max && r->id.size + e->bytes <= s->bytes_max;
}

/* Reads the whole file. False: it changed meanwhile. */
static bool blob_read(struct statics *s, struct entry *e, struct rep *r, int fd)
{
	size_t n = (size_t)r->id.size;
	struct blob *b = malloc(sizeof *b + n);
	struct identity after;
	struct stat st;

	AN(b);
	if (!read_all(fd, b->data, n, 0) || fstat(fd, &st) != 0)
		goto changed;
	identify(&st, &after);
	if (memcmp(&after, &r->id, sizeof after) != 0)
		goto changed;
	b->refs = 1;
	b->len = n;
	r->blob = b;
	e->bytes += sizeof *b + n;
	s->bytes += sizeof *b + n;
	return true;
changed:
	free(b);
	return false;
}

/* ---- answers -------------------------------------------------------------- */

/* One request on its way through. */
struct ask {
	const struct http_head *h;
	const char *bytes;
	int64_t now;
	bool keep_alive;
	uint16_t *status;
	struct buf *out;
	struct static_body *body;
};

static void say(struct ask *a, uint16_t status, struct sv name, struct sv value)
{
	struct http_header header = { name, value };
	struct http_reply r = {
		.status = status, .content_type = SV("text/plain;charset=UTF-8"), .headers = &header, .nheaders = name.n != 0,
		.body = sv_of(reply_reason(status)), .head_only = a->h->method == HTTP_HEAD,
		.keep_alive = a->keep_alive, .http10 = a->h->minor == 0,
	};
	struct sv bad;

	AZ(reply_write(a->out, &r, a->now, &bad));
	*a->status = status;
}

/* The same path with a slash, whatever form the target had. It has no empty
 * segment, so it cannot be taken for the name of another host. */
static void redirect(struct ask *a)
{
	struct buf to = BUF_INIT;

	buf_put_sv(&to, http_view(a->bytes, a->h->path));
	buf_putc(&to, '/');
	if (a->h->has_query) {
		buf_putc(&to, '?');
		buf_put_sv(&to, http_view(a->bytes, a->h->query));
	}
	say(a, 301, SV("Location"), buf_sv(&to));
	buf_free(&to);
}

static void head(struct ask *a, uint16_t status, struct sv first, struct sv rest, size_t body)
{
	reply_head(a->out, status, first, rest, a->keep_alive, a->h->minor == 0, a->now, body);
	*a->status = status;
}

/* What of the file is asked for. */
struct span { bool part; uint64_t first, n; };

/* False: answered; no body of the file is wanted. */
static bool conditions(struct ask *a, const struct rep *r, const struct cond_request *c, struct span *w)
{
	struct cond_entity e = { r->etag, r->id.sec, a->now };
	char text[48];

	*w = (struct span){ false, 0, r->id.size };
	switch (cond_evaluate(c, &e)) {
	case COND_NOT_MODIFIED:
		head(a, 304, (struct sv){ r->fields + r->valid, (size_t)(r->nfields - r->valid) }, SV(""), 0);
		return false;
	case COND_FAILED:
		say(a, 412, SV(""), SV(""));
		return false;
	case COND_GO:
		break;
	}
	if (a->h->method == HTTP_HEAD) /* Range means nothing to it (RFC 9110 14.2) */
		return true;
	switch (cond_range(c, &e, r->id.size, &w->first, &w->n)) {
	case RANGE_UNSATISFIABLE:
		snprintf(text, sizeof text, "bytes */%llu", (unsigned long long)r->id.size);
		say(a, 416, SV("Content-Range"), sv_of(text));
		return false;
	case RANGE_PART:
		w->part = true;
		break;
	case RANGE_WHOLE:
		break;
	}
	return true;
}

/* Head and body. fd -1: r has its bytes.
 * The fd is used up. False: the file has shrunk under our hands. */
static bool send_rep(struct ask *a, const struct rep *r, int fd, struct span w)
{
	bool body = a->h->method != HTTP_HEAD && w.n != 0;
	size_t before = a->out->len, n = (size_t)w.n, copied = body && n <= INLINE_MAX ? n : 0;
	char range[128];

	if (w.part) {
		int k = snprintf(range, sizeof range, "Content-Length: %llu\r\nContent-Range: bytes %llu-%llu/%llu\r\n",
				 (unsigned long long)w.n, (unsigned long long)w.first,
				 (unsigned long long)(w.first + w.n - 1), (unsigned long long)r->id.size);

		head(a, 206, (struct sv){ range, (size_t)k },
		     (struct sv){ r->fields + r->type, (size_t)(r->nfields - r->type) }, copied);
	} else {
		head(a, 200, (struct sv){ r->fields, r->nfields }, SV(""), copied);
	}
	if (!body) {
		fd_close(&fd);
		return true;
	}
	if (r->blob && copied) {
		buf_put(a->out, r->blob->data + w.first, copied);
	} else if (r->blob) {
		r->blob->refs++;
		*a->body = (struct static_body){ r->blob->data + w.first, n, r->blob, -1, 0 };
	} else if (copied) {
		bool whole = read_all(fd, a->out->p + a->out->len, copied, w.first);

		fd_close(&fd);
		a->out->len = whole ? a->out->len + copied : before;
		return whole;
	} else {
		*a->body = (struct static_body){ NULL, n, NULL, fd, w.first };
		return true;
	}
	fd_close(&fd);
	return true;
}

/* The entry for a name, from memory if the last look was in this second and
 * `fresh` is not asked for. With a look, f has the open files. */
static enum outcome entry_get(struct statics *s, uint64_t hash, struct sv name, const struct ask *a, bool fresh,
			      struct entry **out, struct found *f)
{
	struct entry *e = entry_find(s, hash, name);
	uint32_t slot = hash & (ABSENT - 1);
	enum outcome o;

	*out = e;
	if (e && e->checked == a->now && !fresh)
		return FOUND;
	if (!e && s->absent[slot].hash == hash && s->absent[slot].second == a->now && !fresh)
		return NOTHING;
	/* A name that has an entry was found good when that was made. */
	if (!e && !a->h->percent) {
		size_t n;

		if (name.n > sizeof s->path || path_decode(name, s->path, &n) != PATH_OK)
			return NOTHING;
	}
	o = look(s, name, f);
	if (e && (o != FOUND || fresh || !entry_is_current(e, f))) {
		entry_drop(s, e);
		e = NULL;
	}
	if (o == NOTHING && s->bytes_max != 0) {
		s->absent[slot].hash = hash;
		s->absent[slot].second = a->now;
	}
	if (o == FOUND) {
		if (!e)
			e = entry_make(s, hash, name, f, a->now);
		e->checked = a->now;
	}
	*out = e;
	return o;
}

/* The file of a representation that is not in memory: opened by the look, or
 * anew; -1: it is not what the entry knows any more. */
static int rep_open(struct statics *s, struct entry *e, enum coding k, struct found *f)
{
	struct identity id;
	int fd = f->fd[k];

	if (fd >= 0) {
		f->fd[k] = -1;
		return fd;
	}
	fd = file_open(e->root->fd, file_name(s, e->root, (struct sv){ e->name, e->nname }, k), &id, NULL);
	if (fd >= 0 && memcmp(&id, &e->rep[k].id, sizeof id) != 0)
		fd_close(&fd);
	return fd < 0 ? -1 : fd;
}

static enum coding choose(const struct entry *e, const struct cond_request *c)
{
	unsigned have = 0;
	int k;

	for (k = 0; k < CODING_IDENTITY; k++)
		have |= (unsigned)e->rep[k].exists << k;
	return have == 0 ? CODING_IDENTITY : coding_choose(&c->accept_encoding, have);
}

/* Answers from an entry. False: look again, the files have changed. */
static bool answer(struct statics *s, struct ask *a, struct entry *e, const struct cond_request *c, struct found *f)
{
	enum coding k = choose(e, c);
	struct rep *r = &e->rep[k];
	struct span w;
	int fd = -1;

	if (e != s->newest) {
		list_remove(s, e);
		list_put_first(s, e);
	}
	if (!conditions(a, r, c, &w))
		return true;
	if (a->h->method != HTTP_HEAD && !r->blob && w.n != 0) {
		fd = rep_open(s, e, k, f);
		if (fd < 0)
			return false;
		if (is_small(s, e, r) && !blob_read(s, e, r, fd))
			e->racy = true; /* being written: send it as it is, look again soon */
	}
	return send_rep(a, r, fd, w);
}

bool statics_serve(struct statics *s, const struct http_head *h, const char *bytes, int64_t wall_seconds,
		   bool keep_alive, uint16_t *status, struct buf *out, struct static_body *body)
{
	struct ask a = { h, bytes, wall_seconds, keep_alive, status, out, body };
	struct sv name = http_view(bytes, h->path);
	char decoded[HTTP_TARGET_MAX];
	struct cond_request c;
	struct entry *e;
	struct found f;
	uint64_t hash;
	uint32_t i;
	int tries, k;

	if (h->method != HTTP_GET && h->method != HTTP_HEAD)
		return false;
	if (unlikely(h->percent)) {
		if (name.n > sizeof decoded || path_decode(name, decoded, &name.n) != PATH_OK)
			return false;
		name.p = decoded;
	}
	for (i = 0; i < s->nroots && !root_covers(&s->root[i], name); i++)
		;
	if (i == s->nroots || name.n == 0 || name.n > NAME_LIMIT)
		return false;
	*body = (struct static_body){ .fd = -1 };
	hash = hash_sip13(&s->key, name.p, name.n);
	memset(&c, 0, sizeof c);
	for (i = 0; i < h->nfields; i++)
		cond_take(&c, http_view(bytes, h->field[i].name), http_view(bytes, h->field[i].value));
	for (k = 0; k < CODINGS; k++)
		f.fd[k] = -1;
	for (tries = 0; tries < 3; tries++) {
		enum outcome o = entry_get(s, hash, name, &a, tries != 0, &e, &f);
		bool done = true;

		if (o == NOTHING)
			return false;
		if (o == FOUND)
			done = answer(s, &a, e, &c, &f);
		else if (o == REDIRECT)
			redirect(&a);
		else
			say(&a, 503, SV("Retry-After"), SV("1"));
		found_close(&f);
		if (done) {
			evict(s);
			return true;
		}
	}
	say(&a, 500, SV(""), SV(""));
	return true;
}

void statics_unpin(struct statics *s, void *pin) { blob_drop(s, pin); }

void statics_use(const struct statics *s, struct statics_use *out)
{
	*out = (struct statics_use){ s->bytes, s->entries, s->pinned };
}

/* ---- opening --------------------------------------------------------------- */

/* Longer prefixes first; among equals the order of the settings. */
static void root_insert(struct statics *s, const struct root *r)
{
	uint32_t i = s->nroots++;

	for (; i != 0 && s->root[i - 1].nprefix < r->nprefix; i--)
		s->root[i] = s->root[i - 1];
	s->root[i] = *r;
}

static bool root_open(struct root *r, const struct static_setting *set, char *err, size_t n)
{
	int probe;

	r->prefix = set->prefix ? set->prefix : "/";
	r->nprefix = strlen(r->prefix);
	while (r->nprefix != 0 && r->prefix[r->nprefix - 1] == '/')
		r->nprefix--;
	if (r->prefix[0] != '/') {
		snprintf(err, n, "static files: the prefix \"%s\" does not begin with a slash", r->prefix);
		return false;
	}
	r->fd = open(set->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->fd < 0) {
		snprintf(err, n, "static files: %s: %s", set->root, strerror(errno));
		return false;
	}
	probe = open_below(r->fd, ".", O_PATH);
	if (probe < 0) {
		snprintf(err, n, "static files: %s: openat2: %s", set->root, strerror(errno));
		return false;
	}
	close(probe);
	return true;
}

struct statics *statics_open(const struct settings *set, const char **err)
{
	static char text[512];
	struct statics *s;
	uint32_t i;

	*err = NULL;
	if (set->nstatics == 0)
		return NULL;
	s = calloc(1, sizeof *s);
	AN(s);
	s->bytes_max = set->static_cache;
	s->file_max = set->static_max;
	s->control = set->static_control ? set->static_control : "";
	hash_key_random(&s->key);
	if (strlen(s->control) > CONTROL_MAX || !http_value_valid(sv_of(s->control))) {
		*err = "static files: cache_control is not a header value";
		free(s);
		return NULL;
	}
	for (i = 0; i < set->nstatics; i++) {
		struct root r = { .fd = -1 };

		if (!root_open(&r, &set->statics[i], text, sizeof text)) {
			*err = text;
			fd_close(&r.fd);
			statics_close(s);
			return NULL;
		}
		root_insert(s, &r);
	}
	return s;
}

uint32_t statics_roots(const struct statics *s, int fd[STATICS_MAX])
{
	uint32_t i;

	for (i = 0; i < s->nroots; i++)
		fd[i] = s->root[i].fd;
	return s->nroots;
}

void statics_close(struct statics *s)
{
	uint32_t i;

	while (s->oldest)
		entry_drop(s, s->oldest);
	for (i = 0; i < s->nroots; i++)
		fd_close(&s->root[i].fd);
	free(s);
}
