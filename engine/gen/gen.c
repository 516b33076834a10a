/* gen.c: a compilation from source text to image, function by function, and
 * the entry points of gen.h. Functions are compiled one after the other from a
 * list that grows as closures are met: no recursion over nested functions. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/front/print.h"
#include "engine/gen/fn.h"
#include "engine/gen/gen.h"

void *gen_grow(void *p, size_t *cap, size_t elem)
{
	*cap = *cap ? *cap * 2 : 64;
	p = realloc(p, *cap * elem);
	AN(p != NULL);
	return p;
}

void gen_fail(struct gen *g, uint32_t start, uint32_t end, const char *msg)
{
	if (g->failed)
		return;
	g->failed = true;
	snprintf(g->err->msg, sizeof g->err->msg, "%s", msg);
	g->err->start = start;
	g->err->end = end;
	src_line_col(g->ast->src, start, &g->err->line, &g->err->col);
}

bool gen_deep(struct gfn *f, const struct node *n)
{
	if (likely((const char *)__builtin_frame_address(0) >= f->g->c_limit))
		return f->g->failed;
	gen_fail(f->g, n->start, n->end, "too much nesting");
	f->g->err->too_deep = true;
	return true;
}

void gen_spine_push(struct gen *g, struct node *n)
{
	if (g->nspine == g->cap_spine)
		g->spine = gen_grow(g->spine, &g->cap_spine, sizeof *g->spine);
	g->spine[g->nspine++] = n;
}

/* name->scratch holds the string's index + 1. */
uint32_t gen_str(struct gen *g, struct name *n)
{
	if (n->scratch)
		return (uint32_t)((uintptr_t)n->scratch - 1);
	if (g->nstrs == g->cap_strs)
		g->strs = gen_grow(g->strs, &g->cap_strs, sizeof *g->strs);
	if (g->nstrs == g->cap_info) {
		size_t old = g->cap_info;
		g->info = gen_grow(g->info, &g->cap_info, sizeof *g->info);
		memset(g->info + old, 0, (g->cap_info - old) * sizeof *g->info);
	}
	g->strs[g->nstrs] = (struct image_str){ n->text, n->len };
	n->scratch = (void *)(uintptr_t)++g->nstrs;
	return (uint32_t)g->nstrs - 1;
}

uint32_t gen_task(struct gfn *f, const struct task *t)
{
	struct gen *g = f->g;

	if (g->ntasks == g->cap_tasks) {
		size_t current = (size_t)(f->task - g->tasks);
		g->tasks = gen_grow(g->tasks, &g->cap_tasks, sizeof *g->tasks);
		f->task = g->tasks + current;
	}
	g->tasks[g->ntasks] = *t;
	return (uint32_t)g->ntasks++;
}

/* ---- one function ---- */

static void fn_reset(struct gfn *f, struct task *t)
{
	struct gen *g = f->g;

	f->task = t;
	f->fs = t->fs;
	f->nwords = f->nconsts = f->nkeys = f->nhrecs = f->ntargets = f->npos = 0;
	f->nics = 0;
	if (f->nnums)
		memset(f->numtab, 0, f->cap_numtab * sizeof *f->numtab);
	f->nnums = 0;
	memset(f->regvar, 0, sizeof f->regvar);
	f->scope = NULL;
	f->outer_env = REG_NONE;
	f->dead = false;
	f->last_bind = UINT32_MAX;
	f->off = NO_POS;
	f->ctx = NULL;
	f->labels = NULL;
	f->hdepth = 0;
	f->cv = -1;
	f->hint = NULL;
	f->hint_reg = ANY;
	f->spill = ANY;
	f->using = NULL;
	f->chain_end = NULL;
	g->stamp++;
}

static void compile_task(struct gen *g, uint32_t index, struct image_fn *out)
{
	struct gfn *f = g->fn;
	const struct task *t;
	struct node *n;

	fn_reset(f, &g->tasks[index]);
	gen_task_code(f);
	t = &g->tasks[index];
	n = t->node;
	if (g->failed)
		return;
	emit_finish(f, out);
	out->flags = t->flags;
	out->name = gen_str(g, t->name ? t->name : g->ast->names.known[WK_empty]);
	out->src_start = n->start;
	out->src_end = n->end;
	if (t->kind == TASK_PROGRAM) {
		out->src_start = 0;
		out->src_end = g->ast->src->len;
		out->nparams = g->im->module;
	} else if (t->kind == TASK_FUNC) {
		struct nlist p = n->func.params;
		out->nparams = (uint16_t)(p.n && p.v[p.n - 1]->kind == N_REST ? p.n - 1 : p.n);
		out->length = (uint16_t)(n->func.info->length > 65535 ? 65535 : n->func.info->length);
		if (t->flags & FN_CLASS_CTOR) {
			out->src_start = t->cls->scope->start;
			out->src_end = t->cls->end;
		}
	}
}

static void fn_free(struct gfn *f)
{
	free(f->words);
	free(f->consts);
	free(f->numtab);
	free(f->keys);
	free(f->hrecs);
	free(f->targets);
	free(f->pos);
}

/* ---- the whole ---- */

static bool is_ascii(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] >= 0x80)
			return false;
	return true;
}

static struct image *image_new(void)
{
	struct arena mem = ARENA_INIT;
	struct image *im = ARENA_NEW(&mem, struct image);

	im->mem = mem;
	return im;
}

/* Strings and source move from the AST's memory to the image's. */
static void finish_image(struct gen *g, struct image_fn *fns)
{
	struct image *im = g->im;
	const struct src *s = g->ast->src;
	size_t bytes = 0;
	char *p;

	for (size_t i = 0; i < g->nstrs; i++)
		bytes += g->strs[i].n + 1;
	p = arena_alloc(&im->mem, bytes + 1);
	im->strs = arena_alloc(&im->mem, (g->nstrs + 1) * sizeof *im->strs);
	im->nstrs = (uint32_t)g->nstrs;
	for (size_t i = 0; i < g->nstrs; i++) {
		memcpy(p, g->strs[i].p, g->strs[i].n);
		im->strs[i] = (struct image_str){ p, g->strs[i].n };
		p += g->strs[i].n + 1;
	}
	im->nfns = (uint32_t)g->ntasks;
	im->fns = arena_alloc(&im->mem, g->ntasks * sizeof *im->fns);
	memcpy(im->fns, fns, g->ntasks * sizeof *im->fns);
	im->source = arena_strndup(&im->mem, s->text, s->len);
	im->source_len = s->len;
	im->nscopes = (uint32_t)g->nimage_scopes;
	im->scopes = arena_alloc(&im->mem, (g->nimage_scopes + 1) * sizeof *im->scopes);
	if (g->nimage_scopes)
		memcpy(im->scopes, g->image_scopes, g->nimage_scopes * sizeof *im->scopes);
	im->file = arena_strndup(&im->mem, s->file, strlen(s->file));
}

/* Variables of the scopes around a direct eval are where the calling code put them. */
static void place_outer(struct scopes *s)
{
	for (uint32_t i = 0; i < s->nouter; i++) {
		struct var *v = s->vars[i];
		v->loc = v->mapped ? LOC_MARG : v->kind == VAR_IMPORT ? LOC_IMPORT : LOC_ENV;
	}
}

/* … and imported names mean what they mean there. */
static void inherit_imports(struct gen *g, const struct image *caller)
{
	struct image *im = g->im;

	if (!caller || !caller->nimports)
		return;
	im->inherits = true;
	im->imports = arena_alloc(&im->mem, caller->nimports * sizeof *im->imports);
	for (uint32_t i = 0; i < caller->nimports; i++) {
		const struct image_str *s = &caller->strs[caller->imports[i].local];
		im->imports[im->nimports++] =
			(struct image_import){ .local = gen_str(g, names_intern(&g->ast->names, s->p, s->n)) };
	}
}

static bool compile_all(struct gen *g)
{
	struct node *root = g->ast->root;
	struct task top = { .kind = TASK_PROGRAM, .fs = g->scopes->program, .node = root,
		.flags = FN_TOP | (root->program.info->flags & FI_STRICT ? FN_STRICT : 0) |
			 (root->program.info->kind == FUNC_MODULE && (root->program.info->flags & FI_HAS_AWAIT) ? FN_ASYNC : 0) };
	struct image_fn *fns = NULL;
	size_t cap = 0;

	place_outer(g->scopes);
	gen_task(g->fn, &top);
	for (uint32_t i = 0; i < g->ntasks && !g->failed; i++) {
		if (i == cap)
			fns = gen_grow(fns, &cap, sizeof *fns);
		memset(&fns[i], 0, sizeof fns[i]);
		compile_task(g, i, &fns[i]);
		if (i == 0 && g->im->module && !g->failed)
			module_records(g);
	}
	if (!g->failed)
		finish_image(g, fns);
	free(fns);
	return !g->failed;
}

static const char *lowest(const struct gen_options *o)
{
	return o->c_limit ? o->c_limit : (const char *)__builtin_frame_address(0) - (1 << 20);
}

static struct image *generate(struct ast *a, struct scopes *scopes, const struct gen_options *o, struct parse_error *err)
{
	struct gfn *fn = calloc(1, sizeof *fn);
	struct gen g = { .ast = a, .scopes = scopes, .err = err, .im = image_new(), .fn = fn };
	bool ok;

	AN(fn != NULL);
	fn->g = &g;
	g.completion = o->completion || a->func;
	g.ascii = is_ascii(a->src->text, a->src->len);
	g.c_limit = lowest(o);
	g.im->module = a->root->program.info->kind == FUNC_MODULE;
	g.im->strict = (a->root->program.info->flags & FI_STRICT) != 0;
	inherit_imports(&g, o->caller);
	ok = compile_all(&g);
	fn_free(fn);
	free(fn);
	free(g.strs);
	free(g.info);
	free(g.tasks);
	free(g.image_scopes);
	free(g.spine);
	free(g.col16);
	if (ok)
		return g.im;
	image_free(g.im);
	return NULL;
}

/* ---- entry points ---- */

static void diag_set(struct gen_diag *d, struct src *s, const struct parse_error *e)
{
	struct buf b = BUF_INIT;

	d->line = e->line;
	d->col = e->col;
	d->too_deep = e->too_deep;
	d->message = strdup(e->msg);
	diag_render(s, e, &b);
	d->text = strdup(buf_cstr(&b));
	buf_free(&b);
}

void gen_diag_free(struct gen_diag *d)
{
	free(d->message);
	free(d->text);
	memset(d, 0, sizeof *d);
}

/* Source, AST and scopes of one run of the front end. */
struct run {
	struct src src; struct ast ast; struct scopes scopes; struct parse_error err; bool parsed, resolved, stopped, as_written;
	struct sv *private_names;
};

static const struct gen_options no_options;

static bool has_end(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && memcmp(name + n - m, end, m) == 0;
}

/* The language by the file's name; JSX is read in all but plain TypeScript. */
static unsigned language(const char *file)
{
	if (has_end(file, ".ts") || has_end(file, ".mts") || has_end(file, ".cts"))
		return PARSE_TS;
	return has_end(file, ".tsx") ? PARSE_TS | PARSE_JSX : PARSE_JSX;
}

static struct parse_options parse_options_of(const char *file, const struct gen_options *o)
{
	return (struct parse_options){ .kind = o->kind,
		.flags = (o->strict ? PARSE_STRICT : 0u) | (o->eval ? PARSE_EVAL : language(file)),
		.c_limit = o->c_limit, .regexp = o->regexp, .regexp_arg = o->regexp_arg };
}

static bool run_source(struct run *r, const char *file, const char *src, size_t n)
{
	r->src.text = src;
	r->src.len = (uint32_t)n;
	r->src.file = file;
	if (n <= SRC_MAX)
		return true;
	r->src.len = 0;
	snprintf(r->err.msg, sizeof r->err.msg, "source text too long");
	r->err.line = r->err.col = 1;
	return false;
}

static void run_end(struct run *r)
{
	if (r->resolved)
		scopes_free(&r->scopes);
	if (r->parsed)
		ast_free(&r->ast);
	src_free(&r->src);
	free(r->private_names);
}

static bool run_goes_on(struct run *r, const struct gen_options *o)
{
	r->stopped = o->go_on && !o->go_on(o->go_on_arg);
	return !r->stopped;
}

static bool run_resolve(struct run *r, const struct gen_options *o)
{
	struct outer_scope *outer = NULL;
	uint32_t n = 0;

	if (!run_goes_on(r, o))
		return false;
	r->resolved = true;
	if (o->caller)
		outer = gen_outer_scopes(&r->ast, o->caller, o->caller_scope, &n);
	return scopes_resolve(&r->scopes, &r->ast, o->c_limit, outer, n, &r->err) &&
	       (o->comptime == NULL || comptime_replace(&r->ast, o->comptime, o->comptime_arg, lowest(o), &r->err));
}

/* 19.2.1.1 steps 5-10: what the text may use of the code around the eval. */
static void eval_context(struct run *r, const struct gen_options *o, struct parse_options *po)
{
	const struct image *im = o->caller;
	const struct image_scope *s;
	size_t n = 0;

	for (uint32_t i = o->caller_scope; i != UINT32_MAX; i = im->scopes[i].up)
		n += im->scopes[i].nvars;
	r->private_names = malloc((n + 1) * sizeof *r->private_names);
	AN(r->private_names != NULL);
	po->private_names = r->private_names;
	for (uint32_t i = o->caller_scope; i != UINT32_MAX; i = im->scopes[i].up)
		for (uint32_t k = 0; k < im->scopes[i].nvars; k++) {
			const struct image_scope_var *v = &im->scopes[i].vars[k];
			if (v->kind == VAR_PRIVATE)
				r->private_names[po->nprivate_names++] =
					(struct sv){ im->strs[v->name].p + 1, im->strs[v->name].n - 1 };
		}
	/* The nearest function that has a `this` of its own decides the rest. */
	for (s = &im->scopes[o->caller_scope]; s->up != UINT32_MAX; s = &im->scopes[s->up])
		if (s->function && s->func_kind != FUNC_ARROW && s->func_kind != FUNC_EVAL)
			break;
	if (s->func_kind < FUNC_SCRIPT)
		po->flags |= PARSE_ALLOW_NEW_TARGET;
	if (s->func_kind >= FUNC_METHOD && s->func_kind <= FUNC_STATIC_BLOCK)
		po->flags |= PARSE_ALLOW_SUPER_PROP;
	if (s->func_kind == FUNC_DERIVED_CTOR)
		po->flags |= PARSE_ALLOW_SUPER_CALL;
	if (s->initialiser)
		po->flags |= PARSE_NO_ARGUMENTS;
}

static bool run_front(struct run *r, const char *file, const char *src, size_t n, const struct gen_options *o)
{
	struct parse_options po = parse_options_of(file, o);

	if (!run_source(r, file, src, n))
		return false;
	if (o->caller)
		eval_context(r, o, &po);
	r->parsed = true;
	if (!parse_source(&r->ast, &r->src, &po, &r->err))
		return false;
	if (!r->as_written)
		hoist_elements(&r->ast);
	return run_resolve(r, o);
}

struct image *gen_compile(const char *file, const char *src, size_t n, const struct gen_options *o, struct gen_diag *d)
{
	struct run r = { .parsed = false };
	struct image *im = NULL;

	memset(d, 0, sizeof *d);
	if (!o)
		o = &no_options;
	if (run_front(&r, file, src, n, o) && run_goes_on(&r, o))
		im = generate(&r.ast, &r.scopes, o, &r.err);
	d->stopped = r.stopped;
	if (!im && !r.stopped)
		diag_set(d, &r.src, &r.err);
	run_end(&r);
	return im;
}

struct image *gen_compile_function(const char *file, struct sv params, struct sv body, const struct gen_options *o,
	struct gen_diag *d)
{
	struct run r = { .parsed = true };
	struct parse_options po;
	struct image *im = NULL;

	memset(d, 0, sizeof *d);
	if (!o)
		o = &no_options;
	po = parse_options_of(file, o);
	if (o->generator)
		po.flags |= PARSE_FUNC_GENERATOR;
	if (o->async)
		po.flags |= PARSE_FUNC_ASYNC;
	r.src.file = file;
	if (parse_function(&r.ast, &r.src, params, body, &po, &r.err) && run_resolve(&r, o) && run_goes_on(&r, o))
		im = generate(&r.ast, &r.scopes, o, &r.err);
	d->stopped = r.stopped;
	if (!im && !r.stopped)
		diag_set(d, &r.src, &r.err);
	run_end(&r);
	return im;
}

static const char *const stage_names[] = { "tokens", "ast", "scopes", "js", "code" };

int gen_stage_of(const char *name)
{
	for (int i = 0; i < (int)ARRAY_LEN(stage_names); i++)
		if (strcmp(name, stage_names[i]) == 0)
			return i;
	return -1;
}

static bool print_js(struct run *r, const struct gen_options *o, struct buf *out)
{
	if (print_program(&r->ast, lowest(o), out))
		return true;
	snprintf(r->err.msg, sizeof r->err.msg, "too much nesting to be printed");
	r->err.line = r->err.col = 1;
	return false;
}

static bool dump_stage(struct run *r, enum gen_stage stage, const char *file, const char *src, size_t n,
	const struct gen_options *o, struct buf *out)
{
	struct parse_options po = parse_options_of(file, o);
	struct image *im;

	if (stage == GEN_TOKENS)
		return run_source(r, file, src, n) && dump_tokens(&r->src, out, &r->err);
	if (stage == GEN_AST) {
		if (!run_source(r, file, src, n))
			return false;
		r->parsed = true;
		if (!parse_source(&r->ast, &r->src, &po, &r->err))
			return false;
		dump_ast(&r->ast, out);
		return true;
	}
	r->as_written = stage == GEN_JS;
	if (!run_front(r, file, src, n, o))
		return false;
	if (stage == GEN_SCOPES) {
		dump_scopes(&r->scopes, out);
		return true;
	}
	if (stage == GEN_JS)
		return print_js(r, o, out);
	im = generate(&r->ast, &r->scopes, o, &r->err);
	if (im)
		image_dump(im, out);
	image_free(im);
	return im != NULL;
}

int gen_dump(enum gen_stage stage, const char *file, const char *src, size_t n, const struct gen_options *o,
	struct buf *out, struct gen_diag *d)
{
	struct run r = { .parsed = false };
	bool ok;

	memset(d, 0, sizeof *d);
	ok = dump_stage(&r, stage, file, src, n, o ? o : &no_options, out);
	if (!ok)
		diag_set(d, &r.src, &r.err);
	run_end(&r);
	return ok ? 0 : -1;
}
