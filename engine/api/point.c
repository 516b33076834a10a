/* point.c: messages about a place in the program: FILE:LINE:COL, the line, a caret.
 * Called by the server when a handler is missing or is no good one. */
#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "engine/api/api.h"
#include "engine/front/parse.h"

/* A piece of an image's source; im NULL: nowhere. */
struct spot { const struct image *im; uint32_t start, end; };

static struct spot spot_of_function(const struct image *im, const struct image_fn *fn)
{
	const char *s = im->source + fn->src_start;
	size_t n = strcspn(s, "{\n"), left = fn->src_end - fn->src_start;

	n = n < left ? n : left;
	while (n > 1 && s[n - 1] == ' ')
		n--;
	return (struct spot){ im, fn->src_start, fn->src_start + (uint32_t)n };
}

static bool str_is(const struct image *im, uint32_t i, const char *s)
{
	return im->strs[i].n == strlen(s) && memcmp(im->strs[i].p, s, im->strs[i].n) == 0;
}

/* The next text from *at on that declares a function, or a const that may hold one;
 * code for it need not exist. *at goes behind its name. */
static bool next_declaration(const struct image *im, uint32_t *at, struct spot *spot, char name[64])
{
	static const char *const words[] = { "function", "const" };
	const char *s = im->source, *end = s + im->source_len;

	for (const char *p = s + *at; p < end; p++) {
		size_t n = 0, w = 0;

		while (w < ARRAY_LEN(words) && ((size_t)(end - p) <= strlen(words[w]) || memcmp(p, words[w], strlen(words[w])) != 0))
			w++;
		if (w == ARRAY_LEN(words) || (p > s && p[-1] != ' ' && p[-1] != '\n' && p[-1] != '\t' && p[-1] != ';'))
			continue;
		spot->start = (uint32_t)(p - s);
		p += strlen(words[w]);
		if (*p != ' ')
			continue;
		for (p++; p < end && n < 63 && (*p == '_' || *p == '$' || (*p >= '0' && *p <= '9') || ((*p | 32) >= 'a' && (*p | 32) <= 'z')); p++)
			name[n++] = *p;
		name[n] = '\0';
		spot->im = im;
		*at = spot->end = (uint32_t)(p - s);
		if (n)
			return true;
	}
	return false;
}

static struct spot spot_of_name(const struct image *im, const char *name)
{
	struct spot spot;
	uint32_t at = 0;
	char text[64];

	for (uint32_t i = 0; i < im->nexports; i++)
		if (str_is(im, im->exports[i].name, name))
			return (struct spot){ im, im->exports[i].start, im->exports[i].end };
	while (next_declaration(im, &at, &spot, text))
		if (strcmp(text, name) == 0)
			return spot;
	return (struct spot){ .im = NULL };
}

static void render(struct spot at, const char *msg, struct buf *out)
{
	struct src s = { .text = at.im->source, .len = (uint32_t)at.im->source_len, .file = at.im->file };
	struct parse_error e = { .start = at.start, .end = at.end, .kind = "Error" };
	const char *nl = memchr(s.text + at.start, '\n', s.len - at.start);

	if (nl && at.start + (uint32_t)(nl - (s.text + at.start)) < e.end)
		e.end = at.start + (uint32_t)(nl - (s.text + at.start));
	snprintf(e.msg, sizeof e.msg, "%s", msg);
	src_line_col(&s, e.start, &e.line, &e.col);
	diag_render(&s, &e, out);
	src_free(&s);
}

bool zigts_point_at_function(zigts_val fn, const char *msg, struct buf *out)
{
	const struct code *c;

	if (!v_iskind(fn, KIND_FUNC))
		return false;
	c = ((struct func *)(void *)v_tocell(fn))->code.v;
	render(spot_of_function(c->unit->im, c->fn), msg, out);
	return true;
}

bool zigts_point_at_name(struct zigts_program *p, const char *name, const char *msg, struct buf *out)
{
	const struct image *im = ((struct unit *)(void *)p)->im;
	struct spot at = name ? spot_of_name(im, name) : (struct spot){ im, 0, 1 };

	if (at.im == NULL)
		return false;
	render(at, msg, out);
	return true;
}

bool zigts_near_name(struct zigts_program *p, const char *name, char near[64])
{
	const struct image *im = ((struct unit *)(void *)p)->im;
	unsigned best = near_limit(name);
	struct spot spot;
	uint32_t at = 0;
	char text[64];

	near[0] = '\0';
	while (next_declaration(im, &at, &spot, text))
		if (near_distance(text, name) < best) {
			best = near_distance(text, name);
			memcpy(near, text, sizeof text);
		}
	return near[0] != '\0';
}
