/* image.c: the table of opcodes, and the little that can be asked of an image
 * without running it. Called by the code generator, the VM's linker and the
 * tools. An image is itself allocated in its own arena, so freeing the arena
 * frees everything. */
#include "engine/code/code.h"

#define OP(name, fmt, res, rd, wr, fl) [OP_##name] = { #name, rd, wr, fmt, res, fl },
const struct op_info op_info[OP__N] = {
#include "engine/code/op.def"
};

void image_free(struct image *im)
{
	if (!im)
		return;
	struct arena mem = im->mem;    /* im lies inside */
	arena_free(&mem);
}

bool image_position(const struct image_fn *fn, uint32_t pc, uint32_t *line, uint32_t *col)
{
	uint32_t lo = 0, hi = fn->npos;

	while (lo < hi) {              /* first entry behind pc */
		uint32_t mid = lo + (hi - lo) / 2;
		if (fn->pos[mid].pc <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return false;
	*line = fn->pos[lo - 1].line;
	*col = fn->pos[lo - 1].col;
	return true;
}
