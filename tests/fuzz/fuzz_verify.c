/* fuzz_verify.c: the bytecode verifier on damaged images. The input first picks a
 * program, then is a list of edits (what, where, value) applied to its image; the
 * verifier must give a verdict without touching memory that the image's array
 * lengths do not cover, and the disassembler must print whatever it accepted. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/gen/gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const programs[] = {
	"let a = 1; function f(x, y = 2, ...r) { return x + y * r.length; } f(a, 3, 4);",
	"class A { #p = 1; static s = 2; get p() { return this.#p; } m(...a) { return super.toString(...a); } } new A().m();",
	"for (const [k, v] of [[1, 2]]) { try { if (k > 1) continue; } catch ({ message }) { print(message); } finally { v?.x; } }",
	"const t = (s, ...v) => s.raw; t`a${1}b`; switch (t) { case 1: break; default: label: while (1) { break label; } } ({ ...t, x: [1, 2, 3, 4, 5], get y() { return 1; } });",
	"var o = { a: 1, b: 'two', c: null }; for (var p in o) delete o[p]; typeof zz === 'undefined' && (o.a ?\?= o.b ||= 3); arguments => arguments;",
};

struct edit { uint8_t what, fn; uint16_t at; uint32_t value; };

/* Another tag, unless that would make a pointer of what is none; or another
 * payload: a string's index, or fewer elements. */
static void edit_const(struct image_const *k, uint32_t value)
{
	uint8_t tag = (uint8_t)value;

	if (value >> 31) {
		if (k->tag == IK_STR || k->tag == IK_BIGINT)
			k->u.str = value & 0xff;
		else if (k->tag == IK_ARRAY || k->tag == IK_TEMPLATE || k->tag == IK_SHAPE)
			k->u.array.n = value % (k->u.array.n + 1);
	} else if (tag != IK_SHAPE && tag != IK_ARRAY && tag != IK_TEMPLATE && tag != IK_GLOBALS) {
		k->tag = tag;
	}
}

_Static_assert(offsetof(struct image_const, u.array.n) == offsetof(struct image_const, u.tmpl.n) &&
               offsetof(struct image_const, u.array.n) == offsetof(struct image_const, u.shape.n), "edit_const");

static void apply(struct image *im, const struct edit *e)
{
	struct image_fn *fn = &im->fns[e->fn % im->nfns];

	switch (e->what % 12) {
	case 0: case 1: case 2: fn->words[e->at % fn->nwords] = e->value; break;
	case 3: fn->words[e->at % fn->nwords] ^= 1u << (e->value & 31); break;
	case 4: fn->nregs = e->value & 0x3ff; break;
	case 5: fn->nparams = (uint16_t)(e->value & 0xff); break;
	case 6: fn->nics = e->value & 0xffff; break;
	case 7:
		if (fn->nhandlers) {
			struct image_handler *h = &fn->handlers[e->at % fn->nhandlers];

			h->start = e->value & 0xff;
			h->end = e->value >> 8 & 0xff;
			h->target = e->value >> 16 & 0xff;
			h->reg = (uint8_t)(e->value >> 24);
		}
		break;
	case 8: if (fn->nkeys) fn->keys[e->at % fn->nkeys] = e->value; break;
	case 9: if (fn->nconsts) edit_const(&fn->consts[e->at % fn->nconsts], e->value); break;
	case 10: fn->flags = e->value; break;
	default: fn->name = e->value; break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gen_options opt = { .kind = SOURCE_SCRIPT };
	struct gen_diag d = { 0 };
	struct buf out = BUF_INIT, err = BUF_INIT;
	struct image *im;
	const char *src;

	if (size < 1)
		return 0;
	src = programs[data[0] % (sizeof programs / sizeof programs[0])];
	im = gen_compile("fuzz.js", src, strlen(src), &opt, &d);
	if (im == NULL)
		abort();
	for (size_t at = 1; at + sizeof(struct edit) <= size; at += sizeof(struct edit)) {
		struct edit e;

		memcpy(&e, data + at, sizeof e);
		apply(im, &e);
	}
	if (image_verify(im, &err) == 0)
		image_dump(im, &out);
	else if (err.len == 0)
		abort();      /* a refusal must say why */
	buf_free(&out);
	buf_free(&err);
	image_free(im);
	return 0;
}
