/* decode.c: zigttp:decode: bodies and queries into values that a schema of
 * zigttp:validate describes. Fields come as texts, so they are made to fit. Called by
 * scripts. */
#include "base/multipart.h"
#include "modules/schema.h"

static zigts_val from_text(struct zigts *vm, zigts_val node, zigts_val text)
{
	zigts_val o = zigts_object(vm);
	struct sv s = mod_bytes(vm, text);

	return !s.p || o == ZIGTS_EXC || mod_add_query(vm, o, s) < 0 ? ZIGTS_EXC : schema_result(vm, node, o, true);
}

/* request.query, whose getAll has every value, or a plain object. */
static zigts_val from_object(struct zigts *vm, zigts_val node, zigts_val q)
{
	zigts_val keys = zigts_own_keys(vm, q), all = zigts_get(vm, q, "getAll"), o = zigts_object(vm);
	uint32_t n;

	if (keys == ZIGTS_EXC || all == ZIGTS_EXC || o == ZIGTS_EXC)
		return ZIGTS_EXC;
	n = web_length(vm, keys);
	for (uint32_t i = 0; i < n; i++) {
		zigts_val k = zigts_get_index(vm, keys, i), v = zigts_get_value(vm, q, k);

		if (v != ZIGTS_EXC && zigts_type(all) == ZIGTS_T_FUNCTION) {
			zigts_val list = zigts_call(vm, all, q, 1, &k);

			v = list == ZIGTS_EXC || web_length(vm, list) > 1 ? list : v;
		}
		if (v == ZIGTS_EXC || zigts_create(vm, o, k, v) < 0)
			return ZIGTS_EXC;
	}
	return schema_result(vm, node, o, true);
}

zigts_val decode_json(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val node = schema_named(vm, ZIGTS_ARG(0), "decodeJson");

	return node == ZIGTS_EXC ? node : schema_json(vm, node, ZIGTS_ARG(1), false);
}

zigts_val decode_form(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val node = schema_named(vm, ZIGTS_ARG(0), "decodeForm");

	return node == ZIGTS_EXC ? node : from_text(vm, node, ZIGTS_ARG(1));
}

zigts_val decode_query(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val node = schema_named(vm, ZIGTS_ARG(0), "decodeQuery"), q = ZIGTS_ARG(1);

	if (node == ZIGTS_EXC)
		return node;
	return mod_is_object(q) ? from_object(vm, node, q) : from_text(vm, node, mod_nullish(q) ? zigts_cstring(vm, "") : q);
}

/* { filename, type, bytes } */
static zigts_val file_of(struct zigts *vm, const struct multipart_part *p)
{
	zigts_val o = zigts_object(vm);
	struct buf name = BUF_INIT;

	multipart_name(&name, p->filename);
	if (o == ZIGTS_EXC || mod_put(vm, o, "filename", mod_text(vm, &name)) < 0 ||
	    mod_put(vm, o, "type", zigts_string(vm, p->content_type.n ? p->content_type.p : "", p->content_type.n)) < 0 ||
	    mod_put(vm, o, "bytes", zigts_uint8_array(vm, p->body.n ? p->body.p : "", p->body.n)) < 0)
		return ZIGTS_EXC;
	return o;
}

zigts_val decode_multipart(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	zigts_val node = schema_named(vm, ZIGTS_ARG(0), "decodeFormMultipart"), o = zigts_object(vm), done = ZIGTS_EXC;
	struct sv type = mod_nullish(ZIGTS_ARG(2)) ? SV("") : web_text(vm, ZIGTS_ARG(2)), boundary;
	struct buf head = BUF_INIT, body = BUF_INIT;
	struct multipart_part part;
	struct multipart m;
	int r = 0;

	if (node == ZIGTS_EXC || o == ZIGTS_EXC || !type.p)
		return ZIGTS_EXC;
	buf_put_sv(&head, type);
	type = mod_bytes(vm, ZIGTS_ARG(1));
	if (type.p)
		buf_put_sv(&body, type);
	if (!type.p) {
		r = -2;
	} else if (!head.len || !multipart_boundary(buf_sv(&head), &boundary)) {
		done = schema_error(vm, "", "multipart", "the content type is not multipart/form-data with a boundary");
		r = -2;
	} else if (!body.len || !multipart_begin(&m, buf_sv(&body), boundary)) {
		r = -1;
	}
	while (r >= 0 && (r = multipart_next(&m, &part)) > 0) {
		struct buf name = BUF_INIT;
		zigts_val v = part.has_filename ? file_of(vm, &part) : zigts_string(vm, part.body.n ? part.body.p : "", part.body.n);

		multipart_name(&name, part.name);
		if (v == ZIGTS_EXC || zigts_tick(vm, 50) < 0 || mod_add(vm, o, mod_text(vm, &name), v) < 0)
			r = -2;
	}
	if (r == -1)
		done = schema_error(vm, "", "multipart", "the body is not well-formed multipart/form-data");
	else if (r == 0)
		done = schema_result(vm, node, o, true);
	buf_free(&head);
	buf_free(&body);
	return done;
}
