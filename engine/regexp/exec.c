/* exec.c: runs programs: a backtracking matcher for 8-bit and one for 16-bit text
 * (match.inc, included twice), their explicit stack, and the search over start
 * positions. Called by the built-ins through re_exec.
 *
 * Superlinear patterns: a run that backtracks more than 8 * length + 50000 times
 * starts again in the second program, in which every choice (branch, position) that
 * has been taken once is not taken again: as long as no match was found, what was
 * tried before has failed. That does not depend on where the attempt began, so the
 * knowledge is kept across start positions and the whole search is linear. Whether
 * a loop iteration began at this very position decides about its empty check and is
 * part of the state. Patterns with backreferences or counters have no such program. */
#include "engine/regexp/node.h"

#include "base/utf.h"

enum { BT_BRANCH, BT_UNDO, BT_STAR, BT_STARU };
struct bt { uint32_t what, a, b; };    /* kind << 30 | pc */
#define BT_KIND(w) ((w) >> 30)
#define BT_PC(w) ((w) & 0x3FFFFFFFu)
#define BT_LOCAL 128
#define MEMO_MAX (8u << 20)

struct run {
	const struct re_prog *p;
	const struct re_code *c;
	const struct re_host *host;
	struct bt *bt, *bt_end;
	uint32_t *memo;                /* bit (state, position): been there */
	uint64_t memo_row;             /* positions */
	int64_t steps, budget;         /* work since the last tick; until the memo is tried */
	int32_t *regs;
	uint32_t end;                  /* where the match ended */
	size_t end_sp;                 /* entries it left on the stack */
};
enum { R_FAIL = 0, R_OK = 1, R_STOP = -1, R_NOMEM = -2, R_MEMO = -3 };

/* Room for one more entry: moves the stack to twice the size. */
static struct bt *grow(struct run *x, struct bt *sp)
{
	size_t n = (size_t)(sp - x->bt), bytes = 2 * n * sizeof *sp;
	struct cell *c = bytes > (1u << 31) ? NULL : heap_alloc(x->host->heap, sizeof *c + bytes, (uint32_t)bytes, KIND_BYTES, 0);
	struct bt *mem = (struct bt *)(void *)(c + 1);

	if (c == NULL)
		return NULL;
	memcpy(mem, x->bt, n * sizeof *sp);
	x->bt = mem;
	x->bt_end = mem + 2 * n;
	return mem + n;
}

/* Adds an entry; moves sp and base with the stack. NULL: out of memory. */
static inline struct bt *push(struct run *x, struct bt *sp, struct bt **base, uint32_t what, uint32_t a, uint32_t b)
{
	if (unlikely(sp == x->bt_end)) {
		size_t at = (size_t)(*base - x->bt);

		sp = grow(x, sp);
		if (sp == NULL)
			return NULL;
		*base = x->bt + at;
	}
	*sp = (struct bt){ what, a, b };
	return sp + 1;
}

static inline struct bt *set_reg(struct run *x, struct bt *sp, struct bt **base, uint32_t reg, uint32_t v)
{
	sp = push(x, sp, base, (uint32_t)BT_UNDO << 30, reg, (uint32_t)x->regs[reg]);
	x->regs[reg] = (int32_t)v;
	return sp;
}

static inline bool in_set(const struct re_prog *p, const struct re_set *s, uint32_t c)
{
	const uint32_t *r;
	uint32_t lo = 0, hi = s->n;

	if (c < 256)
		return s->bits[c / 32] >> c % 32 & 1;
	r = p->ranges + 2 * (size_t)s->at;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (c > r[2 * mid + 1])
			lo = mid + 1;
		else if (c < r[2 * mid])
			hi = mid;
		else
			return true;
	}
	return false;
}

static inline bool is_line_end(uint32_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }

static inline bool is_word(uint32_t c, bool extended)
{
	return c - '0' < 10 || (c | 32) - 'a' < 26 || c == '_' || (extended && (c == 0x17F || c == 0x212A));
}

/* Has this choice been taken here before? Notes that it has now. */
static bool been_there(struct run *x, uint32_t branch, uint32_t pos)
{
	uint32_t n = x->c->nmarks;
	uint64_t bit, row = (uint64_t)branch << n;
	uint32_t mask;

	for (uint32_t i = 0; i < n; i++)
		row |= (uint64_t)((uint32_t)x->regs[x->p->mark0 + i] == pos) << i;
	bit = row * x->memo_row + pos;
	mask = 1u << bit % 32;
	if (x->memo[bit / 32] & mask)
		return true;
	x->memo[bit / 32] |= mask;
	return false;
}

/* Accounts for work; non-zero: leave with it. */
static int account(struct run *x)
{
	int64_t n = x->steps;

	x->steps = 0;
	x->budget -= n;
	if (x->budget < 0 && x->memo == NULL && x->p->memo.w != NULL)
		return R_MEMO;
	return x->host->tick(x->host->u, n) ? R_STOP : 0;
}

#define UNIT uint8_t
#define WIDE 0
#define NAME(x) x##8
#include "engine/regexp/match.inc"
#undef UNIT
#undef WIDE
#undef NAME
#define UNIT uint16_t
#define WIDE 1
#define NAME(x) x##16
#include "engine/regexp/match.inc"

/* Switches to the second program; false: too large a text. */
static int memo_start(struct run *x, uint32_t len)
{
	uint64_t rows = (uint64_t)x->p->memo.nbranch << x->p->memo.nmarks;
	uint64_t bytes = (rows * ((uint64_t)len + 1) / 32 + 1) * 4;
	struct cell *c;

	if (bytes > MEMO_MAX) {
		x->budget = INT64_MAX;
		return 0;
	}
	c = heap_alloc(x->host->heap, sizeof *c + bytes, (uint32_t)bytes, KIND_BYTES, 0);
	if (c == NULL)
		return R_NOMEM;
	x->memo = (uint32_t *)(void *)(c + 1);
	memset(x->memo, 0, bytes);
	x->memo_row = (uint64_t)len + 1;
	x->c = &x->p->memo;
	return 0;
}

static int attempt(struct run *x, struct re_text s, uint32_t pos)
{
	int r = s.wide ? match16(x, s.p16, s.len, 0, pos, x->bt) : match8(x, s.p8, s.len, 0, pos, x->bt);

	if (r != R_MEMO)
		return r;
	for (uint32_t i = 0; i < x->p->nregs; i++)
		x->regs[i] = -1;
	r = memo_start(x, s.len);
	return r ? r : attempt(x, s, pos);
}

/* Does the unit occur in s from `from` on? */
static bool occurs(struct re_text s, uint32_t from, uint32_t unit)
{
	if (!s.wide)
		return unit < 256 && memchr(s.p8 + from, (int)unit, s.len - from) != NULL;
	for (; from < s.len; from++)
		if (s.p16[from] == unit)
			return true;
	return false;
}

static int search(struct run *x, struct re_text s, uint32_t start, bool sticky)
{
	const struct re_prog *p = x->p;
	bool unicode = s.wide && (p->flags & (RE_U | RE_V)) != 0;
	int r;

	if (unicode && start > 0 && start < s.len && utf16_is_low(s.p16[start]) && utf16_is_high(s.p16[start - 1]))
		start--;
	for (uint32_t pos = start; pos <= s.len; pos++) {
		if (p->has_first && !sticky) {
			uint32_t from = pos;

			pos = s.wide ? skip16(p, s.p16, s.len, pos) : skip8(p, s.p8, s.len, pos);
			x->steps += (pos - from) >> 3;
			if (pos >= s.len)
				return R_FAIL;
			/* Never between the halves of a pair. */
			if (unicode && pos > from && utf16_is_low(s.p16[pos]) && utf16_is_high(s.p16[pos - 1]))
				pos--;
		}
		x->steps++;
		r = attempt(x, s, pos);
		if (r == R_OK)
			x->regs[0] = (int32_t)pos;
		if (r != R_FAIL || sticky || p->anchored)
			return r;
		if (unicode && pos + 1 < s.len && utf16_is_high(s.p16[pos]) && utf16_is_low(s.p16[pos + 1]))
			pos++;
		if (x->steps > 4096) {
			r = account(x);
			if (r == R_STOP)
				return r;
			if (r == R_MEMO && (r = memo_start(x, s.len)) != 0)
				return r;
		}
	}
	return R_FAIL;
}

int re_exec(const struct re_prog *p, struct re_text s, uint32_t start, bool sticky, int32_t *cap,
            const struct re_host *host)
{
	struct bt local[BT_LOCAL];
	int32_t regs[64];
	struct run x = { .p = p, .c = &p->main, .host = host, .bt = local, .bt_end = local + BT_LOCAL, .regs = regs };
	int r;

	if (p->anchored && start > 0)
		return RE_NOMATCH;
	if (p->need_char >= 0 && s.len - start > 16 && !sticky && !occurs(s, start, (uint32_t)p->need_char))
		return host->tick(host->u, (s.len - start) >> 4) ? RE_STOPPED : RE_NOMATCH;
	x.budget = 8 * (int64_t)s.len + 50000;
	if (p->nregs > sizeof regs / sizeof *regs) {
		struct cell *c = heap_alloc(host->heap, sizeof *c + (size_t)p->nregs * 4, p->nregs * 4, KIND_BYTES, 0);

		if (c == NULL)
			return RE_NOMEM;
		x.regs = (int32_t *)(void *)(c + 1);
	}
	for (uint32_t i = 0; i < p->nregs; i++)
		x.regs[i] = -1;
	r = search(&x, s, start, sticky);
	if (r == R_OK) {
		x.regs[1] = (int32_t)x.end;
		memcpy(cap, x.regs, 2 * p->ngroups * sizeof *cap);
	}
	if (r >= 0 && x.steps > 64 && host->tick(host->u, x.steps))
		return RE_STOPPED;
	return r;
}
