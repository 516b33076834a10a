/* parse.c: patterns (ECMA-262 22.2.1, and B.1.2 without u or v) to trees: terms,
 * quantifiers, groups, names. Called by compile.c; fails through longjmp. */
#include "engine/regexp/parser.h"

#include <string.h>

#include "base/ucd.h"
#include "base/utf.h"

void re_fail(struct re_parser *p, const char *msg)
{
	p->err->msg = msg;
	p->err->off = p->i;
	longjmp(p->fail, 1);
}

uint32_t re_next(struct re_parser *p)
{
	uint32_t c = re_unit(p->src, p->i++);

	if (p->u && utf16_is_high(c) && re_more(p) && utf16_is_low(re_unit(p->src, p->i)))
		c = utf16_join(c, re_unit(p->src, p->i++));
	return c;
}

void re_check_depth(struct re_parser *p)
{
	char here;

	if ((uintptr_t)&here < p->c_limit)
		re_fail(p, "Regular expression too large");
}

struct re_node *re_mk(struct re_parser *p, enum re_ntype type)
{
	struct re_node *n = ARENA_NEW(p->a, struct re_node);

	n->type = (uint8_t)type;
	n->flags = (uint8_t)p->flags;
	return n;
}

struct re_node *re_set_node(struct re_parser *p, const struct cset *s)
{
	struct re_node *n = re_mk(p, RN_SET);

	n->set = ARENA_NEW(p->a, struct cset);
	*n->set = *s;
	return n;
}

struct re_node *re_char_node(struct re_parser *p, uint32_t c)
{
	struct re_node *n;

	if (p->flags & RE_I) {
		struct cset s = { 0 };

		cset_add(p->a, &s, c, c);
		cset_close(p->a, &s, p->u);
		if (s.n != 1 || s.r[0] != s.r[1])
			return re_set_node(p, &s);
	}
	n = re_mk(p, RN_CHAR);
	n->a = c;
	return n;
}

bool re_decimal(struct re_parser *p, uint32_t *out)
{
	uint64_t n = 0;
	bool any = false;

	for (; re_peek(p, 0) >= '0' && re_peek(p, 0) <= '9'; p->i++, any = true) {
		n = n * 10 + (uint32_t)(re_peek(p, 0) - '0');
		if (n >= RE_INF)
			n = RE_INF - 1;
	}
	*out = (uint32_t)n;
	return any;
}

/* ---- names ---- */

uint16_t *re_group_name(struct re_parser *p, uint32_t *len)
{
	uint16_t *name = arena_alloc(p->a, ((size_t)p->src.len - p->i + 2) * 2);
	uint32_t n = 0;

	for (;;) {
		uint32_t c;

		if (!re_more(p))
			re_fail(p, "Invalid capture group name");
		c = re_unit(p->src, p->i++);
		if (c == '>')
			break;
		if (c == '\\') {
			if (!re_eat(p, 'u') || !re_unicode_escape(p, true, &c))
				re_fail(p, "Invalid Unicode escape");
		} else if (utf16_is_high(c) && re_peek(p, 0) >= 0 && utf16_is_low((uint32_t)re_peek(p, 0))) {
			c = utf16_join(c, re_unit(p->src, p->i++));
		}
		if (!(c == '$' || c == '_' || (n == 0 ? ucd_is_id_start(c) : ucd_is_id_continue(c) || c == 0x200C || c == 0x200D)))
			re_fail(p, "Invalid capture group name");
		if (c > 0xFFFF) {
			name[n++] = (uint16_t)(0xD7C0 + (c >> 10));
			c = 0xDC00 | (c & 0x3FF);
		}
		name[n++] = (uint16_t)c;
	}
	if (n == 0)
		re_fail(p, "Invalid capture group name");
	*len = n;
	return name;
}

static void *grown(struct arena *a, void *old, uint32_t n, uint32_t *cap, size_t size)
{
	void *mem;

	if (n < *cap)
		return old;
	*cap = *cap ? *cap * 2 : 8;
	mem = arena_alloc(a, *cap * size);
	if (n)
		memcpy(mem, old, n * size);
	return mem;
}

static void define_name(struct re_parser *p, uint16_t *name, uint32_t len, uint32_t group)
{
	for (uint32_t k = 0; k < p->nnames; k++)
		if (p->names[k].visible && p->names[k].len == len && memcmp(p->names[k].name, name, len * 2) == 0)
			re_fail(p, "Duplicate capture group name");
	p->names = grown(p->a, p->names, p->nnames, &p->names_cap, sizeof *p->names);
	p->names[p->nnames++] = (struct re_namedef){ name, len, group, true };
}

/* Counts the groups of the whole pattern and sees whether one has a name. */
static void survey(struct re_parser *p)
{
	uint32_t depth = 0;

	for (uint32_t k = 0; k < p->src.len; k++) {
		uint32_t c = re_unit(p->src, k), d = k + 1 < p->src.len ? re_unit(p->src, k + 1) : 0;

		if (c == '\\') {
			k++;
		} else if (depth > 0 && c == ']') {
			depth--;
		} else if (c == '[' && (depth == 0 || p->v)) {
			depth++;
		} else if (c == '(' && depth == 0) {
			if (d != '?') {
				p->total++;
			} else if (k + 3 < p->src.len && re_unit(p->src, k + 2) == '<' &&
			           re_unit(p->src, k + 3) != '=' && re_unit(p->src, k + 3) != '!') {
				p->total++;
				p->named = true;
			}
		}
	}
	if (p->total > 30000)
		re_fail(p, "Too many captures");
}

/* ---- terms ---- */

static struct re_node *disjunction(struct re_parser *p);

/* {n}, {n,}, {n,m} at the brace: false, nothing eaten, when it is none. */
static bool braces(struct re_parser *p, uint32_t *min, uint32_t *max)
{
	uint32_t start = p->i;

	p->i++;
	if (re_decimal(p, min)) {
		*max = *min;
		if (re_eat(p, ',') && !re_decimal(p, max))
			*max = RE_INF;
		if (re_eat(p, '}'))
			return true;
	}
	p->i = start;
	return false;
}

static struct re_node *quantified(struct re_parser *p, struct re_node *atom, uint32_t cap0)
{
	uint32_t min, max;
	struct re_node *n;

	switch (re_peek(p, 0)) {
	case '*': min = 0, max = RE_INF, p->i++; break;
	case '+': min = 1, max = RE_INF, p->i++; break;
	case '?': min = 0, max = 1, p->i++; break;
	case '{':
		if (!braces(p, &min, &max)) {
			if (p->u)
				re_fail(p, "Incomplete quantifier");
			return atom;
		}
		break;
	default:
		return atom;
	}
	if (min > max)
		re_fail(p, "numbers out of order in {} quantifier");
	n = re_mk(p, RN_REPEAT);
	n->a = min;
	n->b = max;
	n->lazy = re_eat(p, '?');
	n->kid = atom;
	n->cap0 = cap0;
	n->cap1 = p->ngroups + 1;
	return n;
}

/* (?ims-ims: with the first letter or - at hand. */
static uint32_t modifiers(struct re_parser *p)
{
	uint32_t add = 0, del = 0, *to = &add;

	for (;; p->i++) {
		uint32_t bit;

		switch (re_peek(p, 0)) {
		case 'i': bit = RE_I; break;
		case 'm': bit = RE_M; break;
		case 's': bit = RE_S; break;
		case '-':
			if (to == &del)
				re_fail(p, "Invalid flag group");
			to = &del;
			continue;
		case ':':
			if (to == &del && (add | del) == 0)
				re_fail(p, "Invalid flag group");
			p->i++;
			return (p->flags | add) & ~del;
		default:
			re_fail(p, "Invalid group");
		}
		if ((add | del) & bit)
			re_fail(p, "Invalid flag group");
		*to |= bit;
	}
}

static struct re_node *group_end(struct re_parser *p, struct re_node *n)
{
	n->kid = disjunction(p);
	if (!re_eat(p, ')'))
		re_fail(p, "Unterminated group");
	return n;
}

static struct re_node *capture(struct re_parser *p, bool named)
{
	struct re_node *n = re_mk(p, RN_GROUP);

	n->a = ++p->ngroups;
	if (named) {
		uint32_t len;
		uint16_t *name = re_group_name(p, &len);

		define_name(p, name, len, n->a);
	}
	return group_end(p, n);
}

static struct re_node *look(struct re_parser *p, bool behind, bool neg, bool *quantifiable)
{
	struct re_node *n = re_mk(p, RN_LOOK);

	n->behind = behind;
	n->neg = neg;
	*quantifiable = !p->u && !behind;
	n->cap0 = p->ngroups + 1;
	group_end(p, n);
	n->cap1 = p->ngroups + 1;
	return n;
}

/* At (. */
static struct re_node *group(struct re_parser *p, bool *quantifiable)
{
	struct re_node *n;
	uint32_t flags = p->flags;

	p->i++;
	if (!re_eat(p, '?'))
		return capture(p, false);
	switch (re_peek(p, 0)) {
	case '=': case '!':
		return look(p, false, re_unit(p->src, p->i++) == '!', quantifiable);
	case '<':
		p->i++;
		if (re_peek(p, 0) == '=' || re_peek(p, 0) == '!')
			return look(p, true, re_unit(p->src, p->i++) == '!', quantifiable);
		return capture(p, true);
	default:
		p->flags = modifiers(p);
		n = disjunction(p);
		p->flags = flags;
		if (!re_eat(p, ')'))
			re_fail(p, "Unterminated group");
		return n;
	}
}

static struct re_node *named_reference(struct re_parser *p)
{
	struct re_node *n = re_mk(p, RN_NAMEREF);
	uint32_t len, off = p->i;
	uint16_t *name;

	if (!re_eat(p, '<'))
		re_fail(p, "Invalid named reference");
	name = re_group_name(p, &len);
	p->refs = grown(p->a, p->refs, p->nrefs, &p->refs_cap, sizeof *p->refs);
	n->a = p->nrefs;
	p->refs[p->nrefs++] = (struct re_ref){ name, len, off };
	return n;
}

/* Behind a backslash outside of classes. */
static struct re_node *escape(struct re_parser *p)
{
	int32_t c = re_peek(p, 0);
	struct re_class cls = { 0 };
	struct re_node *n;
	uint32_t start = p->i, num;

	if (c < 0)
		re_fail(p, "\\ at end of pattern");
	if (c == 'b' || c == 'B') {
		p->i++;
		n = re_mk(p, RN_WORDB);
		n->neg = c == 'B';
		return n;
	}
	if (c >= '1' && c <= '9') {
		(void)re_decimal(p, &num);
		if (num <= p->total) {
			n = re_mk(p, RN_BACKREF);
			n->a = num;
			return n;
		}
		if (p->u)
			re_fail(p, "Invalid escape");
		p->i = start;
	}
	if (c == 'k' && (p->u || p->named)) {
		p->i++;
		return named_reference(p);
	}
	if (re_class_escape(p, &cls, false))
		return re_class_node(p, &cls);
	return re_char_node(p, re_char_escape(p, false));
}

static struct re_node *dot(struct re_parser *p)
{
	struct cset s = { 0 };

	if (!(p->flags & RE_S)) {
		cset_add(p->a, &s, '\n', '\n');
		cset_add(p->a, &s, '\r', '\r');
		cset_add(p->a, &s, 0x2028, 0x2029);
	}
	cset_invert(p->a, &s, CP_MAX);
	return re_set_node(p, &s);
}

static struct re_node *term(struct re_parser *p)
{
	uint32_t cap0 = p->ngroups + 1, min, max;
	bool quantifiable = true;
	struct re_node *n;
	int32_t c = re_peek(p, 0);

	switch (c) {
	case '^': p->i++; return re_mk(p, RN_BOL);
	case '$': p->i++; return re_mk(p, RN_EOL);
	case '(': n = group(p, &quantifiable); break;
	case '[': n = re_parse_class(p); break;
	case '.': p->i++; n = dot(p); break;
	case '\\':
		p->i++;
		n = escape(p);
		if (n->type == RN_WORDB)
			return n;
		break;
	case '*': case '+': case '?':
		re_fail(p, "Nothing to repeat");
	case '{':
		if (p->u || braces(p, &min, &max))
			re_fail(p, "Nothing to repeat");
		p->i++;
		n = re_char_node(p, '{');
		break;
	case ']': case '}':
		if (p->u)
			re_fail(p, "Lone quantifier brackets");
		/* fall through */
	default:
		n = re_char_node(p, re_next(p));
	}
	return quantifiable ? quantified(p, n, cap0) : n;
}

static struct re_node *alternative(struct re_parser *p)
{
	struct re_node *first = NULL, **tail = &first, *seq;

	while (re_more(p) && re_peek(p, 0) != '|' && re_peek(p, 0) != ')') {
		*tail = term(p);
		tail = &(*tail)->next;
	}
	if (first == NULL)
		return re_mk(p, RN_EMPTY);
	if (first->next == NULL)
		return first;
	seq = re_mk(p, RN_SEQ);
	seq->kid = first;
	return seq;
}

/* Names of one alternative are hidden from the others: they may be the same. */
static struct re_node *disjunction(struct re_parser *p)
{
	uint32_t base = p->nnames;
	struct re_node *first, *last, *alt;

	re_check_depth(p);
	first = last = alternative(p);
	if (re_peek(p, 0) != '|')
		return first;
	while (re_eat(p, '|')) {
		for (uint32_t k = base; k < p->nnames; k++)
			p->names[k].visible = false;
		last->next = alternative(p);
		last = last->next;
	}
	for (uint32_t k = base; k < p->nnames; k++)
		p->names[k].visible = true;
	alt = re_mk(p, RN_ALT);
	alt->kid = first;
	return alt;
}

static void check_references(struct re_parser *p)
{
	for (uint32_t k = 0; k < p->nrefs; k++) {
		bool found = false;

		for (uint32_t j = 0; j < p->nnames && !found; j++)
			found = p->names[j].len == p->refs[k].len &&
				memcmp(p->names[j].name, p->refs[k].name, p->refs[k].len * 2) == 0;
		if (!found) {
			p->i = p->refs[k].off;
			re_fail(p, "Invalid named capture referenced");
		}
	}
}

bool re_parse(struct re_text src, uint32_t flags, uintptr_t c_limit, struct re_tree *out, struct re_error *err)
{
	struct re_parser p = { .src = src, .flags = flags, .u = (flags & (RE_U | RE_V)) != 0, .v = (flags & RE_V) != 0,
			       .a = out->a, .c_limit = c_limit, .err = err };

	if (setjmp(p.fail) != 0)
		return false;
	survey(&p);
	out->flags = flags;
	out->root = disjunction(&p);
	if (re_more(&p))
		re_fail(&p, "Unmatched ')'");
	check_references(&p);
	out->ngroups = p.ngroups;
	out->refs = p.refs;
	out->nrefs = p.nrefs;
	out->nnames = p.nnames;
	out->names = arena_alloc(p.a, (p.nnames + 1) * sizeof *out->names);
	for (uint32_t k = 0; k < p.nnames; k++)
		out->names[k] = (struct re_name){ p.names[k].name, p.names[k].len, p.names[k].group };
	return true;
}
