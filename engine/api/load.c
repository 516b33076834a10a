/* load.c: programs, and the modules they import, from source text to linked code
 * (ECMA-262 16.2.1.6.1.1 LoadRequestedModules, 16.2.1.8 HostLoadImportedModule). The
 * loader that the embedder gave (zigts.h) says what a specifier means and reads it. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/api/compile.h"
#include "engine/api/comptime.h"
#include "engine/api/draft.h"
#include "engine/builtins/json.h"
#include "engine/vm/module.h"

/* What import() was told by the loader; strings only, so it may outlive a request. */
struct known { char *referrer, *specifier, *key; enum module_kind kind; };
struct loader { struct zigts_loader l; bool set; struct known *known; size_t n, cap; };

static struct loader *loader_of(const struct vm *vm) { return vm->loader; }

/* ---- problems ----------------------------------------------------------------------- */

/* Why something was not loaded: a diagnosis, or the exception that is pending. */
struct problem { struct zigts_diag d; bool type_error, too_deep, pending; };

static void problem_at(struct problem *p, const struct image *im, uint32_t start, uint32_t end, const char *msg,
		       bool type_error)
{
	struct src s = { .text = im->source, .len = (uint32_t)im->source_len, .file = im->file };
	struct parse_error e = { .start = start, .end = end, .kind = type_error ? "TypeError" : "SyntaxError" };
	struct buf b = BUF_INIT;

	snprintf(e.msg, sizeof e.msg, "%s", msg);
	src_line_col(&s, start, &e.line, &e.col);
	diag_render(&s, &e, &b);
	p->d = (struct zigts_diag){ strdup(im->file), strdup(msg), strdup(buf_cstr(&b)), e.line, e.col };
	p->type_error = type_error;
	buf_free(&b);
	src_free(&s);
}

/* The pending exception as a diagnosis, for those who asked for one. */
static void problem_taken(struct problem *p, struct vm *vm, const char *name)
{
	static const char prefix[] = "SyntaxError: ";
	size_t n;
	const char *text = zigts_describe_exception(zigts_of(vm), exc_take(vm), &n);
	struct buf b = BUF_INIT;

	if (text == NULL)
		text = "";
	n = strcspn(text, "\n");
	buf_printf(&b, "%s: %.*s\n", name, (int)n, text);
	if (strncmp(text, prefix, sizeof prefix - 1) == 0)
		text += sizeof prefix - 1, n -= sizeof prefix - 1;
	p->d = (struct zigts_diag){ strdup(name), strndup(text, n), strdup(buf_cstr(&b)), 0, 0 };
	p->pending = false;
	buf_free(&b);
}

static void problem_throw(struct problem *p, struct vm *vm)
{
	const struct zigts_diag *d = &p->d;

	if (p->pending)
		return;
	if (p->too_deep)
		throw_range(vm, "%s", d->message);
	else if (p->type_error)
		throw_type(vm, "%s", d->message);
	else if (d->line)
		throw_syntax(vm, "%s (%s:%u:%u)", d->message, d->file, d->line, d->col);
	else
		throw_syntax(vm, "%s (%s)", d->message, d->file);
	zigts_diag_free(&p->d);
}

/* ---- one file ------------------------------------------------------------------------ */

/* NULL: *p says why. */
static struct image *compile_code(struct vm *vm, const char *name, const char *src, size_t n, enum zigts_source kind,
				  struct problem *p)
{
	struct gen_options opt = gen_options_of(kind, (const void *)vm->c_limit);
	struct comptime_realm realm = { NULL };
	struct gen_diag err = { 0 };
	struct image *im;

	opt.go_on = vm->heap.frozen ? compile_go_on : NULL;
	opt.go_on_arg = vm;
	opt.comptime = comptime_evaluate;
	opt.comptime_arg = &realm;
	p->pending = true;
	if (!compile_begin(vm, n))
		return NULL;
	im = gen_compile(name, src, n, &opt, &err);
	compile_end(vm, n);
	comptime_end(&realm);
	if (im == NULL && !err.stopped) {
		p->pending = false;
		p->too_deep = err.too_deep;
		diag_from_error(&p->d, name, &err);
	}
	gen_diag_free(&err);
	return im;
}

/* Links; a module gets its record. NULL: *p says why. key is copied, or NULL. */
static struct unit *link_code(struct vm *vm, struct image *im, const char *name, const char *key, struct problem *p)
{
	struct unit *u;

	p->pending = true;
	u = link_unit(vm, im);
	if (u == NULL)
		return NULL;
	u->key = key ? strdup(key) : NULL;
	if (u->im->module && module_new(vm, key ? key : name, MODULE_CODE, u, V_UNDEF) == NULL)
		return NULL;
	p->pending = false;
	return u;
}

/* Both. */
static struct unit *load_code(struct vm *vm, const char *name, const char *key, const char *src, size_t n,
			      enum zigts_source kind, struct problem *p)
{
	struct image *im = compile_code(vm, name, src, n, kind, p);

	return im ? link_code(vm, im, name, key, p) : NULL;
}

/* Does the text look like a CommonJS module? It has neither import nor export. */
static bool is_commonjs(const struct buf *src)
{
	static const char *const marks[] = { "module.exports", "exports.", "require(", "exports[", "(exports" };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (memmem(src->p, src->len, marks[i], strlen(marks[i])))
			return true;
	return false;
}

/* A file that need not be a module: 1 it is, 0 it is a CommonJS one, -1 *p. */
static int judge_doubtful(const struct zigts_found *f, const struct buf *src)
{
	struct gen_options opt = { .kind = SOURCE_GUESS };
	struct gen_diag err = { 0 };
	struct image *im = gen_compile(f->name, src->p, src->len, &opt, &err);
	bool module = im == NULL || im->module;      /* errors are told when it is compiled for good */

	gen_diag_free(&err);
	image_free(im);
	return module || !is_commonjs(src);
}

static struct module *load_json(struct vm *vm, const struct zigts_found *f, const struct buf *src, struct problem *p)
{
	val v = json_parse_utf8(vm, src->p, src->len);
	struct module *m = v == V_EXC ? NULL : module_new(vm, f->key, MODULE_JSON, NULL, v);

	p->pending = m == NULL;
	if (p->pending && !vm->term && v_iskind(vm->exc, KIND_ERROR))
		problem_taken(p, vm, f->name);
	return m;
}

/* Reads a file and makes its record. NULL: a reason is in `why`, or else *p says why. */
static struct module *load_file(struct vm *vm, const struct zigts_found *f, struct buf *why, struct problem *p)
{
	struct loader *lo = loader_of(vm);
	struct buf src = BUF_INIT;
	struct module *m = NULL;
	struct unit *u;

	if (lo->l.read(lo->l.u, f, &src, why) < 0) {
		buf_free(&src);
		return NULL;
	}
	buf_cstr(&src);
	if (f->kind == ZIGTS_FILE_JSON) {
		m = load_json(vm, f, &src, p);
	} else if (f->kind == ZIGTS_FILE_DOUBTFUL && !judge_doubtful(f, &src)) {
		buf_printf(why, "it is a CommonJS module (no import or export), which is not supported; "
			   "use a package that has ES modules");
	} else {
		u = load_code(vm, f->name, f->key, src.p, src.len, ZIGTS_MODULE, p);
		m = u ? u->module : NULL;
	}
	buf_free(&src);
	return m;
}

/* ---- a specifier ---------------------------------------------------------------------- */

static const char *const json_help = "it is JSON: import it with { type: \"json\" }";

/* As find_or_load, for "zigttp:…". */
static struct module *find_native(struct vm *vm, const char *name, enum module_kind kind, struct buf *why, struct problem *p)
{
	struct module *m = module_find(vm, name, MODULE_CODE);
	const struct zigts_module *def;
	struct unit *u;

	if (kind != MODULE_CODE)
		buf_puts(why, "it is not a JSON file");
	else if (m == NULL && (def = host_module_find(vm, name, why)) != NULL) {
		if (def->source) {
			u = load_code(vm, name, name, def->source, strlen(def->source), ZIGTS_MODULE, p);
			return u ? u->module : NULL;
		}
		m = host_module(vm, def, name);
		p->pending = m == NULL;
	}
	return why->len ? NULL : m;
}

/* The record of what `specifier` means for `referrer`; it may have to be read. NULL:
 * `why` has a reason, or else *p says why. */
static struct module *find_or_load(struct vm *vm, const char *specifier, const char *referrer, enum module_kind kind,
				   struct buf *why, struct problem *p)
{
	struct loader *lo = loader_of(vm);
	struct zigts_found f = { 0 };
	struct module *m = NULL;

	if (host_is_module(specifier))
		return find_native(vm, specifier, kind, why, p);
	if (!lo->set || referrer == NULL)
		buf_puts(why, "nothing can be imported here");
	else if (lo->l.resolve(lo->l.u, zigts_of(vm), specifier, referrer, &f, why) == 0) {
		if (kind == MODULE_JSON && f.kind != ZIGTS_FILE_JSON)
			buf_puts(why, "it is not a JSON file");
		else if (kind == MODULE_CODE && f.kind == ZIGTS_FILE_JSON)
			buf_puts(why, json_help);
		else {
			m = module_find(vm, f.key, kind);
			if (m == NULL)
				m = load_file(vm, &f, why, p);
		}
	}
	free(f.key);
	free(f.name);
	return m;
}

static bool image_str_is(const struct image *im, uint32_t i, const char *s)
{
	return im->strs[i].n == strlen(s) && memcmp(im->strs[i].p, s, im->strs[i].n) == 0;
}

static struct module *load_request(struct vm *vm, struct unit *u, const struct image_request *r, struct problem *p)
{
	const char *specifier = u->im->strs[r->specifier].p;
	enum module_kind kind = MODULE_CODE;
	struct buf why = BUF_INIT, msg = BUF_INIT;
	struct module *m = NULL;

	if (r->type != UINT32_MAX && !image_str_is(u->im, r->type, "json"))
		buf_printf(&why, "modules of type '%.60s' are not known", u->im->strs[r->type].p);
	else {
		if (r->type != UINT32_MAX)
			kind = MODULE_JSON;
		m = find_or_load(vm, specifier, u->key, kind, &why, p);
	}
	if (why.len) {
		buf_printf(&msg, "cannot import '%.200s': %s", specifier, buf_cstr(&why));
		problem_at(p, u->im, r->start, r->end, buf_cstr(&msg), true);
	}
	buf_free(&why);
	buf_free(&msg);
	return m;
}

/* ---- the graph --------------------------------------------------------------------------- */

/* Loads all that m needs, breadth first. 0, or -1 and *p. */
static int load_graph(struct vm *vm, struct module *m, struct problem *p)
{
	uint64_t walk = ++vm->module_count;
	struct module *last = m;

	VSET(vm, m->walk, walk);
	VSET(vm, m->below, NULL);
	for (struct module *t = m; t; t = t->below.v)
		for (uint32_t i = 0; i < module_nrequests(t); i++) {
			struct module *r;

			if (!v_iscell(t->requested.v->v[i].v)) {
				r = load_request(vm, t->unit.v, &t->unit.v->im->requests[i], p);
				if (r == NULL)
					return -1;
				VSET(vm, t->requested.v->v[i], v_cell(r));
			}
			r = module_requested(t, i);
			if (r->status.v >= MODULE_LINKING || r->walk.v == walk)
				continue;
			VSET(vm, r->walk, walk);
			VSET(vm, r->below, NULL);
			VSET(vm, last->below, r);
			last = r;
		}
	for (struct module *t = m; t; t = t->below.v)
		if (t->status.v == MODULE_NEW)
			VSET(vm, t->status, MODULE_UNLINKED);
	return 0;
}

static int load_and_link(struct vm *vm, struct module *m, struct problem *p)
{
	struct module_error e;

	if (m->status.v >= MODULE_LINKING)
		return 0;
	if (load_graph(vm, m, p) < 0)
		return -1;
	if (module_link(vm, m, &e) == 0)
		return 0;
	if (e.im)
		problem_at(p, e.im, e.start, e.end, e.msg, false);
	else
		p->pending = true;
	return -1;
}

/* im: of the text, or NULL. */
static struct zigts_program *load_program(struct zigts *z, const struct draft_text *t, struct image *im, struct zigts_diag *diag)
{
	struct vm *vm = vm_of(z);
	struct loader *lo = loader_of(vm);
	struct zigts_found f = { 0 };
	struct buf why = BUF_INIT;
	struct problem p = { 0 };
	struct unit *u;
	bool known = lo->set && lo->l.resolve(lo->l.u, z, t->name, NULL, &f, &why) == 0;

	if (im == NULL)
		im = compile_code(vm, t->name, t->src, t->n, t->kind, &p);
	/* What is not from a file can import nothing. */
	u = im ? link_code(vm, im, t->name, known ? f.key : NULL, &p) : NULL;
	if (u && u->module && load_and_link(vm, u->module, &p) < 0)
		u = NULL;
	buf_free(&why);
	free(f.key);
	free(f.name);
	if (u)
		return (struct zigts_program *)(void *)u;
	if (p.pending)
		problem_taken(&p, vm, t->name);
	if (diag)
		*diag = p.d;
	else
		zigts_diag_free(&p.d);
	return NULL;
}

struct zigts_program *zigts_load(struct zigts *z, const char *name, const char *src, size_t n, enum zigts_source kind,
				 struct zigts_diag *diag)
{
	return load_program(z, &(struct draft_text){ name, src, n, kind }, NULL, diag);
}

struct zigts_program *zigts_load_draft(struct zigts *z, struct zigts_draft *d, struct zigts_diag *diag)
{
	return load_program(z, draft_text(d), draft_image(d), diag);
}

/* ---- import() ----------------------------------------------------------------------------- */

static const struct known *recall(struct loader *lo, const char *referrer, const char *specifier, enum module_kind kind)
{
	for (size_t i = 0; i < lo->n; i++)
		if (lo->known[i].kind == kind && strcmp(lo->known[i].specifier, specifier) == 0 &&
		    strcmp(lo->known[i].referrer, referrer) == 0)
			return &lo->known[i];
	return NULL;
}

static void remember(struct loader *lo, const char *referrer, const char *specifier, const struct module *m)
{
	if (recall(lo, referrer, specifier, (enum module_kind)m->kind.v))
		return;
	if (lo->n == lo->cap) {
		lo->cap = lo->cap ? lo->cap * 2 : 16;
		lo->known = realloc(lo->known, lo->cap * sizeof *lo->known);
		AN(lo->known);
	}
	lo->known[lo->n++] = (struct known){ strdup(referrer), strdup(specifier), strdup(module_key(m)),
		(enum module_kind)m->kind.v };
}

/* What the specifier is known to mean without asking the loader for files. */
static struct module *find_known(struct vm *vm, const struct unit *u, const char *specifier, enum module_kind kind)
{
	struct loader *lo = loader_of(vm);
	const struct known *k = recall(lo, u->key, specifier, kind);
	struct module *m = NULL;
	char *key;

	for (uint32_t i = 0; u->module && i < u->im->nrequests; i++)
		if (image_str_is(u->im, u->im->requests[i].specifier, specifier) &&
		    v_iscell(u->module->requested.v->v[i].v)) {
			m = module_requested(u->module, i);
			if (m->kind.v == kind)
				return m;
		}
	if (k)
		return module_find(vm, k->key, kind);
	key = lo->l.guess(lo->l.u, specifier, u->key);
	m = key ? module_find(vm, key, kind) : NULL;
	free(key);
	return m;
}

static struct module *import_module(struct vm *vm, const struct unit *u, val specifier, val type)
{
	struct loader *lo = loader_of(vm);
	enum module_kind kind = v_isundef(type) ? MODULE_CODE : MODULE_JSON;
	bool may_load = lo->set && (!vm->heap.frozen || lo->l.late);
	struct buf why = BUF_INIT;
	struct problem p = { 0 };
	struct module *m = NULL;
	const char *text;
	size_t n;

	if (!v_isundef(type) && !sview_eq_ascii(str_view(vm, v_tostr(type)), "json")) {
		throw_type(vm, "Modules of type %s are not known", val_for_message(vm, type));
		return NULL;
	}
	text = str_to_utf8(vm, v_tostr(specifier), false, &n);
	if (text == NULL)
		return NULL;
	if (host_is_module(text))
		m = module_find(vm, text, kind);
	else if (lo->set && u->key)
		m = find_known(vm, u, text, kind);
	if (m == NULL && may_load) {
		if (vm->heap.frozen && !host_is_module(text))
			except_taint(vm, EFF_FS | EFF_EVAL);
		m = find_or_load(vm, text, u->key, kind, &why, &p);
		if (m && u->key)
			remember(lo, u->key, text, m);
	} else if (m == NULL || (m->status.v < MODULE_LINKED && !may_load)) {
		m = NULL;
		buf_puts(&why, lo->set ? "it was not loaded before the server started; a module that is imported "
			 "while a request is served must also be imported by the program itself" :
			 "nothing can be imported here");
	}
	if (why.len)
		throw_type(vm, "Cannot import '%.200s': %s", text, buf_cstr(&why));
	else if (m == NULL || load_and_link(vm, m, &p) < 0) {
		problem_throw(&p, vm);
		m = NULL;
	}
	buf_free(&why);
	return m;
}

void load_inherit(struct vm *vm, struct unit *u)
{
	for (const val *fp = vm->fp; fp; fp = (const val *)(uintptr_t)fp[FP_LINK]) {
		const struct code *c = frame_code(fp);

		if (c == NULL)
			continue;
		u->key = c->unit->key ? strdup(c->unit->key) : NULL;
		return;
	}
}

/* ---- import.meta --------------------------------------------------------------------------- */

static val url_of(struct vm *vm, const char *key)
{
	struct loader *lo = loader_of(vm);
	struct buf b = BUF_INIT;
	val v;

	lo->l.url(lo->l.u, key, &b);
	v = str_from_utf8(vm, b.p, b.len, false);
	buf_free(&b);
	return v;
}

/* import.meta.resolve(specifier): data[0] is the module's key. */
static val meta_resolve(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);
	const char *referrer = str_to_utf8(vm, v_tostr(f->data[0].v), false, NULL), *text;
	struct str *s = referrer ? to_str(vm, ARG(0)) : NULL;
	struct loader *lo = loader_of(vm);
	struct zigts_found found = { 0 };
	struct buf why = BUF_INIT;
	val r = V_EXC;

	text = s ? str_to_utf8(vm, s, false, NULL) : NULL;
	if (text == NULL)
		return V_EXC;
	if (host_is_module(text))
		return v_cell(s);
	found.key = lo->l.guess(lo->l.u, text, referrer);
	if (found.key == NULL && recall(lo, referrer, text, MODULE_CODE))
		found.key = strdup(recall(lo, referrer, text, MODULE_CODE)->key);
	if (found.key == NULL && vm->heap.frozen && !lo->l.late)
		buf_puts(&why, "packages are not looked for while a request is served");
	else if (found.key == NULL) {
		if (vm->heap.frozen)
			except_taint(vm, EFF_FS);
		(void)lo->l.resolve(lo->l.u, zigts_of(vm), text, referrer, &found, &why);
	}
	if (why.len)
		throw_type(vm, "Cannot resolve '%.200s': %s", text, buf_cstr(&why));
	else
		r = url_of(vm, found.key);
	free(found.key);
	free(found.name);
	buf_free(&why);
	return r;
}

static const struct native_def meta_resolve_def = { "resolve", meta_resolve, 1, 0, EFF_NONE, 0, "HTML 8.1.5.5" };

static int fill_meta(struct vm *vm, const struct unit *u, struct obj *meta)
{
	val key, url;
	struct nfunc *f;

	if (!loader_of(vm)->set || u->key == NULL)
		return 0;
	key = str_from_utf8(vm, u->key, strlen(u->key), false);
	url = key == V_EXC ? V_EXC : url_of(vm, u->key);
	if (url == V_EXC)
		return -1;
	f = nfunc_closure(vm, &meta_resolve_def, 1);
	VSET(vm, f->data[0], key);
	if (obj_create_data(vm, meta, key_of_utf8(vm, "url", 3), url) < 0)
		return -1;
	if (u->key[0] == '/') {
		const char *slash = strrchr(u->key, '/');
		val dir = str_from_utf8(vm, u->key, slash == u->key ? 1 : (size_t)(slash - u->key), false);

		if (dir == V_EXC || obj_create_data(vm, meta, key_of_utf8(vm, "filename", 8), key) < 0 ||
		    obj_create_data(vm, meta, key_of_utf8(vm, "dirname", 7), dir) < 0)
			return -1;
	}
	return obj_create_data(vm, meta, key_of_utf8(vm, "resolve", 7), v_cell(f)) < 0 ? -1 : 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

void zigts_set_loader(struct zigts *z, const struct zigts_loader *l)
{
	struct loader *lo = loader_of(vm_of(z));

	lo->l = *l;
	lo->set = true;
}

void load_init(struct vm *vm)
{
	vm->loader = calloc(1, sizeof(struct loader));
	AN(vm->loader);
	vm->exotic[KIND_MODULE_NS] = &module_ns_exotic;
	vm->import_fn = import_module;
	vm->import_meta_fn = fill_meta;
}

void load_free(struct vm *vm)
{
	struct loader *lo = loader_of(vm);

	for (size_t i = 0; lo && i < lo->n; i++) {
		free(lo->known[i].referrer);
		free(lo->known[i].specifier);
		free(lo->known[i].key);
	}
	if (lo)
		free(lo->known);
	free(lo);
	vm->loader = NULL;
}
