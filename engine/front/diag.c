/* diag.c: an error with its source line and a caret under the fault. Called by
 * whoever shows syntax errors to people. */
#include "base/utf.h"
#include "engine/front/parse.h"

/* Columns shown of a long line, and how many of them before the fault. */
#define WIDTH 160
#define BEFORE 60

static bool continues(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Copies the piece of the line; control characters would harm a terminal. */
static void put_line(struct buf *out, const char *p, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		buf_putc(out, p[i] == '\t' || ((unsigned char)p[i] >= 0x20 && p[i] != 0x7F) ? p[i] : '?');
}

void diag_render(struct src *s, const struct parse_error *e, struct buf *out)
{
	uint32_t start, len, from, to, i, marks, at = e->start > s->len ? s->len : e->start;
	const char *line;

	buf_printf(out, "%s:%u:%u: %s: %s\n", s->file ? s->file : "<source>", e->line, e->col,
		   e->kind ? e->kind : "SyntaxError", e->msg);
	if (e->line == 0)
		return;
	src_line_range(s, e->line, &start, &len);
	line = s->text + start;
	at = at - start > len ? len : at - start;
	from = at > WIDTH - BEFORE && len > WIDTH ? at - BEFORE : 0;
	to = len - from > WIDTH ? from + WIDTH : len;
	while (from < at && continues(line[from]))
		from++;
	while (to < len && continues(line[to]))
		to++;
	buf_puts(out, "  ");
	put_line(out, line + from, to - from);
	buf_puts(out, "\n  ");
	/* Tabs stay tabs, so the caret is below its character whatever their width. */
	for (i = from; i < at; i++)
		if (!continues(line[i]))
			buf_putc(out, line[i] == '\t' ? '\t' : ' ');
	buf_putc(out, '^');
	marks = e->end > e->start ? e->end - e->start : 1;
	for (i = at + 1; i < at + marks && i < to; i++)
		if (!continues(line[i]))
			buf_putc(out, '~');
	buf_putc(out, '\n');
}
