/* disasm.c: bytecode as text, one instruction a line; stable, for tests and
 * --dump=code. Reads only what lies inside the arrays, so that it can also show
 * an image that the verifier refused. */
#include <inttypes.h>
#include <math.h>

#include "base/num.h"
#include "engine/code/code.h"

#define TEXT_MAX 60             /* bytes of a string shown */

static void put_quoted(struct buf *out, const char *p, size_t n)
{
	size_t shown = n > TEXT_MAX ? TEXT_MAX : n;

	buf_putc(out, '"');
	for (size_t i = 0; i < shown; i++) {
		unsigned char c = (unsigned char)p[i];
		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7F)
			buf_printf(out, "\\x%02x", c);
		else
			buf_putc(out, (char)c);
	}
	buf_puts(out, shown < n ? "\"..." : "\"");
}

static void put_str(const struct image *im, uint32_t i, struct buf *out)
{
	if (i < im->nstrs)
		put_quoted(out, im->strs[i].p, im->strs[i].n);
	else
		buf_puts(out, i == UINT32_MAX ? "-" : "?");
}

static void put_number(double d, struct buf *out)
{
	char text[NUM_SHORTEST_MAX];

	if (d == 0 && signbit(d))
		buf_puts(out, "-0");
	else {
		num_to_shortest(d, text);
		buf_puts(out, text);
	}
}

static void put_strs(const struct image *im, const uint32_t *v, uint32_t n, struct buf *out)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_puts(out, ", ");
		put_str(im, v[i], out);
	}
}

static void put_const(const struct image *im, const struct image_const *k, int depth, struct buf *out)
{
	switch (k->tag) {
	case IK_NUM: put_number(k->u.num, out); break;
	case IK_STR: put_str(im, k->u.str, out); break;
	case IK_BIGINT:
		put_str(im, k->u.str, out);
		buf_putc(out, 'n');
		break;
	case IK_SHAPE:
		buf_putc(out, '{');
		put_strs(im, k->u.shape.strs, k->u.shape.n, out);
		buf_putc(out, '}');
		break;
	case IK_ARRAY:
		buf_printf(out, "[%" PRIu32 ":", k->u.array.n);
		for (uint32_t i = 0; i < k->u.array.n && i < 8 && depth < 2; i++) {
			buf_putc(out, ' ');
			put_const(im, &k->u.array.items[i], depth + 1, out);
		}
		buf_puts(out, k->u.array.n > 8 ? " ...]" : "]");
		break;
	case IK_TEMPLATE:
		buf_puts(out, "template(");
		put_strs(im, k->u.tmpl.cooked, k->u.tmpl.n, out);
		buf_puts(out, " raw ");
		put_strs(im, k->u.tmpl.raw, k->u.tmpl.n, out);
		buf_putc(out, ')');
		break;
	case IK_GLOBALS:
		buf_puts(out, "var(");
		put_strs(im, k->u.globals.vars, k->u.globals.nvars, out);
		buf_puts(out, ") function(");
		put_strs(im, k->u.globals.funcs, k->u.globals.nfuncs, out);
		buf_puts(out, ") lexical(");
		for (uint32_t i = 0; i < k->u.globals.nlets; i++) {
			buf_printf(out, "%s%s", i ? ", " : "", k->u.globals.let_const[i] ? "const " : "");
			put_str(im, k->u.globals.lets[i], out);
		}
		buf_putc(out, ')');
		if (k->u.globals.nsoft) {
			buf_puts(out, " soft(");
			put_strs(im, k->u.globals.soft, k->u.globals.nsoft, out);
			buf_putc(out, ')');
		}
		break;
	case IK_DYNS:
		buf_puts(out, "dyns(");
		for (uint32_t i = 0; i < k->u.dyns.n; i++)
			buf_printf(out, "%s%s%" PRIu32 ":%" PRIu32, i ? ", " : "", k->u.dyns.v[i].with ? "with " : "",
				   k->u.dyns.v[i].depth, k->u.dyns.v[i].slot);
		buf_putc(out, ')');
		break;
	case IK_REGEXP:
		buf_puts(out, "regexp(");
		put_str(im, k->u.regexp.pattern, out);
		buf_puts(out, ", ");
		put_str(im, k->u.regexp.flags, out);
		buf_putc(out, ')');
		break;
	case IK_UNDEF: buf_puts(out, "undefined"); break;
	case IK_NULL: buf_puts(out, "null"); break;
	case IK_TRUE: buf_puts(out, "true"); break;
	case IK_FALSE: buf_puts(out, "false"); break;
	case IK_HOLE: buf_puts(out, "hole"); break;
	default: buf_printf(out, "tag%u", k->tag); break;
	}
}

static void put_k(const struct image *im, const struct image_fn *fn, uint32_t i, struct buf *out)
{
	buf_printf(out, " k%" PRIu32 "=", i);
	if (i < fn->nconsts)
		put_const(im, &fn->consts[i], 0, out);
	else
		buf_putc(out, '?');
}

static void put_key(const struct image *im, const struct image_fn *fn, uint32_t i, struct buf *out)
{
	buf_putc(out, ' ');
	if (i < fn->nkeys)
		put_str(im, fn->keys[i], out);
	else
		buf_puts(out, "key?");
}

static void put_reg(uint32_t r, struct buf *out)
{
	if (r == REG_NONE)
		buf_puts(out, " -");
	else
		buf_printf(out, " r%" PRIu32, r);
}

/* How the operands of this instruction that are neither registers nor jumps
 * look: the few whose meaning the format does not give. */
static void put_w1(const struct image *im, const struct image_fn *fn, uint32_t w, uint32_t w1, struct buf *out)
{
	switch (W_OP(w)) {
	case OP_LDKX: case OP_REGEXP: case OP_OBJLIT:
		put_k(im, fn, w1, out);
		break;
	case OP_CLOSURE: case OP_CLASS:
		buf_printf(out, " fn%" PRIu32, w1);
		if (w1 < im->nfns) {
			buf_putc(out, ' ');
			put_str(im, im->fns[w1].name, out);
		}
		break;
	case OP_FINDDYN:
		put_key(im, fn, W1_KEY(w1), out);
		put_k(im, fn, W1_IC(w1), out);
		break;
	case OP_EVAL:
		buf_printf(out, " scope%" PRIu32 "%s%s", w1 >> 2, w1 & 1 ? " strict" : "", w1 & 2 ? " spread" : "");
		break;
	case OP_GETSUPERE: case OP_SETSUPERE: case OP_COPYPROPS:
		put_reg(w1, out);
		break;
	default:
		if (op_info[W_OP(w)].flags & OF_KEYX)
			put_key(im, fn, w1, out);
		else
			buf_printf(out, " %" PRIu32, w1);
		break;
	}
}

static void put_operands(const struct image *im, const struct image_fn *fn, uint32_t pc, uint32_t w, uint32_t w1,
	struct buf *out)
{
	const struct op_info *o = &op_info[W_OP(w)];
	int words = op_words(o->format);

	switch (o->format) {
	case F_N: case F_J: break;
	case F_AI:
		put_reg(W_A(w), out);
		buf_printf(out, " %d", W_I16(w));
		break;
	case F_AK:
		put_reg(W_A(w), out);
		if (o->flags & OF_KEY)
			put_key(im, fn, W_K16(w), out);
		else
			put_k(im, fn, W_K16(w), out);
		break;
	case F_ABI:
		put_reg(W_A(w), out);
		if (W_OP(w) != OP_REST && W_OP(w) != OP_NEWOBJ)
			put_reg(W_B(w), out);
		buf_printf(out, " %d", W_SC(w));
		break;
	case F_A: case F_AX: case F_AP: case F_AJ:
		put_reg(W_A(w), out);
		break;
	case F_AIJ:
		put_reg(W_A(w), out);
		buf_printf(out, " %d", W_SB(w));
		break;
	case F_AB: case F_ABX: case F_ABP: case F_ABJ:
		put_reg(W_A(w), out);
		if (W_OP(w) == OP_CALL || W_OP(w) == OP_CALLM || W_OP(w) == OP_NEW)
			buf_printf(out, " #%u", W_B(w));
		else
			put_reg(W_B(w), out);
		break;
	default:                       /* F_ABC, F_ABCX */
		put_reg(W_A(w), out);
		if (W_OP(w) == OP_SETEI || W_OP(w) == OP_SUPERCALL || W_OP(w) == OP_SUPERCALLV)
			buf_printf(out, " #%u", W_B(w));
		else
			put_reg(W_B(w), out);
		if (strchr(o->reads, 'c') != NULL)
			put_reg(W_C(w), out);
		else
			buf_printf(out, " #%u", W_C(w));
		break;
	}
	if (o->format == F_AP || o->format == F_ABP) {
		put_key(im, fn, W1_KEY(w1), out);
		if ((o->flags & OF_IC) && W1_IC(w1) != IC_NONE16)
			buf_printf(out, " ic%" PRIu32, W1_IC(w1));
	} else if (o->flags & OF_BRANCH) {
		buf_printf(out, " -> %" PRIu32, pc + (uint32_t)words + w1);
	} else if (words == 2)
		put_w1(im, fn, w, w1, out);
}

static void put_flags(uint32_t f, struct buf *out)
{
	static const char *const name[] = { "strict", "arrow", "method", "classctor", "derived", "generator",
		"async", "mapped", "getset", "fieldinit", "top", "hasfields", "named" };

	for (unsigned i = 0; i < sizeof name / sizeof name[0]; i++)
		if (f >> i & 1)
			buf_printf(out, " %s", name[i]);
}

void image_dump_fn(const struct image *im, uint32_t index, struct buf *out)
{
	const struct image_fn *fn = &im->fns[index];
	uint32_t at = 0;

	buf_printf(out, "fn%" PRIu32 " ", index);
	put_str(im, fn->name, out);
	buf_printf(out, " params=%u length=%u regs=%" PRIu32 " ics=%" PRIu32 " text=%" PRIu32 "..%" PRIu32,
		fn->nparams, fn->length, fn->nregs, fn->nics, fn->src_start, fn->src_end);
	put_flags(fn->flags, out);
	buf_putc(out, '\n');
	for (uint32_t pc = 0; pc < fn->nwords;) {
		uint32_t w = fn->words[pc], w1 = 0, words = 1;
		if (W_OP(w) >= OP__N) {
			buf_printf(out, "%6" PRIu32 "  ?%08" PRIx32 "\n", pc++, w);
			continue;
		}
		words = (uint32_t)op_words(op_info[W_OP(w)].format);
		if (words == 2 && pc + 1 < fn->nwords)
			w1 = fn->words[pc + 1];
		buf_printf(out, "%6" PRIu32 "  %-11s", pc, op_info[W_OP(w)].name);
		put_operands(im, fn, pc, w, w1, out);
		for (; at < fn->npos && fn->pos[at].pc <= pc; at++)
			if (fn->pos[at].pc == pc)
				buf_printf(out, "  ; %" PRIu32 ":%" PRIu32, fn->pos[at].line, fn->pos[at].col);
		buf_putc(out, '\n');
		pc += words;
	}
	for (uint32_t i = 0; i < fn->nhandlers; i++)
		buf_printf(out, "  handler %" PRIu32 "..%" PRIu32 " -> %" PRIu32 " r%u\n", fn->handlers[i].start,
			fn->handlers[i].end, fn->handlers[i].target, fn->handlers[i].reg);
}

static void put_field(const struct image *im, const char *label, uint32_t str, struct buf *out)
{
	buf_printf(out, " %s=", label);
	put_str(im, str, out);
}

static void put_scope(const struct image *im, uint32_t i, struct buf *out)
{
	const struct image_scope *s = &im->scopes[i];

	buf_printf(out, "scope %" PRIu32 ":", i);
	if (s->up != UINT32_MAX)
		buf_printf(out, " up=%" PRIu32, s->up);
	buf_printf(out, " kind=%u%s%s", s->kind, s->has_env ? " env" : "", s->function ? " function" : "");
	for (uint32_t k = 0; k < s->nvars; k++) {
		buf_putc(out, ' ');
		put_str(im, s->vars[k].name, out);
		buf_printf(out, "=%" PRIu32, s->vars[k].slot);
	}
	buf_putc(out, '\n');
}

void image_dump(const struct image *im, struct buf *out)
{
	buf_printf(out, "%s%s\n", im->module ? "module" : "script", im->strict ? " strict" : "");
	for (uint32_t i = 0; i < im->nrequests; i++) {
		put_field(im, "request", im->requests[i].specifier, out);
		if (im->requests[i].type != UINT32_MAX)
			put_field(im, "type", im->requests[i].type, out);
	}
	if (im->nrequests)
		buf_putc(out, '\n');
	for (uint32_t i = 0; i < im->nimports; i++) {
		buf_printf(out, "import %" PRIu32 ":", i);
		put_field(im, "from", im->requests[im->imports[i].request].specifier, out);
		put_field(im, "name", im->imports[i].name, out);
		put_field(im, "local", im->imports[i].local, out);
		buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < im->nexports; i++) {
		const struct image_export *e = &im->exports[i];
		buf_puts(out, "export:");
		put_field(im, "name", e->name, out);
		if (e->request == UINT32_MAX) {
			put_field(im, "local", e->local, out);
			buf_printf(out, " slot=%" PRIu32, e->slot);
		} else {
			put_field(im, "from", im->requests[e->request].specifier, out);
			put_field(im, "import", e->import_name, out);
		}
		buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < im->nenv; i++) {
		buf_printf(out, "env %" PRIu32 ":", i);
		put_field(im, "name", im->env_names[i], out);
		buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < im->nscopes; i++)
		put_scope(im, i, out);
	for (uint32_t i = 0; i < im->nfns; i++) {
		buf_putc(out, '\n');
		image_dump_fn(im, i, out);
	}
}
