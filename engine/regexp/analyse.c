/* analyse.c: what can be said of a pattern before it runs: lengths, first
 * characters, anchors. Called by gen.c; pure but for the arena. */
#include "engine/regexp/node.h"

static uint32_t sat_add(uint32_t a, uint32_t b) { return a + b < a ? UINT32_MAX : a + b; }
static uint32_t sat_mul(uint32_t a, uint32_t b)
{
	uint64_t r = (uint64_t)a * b;

	return r > UINT32_MAX ? UINT32_MAX : (uint32_t)r;
}

static void measure_kids(struct re_node *n)
{
	bool first = true;

	n->size = 4;
	for (struct re_node *k = n->kid; k; k = k->next, first = false) {
		re_measure(k);
		n->size = sat_add(n->size, sat_add(k->size, n->type == RN_ALT ? 3 : 0));
		if (n->type == RN_ALT)
			n->min = first || k->min < n->min ? k->min : n->min;
		else
			n->min = sat_add(n->min, k->min);
	}
}

void re_measure(struct re_node *n)
{
	n->min = 0;
	n->size = 1;
	switch (n->type) {
	case RN_CHAR:
	case RN_SET:
		n->min = 1;
		break;
	case RN_SEQ: case RN_ALT: case RN_GROUP: case RN_LOOK:
		measure_kids(n);
		if (n->type == RN_LOOK)
			n->min = 0;
		break;
	case RN_REPEAT:
		re_measure(n->kid);
		n->min = sat_mul(n->kid->min, n->a);
		n->size = sat_add(8, sat_mul(sat_add(n->kid->size, 8), n->b == RE_INF ? sat_add(n->a, 1) : n->b ? n->b : 1));
		break;
	case RN_BACKREF: case RN_NAMEREF:
		n->size = 4;
		break;
	default:
		break;
	}
}

bool re_first_list(struct arena *a, const struct re_node *n, struct cset *out)
{
	for (; n; n = n->next)
		if (!re_first(a, n, out))
			return false;
	return true;
}

bool re_first(struct arena *a, const struct re_node *n, struct cset *out)
{
	bool empty = false;

	switch (n->type) {
	case RN_CHAR:
		cset_add(a, out, n->a, n->a);
		return false;
	case RN_SET:
		cset_add_all(a, out, n->set);
		return false;
	case RN_SEQ:
		return re_first_list(a, n->kid, out);
	case RN_GROUP:
		return re_first(a, n->kid, out);
	case RN_ALT:
		for (const struct re_node *k = n->kid; k; k = k->next)
			empty |= re_first(a, k, out);
		return empty;
	case RN_REPEAT:
		if (n->b == 0)
			return true;
		return re_first(a, n->kid, out) || n->a == 0;
	case RN_BACKREF: case RN_NAMEREF:
		cset_add(a, out, 0, CP_MAX);
		return true;
	default:
		return true;
	}
}

bool re_sure_empty(const struct re_node *n)
{
	switch (n->type) {
	case RN_EMPTY:
		return true;
	case RN_SEQ: case RN_GROUP:
		for (const struct re_node *k = n->kid; k; k = k->next)
			if (!re_sure_empty(k))
				return false;
		return true;
	case RN_ALT:
		for (const struct re_node *k = n->kid; k; k = k->next)
			if (re_sure_empty(k))
				return true;
		return false;
	case RN_REPEAT:
		return n->a == 0 || re_sure_empty(n->kid);
	default:
		return false;
	}
}

bool re_has_groups(const struct re_node *n)
{
	if (n->type == RN_GROUP)
		return true;
	for (const struct re_node *k = n->kid; k; k = k->next)
		if (re_has_groups(k))
			return true;
	return false;
}

bool re_anchored(const struct re_node *n)
{
	switch (n->type) {
	case RN_BOL: return !(n->flags & RE_M);
	case RN_SEQ: case RN_GROUP: return n->kid && re_anchored(n->kid);
	case RN_ALT:
		for (const struct re_node *k = n->kid; k; k = k->next)
			if (!re_anchored(k))
				return false;
		return true;
	case RN_REPEAT: return n->a > 0 && re_anchored(n->kid);
	default: return false;
	}
}

int32_t re_needed(const struct re_node *n)
{
	int32_t c, found = -1;

	switch (n->type) {
	case RN_CHAR: return n->a <= 0xFFFF ? (int32_t)n->a : -1;
	case RN_GROUP: return re_needed(n->kid);
	case RN_REPEAT: return n->a > 0 ? re_needed(n->kid) : -1;
	case RN_SEQ:
		for (const struct re_node *k = n->kid; k; k = k->next) {
			c = re_needed(k);
			if (c >= 0)
				found = c;
		}
		return found;
	default: return -1;
	}
}
