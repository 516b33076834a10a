/* except.c: handler lookup, backtraces, the text of `stack`. Called by the
 * interpreter and by error_new (through vm->backtrace_fn). */
#include "base/utf.h"
#include "engine/vm/vmcode.h"

#define BACKTRACE_MAX 16

/* KIND_BTRACE: pairs (struct code * or 0 with native id, word index). */
struct btrace { struct cell h; HF(uint64_t) w[]; };

const struct image_handler *except_find(const struct code *code, uint32_t pc)
{
	const struct image_fn *fn = code->fn;

	for (uint32_t i = 0; i < fn->nhandlers; i++)
		if (pc >= fn->handlers[i].start && pc < fn->handlers[i].end)
			return &fn->handlers[i];
	return NULL;
}

/* Walks the running frames, innermost first. */
struct frame_walk { val *fp; const uint32_t *pc; };

static bool walk_next(struct vm *vm, struct frame_walk *w)
{
	if (w->fp == NULL) {
		w->fp = vm->fp;
		w->pc = vm->pc;
	} else {
		w->pc = (const uint32_t *)(uintptr_t)w->fp[FP_PC];
		w->fp = (val *)(uintptr_t)w->fp[FP_LINK];
	}
	return w->fp != NULL;
}

static uint64_t word_index(const struct code *c, const uint32_t *pc)
{
	return pc >= c->words && pc < c->words + c->fn->nwords ? (uint64_t)(pc - c->words) : 0;
}

/* Of a word, or of the function when nothing is known of the word. Async-signal-safe. */
static void position(const struct code *c, uint64_t at, uint32_t *line, uint32_t *col)
{
	const struct image *im = c->unit->im;
	uint32_t i, end = c->fn->src_start;

	if (image_position(c->fn, (uint32_t)at, line, col))
		return;
	*line = *col = 1;
	for (i = 0; i < end && i < im->source_len; i++) {
		*col += 1;
		if (im->source[i] == '\n')
			*line += 1, *col = 1;
	}
}

void except_backtrace(struct vm *vm, struct obj *err)
{
	uint64_t w[BACKTRACE_MAX * 2];
	struct frame_walk f = { NULL, NULL };
	struct btrace *bt;
	uint32_t n = 0;

	if (err->h.kind != KIND_ERROR)
		return;
	while (n < BACKTRACE_MAX * 2 && walk_next(vm, &f)) {
		struct code *c = frame_code(f.fp);

		if (c != NULL) {
			w[n++] = (uint64_t)(uintptr_t)c;
			w[n++] = word_index(c, f.pc);
		} else if (v_iskind(f.fp[FP_CALLEE], KIND_NFUNC)) {
			w[n++] = 0;
			w[n++] = ((struct nfunc *)(void *)v_tocell(f.fp[FP_CALLEE]))->native.v;
		}
	}
	bt = heap_alloc(&vm->heap, sizeof *bt + n * 8, n, KIND_BTRACE, 0);
	for (uint32_t i = 0; i < n; i++)
		HINIT(bt->w[i], w[i]);
	VSET(vm, ((struct error_obj *)(void *)err)->trace, &bt->h);
}

static void put_name(struct vm *vm, struct buf *b, val name)
{
	if (v_isstr(name) && v_tostr(name)->len.v != 0)
		str_put_utf8(vm, v_tostr(name), b);
	else
		buf_puts(b, "<anonymous>");
}

static void put_frame(struct vm *vm, struct buf *b, const struct code *c, uint64_t at)
{
	uint32_t line, col;

	buf_puts(b, "\n    at ");
	if (c == NULL) {
		buf_printf(b, "%s (native)", at < vm->nnatives ? vm->natives[at]->name : "?");
		return;
	}
	if (!(c->flags & FN_TOP)) {
		put_name(vm, b, c->name);
		buf_puts(b, " (");
	}
	buf_puts(b, c->unit->im->file);
	position(c, at, &line, &col);
	buf_printf(b, ":%u:%u", line, col);
	if (!(c->flags & FN_TOP))
		buf_putc(b, ')');
}

/* "TypeError: message" from own or inherited data properties only: no script runs. */
static val plain_property(struct vm *vm, struct obj *o, pkey k)
{
	struct find f;

	obj_find(vm, o, k, false, &f);
	return f.kind == FIND_DATA ? f.where->v : V_UNDEF;
}

static void put_header(struct vm *vm, struct buf *b, struct obj *o)
{
	val name = plain_property(vm, o, A_name), msg = plain_property(vm, o, A_message);

	if (v_isstr(name))
		str_put_utf8(vm, v_tostr(name), b);
	else
		buf_puts(b, "Error");
	if (v_isstr(msg) && v_tostr(msg)->len.v != 0) {
		buf_puts(b, ": ");
		str_put_utf8(vm, v_tostr(msg), b);
	}
}

val except_stack_string(struct vm *vm, struct error_obj *e)
{
	const struct btrace *bt = (const void *)e->trace.v;
	struct buf b = BUF_INIT;
	val s;

	if (e->stack.v != V_HOLE && e->stack.v != V_UNDEF)
		return e->stack.v;
	put_header(vm, &b, (struct obj *)(void *)e);
	for (uint32_t i = 0; bt && i + 1 < bt->h.shape.v; i += 2)
		put_frame(vm, &b, (const struct code *)(uintptr_t)bt->w[i].v, bt->w[i + 1].v);
	s = str_from_utf8(vm, b.p, b.len, true);
	buf_free(&b);
	if (s != V_EXC)
		VSET(vm, e->stack, s);
	return s;
}

static bool is_name_byte(char c)
{
	return c == '_' || c == '$' || (c & 0x80) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Byte offset of a 1-based line and column (UTF-16 units) in the source. */
static size_t source_offset(const struct image *im, uint32_t line, uint32_t col)
{
	const char *p = im->source, *end = p + im->source_len;

	while (line > 1 && (p = memchr(p, '\n', (size_t)(end - p))) != NULL)
		p++, line--;
	if (p == NULL)
		return im->source_len;
	for (uint32_t i = 1; i < col && p < end; i++) {
		uint32_t cp;

		p += utf8_decode(p, (size_t)(end - p), true, &cp);
		i += cp >= 0x10000;
	}
	return (size_t)(p - im->source);
}

bool except_name_at_pc(struct vm *vm, struct buf *out)
{
	struct code *c = vm->fp ? frame_code(vm->fp) : NULL;
	const struct image *im;
	uint32_t line, col;
	size_t at, from, to;

	if (c == NULL || !image_position(c->fn, (uint32_t)(vm->pc - c->words), &line, &col))
		return false;
	im = c->unit->im;
	at = from = to = source_offset(im, line, col);
	while (to < im->source_len && is_name_byte(im->source[to]))
		to++;
	while (from > 0 && (is_name_byte(im->source[from - 1]) || im->source[from - 1] == '.'))
		from--;
	if (to == at || to - from > 60 || im->source[from] == '.' || (im->source[from] >= '0' && im->source[from] <= '9'))
		return false;
	buf_put(out, im->source + from, to - from);
	return true;
}

void except_print_frames(struct vm *vm, struct buf *out, int max, bool natives)
{
	struct frame_walk f = { NULL, NULL };

	while (max-- > 0 && walk_next(vm, &f)) {
		struct code *c = frame_code(f.fp);

		if (c != NULL)
			put_frame(vm, out, c, word_index(c, f.pc));
		else if (natives && v_iskind(f.fp[FP_CALLEE], KIND_NFUNC))
			put_frame(vm, out, NULL, ((struct nfunc *)(void *)v_tocell(f.fp[FP_CALLEE]))->native.v);
	}
}

static void copy_text(char *out, size_t n, const char *s)
{
	size_t i = 0;

	while (s[i] != '\0' && i + 1 < n) {
		out[i] = s[i];
		i++;
	}
	out[i] = '\0';
}

/* The ASCII of a flat string; anything else becomes "?". */
static void copy_name(char *out, size_t n, val name)
{
	const struct str *s = v_isstr(name) ? v_tostr(name) : NULL;
	size_t i = 0;

	if (s == NULL || s->len.v == 0 || (s->h.kind != KIND_STR8 && s->h.kind != KIND_STR16)) {
		copy_text(out, n, "<anonymous>");
		return;
	}
	for (; i < s->len.v && i + 1 < n; i++) {
		uint32_t u = s->h.kind == KIND_STR8 ? ((const struct str8 *)(const void *)s)->c[i]
						    : ((const struct str16 *)(const void *)s)->c[i];

		out[i] = u >= 0x20 && u < 0x7f ? (char)u : '?';
	}
	out[i] = '\0';
}

/* The innermost JavaScript frame, or the innermost of the program itself, not of the
 * library's classes, and where it stands. Async-signal-safe. */
static const struct code *innermost(const struct vm *vm, bool of_program, const uint32_t **pc)
{
	const val *fp = vm->fp;

	*pc = vm->pc;
	for (int i = 0; i < 64; i++) {
		const struct code *c;

		if (fp < vm->stack_base - FP_CALLEE || fp >= vm->stack_end || ((uintptr_t)fp & 7) != 0)
			return NULL;
		c = frame_code(fp);
		if (c != NULL && !(of_program && c->unit->internal))
			return c;
		*pc = (const uint32_t *)(uintptr_t)fp[FP_PC];
		fp = (const val *)(uintptr_t)fp[FP_LINK];
	}
	return NULL;
}

bool except_where(const struct vm *vm, char *function, size_t nfunction, char *file, size_t nfile, uint32_t *line,
		  uint32_t *col)
{
	const uint32_t *pc;
	const struct code *c = innermost(vm, false, &pc);

	if (c == NULL)
		return false;
	copy_name(function, nfunction, c->flags & FN_TOP ? V_UNDEF : c->name);
	copy_text(file, nfile, c->unit->im->file);
	position(c, word_index(c, pc), line, col);
	return true;
}

void except_taint(struct vm *vm, uint32_t effects)
{
	uint32_t news = effects & ~vm->taint;
	const uint32_t *pc;
	const struct code *c = innermost(vm, true, &pc);

	vm->taint |= effects;
	for (int i = 0; i < EFFECT_BIT__N && c != NULL; i++)
		if (news >> i & 1) {
			vm->taint_at[i].code = c;
			vm->taint_at[i].pc = pc;
			vm->taint_known |= 1u << i;
		}
}

bool except_taint_where(const struct vm *vm, int bit, char *file, size_t nfile, uint32_t *line, uint32_t *col)
{
	const struct code *c = vm->taint_at[bit].code;

	if (!(vm->taint_known >> bit & 1))
		return false;
	copy_text(file, nfile, c->unit->im->file);
	position(c, word_index(c, vm->taint_at[bit].pc), line, col);
	return true;
}
