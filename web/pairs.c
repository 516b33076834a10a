/* pairs.c: see pairs.h. */
#include "web/pairs.h"

int pairs_push(struct zigts *vm, zigts_val list, zigts_val name, zigts_val value)
{
	return name == ZIGTS_EXC || value == ZIGTS_EXC || zigts_array_push(vm, list, name) < 0 ? -1
		: zigts_array_push(vm, list, value);
}

static bool text_is(struct zigts *vm, zigts_val v, struct sv want)
{
	struct sv s = web_text(vm, v);

	return s.p && sv_eq(s, want);
}

static bool matches(struct zigts *vm, zigts_val list, uint32_t i, const struct pairs_wanted *w)
{
	return text_is(vm, zigts_get_index(vm, list, i), w->name) &&
	       (w->any || text_is(vm, zigts_get_index(vm, list, i + 1), w->value));
}

int64_t pairs_find(struct zigts *vm, zigts_val list, uint32_t i, const struct pairs_wanted *w)
{
	uint32_t n = web_length(vm, list);

	for (; i + 1 < n; i += 2) {
		if (zigts_tick(vm, 10) < 0)
			return -2;
		if (matches(vm, list, i, w))
			return i;
	}
	return -1;
}

zigts_val pairs_get(struct zigts *vm, zigts_val list, const struct pairs_wanted *w)
{
	int64_t i = pairs_find(vm, list, 0, w);

	return i == -2 ? ZIGTS_EXC : i < 0 ? ZIGTS_NULL : zigts_get_index(vm, list, (uint32_t)i + 1);
}

zigts_val pairs_has(struct zigts *vm, zigts_val list, const struct pairs_wanted *w)
{
	int64_t i = pairs_find(vm, list, 0, w);

	return i == -2 ? ZIGTS_EXC : i < 0 ? ZIGTS_FALSE : ZIGTS_TRUE;
}

zigts_val pairs_get_all(struct zigts *vm, zigts_val list, const struct pairs_wanted *w)
{
	zigts_val out = zigts_array(vm);
	int64_t i;

	if (out == ZIGTS_EXC)
		return out;
	for (i = pairs_find(vm, list, 0, w); i >= 0; i = pairs_find(vm, list, (uint32_t)i + 2, w))
		if (zigts_array_push(vm, out, zigts_get_index(vm, list, (uint32_t)i + 1)) < 0)
			return ZIGTS_EXC;
	return i == -2 ? ZIGTS_EXC : out;
}

zigts_val pairs_replace(struct zigts *vm, zigts_val old, const struct pairs_wanted *w, zigts_val value)
{
	zigts_val list = zigts_array(vm);
	uint32_t n = web_length(vm, old);
	bool placed = value == ZIGTS_UNDEF;

	if (list == ZIGTS_EXC)
		return list;
	for (uint32_t i = 0; i + 1 < n; i += 2) {
		zigts_val v = zigts_get_index(vm, old, i + 1);

		if (zigts_tick(vm, 10) < 0)
			return ZIGTS_EXC;
		if (matches(vm, old, i, w)) {
			if (placed)
				continue;
			placed = true;
			v = value;
		}
		if (pairs_push(vm, list, zigts_get_index(vm, old, i), v) < 0)
			return ZIGTS_EXC;
	}
	if (!placed && pairs_push(vm, list, zigts_string(vm, w->name.p, w->name.n), value) < 0)
		return ZIGTS_EXC;
	return list;
}

/* ---- iteration ------------------------------------------------------------------ */

static zigts_val list_of(zigts_val of) { return zigts_is_array(of) ? of : zigts_host_slot(of, 0); }

static zigts_val view_of(struct zigts *vm, zigts_val list, uint32_t i, enum pairs_view view)
{
	zigts_val pair;

	if (view != PAIRS_ENTRIES)
		return zigts_get_index(vm, list, view == PAIRS_KEYS ? i : i + 1);
	pair = zigts_array(vm);
	if (pair == ZIGTS_EXC ||
	    pairs_push(vm, pair, zigts_get_index(vm, list, i), zigts_get_index(vm, list, i + 1)) < 0)
		return ZIGTS_EXC;
	return pair;
}

zigts_val pairs_iterate(struct zigts *vm, int class_id, zigts_val of, enum pairs_view view)
{
	struct pairs_cursor c = { (uint32_t)view, 0 };
	zigts_val it;

	if (of == ZIGTS_EXC)
		return of;
	it = zigts_host_new(vm, class_id);
	if (it == ZIGTS_EXC)
		return it;
	zigts_host_set_slot(vm, it, 0, of);
	zigts_host_write(vm, it, 0, &c, sizeof c);
	return it;
}

zigts_val pairs_next(struct zigts *vm, int class_id, zigts_val self)
{
	const struct pairs_cursor *at = zigts_host_payload(self, class_id);
	struct pairs_cursor c;
	zigts_val list, v;

	if (!at)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "next was called on an object of another class");
	c = *at;
	list = list_of(zigts_host_slot(self, 0));
	if (c.i + 1 >= web_length(vm, list))
		return zigts_iter_result(vm, ZIGTS_UNDEF, true);
	v = view_of(vm, list, c.i, (enum pairs_view)c.view);
	c.i += 2;
	zigts_host_write(vm, self, 0, &c, sizeof c);
	return v == ZIGTS_EXC ? v : zigts_iter_result(vm, v, false);
}

zigts_val pairs_for_each(struct zigts *vm, zigts_val self, zigts_val of, zigts_val fn, zigts_val this_arg)
{
	zigts_val list;

	if (of == ZIGTS_EXC)
		return of;
	if (zigts_type(fn) != ZIGTS_T_FUNCTION)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "forEach needs a function");
	for (uint32_t i = 0; list = list_of(of), i + 1 < web_length(vm, list); i += 2) {
		zigts_val argv[3] = { zigts_get_index(vm, list, i + 1), zigts_get_index(vm, list, i), self };

		if (zigts_call(vm, fn, this_arg, 3, argv) == ZIGTS_EXC)
			return ZIGTS_EXC;
	}
	return ZIGTS_UNDEF;
}
