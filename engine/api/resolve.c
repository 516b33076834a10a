/* resolve.c: what a module specifier means among files: paths, packages of
 * node_modules, and their package.json. Called by load.c through the loader of
 * zigts_files.h. Runs no JavaScript; JSON is read with the VM's parser. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/fd.h"
#include "base/near.h"
#include "base/sv.h"
#include "engine/include/zigts_files.h"

#define FILE_MAX    (64u << 20)
#define PACKAGE_MAX (4u << 20)
#define TARGET_DEPTH 32            /* of conditions within conditions */

struct scope { char *dir; bool module; };   /* package.json there says "type": "module" */
struct zigts_files {
	char cwd[PATH_MAX];
	char **path; uint32_t n, cap;
	struct scope *scope; uint32_t nscopes, cap_scopes;
};

/* One resolution. */
struct query { struct zigts_files *f; struct zigts *vm; struct buf *why; };

static void *grown(void *p, uint32_t n, uint32_t *cap, size_t elem)
{
	if (n < *cap)
		return p;
	*cap = *cap ? *cap * 2 : 16;
	p = realloc(p, *cap * elem);
	AN(p);
	return p;
}

/* ---- paths -------------------------------------------------------------------------- */

static bool has_end(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static bool is_relative(const char *s)
{
	return s[0] == '/' || strncmp(s, "./", 2) == 0 || strncmp(s, "../", 3) == 0 || strcmp(s, ".") == 0 ||
	       strcmp(s, "..") == 0;
}

/* dir/name without "." and ".." and doubled slashes; malloc'd. dir is absolute. */
static char *join(struct sv dir, const char *name)
{
	struct buf b = BUF_INIT;

	if (name[0] != '/')
		buf_put_sv(&b, dir);
	while (*name) {
		size_t n;

		name += strspn(name, "/");
		n = strcspn(name, "/");
		if (n == 2 && memcmp(name, "..", 2) == 0) {
			while (b.len && b.p[--b.len] != '/')
				;
		} else if (n != 0 && !(n == 1 && *name == '.')) {
			if (b.len == 0 || b.p[b.len - 1] != '/')
				buf_putc(&b, '/');
			buf_put(&b, name, n);
		}
		name += n;
	}
	if (b.len == 0)
		buf_putc(&b, '/');
	return buf_cstr(&b);           /* the buffer's memory is the caller's now */
}

static struct sv dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct sv){ path, slash ? (size_t)(slash - path) : 0 };
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* The path of file://…, or NULL. */
static char *path_of_url(const char *url)
{
	struct buf b = BUF_INIT;
	char *path;

	if (strncmp(url, "file://", 7) != 0 || url[7] != '/')
		return NULL;
	for (url += 7; *url && *url != '?' && *url != '#'; url++)
		if (*url == '%' && hex(url[1]) >= 0 && hex(url[2]) >= 0) {
			buf_putc(&b, (char)(hex(url[1]) * 16 + hex(url[2])));
			url += 2;
		} else
			buf_putc(&b, *url);
	path = join(SV(""), buf_cstr(&b));
	buf_free(&b);
	return path;
}

static char *guess(void *u, const char *specifier, const char *referrer)
{
	(void)u;
	return is_relative(specifier) ? join(dir_of(referrer), specifier) : path_of_url(specifier);
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void url_of(void *u, const char *key, struct buf *out)
{
	static const char plain[] = "/-_.!~*'():@&=+$,;";

	(void)u;
	buf_puts(out, "file://");
	for (; *key; key++)
		if ((*key >= '0' && *key <= '9') || ((*key | 32) >= 'a' && (*key | 32) <= 'z') || strchr(plain, *key))
			buf_putc(out, *key);
		else
			buf_printf(out, "%%%02X", (unsigned char)*key);
}

/* ---- package.json --------------------------------------------------------------------- */

/* The object in dir/package.json. 1; 0: there is none; -1: it is wrong. */
static int package_read(struct query *q, struct sv dir, zigts_val *out)
{
	char *path = join(dir, "package.json");
	struct buf b = BUF_INIT;
	int r = fd_read_file(path, PACKAGE_MAX, &b) == 0;

	if (r && (*out = zigts_json_parse(q->vm, b.p ? b.p : "", b.len)) == ZIGTS_EXC) {
		zigts_take_exception(q->vm);
		buf_printf(q->why, "%s is not valid JSON", path);
		r = -1;
	} else if (r && zigts_type(*out) != ZIGTS_T_OBJECT)
		r = 0;
	buf_free(&b);
	free(path);
	return r;
}

/* The nearest package.json at or above dir; *dir becomes its folder. */
static int package_above(struct query *q, struct sv *dir, zigts_val *out)
{
	for (;;) {
		int r = has_end(strndupa(dir->p, dir->n), "/node_modules") ? 0 : package_read(q, *dir, out);

		if (r != 0 || dir->n == 0)
			return r;
		while (dir->n && dir->p[--dir->n] != '/')
			;
	}
}

/* Own or not makes no difference: nobody has touched Object.prototype's `exports`. */
static zigts_val get(struct query *q, zigts_val o, const char *name)
{
	zigts_val v = zigts_type(o) == ZIGTS_T_OBJECT ? zigts_get(q->vm, o, name) : ZIGTS_UNDEF;

	if (v != ZIGTS_EXC)
		return v;
	zigts_take_exception(q->vm);
	return ZIGTS_UNDEF;
}

static const char *get_text(struct query *q, zigts_val o, const char *name)
{
	zigts_val v = get(q, o, name);

	return zigts_type(v) == ZIGTS_T_STRING ? zigts_to_utf8(q->vm, v, NULL) : NULL;
}

/* Are modules meant below this folder? The answer is kept for each folder. */
static bool is_module_scope(struct query *q, struct sv dir)
{
	struct zigts_files *f = q->f;
	struct sv at = dir;
	zigts_val pkg;
	const char *type;
	bool module;

	for (uint32_t i = 0; i < f->nscopes; i++)
		if (sv_eq(sv_of(f->scope[i].dir), dir))
			return f->scope[i].module;
	type = package_above(q, &at, &pkg) > 0 ? get_text(q, pkg, "type") : NULL;
	module = type && strcmp(type, "module") == 0;
	f->scope = grown(f->scope, f->nscopes, &f->cap_scopes, sizeof *f->scope);
	f->scope[f->nscopes++] = (struct scope){ strndup(dir.p, dir.n), module };
	return module;
}

/* ---- a file was found ------------------------------------------------------------------- */

static char *display_name(const struct zigts_files *f, const char *path)
{
	size_t n = strlen(f->cwd);

	if (n > 1 && strncmp(path, f->cwd, n) == 0 && path[n] == '/')
		return strdup(path + n + 1);
	return strdup(path);
}

static int found(struct query *q, const char *path, struct zigts_found *out)
{
	char *real = realpath(path, NULL);

	if (real == NULL) {
		buf_puts(q->why, strerror(errno));
		return -1;
	}
	if (has_end(real, ".cjs") || has_end(real, ".node") || has_end(real, ".wasm")) {
		buf_printf(q->why, "%s", has_end(real, ".cjs") ? "CommonJS modules are not supported" :
			   "only JavaScript and JSON can be imported");
		free(real);
		return -1;
	}
	out->key = real;
	out->name = display_name(q->f, real);
	out->kind = has_end(real, ".json") ? ZIGTS_FILE_JSON :
		strstr(real, "/node_modules/") && !has_end(real, ".mjs") && !is_module_scope(q, dir_of(real)) ?
		ZIGTS_FILE_DOUBTFUL : ZIGTS_FILE_CODE;
	return 0;
}

/* What may be left out in a package, and after those, in TypeScript. */
static const char *const endings[] = { "", ".js", ".mjs", "/index.js", "/index.mjs", ".ts", ".tsx", ".mts", ".jsx", ".json",
	"/index.ts", "/index.tsx" };
#define ENDINGS_PACKAGE 5

/* path with one of the first n endings, malloc'd, or NULL. */
static char *with_ending(const char *path, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf b = BUF_INIT;

		buf_puts(&b, path);
		buf_puts(&b, endings[i]);
		if (is_file(buf_cstr(&b)))
			return b.p;
		buf_free(&b);
	}
	return NULL;
}

static bool is_typescript(const char *path)
{
	return has_end(path, ".ts") || has_end(path, ".tsx") || has_end(path, ".mts");
}

/* TypeScript names a file by what it would be compiled to: "./a.js" may be a.ts. */
static char *source_of(const char *path)
{
	static const struct { const char *js, *ts; } pairs[] = {
		{ ".js", ".ts" }, { ".js", ".tsx" }, { ".mjs", ".mts" }, { ".jsx", ".tsx" },
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct buf b = BUF_INIT;

		if (!has_end(path, pairs[i].js))
			continue;
		buf_put(&b, path, strlen(path) - strlen(pairs[i].js));
		buf_puts(&b, pairs[i].ts);
		if (is_file(buf_cstr(&b)))
			return b.p;
		buf_free(&b);
	}
	return NULL;
}

/* "; did you mean '..'?" with what the folder has of a like name. */
static void suggest(struct buf *why, struct sv dir, const char *name)
{
	unsigned best = near_limit(name);
	char *path = strndup(dir.p, dir.n), *near = NULL;
	DIR *d = opendir(dir.n ? path : "/");
	struct dirent *e;

	while (d && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' && near_distance(e->d_name, name) < best) {
			best = near_distance(e->d_name, name);
			free(near);
			near = strdup(e->d_name);
		}
	if (near)
		buf_printf(why, "; did you mean '%s'?", near);
	if (d)
		closedir(d);
	free(near);
	free(path);
}

static int resolve_path(struct query *q, const char *path, const char *referrer, struct zigts_found *out)
{
	bool ts = referrer && is_typescript(referrer);
	size_t n = ts ? ARRAY_LEN(endings) : referrer && strstr(referrer, "/node_modules/") ? ENDINGS_PACKAGE : 1;
	char *file = with_ending(path, n), *near;
	int r;

	if (file == NULL && ts)
		file = source_of(path);
	if (file) {
		r = found(q, file, out);
		free(file);
		return r;
	}
	near = with_ending(path, ARRAY_LEN(endings));
	if (near == NULL)
		near = source_of(path);
	if (is_dir(path))
		buf_puts(q->why, "it is a directory");
	else
		buf_printf(q->why, "there is no file %s", path);
	if (near)
		buf_printf(q->why, "; did you mean '%s'?", strrchr(near, '/') + 1);
	else
		suggest(q->why, dir_of(path), strrchr(path, '/') + 1);
	free(near);
	return -1;
}

/* ---- exports and imports of a package ------------------------------------------------------ */

struct package { struct sv dir; const char *name; zigts_val json; };

/* What a target may be: a malloc'd path; NULL with q->why empty: nothing (go on). */
static char *target(struct query *q, const struct package *p, zigts_val t, const char *star, const char *referrer, int depth);
static char *find_package(struct query *q, const char *specifier, const char *referrer);

static bool is_condition(const char *s)
{
	static const char *const conditions[] = { "zigttp", "worker", "import", "default" };

	for (size_t i = 0; i < ARRAY_LEN(conditions); i++)
		if (strcmp(conditions[i], s) == 0)
			return true;
	return false;
}

static char *target_text(struct query *q, const struct package *p, const char *t, const char *star, const char *referrer)
{
	struct buf b = BUF_INIT;
	char *path = NULL;

	for (const char *c = t; *c; c++)
		if (*c == '*' && star)
			buf_puts(&b, star);
		else
			buf_putc(&b, *c);
	buf_cstr(&b);
	if (strncmp(b.p, "./", 2) == 0 && !strstr(b.p, "/../") && !has_end(b.p, "/.."))
		path = join(p->dir, b.p);
	else if (referrer && !is_relative(b.p))        /* `imports` may name another package */
		path = find_package(q, b.p, referrer);
	else
		buf_printf(q->why, "package '%s' has the target '%s', which is not a path inside it", p->name, b.p);
	buf_free(&b);
	return path;
}

static char *target_conditions(struct query *q, const struct package *p, zigts_val t, const char *star,
			       const char *referrer, int depth)
{
	zigts_val keys = zigts_own_keys(q->vm, t);
	size_t n;

	for (uint32_t i = 0; keys != ZIGTS_EXC; i++) {
		zigts_val k = zigts_get_index(q->vm, keys, i);
		const char *key = zigts_type(k) == ZIGTS_T_STRING ? zigts_to_utf8(q->vm, k, &n) : NULL;
		char *path;

		if (key == NULL)
			break;
		if (!is_condition(key))
			continue;
		path = target(q, p, get(q, t, key), star, referrer, depth + 1);
		if (path || q->why->len)
			return path;
	}
	return NULL;
}

static char *target(struct query *q, const struct package *p, zigts_val t, const char *star, const char *referrer, int depth)
{
	if (depth > TARGET_DEPTH)
		return NULL;
	if (zigts_type(t) == ZIGTS_T_STRING)
		return target_text(q, p, zigts_to_utf8(q->vm, t, NULL), star, referrer);
	if (zigts_type(t) != ZIGTS_T_OBJECT)
		return NULL;
	if (!zigts_is_array(t))
		return target_conditions(q, p, t, star, referrer, depth);
	for (uint32_t i = 0; i < 64; i++) {
		zigts_val e = zigts_get_index(q->vm, t, i);
		char *path;

		if (e == ZIGTS_EXC || zigts_type(e) == ZIGTS_T_UNDEFINED)
			break;
		path = target(q, p, e, star, referrer, depth + 1);
		if (path)
			return path;
		q->why->len = 0;
	}
	return NULL;
}

/* The entry of `map` for the key: equal, or the pattern with the longest beginning. */
static char *lookup(struct query *q, const struct package *p, zigts_val map, const char *key, const char *referrer)
{
	zigts_val keys, v = get(q, map, key), best = ZIGTS_UNDEF;
	size_t best_n = 0, n = strlen(key);
	char *star = NULL, *path;

	if (!strchr(key, '*') && zigts_type(v) != ZIGTS_T_UNDEFINED)
		return target(q, p, v, NULL, referrer, 0);
	keys = zigts_own_keys(q->vm, map);
	for (uint32_t i = 0; keys != ZIGTS_EXC; i++) {
		zigts_val k = zigts_get_index(q->vm, keys, i);
		const char *pat = zigts_type(k) == ZIGTS_T_STRING ? zigts_to_utf8(q->vm, k, NULL) : NULL, *at;
		size_t head, tail;

		if (pat == NULL)
			break;
		at = strchr(pat, '*');
		if (at == NULL)
			continue;
		head = (size_t)(at - pat);
		tail = strlen(at + 1);
		if (n < head + tail + 1 || memcmp(key, pat, head) != 0 || !has_end(key, at + 1) || head + 1 <= best_n)
			continue;
		best_n = head + 1;
		best = get(q, map, pat);
		free(star);
		star = strndup(key + head, n - head - tail);
	}
	path = best_n ? target(q, p, best, star, referrer, 0) : NULL;
	free(star);
	return path;
}

/* Are the keys of `exports` subpaths (they begin with a dot)? */
static bool has_subpaths(struct query *q, zigts_val exports)
{
	zigts_val keys = zigts_type(exports) == ZIGTS_T_OBJECT && !zigts_is_array(exports) ?
		zigts_own_keys(q->vm, exports) : ZIGTS_EXC;
	zigts_val k = keys == ZIGTS_EXC ? ZIGTS_UNDEF : zigts_get_index(q->vm, keys, 0);

	return zigts_type(k) == ZIGTS_T_STRING && zigts_to_utf8(q->vm, k, NULL)[0] == '.';
}

/* subpath: "." or "./…". */
static char *package_export(struct query *q, const struct package *p, zigts_val exports, const char *subpath)
{
	char *path = NULL;

	if (has_subpaths(q, exports))
		path = lookup(q, p, exports, subpath, NULL);
	else if (strcmp(subpath, ".") == 0)
		path = target(q, p, exports, NULL, NULL, 0);
	if (path == NULL && q->why->len == 0)
		buf_printf(q->why, "package '%s' does not export '%s' for the conditions zigttp, worker, import, default "
			   "(CommonJS is not supported)", p->name, subpath);
	return path;
}

static char *package_main(struct query *q, const struct package *p)
{
	static const char *const fields[] = { "module", "main" };

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const char *t = get_text(q, p->json, fields[i]);
		char *path = t ? join(p->dir, strcmp(t, "") ? t : ".") : NULL, *file = path ? with_ending(path, ENDINGS_PACKAGE) : NULL;

		free(path);
		if (file)
			return file;
	}
	return join(p->dir, "index.js");
}

/* ---- packages --------------------------------------------------------------------------------- */

/* Bytes of the package's name in `name/sub` or `@scope/name/sub`; 0: not a name. */
static size_t name_length(const char *s)
{
	size_t n = strcspn(s, "/");

	if (s[0] == '@' && s[n] == '/')
		n += 1 + strcspn(s + n + 1, "/");
	else if (s[0] == '@')
		return 0;
	return s[0] == '.' || memchr(s, '\\', n) || memchr(s, '%', n) ? 0 : n;
}

static char *in_package(struct query *q, struct package *p, const char *subpath)
{
	zigts_val exports = get(q, p->json, "exports");

	if (zigts_type(exports) != ZIGTS_T_UNDEFINED && zigts_type(exports) != ZIGTS_T_NULL)
		return package_export(q, p, exports, subpath);
	return strcmp(subpath, ".") == 0 ? package_main(q, p) : join(p->dir, subpath);
}

/* A package may import itself by its name, if it has `exports`. */
static char *self_reference(struct query *q, const char *name, const char *subpath, const char *referrer)
{
	struct package p = { .dir = dir_of(referrer), .name = name };
	const char *own = package_above(q, &p.dir, &p.json) > 0 ? get_text(q, p.json, "name") : NULL;

	if (!own || strcmp(own, name) != 0 || zigts_type(get(q, p.json, "exports")) == ZIGTS_T_UNDEFINED)
		return NULL;
	return in_package(q, &p, subpath);
}

/* What the nearest node_modules has of a like name. */
static void suggest_package(struct buf *why, const char *referrer, const char *name)
{
	for (struct sv at = dir_of(referrer);; at = dir_of(strndupa(at.p, at.n))) {
		char *modules = join(at, "node_modules");
		bool is = is_dir(modules);

		if (is)
			suggest(why, sv_of(modules), name);
		free(modules);
		if (is || at.n == 0)
			break;
	}
	if (strchr(why->p, ';') == NULL)
		buf_printf(why, "; install it: npm install %s", name);
}

/* A bare specifier: a malloc'd path, or NULL and q->why. */
static char *find_package(struct query *q, const char *specifier, const char *referrer)
{
	size_t n = name_length(specifier);
	char *name, *subpath, *path, *dir = NULL;
	struct sv at = dir_of(referrer);
	struct package p;

	if (n == 0) {
		buf_puts(q->why, "this is neither a path nor the name of a package");
		return NULL;
	}
	name = strndup(specifier, n);
	AN(name != NULL && asprintf(&subpath, ".%s", specifier + n) > 0);
	path = self_reference(q, name, subpath, referrer);
	while (path == NULL && q->why->len == 0) {
		char *modules = join(at, "node_modules");

		dir = join(sv_of(modules), name);
		free(modules);
		if (is_dir(dir)) {
			p = (struct package){ sv_of(dir), name, ZIGTS_UNDEF };
			if (package_read(q, p.dir, &p.json) >= 0)
				path = in_package(q, &p, subpath);
			break;
		}
		free(dir);
		dir = NULL;
		if (at.n == 0) {
			buf_printf(q->why, "there is no package '%s' in node_modules here or above", name);
			suggest_package(q->why, referrer, name);
			break;
		}
		while (at.n && at.p[--at.n] != '/')
			;
	}
	free(dir);
	free(name);
	free(subpath);
	return path;
}

static char *find_private(struct query *q, const char *specifier, const char *referrer)
{
	struct package p = { .dir = dir_of(referrer), .name = specifier };
	zigts_val map = package_above(q, &p.dir, &p.json) > 0 ? get(q, p.json, "imports") : ZIGTS_UNDEF;
	char *path = zigts_type(map) == ZIGTS_T_OBJECT ? lookup(q, &p, map, specifier, referrer) : NULL;

	if (path == NULL && q->why->len == 0)
		buf_puts(q->why, "the nearest package.json has no such entry in `imports`");
	return path;
}

/* "node:fs", "https://…" */
static bool has_scheme(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789+-.");

	return n > 1 && s[n] == ':';
}

/* ---- the loader ---------------------------------------------------------------------------------- */

static void note_path(struct zigts_files *f, const char *path)
{
	f->path = grown(f->path, f->n, &f->cap, sizeof *f->path);
	f->path[f->n++] = strdup(path);
}

static int resolve(void *u, struct zigts *vm, const char *specifier, const char *referrer, struct zigts_found *out,
		   struct buf *why)
{
	struct query q = { u, vm, why };
	char *path;
	int r;

	if (referrer == NULL) {
		path = join(sv_of(q.f->cwd), specifier);
		if (is_file(path)) {
			out->key = realpath(path, NULL);
			note_path(q.f, path);
		}
		if (out->key == NULL)
			out->key = path;
		else
			free(path);
		out->name = strdup(specifier);
		return 0;
	}
	path = guess(u, specifier, referrer);
	if (path == NULL && has_scheme(specifier)) {
		buf_puts(why, "there is no built-in module of this name, and modules are not loaded from the network");
		return -1;
	}
	if (path == NULL)
		path = specifier[0] == '#' ? find_private(&q, specifier, referrer) : find_package(&q, specifier, referrer);
	if (path == NULL)
		return -1;
	r = resolve_path(&q, path, is_relative(specifier) || !strstr(path, "/node_modules/") ? referrer : path, out);
	free(path);
	return r;
}

static int read_file(void *u, const struct zigts_found *f, struct buf *src, struct buf *why)
{
	note_path(u, f->key);
	if (fd_read_file(f->key, FILE_MAX, src) == 0)
		return 0;
	buf_printf(why, "%s cannot be read: %s", f->name, strerror(errno));
	return -1;
}

struct zigts_files *zigts_files_new(void)
{
	struct zigts_files *f = calloc(1, sizeof *f);

	AN(f);
	if (!getcwd(f->cwd, sizeof f->cwd))
		strcpy(f->cwd, "/");
	return f;
}

struct zigts_loader zigts_files_loader(struct zigts_files *f, bool late)
{
	return (struct zigts_loader){ resolve, read_file, guess, url_of, f, late };
}

const char *zigts_files_path(const struct zigts_files *f, uint32_t i) { return i < f->n ? f->path[i] : NULL; }

void zigts_files_free(struct zigts_files **pf)
{
	struct zigts_files *f = *pf;

	if (f == NULL)
		return;
	for (uint32_t i = 0; i < f->n; i++)
		free(f->path[i]);
	for (uint32_t i = 0; i < f->nscopes; i++)
		free(f->scope[i].dir);
	free(f->path);
	free(f->scope);
	free(f);
	*pf = NULL;
}
