/* comptime.c: comptime(..) calls: found, checked, ordered by what they need, and
 * replaced by the literals that a hook makes of them. Called by engine/gen between
 * scope.c and the generation of code. */
#include "engine/front/comptime.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/front/fold.h"
#include "engine/front/print.h"

enum state { STATE_NEW, STATE_RUNS, STATE_DONE };

/* One call. It makes a constant if it is all that a const is initialised with. */
struct item { struct node *call; const struct node *constant; /* BINDING or NULL */ enum state state; };

struct comptime {
	struct ast *ast;
	comptime_fn *fn;
	void *arg;
	const char *c_limit;
	struct parse_error *err;
	struct item *items;
	uint32_t nitems, cap_items;
	struct node **stack;         /* nodes to look at */
	uint32_t nstack, cap_stack;
	bool failed;
};

PRINTF_LIKE(3, 4) static void fail(struct comptime *c, const struct node *n, const char *fmt, ...)
{
	va_list ap;

	if (c->failed)
		return;
	c->failed = true;
	va_start(ap, fmt);
	vsnprintf(c->err->msg, sizeof c->err->msg, fmt, ap);
	va_end(ap);
	c->err->start = n->start;
	c->err->end = n->end;
	c->err->kind = "ComptimeError";
}

static bool is_call(const struct node *n)
{
	return n->kind == N_CALL && n->call.callee->kind == N_IDENT && n->call.callee->ident.name->id == WK_comptime;
}

/* ---- which calls there are ---- */

static void *grown(void *v, uint32_t n, uint32_t *cap, size_t elem)
{
	if (n < *cap)
		return v;
	*cap = *cap ? *cap * 2 : 64;
	v = realloc(v, *cap * elem);
	AN(v);
	return v;
}

static void look_later(struct node **slot, void *arg)
{
	struct comptime *c = arg;

	if ((*slot)->kind >= N_T_NAME)
		return;
	c->stack = grown(c->stack, c->nstack, &c->cap_stack, sizeof *c->stack);
	c->stack[c->nstack++] = *slot;
}

static void add_item(struct comptime *c, struct node *call, const struct node *constant)
{
	c->items = grown(c->items, c->nitems, &c->cap_items, sizeof *c->items);
	c->items[c->nitems++] = (struct item){ call, constant, STATE_NEW };
}

static void collect(struct comptime *c)
{
	look_later(&c->ast->root, c);
	while (c->nstack) {
		struct node *n = c->stack[--c->nstack];

		if (n->kind == N_VAR && n->op == DECL_CONST)
			for (uint32_t i = 0; i < n->var.decls.n; i++) {
				const struct node *d = n->var.decls.v[i];

				if (d->declarator.init && is_call(d->declarator.init) && d->declarator.target->kind == N_BINDING)
					add_item(c, d->declarator.init, d->declarator.target);
			}
		if (is_call(n))
			add_item(c, n, NULL);
		node_each_child(n, look_later, c);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->call->start != y->call->start)
		return x->call->start < y->call->start ? -1 : 1;
	/* The same call twice: the constant's comes first. */
	return (x->constant == NULL) - (y->constant == NULL);
}

static struct item *item_of(const struct comptime *c, const struct node *call)
{
	for (uint32_t i = 0; i < c->nitems; i++)
		if (c->items[i].call == call)
			return &c->items[i];
	return NULL;
}

/* The call whose constant the identifier means. Globals of scripts have no variable. */
static struct item *constant_of(const struct comptime *c, const struct node *ident)
{
	for (uint32_t i = 0; i < c->nitems; i++) {
		const struct node *b = c->items[i].constant;

		if (b && b->binding.name == ident->ident.name && b->binding.ref == ident->ident.ref)
			return &c->items[i];
	}
	return NULL;
}

/* ---- what they may hold ---- */

static bool is_known(const struct name *n)
{
	static const char *const known[] = {
#define KNOWN(name) #name,
#include "engine/front/comptime.def"
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (sv_eq(name_sv(n), sv_of(known[i])))
			return true;
	return false;
}

static void replace(struct comptime *c, struct item *it);

/* Does the program declare the name? Variables of scripts are not resolved. */
static bool is_declared(struct comptime *c, const struct name *name)
{
	uint32_t base = c->nstack;
	bool found = false;

	look_later(&c->ast->root, c);
	while (c->nstack > base && !found) {
		struct node *n = c->stack[--c->nstack];

		found = n->kind == N_BINDING && n->binding.name == name;
		node_each_child(n, look_later, c);
	}
	c->nstack = base;
	return found;
}

static void check_ident(struct comptime *c, struct node *n)
{
	const struct name *name = n->ident.name;
	struct item *it = constant_of(c, n);

	if (it) {
		if (it->state == STATE_RUNS)
			fail(c, n, "'%.60s' is needed for its own value", name->text);
		else if (it->state == STATE_NEW)
			replace(c, it);
		if (!c->failed)
			comptime_become(n, it->call);
		return;
	}
	if (n->ident.ref == NULL && is_known(name) && !is_declared(c, name))
		return;
	if (n->ident.ref && ((struct var *)n->ident.ref)->kind == VAR_IMPORT)
		fail(c, n, "comptime cannot use '%.60s', which is imported: other modules run later than this; "
		     "make the constant here: const x = comptime(..)", name->text);
	else if (n->ident.ref || is_declared(c, name))
		fail(c, n, "comptime cannot use the variable '%.60s': its value is only known when the program runs; "
		     "constants made with comptime can be used: const x = comptime(..)", name->text);
	else if (sv_eq(name_sv(name), sv_of("Date")) || sv_eq(name_sv(name), sv_of("performance")))
		fail(c, n, "comptime cannot use %s: it reads the clock; the time of loading is __BUILD_TIME__", name->text);
	else
		fail(c, n, "comptime does not know '%.60s': it knows its own constants, Math, JSON, String, Number, Object, "
		     "Array, parseInt, parseFloat, hash, Env and the like", name->text);
}

/* The static part of the realm's seal; what is left is caught when it runs. */
static void check(struct comptime *c, struct node *n)
{
	switch (n->kind) {
	case N_IDENT: check_ident(c, n); break;
	case N_MEMBER:
		if (n->member.object->kind == N_IDENT && n->member.object->ident.ref == NULL &&
		    sv_eq(name_sv(n->member.object->ident.name), sv_of("Math")) && sv_eq(name_sv(n->member.name), sv_of("random")))
			fail(c, n, "comptime cannot use Math.random: a constant is the same each time");
		break;
	case N_CALL:
		if (is_call(n))
			replace(c, item_of(c, n));
		break;
	case N_FUNC: case N_CLASS:
		fail(c, n, "comptime cannot hold a %s: write the expression without one",
		     n->kind == N_FUNC ? "function" : "class");
		break;
	case N_ASSIGN: case N_UPDATE:
		fail(c, n, "comptime cannot assign: it has no variables, only constants");
		break;
	case N_UNARY:
		if (n->op == O_DELETE)
			fail(c, n, "comptime cannot delete: it has no variables, only constants");
		break;
	case N_AWAIT: case N_YIELD: fail(c, n, "comptime cannot wait: its value is needed at once"); break;
	case N_THIS: case N_SUPER_MEMBER: case N_SUPER_INDEX: case N_SUPER_CALL: case N_NEW_TARGET: case N_IMPORT_META:
	case N_IMPORT_CALL: case N_PRIVATE_MEMBER: case N_PRIVATE_IN:
		fail(c, n, "comptime cannot use the program around it, only its own constants");
		break;
	default: break;
	}
}

/* All of an expression; what a nested call became is looked at no more. */
static void check_all(struct comptime *c, struct node *root)
{
	uint32_t base = c->nstack;

	look_later(&root, c);
	while (c->nstack > base && !c->failed) {
		struct node *n = c->stack[--c->nstack];
		bool call = is_call(n);

		check(c, n);
		if (!call && !c->failed)
			node_each_child(n, look_later, c);
	}
	c->nstack = base;
}

/* ---- values ---- */

void comptime_become(struct node *to, const struct node *from)
{
	to->kind = from->kind;
	to->op = from->op;
	to->flags = (uint16_t)((from->flags & ~NF_PAREN) | (to->flags & NF_PAREN));
	to->mark = 0;
	switch (from->kind) {
	case N_NUMBER: to->number = from->number; break;
	case N_STRING: to->string = from->string; break;
	case N_BIGINT: to->bigint = from->bigint; break;
	case N_UNARY: to->unary = from->unary; break;
	case N_ARRAY: to->array = from->array; break;
	case N_OBJECT: to->object = from->object; break;
	default: break;
	}
	_Static_assert(sizeof to->ident >= sizeof to->array && sizeof to->ident >= sizeof to->object &&
		       sizeof to->ident >= sizeof to->number, "a literal fits where an IDENT was");
}

static void evaluate(struct comptime *c, struct node *call, const struct node *arg)
{
	struct parse_error err = { .kind = "ComptimeError" };
	struct buf js = BUF_INIT;
	struct node n = { .kind = N_NUMBER };

	/* A realm takes longer to make than a program to load. */
	if (fold_number(arg, true, &n.number.value)) {
		comptime_become(call, &n);
		return;
	}
	if (!print_expression(c->ast, arg, c->c_limit, &js))
		fail(c, arg, "too much nesting");
	else if (!c->fn(c->arg, c->ast, call, buf_sv(&js), &err)) {
		if (err.start == err.end) {
			err.start = arg->start;
			err.end = arg->end;
		}
		*c->err = err;
		c->failed = true;
	}
	buf_free(&js);
}

static void replace(struct comptime *c, struct item *it)
{
	struct node *call = it->call, *arg;

	if (it->state == STATE_DONE || c->failed)
		return;
	if ((const char *)__builtin_frame_address(0) < c->c_limit) {
		fail(c, call, "too much nesting");
		return;
	}
	if (call->call.args.n != 1 || call->call.args.v[0]->kind == N_SPREAD) {
		fail(c, call, "comptime takes one expression: comptime(1 + 2)");
		return;
	}
	it->state = STATE_RUNS;
	arg = call->call.args.v[0];
	check_all(c, arg);
	if (!c->failed)
		evaluate(c, call, arg);
	it->state = STATE_DONE;
}

bool comptime_replace(struct ast *a, comptime_fn *fn, void *arg, const void *c_limit, struct parse_error *err)
{
	struct comptime c = { .ast = a, .fn = fn, .arg = arg, .c_limit = c_limit, .err = err };

	if (!a->comptime || a->own_comptime)
		return true;
	collect(&c);
	qsort(c.items, c.nitems, sizeof *c.items, by_place);
	for (uint32_t i = 0; i < c.nitems; i++)
		if (is_call(c.items[i].call))          /* else done, as part of another or as a constant */
			replace(&c, &c.items[i]);
	free(c.items);
	free(c.stack);
	if (c.failed)
		src_line_col(a->src, err->start, &err->line, &err->col);
	return !c.failed;
}
