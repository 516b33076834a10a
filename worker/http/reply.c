/* reply.c: response heads from prebuilt pieces. Called by the connection code
 * and by dispatch; no I/O. The head of a response without own headers is two
 * copies and one number. */
#include "worker/http/reply.h"

#include <stdio.h>
#include <time.h>

#include "base/check.h"
#include "worker/http/cond.h"
#include "worker/http/gate.h"

static const char *const phrase[600] = {
#define STATUS(code, text) [code] = text,
#include "worker/http/status.def"
};

const char *reply_reason(uint16_t status)
{
	return status < ARRAY_LEN(phrase) && phrase[status] ? phrase[status] : "";
}

bool http_value_valid(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (((uint8_t)v.p[i] < 0x20 && v.p[i] != '\t') || v.p[i] == 0x7f)
			return false;
	return true;
}

bool http_name_valid(struct sv name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (!http_is_tchar((unsigned char)name.p[i]))
			return false;
	return name.n != 0;
}

/* "Date: ...\r\n" (RFC 9110 5.6.7), made anew when the second changes. */
#define DATE_BYTES 37
#define OK_BYTES 17
/* "HTTP/1.1 200 OK\r\n" in front of the date, for the common case. */
static struct { int64_t second; char text[OK_BYTES + DATE_BYTES + 1]; } head200 = { .second = -1 };

static void date_refresh(int64_t now)
{
	static const char line[] = "HTTP/1.1 200 OK\r\nDate: ";

	memcpy(head200.text, line, sizeof line - 1);
	http_date_format(now, head200.text + sizeof line - 1);
	memcpy(head200.text + sizeof line - 1 + HTTP_DATE_LEN, "\r\n", 2);
	head200.second = now;
}

static bool every_origin;

void reply_allow_origins(bool all) { every_origin = all; }

char *reply_put_number(char *at, uint64_t v)
{
	char digits[20];
	size_t i = sizeof digits;

	do {
		digits[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	return reply_put(at, (struct sv){ digits + i, sizeof digits - i });
}

static char *put_status(char *at, uint16_t status, struct sv reason)
{
	if (reason.n == 0)
		reason = sv_of(reply_reason(status));
	at = reply_put(at, SV("HTTP/1.1 "));
	at = reply_put_number(at, status);
	*at++ = ' ';
	at = reply_put(at, reason);
	return reply_put(at, SV("\r\n"));
}

static char *put_connection(char *at, bool keep_alive, bool http10)
{
	if (!keep_alive)
		return reply_put(at, SV("Connection: close\r\n"));
	return http10 ? reply_put(at, SV("Connection: keep-alive\r\n")) : at;
}

/* Headers that belong to the connection, not to the handler. */
static bool is_ours(struct sv name)
{
	static const struct sv ours[] = {
		{ "content-length", 14 }, { "transfer-encoding", 17 }, { "connection", 10 },
		{ "keep-alive", 10 }, { "upgrade", 7 }, { "trailer", 7 }, { "te", 2 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(ours); i++)
		if (sv_ieq(name, ours[i]))
			return true;
	return false;
}

/* What the caller's headers say themselves. */
struct own { bool date, origin; };

/* Checks every header; sums up their bytes. -1: *bad is the culprit. */
static int measure(struct http_reply *r, size_t *bytes, struct own *own, struct sv *bad)
{
	size_t i;

	*bytes = 320 + r->reason.n + r->content_type.n + r->etag.n + r->vary.n;
	if (!http_value_valid(r->reason)) {
		*bad = SV("statusText");
		return -1;
	}
	if (!http_value_valid(r->content_type)) {
		*bad = SV("content-type");
		return -1;
	}
	for (i = 0; i < r->nheaders; i++) {
		const struct http_header *h = &r->headers[i];

		if (!http_name_valid(h->name) || !http_value_valid(h->value)) {
			*bad = h->name;
			return -1;
		}
		if (sv_ieq(h->name, SV("connection")) && sv_ieq(h->value, SV("close")))
			r->keep_alive = false;
		own->date |= sv_ieq(h->name, SV("date"));
		if (unlikely(every_origin))
			own->origin |= sv_ieq(h->name, SV("access-control-allow-origin"));
		*bytes += h->name.n + h->value.n + 4;
	}
	return 0;
}

static char *put_line(char *at, struct sv name, struct sv value)
{
	at = reply_put(at, name);
	at = reply_put(at, SV(": "));
	at = reply_put(at, value);
	return reply_put(at, SV("\r\n"));
}

bool reply_describes_body(struct sv name)
{
	return name.n > 8 && sv_ieq((struct sv){ name.p, 8 }, SV("content-")) && !sv_ieq(name, SV("content-location"));
}

static char *put_fields(char *at, const struct http_reply *r)
{
	size_t i;

	if (r->content_type.n != 0 && r->status != 304)
		at = put_line(at, SV("Content-Type"), r->content_type);
	for (i = 0; i < r->nheaders; i++) {
		const struct http_header *h = &r->headers[i];

		if (!is_ours(h->name) && (r->status != 304 || !reply_describes_body(h->name)))
			at = put_line(at, h->name, h->value);
	}
	if (r->etag.n != 0)
		at = put_line(at, SV("ETag"), r->etag);
	if (r->vary.n != 0)
		at = put_line(at, SV("Vary"), r->vary);
	return at;
}

void reply_fields(struct buf *out, const struct http_reply *r)
{
	size_t bytes = r->content_type.n + r->etag.n + r->vary.n + 64, i;

	for (i = 0; i < r->nheaders; i++)
		bytes += r->headers[i].name.n + r->headers[i].value.n + 4;
	out->len = (size_t)(put_fields(buf_reserve(out, bytes), r) - out->p);
}

int reply_write(struct buf *out, struct http_reply *r, int64_t wall_seconds, struct sv *bad)
{
	bool bodiless = r->status < 200 || r->status == 204 || r->status == 304;
	struct own own = { false, false };
	size_t bytes;
	char *at;

	if (unlikely(measure(r, &bytes, &own, bad) != 0))
		return -1;
	if (unlikely(head200.second != wall_seconds))
		date_refresh(wall_seconds);
	at = buf_reserve(out, bytes + r->body.n);
	if (likely(r->status == 200 && r->reason.n == 0 && !own.date)) {
		memcpy(at, head200.text, OK_BYTES + DATE_BYTES);
		at += OK_BYTES + DATE_BYTES;
	} else {
		at = put_status(at, r->status, r->reason);
		if (!own.date && r->status >= 200)
			at = reply_put(at, (struct sv){ head200.text + OK_BYTES, DATE_BYTES });
	}
	if (unlikely(r->streamed)) {
		if (!bodiless && !r->http10)
			at = reply_put(at, SV("Transfer-Encoding: chunked\r\n"));
	} else if (!bodiless) {
		at = reply_put(at, SV("Content-Length: "));
		at = reply_put_number(at, r->body.n);
		at = reply_put(at, SV("\r\n"));
	}
	at = put_fields(at, r);
	if (unlikely(every_origin) && !own.origin && r->status >= 200)
		at = reply_put(at, SV("Access-Control-Allow-Origin: *\r\n"));
	if (r->status >= 200)
		at = put_connection(at, r->keep_alive, r->http10);
	at = reply_put(at, SV("\r\n"));
	if (!bodiless && !r->head_only)
		at = reply_put(at, r->body);
	out->len = (size_t)(at - out->p);
	return 0;
}

void reply_head(struct buf *out, uint16_t status, struct sv a, struct sv b, bool keep_alive, bool http10,
		int64_t wall_seconds, size_t body)
{
	char *at = buf_reserve(out, 256 + a.n + b.n + body);

	if (unlikely(head200.second != wall_seconds))
		date_refresh(wall_seconds);
	if (likely(status == 200)) {
		memcpy(at, head200.text, OK_BYTES + DATE_BYTES);
		at += OK_BYTES + DATE_BYTES;
	} else {
		at = put_status(at, status, (struct sv){ NULL, 0 });
		at = reply_put(at, (struct sv){ head200.text + OK_BYTES, DATE_BYTES });
	}
	at = reply_put(at, a);
	at = reply_put(at, b);
	if (unlikely(every_origin))
		at = reply_put(at, SV("Access-Control-Allow-Origin: *\r\n"));
	at = put_connection(at, keep_alive, http10);
	at = reply_put(at, SV("\r\n"));
	out->len = (size_t)(at - out->p);
}

static void plain(struct buf *out, uint16_t status, bool keep_alive, bool head_only, int64_t wall_seconds,
		  const struct http_header *headers, size_t nheaders)
{
	struct http_reply r = {
		.headers = headers, .nheaders = nheaders,
		.status = status,
		.content_type = SV("text/plain;charset=UTF-8"),
		.body = sv_of(reply_reason(status)),
		.head_only = head_only,
		.keep_alive = keep_alive,
	};
	struct sv bad;

	AZ(reply_write(out, &r, wall_seconds, &bad));
}

void reply_error(struct buf *out, uint16_t status, bool keep_alive, bool head_only, int64_t wall_seconds)
{
	plain(out, status, keep_alive, head_only, wall_seconds, NULL, 0);
}

void reply_busy(struct buf *out, bool keep_alive, bool head_only, int64_t wall_seconds)
{
	static const struct http_header later = { { "Retry-After", 11 }, { "1", 1 } };

	plain(out, 503, keep_alive, head_only, wall_seconds, &later, 1);
}
