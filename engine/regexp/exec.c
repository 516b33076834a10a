/* exec.c: runs programs: a backtracking matcher for 8-bit and one for 16-bit text
 * (match.inc, included twice), their explicit stack, and the search over start
 * positions. Called by the built-ins through re_exec.
 *
 * Superlinear patterns: a run that backtracks more than 8 * length + 50000 times
 * starts again in the second program, in which every choice (branch, position) that
 * has been taken once is not taken again: as long as no match was found, what was
 * tried before has failed. That does not depend on where the attempt began, so the
 * knowledge is kept across start positions and the whole search is linear. Whether
 * a loop iteration began at this very position decides about its empty check, and
 * how often a counted loop has run about its end: both are part of the state.
 * A lookaround is a run of its own: what failed in it has failed for good, what was
 * tried in one that succeeded is forgotten; its outcome at a position is kept.
 * Patterns with backreferences have no such program. */
#include "engine/regexp/node.h"

#include "base/hash.h"
#include "base/utf.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BT_BRANCH, BT_UNDO, BT_STAR, BT_STARU };
struct bt { uint32_t what, a, b; };    /* kind << 30 | pc */
#define BT_KIND(w) ((w) >> 30)
#define BT_PC(w) ((w) & 0x3FFFFFFFu)
#define BT_LOCAL 128
#define MEMO_MAX (8u << 20)
/* Work between two looks at the clock, and before the second program is tried. */
#define ACCOUNT_EACH 4096
#define MEMO_AFTER 50000

struct run {
	const struct re_prog *p;
	const struct re_code *c;
	const struct re_host *host;
	struct bt *bt, *bt_end;
	uint32_t *memo;                /* bit (state, position): been there; or NULL: */
	uint64_t *set;                 /* … a hash set of states, 0: free */
	uint64_t set_mask, set_n;
	uint64_t memo_row;             /* positions */
	uint32_t pos_bits;
	uint8_t *looked;               /* (lookaround, position): 0 unknown, 1 + R_FAIL or R_OK */
	uint64_t *log;                 /* states noted within lookarounds under way */
	size_t nlog, log_cap;
	uint32_t looking;              /* depth of lookarounds under way */
	bool remember;                 /* the second program runs */
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

/* Notes a state within a lookaround, to be forgotten if it succeeds. */
static void log_state(struct run *x, uint64_t state)
{
	if (x->nlog == x->log_cap) {
		size_t cap = x->log_cap ? 2 * x->log_cap : 256, bytes = cap * sizeof *x->log;
		struct cell *c = bytes > MEMO_MAX ? NULL
			: heap_alloc(x->host->heap, sizeof *c + bytes, (uint32_t)bytes, KIND_BYTES, 0);

		if (c == NULL) {
			x->remember = false;   /* too much: the deadline is the guard */
			return;
		}
		if (x->nlog != 0)
			memcpy(c + 1, x->log, x->nlog * sizeof *x->log);
		x->log = (uint64_t *)(void *)(c + 1);
		x->log_cap = cap;
	}
	x->log[x->nlog++] = state;
}

/* The slot of a state in the hash set, or of the free place for it. */
static uint64_t set_find(const struct run *x, uint64_t state)
{
	uint64_t i = hash_u64(state) & x->set_mask;

	while (x->set[i] != 0 && x->set[i] != state)
		i = (i + 1) & x->set_mask;
	return i;
}

/* Twice the room; false: none. */
static bool set_grow(struct run *x)
{
	uint64_t n = x->set ? 2 * (x->set_mask + 1) : 4096, bytes = n * sizeof *x->set, old_n = x->set ? x->set_mask + 1 : 0;
	const uint64_t *old = x->set;
	struct cell *c;

	if (bytes > MEMO_MAX)
		return false;
	c = heap_alloc(x->host->heap, sizeof *c + bytes, (uint32_t)bytes, KIND_BYTES, 0);
	if (c == NULL)
		return false;
	x->set = (uint64_t *)(void *)(c + 1);
	x->set_mask = n - 1;
	memset(x->set, 0, bytes);
	for (uint64_t i = 0; i < old_n; i++)
		if (old[i] != 0)
			x->set[set_find(x, old[i])] = old[i];
	return true;
}

/* Has this choice been taken here before? Notes that it has now. */
static bool been_there(struct run *x, uint32_t branch, uint32_t pos)
{
	const struct re_code *c = x->c;
	uint64_t state = branch, at;
	uint32_t mask;

	for (uint32_t i = 0; i < c->nstate; i++) {
		uint32_t v = (uint32_t)x->regs[c->state[i].reg], bits = c->state[i].bits;

		/* A counter that has not begun counts as one that is at its end. */
		state = bits == 0 ? state << 1 | (v == pos) : state << bits | (v & ((1ull << bits) - 1));
	}
	if (x->memo != NULL) {
		state = state * x->memo_row + pos;
		mask = 1u << state % 32;
		if (x->memo[state / 32] & mask)
			return true;
		x->memo[state / 32] |= mask;
	} else {
		state = (state << x->pos_bits | pos) + 1;
		at = set_find(x, state);
		if (x->set[at] == state)
			return true;
		if (x->set_n > x->set_mask / 2) {
			if (!set_grow(x)) {
				x->remember = x->set_n < x->set_mask - x->set_mask / 8;   /* full: the deadline is the guard */
				if (!x->remember)
					return false;
			}
			at = set_find(x, state);
		}
		x->set[at] = state;
		x->set_n++;
	}
	if (x->looking)
		log_state(x, state);
	return false;
}

/* A lookaround succeeded: what it tried since log entry n says nothing. */
static void forget(struct run *x, size_t n)
{
	while (x->nlog > n) {
		uint64_t state = x->log[--x->nlog], i;

		if (x->memo != NULL) {
			x->memo[state / 32] &= ~(1u << state % 32);
			continue;
		}
		/* What stands behind it in the same run moves up. */
		i = set_find(x, state);
		for (uint64_t k = (i + 1) & x->set_mask; x->set[k] != 0; k = (k + 1) & x->set_mask) {
			uint64_t home = hash_u64(x->set[k]) & x->set_mask;

			if (((k - home) & x->set_mask) >= ((k - i) & x->set_mask)) {
				x->set[i] = x->set[k];
				i = k;
			}
		}
		x->set[i] = 0;
		x->set_n--;
	}
}

/* Accounts for work; non-zero: leave with it. */
static int account(struct run *x)
{
	int64_t n = x->steps;

	x->steps = 0;
	x->budget -= n;
	if (x->budget < 0 && x->c != &x->p->memo && x->p->memo.w != NULL)
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

static uint32_t bits_of(uint64_t n) { return n == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(n); }

/* Switches to the second program; stays with the first when the text is too large. */
static int memo_start(struct run *x, uint32_t len)
{
	const struct re_code *m = &x->p->memo;
	uint64_t row = (uint64_t)len + 1, bytes = (((uint64_t)m->nbranch << m->nstate) * row / 32 + 1) * 4, looks = m->nlooks * row;
	bool set = m->counters || bytes > MEMO_MAX;
	uint32_t wide = bits_of(m->nbranch) + bits_of(len);
	struct cell *c;

	x->budget = INT64_MAX;
	for (uint32_t i = 0; i < m->nstate; i++)
		wide += m->state[i].bits ? m->state[i].bits : 1;
	if ((set && wide > 62) || looks > MEMO_MAX)
		return 0;
	if (set) {
		if (!set_grow(x))
			return R_NOMEM;
		bytes = 0;
	}
	c = heap_alloc(x->host->heap, sizeof *c + bytes + looks, (uint32_t)(bytes + looks), KIND_BYTES, 0);
	if (c == NULL)
		return R_NOMEM;
	memset(c + 1, 0, bytes + looks);
	x->memo = set ? NULL : (uint32_t *)(void *)(c + 1);
	x->looked = (uint8_t *)(void *)(c + 1) + bytes;
	x->pos_bits = bits_of(len);
	x->memo_row = row;
	x->c = m;
	x->remember = true;
	return 0;
}

static int attempt(struct run *x, struct re_text s, uint32_t pos)
{
	int r = s.wide ? match16(x, s.p16, s.len, 0, pos, x->bt) : match8(x, s.p8, s.len, 0, pos, x->bt);

	if (r != R_MEMO)
		return r;
	x->looking = 0;
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
		if (x->steps > ACCOUNT_EACH) {
			r = account(x);
			if (r == R_STOP)
				return r;
			if (r == R_MEMO && (r = memo_start(x, s.len)) != 0)
				return r;
		}
	}
	return R_FAIL;
}

/* Patterns that are one unit of a set, or a loop over one, in 8-bit text. */
static int simple(const struct re_prog *p, struct re_text s, uint32_t start, int32_t *cap, const struct re_host *host)
{
	uint32_t at = start < s.len ? skip8(p, s.p8, s.len, start) : s.len, end = at + 1;

	if (at < s.len) {
		if (p->shape == RE_SHAPE_LOOP)
			while (end < s.len && in_set(p, &p->sets[0], s.p8[end]))
				end++;
		cap[0] = (int32_t)at;
		cap[1] = (int32_t)end;
	} else {
		end = s.len;
	}
	if (end - start > 256 && host->tick(host->u, (end - start) >> 4))
		return RE_STOPPED;
	return at < s.len ? RE_MATCH : RE_NOMATCH;
}

static NOINLINE int general(const struct re_prog *p, struct re_text s, uint32_t start, bool sticky, int32_t *cap,
			    const struct re_host *host)
{
	struct bt local[BT_LOCAL];
	int32_t regs[64];
	struct run x = { .p = p, .c = &p->main, .host = host, .bt = local, .bt_end = local + BT_LOCAL, .regs = regs };
	int r;

	if (p->need_char >= 0 && s.len - start > 16 && !sticky && !occurs(s, start, (uint32_t)p->need_char))
		return host->tick(host->u, (s.len - start) >> 4) ? RE_STOPPED : RE_NOMATCH;
	x.budget = 8 * (int64_t)s.len + MEMO_AFTER;
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

int re_exec(const struct re_prog *p, struct re_text s, uint32_t start, bool sticky, int32_t *cap,
            const struct re_host *host)
{
	if (p->anchored && start > 0)
		return RE_NOMATCH;
	if (p->shape != RE_SHAPE_ANY && !sticky && !s.wide)
		return simple(p, s, start, cap, host);
	return general(p, s, start, sticky, cap, host);
}
