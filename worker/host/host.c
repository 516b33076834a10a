/* host.c: installs the classes and turns what a handler returned into a
 * response. Called by the zygote and by dispatch. */
#include "worker/host/host.h"

#include "base/check.h"
#include "base/utf.h"
#include "web/web.h"
#include "worker/host/body.h"

struct host_keys host_key;

/* Numbers of names are kept once, for all VMs of the process, as those of classes
 * are (web_class): a VM hands them out in the order it is asked, and we are the first
 * to ask it. That it does is checked each time. */
static bool installed;

int host_install(struct zigts *vm)
{
	struct host_keys keys = { /* first of all: they are the same in each VM */
		.status = zigts_key_of(vm, "status"),
		.status_text = zigts_key_of(vm, "statusText"),
		.headers = zigts_key_of(vm, "headers"),
		.method = zigts_key_of(vm, "method"),
		.body = zigts_key_of(vm, "body"),
		.then = zigts_key_of(vm, "then"),
		.length = zigts_key_of(vm, "length"),
	};

	AN(!installed || memcmp(&keys, &host_key, sizeof keys) == 0);
	host_key = keys;
	if (web_install(vm) < 0 || body_install(vm) < 0 || headers_install(vm) < 0 || request_install(vm) < 0 || response_install(vm) < 0 ||
	    query_install(vm) < 0 || source_install(vm) < 0)
		return -1;
	installed = true;
	return 0;
}

zigts_val host_bytes(struct zigts *vm, struct sv s)
{
	if (utf8_ascii_prefix(s.p, s.n) == s.n)
		return zigts_string_borrow(vm, s.p, s.n);
	return zigts_string_latin1(vm, s.p, s.n);
}

struct sv host_text(struct zigts *vm, zigts_val v)
{
	struct sv s = { NULL, 0 };

	s.p = zigts_to_utf8(vm, v, &s.n);
	return s;
}

void host_request_input(const struct host_request *rq, struct host_input *out)
{
	const struct http_head *h = rq->head;
	unsigned i;

	out->in = (struct deps_input){
		.method = http_view(rq->bytes, h->method_text),
		.origin = { rq->bytes + h->target.at, h->absolute ? (size_t)(h->path.at - h->target.at) : 0 },
		.path = http_view(rq->bytes, h->path), .query = http_view(rq->bytes, h->query),
		.has_query = h->has_query, .body = rq->has_body ? rq->body : SV(""),
		.nfields = h->nfields, .field = out->field,
	};
	for (i = 0; i < h->nfields; i++)
		out->field[i] = (struct deps_pair){ http_view(rq->bytes, h->field[i].name),
						    http_view(rq->bytes, h->field[i].value) };
}
