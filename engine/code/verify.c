/* verify.c: the bytecode verifier. After it, an interpreter may index registers,
 * constants, keys, inline caches, functions and code without checks. It is run
 * on every image that did not come straight from the code generator, so it
 * trusts nothing but the lengths of the arrays. It does not follow types: that
 * a register used as an environment holds one is the generator's promise.
 *
 * Beyond bounds it demands that control moves backwards only by LOOP (which
 * polls), and that a handler lies behind the range it covers: every cycle of
 * the control flow then contains a poll. */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/code/code.h"

#define NREGS_MAX  (1u << 16)
#define NSLOTS_MAX (1u << 24)
#define FN_FLAGS_ALL ((FN_NAME_BOUND << 1) - 1)

struct check {
	const struct image *im;
	const struct image_fn *fn;
	uint32_t index, pc;            /* pc UINT32_MAX: not about an instruction */
	struct buf *err;
	unsigned char *starts;         /* bit per word: an instruction starts here */
};

static int fault(struct check *c, const char *what)
{
	if (c->fn == NULL)
		buf_printf(c->err, "image: %s", what);
	else if (c->pc == UINT32_MAX)
		buf_printf(c->err, "function %" PRIu32 ": %s", c->index, what);
	else
		buf_printf(c->err, "function %" PRIu32 ", word %" PRIu32 ": %s", c->index, c->pc, what);
	return -1;
}

static bool is_start(const struct check *c, uint32_t pc)
{
	return pc < c->fn->nwords && (c->starts[pc >> 3] >> (pc & 7) & 1);
}

static bool str_ok(const struct check *c, uint32_t s) { return s < c->im->nstrs; }

static bool strs_ok(const struct check *c, const uint32_t *v, uint32_t n, bool absent)
{
	for (uint32_t i = 0; i < n; i++)
		if (!str_ok(c, v[i]) && !(absent && v[i] == UINT32_MAX))
			return false;
	return true;
}

static bool digits_ok(const struct check *c, uint32_t s)
{
	if (!str_ok(c, s) || c->im->strs[s].n == 0)
		return false;
	for (uint32_t i = 0; i < c->im->strs[s].n; i++)
		if (c->im->strs[s].p[i] < '0' || c->im->strs[s].p[i] > '9')
			return false;
	return true;
}

/* Tags that a register may hold. */
static bool is_primitive(uint8_t tag)
{
	return tag == IK_NUM || tag == IK_STR || (tag >= IK_BIGINT && tag <= IK_FALSE);
}

static bool primitive_ok(const struct check *c, const struct image_const *k)
{
	if (!is_primitive(k->tag))
		return false;
	if (k->tag == IK_STR)
		return str_ok(c, k->u.str);
	return k->tag != IK_BIGINT || digits_ok(c, k->u.str);
}

static bool array_ok(const struct check *c, const struct image_const *k)
{
	for (uint32_t i = 0; i < k->u.array.n; i++)
		if (k->u.array.items[i].tag != IK_HOLE && !primitive_ok(c, &k->u.array.items[i]))
			return false;
	return true;
}

static bool dyns_ok(const struct image_const *k)
{
	for (uint32_t i = 0; i < k->u.dyns.n; i++)
		if (k->u.dyns.v[i].slot >= NSLOTS_MAX)
			return false;
	return true;
}

static bool const_ok(const struct check *c, const struct image_const *k)
{
	switch (k->tag) {
	case IK_SHAPE: return strs_ok(c, k->u.shape.strs, k->u.shape.n, false);
	case IK_ARRAY: return array_ok(c, k);
	case IK_TEMPLATE:
		return k->u.tmpl.n > 0 && strs_ok(c, k->u.tmpl.cooked, k->u.tmpl.n, true) &&
		       strs_ok(c, k->u.tmpl.raw, k->u.tmpl.n, false);
	case IK_GLOBALS:
		return strs_ok(c, k->u.globals.vars, k->u.globals.nvars, false) &&
		       strs_ok(c, k->u.globals.funcs, k->u.globals.nfuncs, false) &&
		       strs_ok(c, k->u.globals.lets, k->u.globals.nlets, false) &&
		       strs_ok(c, k->u.globals.soft, k->u.globals.nsoft, false);
	case IK_DYNS: return dyns_ok(k);
	case IK_REGEXP: return str_ok(c, k->u.regexp.pattern) && str_ok(c, k->u.regexp.flags);
	case IK_HOLE: return true;
	default: return primitive_ok(c, k);
	}
}

static bool reg_ok(const struct check *c, uint32_t r) { return r < REG_MAX && r < c->fn->nregs; }

/* Ranges may not reach the far registers either: n registers from r on. */
static bool range_ok(const struct check *c, uint32_t r, uint32_t n)
{
	return r + n <= REG_MAX && r + n <= c->fn->nregs;
}

static bool may_be_absent(uint32_t op, char letter)
{
	return ((op == OP_NEWENV || op == OP_CLOSURE || op == OP_CLASS) && letter == 'b') ||
	       ((op == OP_CLASS || op == OP_EVAL) && letter == 'c');
}

static bool operand_ok(const struct check *c, char letter, uint32_t w, uint32_t w1)
{
	uint32_t op = W_OP(w);

	switch (letter) {
	case 'a': return reg_ok(c, W_A(w));
	case 'b': return reg_ok(c, W_B(w)) || (W_B(w) == REG_NONE && may_be_absent(op, 'b'));
	case 'c': return reg_ok(c, W_C(w)) || (W_C(w) == REG_NONE && may_be_absent(op, 'c'));
	case 'd': return w1 < 256 && reg_ok(c, w1);
	case 'A': return range_ok(c, W_A(w), 2);
	case 'P': return range_ok(c, W_B(w), 2);
	case 'T': return range_ok(c, W_A(w), 3);
	case 'S': return range_ok(c, W_B(w), W_C(w));
	case 'E': return w1 < 256 && range_ok(c, w1, W_C(w));
	case 'W': return range_ok(c, W_A(w), CALL_HEADER + 1 + W_B(w));
	case 'V': return range_ok(c, W_A(w), CALL_HEADER + 2);
	case '0': return c->fn->nregs > 0;
	default: return false;
	}
}

static bool key_ok(const struct check *c, uint32_t k) { return k < c->fn->nkeys; }

static bool tag_is(const struct check *c, uint32_t k, uint8_t tag)
{
	return k < c->fn->nconsts && c->fn->consts[k].tag == tag;
}

static bool key_is_length(const struct check *c, uint32_t key)
{
	const struct image_str *s = &c->im->strs[c->fn->keys[key]];

	return s->n == 6 && memcmp(s->p, "length", 6) == 0;
}

/* Operands whose meaning depends on the opcode. NULL: fine. */
static const char *special(const struct check *c, uint32_t w, uint32_t w1)
{
	const struct image_fn *fn = c->fn;

	switch (W_OP(w)) {
	case OP_LDK: return W_K16(w) < fn->nconsts && is_primitive(fn->consts[W_K16(w)].tag) ? NULL : "constant";
	case OP_LDKX: return w1 < fn->nconsts && is_primitive(fn->consts[w1].tag) ? NULL : "constant";
	case OP_LDFAR: case OP_STFAR: return w1 >= REG_MAX && w1 < fn->nregs ? NULL : "far register";
	case OP_UNSPILL: return W_C(w) >= 2 ? NULL : "too few registers";
	case OP_DECLGLB: return tag_is(c, W_K16(w), IK_GLOBALS) ? NULL : "constant is not a list of globals";
	case OP_ARRTMPL: return tag_is(c, W_K16(w), IK_ARRAY) ? NULL : "constant is not an array";
	case OP_TEMPLATE: return tag_is(c, W_K16(w), IK_TEMPLATE) ? NULL : "constant is not a template";
	case OP_THROWK: return W_A(w) <= THROW_RANGE && tag_is(c, W_K16(w), IK_STR) ? NULL : "bad throw";
	case OP_REGEXP: return tag_is(c, w1, IK_REGEXP) ? NULL : "constant is not a regular expression";
	case OP_OBJLIT:
		return tag_is(c, w1, IK_SHAPE) && fn->consts[w1].u.shape.n == W_C(w) ? NULL : "shape constant";
	case OP_NEWENV: return w1 <= NSLOTS_MAX ? NULL : "environment size";
	case OP_GETENV: case OP_SETENV: return w1 < NSLOTS_MAX ? NULL : "environment slot";
	case OP_FINDDYN:
		return W1_KEY(w1) < fn->nkeys && tag_is(c, W1_IC(w1), IK_DYNS) && W_C(w) <= fn->consts[W1_IC(w1)].u.dyns.n ?
			NULL : "dynamic name";
	case OP_DYNOBJ: return w1 < NSLOTS_MAX ? NULL : "environment slot";
	case OP_EVAL: return w1 >> 2 < c->im->nscopes ? NULL : "scope index";
	case OP_CLOSURE: return w1 > 0 && w1 < c->im->nfns && !(c->im->fns[w1].flags & (FN_CLASS_CTOR | FN_TOP)) ?
		NULL : "function index";
	case OP_CLASS:
		return w1 < c->im->nfns && c->im->fns[w1].flags & FN_CLASS_CTOR ? NULL : "not a class constructor";
	case OP_META: return c->im->module ? NULL : "no module";
	case OP_GETIMP: return w1 < c->im->nimports ? NULL : "import index";
	case OP_DEFMETH: return (w1 & METH_KIND) <= METH_SET && w1 <= (METH_KIND | METH_ENUMERABLE) ? NULL : "method flags";
	case OP_DEFPRIVM: case OP_SETFNAME: return w1 <= 2 ? NULL : "method kind";
	case OP_JTYPEOF: case OP_JNTYPEOF: return W_B(w) < TYPEOF__N ? NULL : "typeof code";
	case OP_GETLEN: return key_is_length(c, W1_KEY(w1)) ? NULL : "key is not length";
	default: return NULL;
	}
}

static int check_op(struct check *c, uint32_t w, uint32_t w1)
{
	const struct op_info *o = &op_info[W_OP(w)];
	uint32_t next = c->pc + (uint32_t)op_words(o->format);
	const char *what;

	for (const char *s = o->reads; *s; s++)
		if (!operand_ok(c, *s, w, w1))
			return fault(c, "register out of bounds");
	for (const char *s = o->writes; *s; s++)
		if (!operand_ok(c, *s, w, w1) || (*s == 'b' && W_B(w) == REG_NONE))
			return fault(c, "register out of bounds");
	if (o->flags & OF_BRANCH) {
		uint32_t to = next + w1;   /* wraps like the interpreter's signed sum */
		if (!is_start(c, to))
			return fault(c, "jump to the middle of an instruction or outside");
		if (W_OP(w) == OP_LOOP ? to > c->pc : to < next)
			return fault(c, W_OP(w) == OP_LOOP ? "LOOP goes forward" : "backward jump without LOOP");
	}
	if (o->format == F_AP || o->format == F_ABP) {
		if (!key_ok(c, W1_KEY(w1)))
			return fault(c, "key index");
		if ((o->flags & OF_IC) && W1_IC(w1) != IC_NONE16 && W1_IC(w1) >= c->fn->nics)
			return fault(c, "inline cache index");
	}
	if (((o->flags & OF_KEY) && !key_ok(c, W_K16(w))) || ((o->flags & OF_KEYX) && !key_ok(c, w1)))
		return fault(c, "key index");
	what = special(c, w, w1);
	if (what)
		return fault(c, what);
	if (next == c->fn->nwords && !(o->flags & OF_END))
		return fault(c, "control falls off the end");
	return 0;
}

/* First walk: opcodes known, instructions complete; fills c->starts. */
static int check_layout(struct check *c)
{
	const struct image_fn *fn = c->fn;

	for (uint32_t pc = 0; pc < fn->nwords;) {
		c->pc = pc;
		if (W_OP(fn->words[pc]) >= OP__N)
			return fault(c, "unknown opcode");
		c->starts[pc >> 3] |= (unsigned char)(1u << (pc & 7));
		pc += (uint32_t)op_words(op_info[W_OP(fn->words[pc])].format);
		if (pc > fn->nwords)
			return fault(c, "truncated instruction");
	}
	return 0;
}

static int check_tables(struct check *c)
{
	const struct image_fn *fn = c->fn;

	c->pc = UINT32_MAX;
	for (uint32_t i = 0; i < fn->nhandlers; i++) {
		const struct image_handler *h = &fn->handlers[i];
		if (!is_start(c, h->start) || h->start >= h->end || (h->end != fn->nwords && !is_start(c, h->end)))
			return fault(c, "handler range");
		if (!is_start(c, h->target) || h->target < h->end || !reg_ok(c, h->reg))
			return fault(c, "handler target");
	}
	for (uint32_t i = 0; i < fn->npos; i++)
		if (!is_start(c, fn->pos[i].pc) || (i && fn->pos[i].pc <= fn->pos[i - 1].pc))
			return fault(c, "position table");
	return 0;
}

static int check_code(struct check *c)
{
	const struct image_fn *fn = c->fn;
	int rc = check_layout(c);

	for (uint32_t pc = 0; rc == 0 && pc < fn->nwords;) {
		uint32_t w = fn->words[pc];
		int words = op_words(op_info[W_OP(w)].format);
		c->pc = pc;
		rc = check_op(c, w, words == 2 ? fn->words[pc + 1] : 0);
		pc += (uint32_t)words;
	}
	return rc == 0 ? check_tables(c) : rc;
}

static int check_fn(struct check *c)
{
	const struct image_fn *fn = c->fn;
	int rc;

	c->pc = UINT32_MAX;
	if (fn->nwords == 0)
		return fault(c, "no code");
	if (fn->nregs == 0 || fn->nregs > NREGS_MAX || fn->nparams >= fn->nregs || fn->nparams >= REG_MAX)
		return fault(c, "register count");
	if (fn->flags & ~(uint32_t)FN_FLAGS_ALL || (c->index == 0) != !!(fn->flags & FN_TOP))
		return fault(c, "flags");
	if (!str_ok(c, fn->name))
		return fault(c, "name");
	if (fn->src_start > fn->src_end || fn->src_end > c->im->source_len)
		return fault(c, "source range");
	if (fn->nics > IC_NONE16)
		return fault(c, "number of inline caches");
	if (!strs_ok(c, fn->keys, fn->nkeys, false))
		return fault(c, "key string");
	for (uint32_t i = 0; i < fn->nconsts; i++)
		if (!const_ok(c, &fn->consts[i]))
			return fault(c, "constant");
	c->starts = calloc((size_t)fn->nwords / 8 + 1, 1);
	if (!c->starts)
		return fault(c, "out of memory");
	rc = check_code(c);
	free(c->starts);
	return rc;
}

static int check_module(struct check *c)
{
	const struct image *im = c->im;

	if (im->module && im->inherits)
		return fault(c, "a module that inherits imports");
	if (!im->module && ((im->nimports && !im->inherits) || im->nexports || im->nrequests || im->nenv))
		return fault(c, "a script with module records");
	if (!strs_ok(c, im->env_names, im->nenv, false))
		return fault(c, "module names");
	for (uint32_t i = 0; i < im->nrequests; i++) {
		const struct image_request *r = &im->requests[i];
		if (!str_ok(c, r->specifier) || (!str_ok(c, r->type) && r->type != UINT32_MAX) ||
		    r->start > r->end || r->end > im->source_len)
			return fault(c, "module request");
	}
	for (uint32_t i = 0; i < im->nimports; i++) {
		const struct image_import *p = &im->imports[i];
		if (im->inherits ? !str_ok(c, p->local) : p->request >= im->nrequests || !str_ok(c, p->local) || p->start > p->end || p->end > im->source_len ||
		    (!str_ok(c, p->name) && p->name != UINT32_MAX))
			return fault(c, "import record");
	}
	for (uint32_t i = 0; i < im->nexports; i++) {
		const struct image_export *e = &im->exports[i];
		bool named = str_ok(c, e->name), ok;
		if (e->start > e->end || e->end > im->source_len)
			ok = false;
		else if (e->request == UINT32_MAX)
			ok = named && str_ok(c, e->local) && e->slot < im->nenv;
		else
			ok = e->request < im->nrequests && (named || e->name == UINT32_MAX) &&
			     (e->import_name == UINT32_MAX || (named && str_ok(c, e->import_name)));
		if (!ok)
			return fault(c, "export record");
	}
	return 0;
}

static int check_scopes(struct check *c)
{
	const struct image *im = c->im;

	for (uint32_t i = 0; i < im->nscopes; i++) {
		const struct image_scope *s = &im->scopes[i];
		if (s->up != UINT32_MAX && s->up >= i)
			return fault(c, "scope chain");
		for (uint32_t k = 0; k < s->nvars; k++)
			if (!str_ok(c, s->vars[k].name) && s->vars[k].name != UINT32_MAX)
				return fault(c, "scope name");
	}
	return 0;
}

int image_verify(const struct image *im, struct buf *err)
{
	struct check c = { .im = im, .pc = UINT32_MAX, .err = err };

	if (im->nfns == 0)
		return fault(&c, "no functions");
	if (check_module(&c) != 0 || check_scopes(&c) != 0)
		return -1;
	for (uint32_t i = 0; i < im->nfns; i++) {
		c.index = i;
		c.fn = &im->fns[i];
		if (check_fn(&c) != 0)
			return -1;
	}
	return 0;
}
