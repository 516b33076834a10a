/* stream.c: see stream.h. Used by wire_test and by the fuzz target of the
 * decoder; must decide nothing that the gate and the decoder should. */
#include "tests/http/stream.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"

void stream_init(struct stream *s, uint64_t body_max)
{
	memset(s, 0, sizeof *s);
	s->body_max = body_max;
	gate_init(&s->head);
}

static void say(struct stream *s, const char *word)
{
	size_t n = strlen(s->said);

	snprintf(s->said + n, sizeof s->said - n, "%s%s", n ? " " : "", word);
}

static void refuse(struct stream *s, uint16_t status)
{
	char word[8];

	snprintf(word, sizeof word, "%u", status);
	say(s, word);
	s->over = true;
}

static void drop(struct stream *s, size_t n)
{
	memmove(s->in.p, s->in.p + n, s->in.len - n);
	s->in.len -= n;
}

/* False: no head yet, or refused. */
static bool read_head(struct stream *s)
{
	/* at a fresh address each time, exactly as long as it is */
	char *copy = malloc(s->in.len + !s->in.len);
	enum gate_verdict v;
	bool agreed = true;

	AN(copy);
	if (s->in.len != 0)
		memcpy(copy, s->in.p, s->in.len);
	v = gate_feed(&s->head, copy, s->in.len);
	if (v == GATE_DONE)
		agreed = gate_second_opinion(&s->head, copy);
	free(copy);
	if (v == GATE_BAD)
		refuse(s, s->head.status);
	else if (!agreed)
		say(s, "disagreed"), s->over = true;
	else if (v == GATE_DONE && s->head.content_length > s->body_max)
		refuse(s, 413);
	s->has_head = v == GATE_DONE;
	if (s->has_head) {
		s->at = s->head.size;
		chunk_init(&s->chunk, s->body_max);
	}
	return s->has_head && !s->over;
}

/* True: the whole body has come; s->at is its end. */
static bool read_body(struct stream *s)
{
	enum gate_verdict v;
	size_t used, made;

	if (!s->head.is_chunked) {
		s->at = s->head.size + s->head.content_length;
		if (s->in.len < s->at)
			return false;
		s->decoded += s->head.content_length;
		return true;
	}
	v = chunk_feed(&s->chunk, s->in.p + s->at, s->in.len - s->at, s->in.p + s->at, &used, &made);
	AN(used <= s->in.len - s->at && made <= used && (v != GATE_MORE || used == s->in.len - s->at));
	s->at += used;
	s->decoded += made;
	if (v == GATE_BAD)
		refuse(s, s->chunk.status);
	AN(v == GATE_BAD || s->chunk.data <= s->body_max);
	return v == GATE_DONE;
}

void stream_feed(struct stream *s, const char *p, size_t n)
{
	if (s->over)
		return;
	buf_put(&s->in, p, n);
	while (s->in.len != 0 && !s->over) {
		if (!s->has_head && !read_head(s))
			return;
		if (!read_body(s))
			return;
		say(s, s->head.method == HTTP_HEAD ? "head" : "ok");
		if (!s->head.keep_alive) {
			say(s, "end");
			s->over = true;
		}
		drop(s, s->at);
		s->has_head = false;
		gate_init(&s->head);
	}
}

const char *stream_end(struct stream *s)
{
	if (!s->over && s->in.len != 0)
		say(s, "wait");
	buf_free(&s->in);
	return s->said;
}
