/* text.c: TextEncoder and TextDecoder (WHATWG Encoding 7): UTF-8, UTF-16LE and
 * windows-1252, which is what the label latin1 means. Called by scripts. */
#include "base/utf.h"
#include "web/parts.h"

enum encoding { UTF8, UTF16LE, LATIN };
static const char *const encoding_name[] = { "utf-8", "utf-16le", "windows-1252" };

static int encoder_id, decoder_id;

/* ---- TextEncoder ---------------------------------------------------------- */

static zigts_val encoder_construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return zigts_host_new(vm, encoder_id);
}

static zigts_val g_utf8(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return zigts_host_payload(a[0], encoder_id) ? zigts_cstring(vm, "utf-8")
		: zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a TextEncoder object");
}

static zigts_val m_encode(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = { "", 0 };

	if (!zigts_host_payload(a[0], encoder_id))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a TextEncoder object");
	if (ZIGTS_ARG(0) != ZIGTS_UNDEF)
		s = web_text(vm, ZIGTS_ARG(0));
	return s.p ? zigts_uint8_array(vm, s.p, s.n) : ZIGTS_EXC;
}

/* ---- TextDecoder ---------------------------------------------------------- */

struct decoder {
	uint8_t encoding, fatal, ignore_bom;
	uint8_t bom_seen;        /* the stream is past its beginning */
	uint8_t nheld, held[3];  /* the begin of a sequence, until the next call */
};

static int label(struct sv s)
{
	static const struct { const char *label; enum encoding e; } row[] = {
		{ "utf-8", UTF8 }, { "utf8", UTF8 }, { "unicode-1-1-utf-8", UTF8 }, { "unicode11utf8", UTF8 },
		{ "unicode20utf8", UTF8 }, { "x-unicode20utf8", UTF8 }, { "utf-16le", UTF16LE }, { "utf-16", UTF16LE },
		{ "ucs-2", UTF16LE }, { "unicode", UTF16LE }, { "csunicode", UTF16LE }, { "iso-10646-ucs-2", UTF16LE },
		{ "unicodefeff", UTF16LE }, { "latin1", LATIN }, { "iso-8859-1", LATIN }, { "iso8859-1", LATIN },
		{ "iso88591", LATIN }, { "iso_8859-1", LATIN }, { "l1", LATIN }, { "ascii", LATIN }, { "us-ascii", LATIN },
		{ "windows-1252", LATIN }, { "cp1252", LATIN }, { "x-cp1252", LATIN }, { "ansi_x3.4-1968", LATIN },
	};

	while (s.n && memchr("\t\n\f\r ", s.p[0], 5))
		s.p++, s.n--;
	while (s.n && memchr("\t\n\f\r ", s.p[s.n - 1], 5))
		s.n--;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (sv_ieq(s, sv_of(row[i].label)))
			return row[i].e;
	return -1;
}

static int flag(struct zigts *vm, zigts_val options, const char *name)
{
	zigts_val v = options == ZIGTS_UNDEF || options == ZIGTS_NULL ? ZIGTS_UNDEF : zigts_get(vm, options, name);

	return v == ZIGTS_EXC ? -1 : zigts_truthy(v);
}

static zigts_val decoder_construct(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct decoder d = { 0 };
	zigts_val self = zigts_host_new(vm, decoder_id);
	int e = UTF8, fatal, bom;

	if (self == ZIGTS_EXC)
		return self;
	if (ZIGTS_ARG(0) != ZIGTS_UNDEF) {
		struct sv s = web_text(vm, ZIGTS_ARG(0));

		if (!s.p)
			return ZIGTS_EXC;
		e = label(s);
		if (e < 0)
			return zigts_throw(vm, ZIGTS_RANGE_ERROR, "The encoding \"%.*s\" is not supported", (int)(s.n > 80 ? 80 : s.n), s.p);
	}
	fatal = flag(vm, ZIGTS_ARG(1), "fatal");
	bom = fatal < 0 ? -1 : flag(vm, ZIGTS_ARG(1), "ignoreBOM");
	if (bom < 0)
		return ZIGTS_EXC;
	d.encoding = (uint8_t)e;
	d.fatal = (uint8_t)fatal;
	d.ignore_bom = (uint8_t)bom;
	zigts_host_write(vm, self, 0, &d, sizeof d);
	return self;
}

/* One code point of p[0..n), n > 0, to out; *bad is set when it is ill-formed. Bytes
 * used; 0: it may go on behind the end. */
static size_t decode_one(enum encoding e, const char *p, size_t n, struct buf *out, bool *bad)
{
	static const uint16_t high[32] = {
		0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
		0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
		0x0153, 0x9D, 0x017E, 0x0178,
	};
	const unsigned char *u = (const unsigned char *)p;
	uint32_t cp, low;
	size_t used;

	switch (e) {
	case UTF8:
		used = (size_t)utf8_decode(p, n, false, &cp);
		if (cp == UTF_REPLACEMENT && !(used == 3 && u[0] == 0xEF && u[1] == 0xBF && u[2] == 0xBD)) {
			size_t want = u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : 2;

			if (used == n && used < want && u[0] >= 0xC2 && u[0] <= 0xF4)
				return 0;
			*bad = true;
		}
		break;
	case UTF16LE:
		if (n < 2)
			return 0;
		cp = u[0] | (uint32_t)u[1] << 8;
		used = 2;
		if (utf16_is_high(cp)) {
			if (n < 4)
				return 0;
			low = u[2] | (uint32_t)u[3] << 8;
			if (utf16_is_low(low))
				cp = utf16_join(cp, low), used = 4;
		}
		if (cp >= 0xD800 && cp <= 0xDFFF)
			cp = UTF_REPLACEMENT, *bad = true;
		break;
	default:
		cp = u[0] >= 0x80 && u[0] < 0xA0 ? high[u[0] - 0x80] : u[0];
		used = 1;
	}
	buf_put_utf8(out, cp);
	return used;
}

static zigts_val decode(struct zigts *vm, struct decoder *d, const char *p, size_t n, bool stream)
{
	struct buf out = BUF_INIT;
	bool bad = false;
	zigts_val v;
	size_t i = 0, used, skip = 0;

	d->nheld = 0;
	while (i < n && !(bad && d->fatal)) {
		used = decode_one((enum encoding)d->encoding, p + i, n - i, &out, &bad);
		if (used == 0 && stream) {
			d->nheld = (uint8_t)(n - i);
			memcpy(d->held, p + i, n - i);
			break;
		}
		if (used == 0) { /* cut off: one error for all of it */
			bad = true;
			buf_put_utf8(&out, UTF_REPLACEMENT);
			used = n - i;
		}
		i += used;
	}
	if (!d->bom_seen && out.len != 0) {
		skip = d->encoding != LATIN && !d->ignore_bom && out.len >= 3 && memcmp(out.p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
		d->bom_seen = 1;
	}
	if (!stream)
		d->bom_seen = 0;
	if (bad && d->fatal)
		v = zigts_throw(vm, ZIGTS_TYPE_ERROR, "The encoded data was not valid for encoding %s", encoding_name[d->encoding]);
	else
		v = zigts_string(vm, out.len ? out.p + skip : "", out.len - skip);
	buf_free(&out);
	return v;
}

static const struct decoder *decoder_of(struct zigts *vm, zigts_val v)
{
	const struct decoder *d = zigts_host_payload(v, decoder_id);

	if (!d)
		zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a TextDecoder object");
	return d;
}

/* self is a TextDecoder. */
static zigts_val decode_chunk(struct zigts *vm, zigts_val self, zigts_val chunk, bool stream)
{
	struct zigts_bytes in = { (const uint8_t *)"", 0 };
	struct decoder d;
	struct buf b = BUF_INIT;
	zigts_val v;

	if (chunk != ZIGTS_UNDEF && !zigts_bytes(vm, chunk, &in))
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "TextDecoder.decode: an ArrayBuffer or a view of one is needed");
	if (zigts_tick(vm, (int64_t)in.n) < 0)
		return ZIGTS_EXC;
	d = *(const struct decoder *)zigts_host_payload(self, decoder_id);
	buf_put(&b, d.held, d.nheld);
	buf_put(&b, in.p, in.n);
	v = decode(vm, &d, b.p ? b.p : "", b.len, stream);
	buf_free(&b);
	zigts_host_write(vm, self, 0, &d, sizeof d);
	return v;
}

static zigts_val m_decode(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	int stream = decoder_of(vm, a[0]) ? flag(vm, ZIGTS_ARG(1), "stream") : -1;

	return stream < 0 ? ZIGTS_EXC : decode_chunk(vm, a[0], ZIGTS_ARG(0), stream);
}

static zigts_val g_encoding(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct decoder *d = decoder_of(vm, a[0]);

	(void)argc;
	return d ? zigts_cstring(vm, encoding_name[d->encoding]) : ZIGTS_EXC;
}

static zigts_val g_fatal(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct decoder *d = decoder_of(vm, a[0]);

	(void)argc;
	return !d ? ZIGTS_EXC : d->fatal ? ZIGTS_TRUE : ZIGTS_FALSE;
}

static zigts_val g_ignore_bom(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const struct decoder *d = decoder_of(vm, a[0]);

	(void)argc;
	return !d ? ZIGTS_EXC : d->ignore_bom ? ZIGTS_TRUE : ZIGTS_FALSE;
}

/* ---- for the library (js/transform.js) ------------------------------------------ */

/* decode(decoder, chunk, stream) */
static zigts_val lib_decode(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a;
	return decoder_of(vm, ZIGTS_ARG(0)) ? decode_chunk(vm, a[1], ZIGTS_ARG(1), zigts_truthy(ZIGTS_ARG(2))) : ZIGTS_EXC;
}

static zigts_val lib_encode(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));

	(void)a;
	return s.p ? zigts_uint8_array(vm, s.p, s.n) : ZIGTS_EXC;
}

/* The getters with the decoder as their argument. */
static zigts_val lib_encoding(struct zigts *vm, zigts_val *a, uint32_t argc) { return argc ? g_encoding(vm, a + 1, 0) : ZIGTS_UNDEF; }
static zigts_val lib_fatal(struct zigts *vm, zigts_val *a, uint32_t argc) { return argc ? g_fatal(vm, a + 1, 0) : ZIGTS_UNDEF; }
static zigts_val lib_bom(struct zigts *vm, zigts_val *a, uint32_t argc) { return argc ? g_ignore_bom(vm, a + 1, 0) : ZIGTS_UNDEF; }

static const struct zigts_row library_rows[] = {
	ZIGTS_FN("decoderNew", 2, EFF_CALLS, decoder_construct),
	ZIGTS_FN("decode", 3, EFF_MUT, lib_decode),
	ZIGTS_FN("encode", 1, EFF_CALLS, lib_encode),
	ZIGTS_FN("decoderEncoding", 1, EFF_NONE, lib_encoding),
	ZIGTS_FN("decoderFatal", 1, EFF_NONE, lib_fatal),
	ZIGTS_FN("decoderIgnoreBom", 1, EFF_NONE, lib_bom),
};

/* ---- tables ------------------------------------------------------------------ */

static const struct zigts_row encoder_rows[] = {
	ZIGTS_GETTER("encoding", EFF_NONE, g_utf8),
	ZIGTS_FN("encode", 0, EFF_CALLS, m_encode),
};
static const struct zigts_class encoder_class = {
	.name = "TextEncoder", .payload = 8, .ctor_effect = EFF_NONE, .ctor = encoder_construct,
	.rows = encoder_rows, .nrows = sizeof encoder_rows / sizeof encoder_rows[0],
};

static const struct zigts_row decoder_rows[] = {
	ZIGTS_GETTER("encoding", EFF_NONE, g_encoding),
	ZIGTS_GETTER("fatal", EFF_NONE, g_fatal),
	ZIGTS_GETTER("ignoreBOM", EFF_NONE, g_ignore_bom),
	ZIGTS_FN("decode", 0, EFF_MUT | EFF_CALLS, m_decode),
};
static const struct zigts_class decoder_class = {
	.name = "TextDecoder", .payload = sizeof(struct decoder), .ctor_effect = EFF_CALLS, .ctor = decoder_construct,
	.rows = decoder_rows, .nrows = sizeof decoder_rows / sizeof decoder_rows[0],
};

int text_install(struct zigts *vm)
{
	zigts_library_natives(vm, library_rows, WEB_ROWS(library_rows));
	return web_class(vm, &encoder_class, true, &encoder_id) < 0 ? -1 : web_class(vm, &decoder_class, true, &decoder_id);
}
