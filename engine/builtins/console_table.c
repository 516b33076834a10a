/* console_table.c: console.table: rows of an array or object drawn as a table.
 * Called by console.c. Runs no scripts: getters are not called. */
#include "engine/builtins/console.h"

#include <stdlib.h>

enum { MAX_ROWS = 1000, MAX_COLUMNS = 50 };

/* Column 0 is the index, 1..nkeys the keys, the last one the values of rows that
 * are no objects. */
struct cell_text { size_t at; uint32_t n, width; };

struct table_text {
	struct vm *vm;
	struct buf text;
	struct cell_text *cells;  /* rows + 1 (header) times columns */
	pkey keys[MAX_COLUMNS];
	uint32_t nkeys, nrows, ncols;
	bool values;              /* some row is no object */
};

static struct cell_text *cell_at(const struct table_text *t, uint32_t row, uint32_t col)
{
	return &t->cells[row * t->ncols + col];
}

/* Text from `at` to the end becomes the cell's. */
static void set_cell(struct table_text *t, uint32_t row, uint32_t col, size_t at)
{
	struct cell_text *c = cell_at(t, row, col);

	c->at = at;
	c->n = (uint32_t)(t->text.len - at);
	c->width = 0;
	for (size_t i = at; i < t->text.len; i++) {
		if (t->text.p[i] == '\n')
			t->text.p[i] = ' ';
		c->width += ((unsigned char)t->text.p[i] & 0xC0) != 0x80;
	}
}

static void put_key(struct table_text *t, pkey k)
{
	console_put_str(t->vm, &t->text, v_tostr(key_to_str(t->vm, k)));
}

static int put_property(struct table_text *t, uint32_t row, uint32_t col, struct obj *o, pkey k)
{
	size_t at = t->text.len;
	struct pdesc d;
	int r = obj_get_own(t->vm, o, k, &d);

	if (r <= 0)
		return r;
	if (PD_IS_ACCESSOR(&d))
		buf_puts(&t->text, "[Getter]");
	else if (console_inspect(t->vm, &t->text, d.value, 0) < 0)
		return -1;
	set_cell(t, row, col, at);
	return 0;
}

static int strings_of(struct vm *vm, struct obj *o, struct keylist *kl)
{
	*kl = (struct keylist){ 0 };
	return obj_own_keys(vm, o, KEYS_STRINGS | KEYS_ENUMERABLE, kl);
}

/* The value of a row; V_UNDEF for accessors. */
static val row_value(struct vm *vm, struct obj *o, pkey k)
{
	struct pdesc d;

	return obj_get_own(vm, o, k, &d) > 0 && !PD_IS_ACCESSOR(&d) ? d.value : V_UNDEF;
}

static bool is_row_object(val v) { return v_isobj(v) && !func_is_callable(v) && v_kind(v) != KIND_PROXY; }

static void add_column(struct table_text *t, pkey k)
{
	for (uint32_t i = 0; i < t->nkeys; i++)
		if (t->keys[i] == k)
			return;
	if (t->nkeys < MAX_COLUMNS)
		t->keys[t->nkeys++] = k;
}

static int find_columns(struct table_text *t, struct obj *o, const struct keylist *rows)
{
	struct keylist kl;

	for (uint32_t i = 0; i < t->nrows; i++) {
		val v = row_value(t->vm, o, rows->k[i]);

		if (VM_TICK(t->vm, 16))
			return -1;
		if (!is_row_object(v)) {
			t->values = true;
			continue;
		}
		if (strings_of(t->vm, v_toobj(v), &kl) < 0)
			return -1;
		for (uint32_t k = 0; k < kl.n; k++)
			add_column(t, kl.k[k]);
	}
	return 0;
}

static int fill(struct table_text *t, struct obj *o, const struct keylist *rows)
{
	size_t at;

	buf_puts(&t->text, "(index)");
	set_cell(t, 0, 0, 0);
	for (uint32_t k = 0; k < t->nkeys; k++) {
		at = t->text.len;
		put_key(t, t->keys[k]);
		set_cell(t, 0, k + 1, at);
	}
	if (t->values) {
		at = t->text.len;
		buf_puts(&t->text, "Values");
		set_cell(t, 0, t->ncols - 1, at);
	}
	for (uint32_t i = 0; i < t->nrows; i++) {
		val v = row_value(t->vm, o, rows->k[i]);

		if (VM_TICK(t->vm, 64) || t->text.len > CONSOLE_MAX / 4)
			return t->text.len > CONSOLE_MAX / 4 ? 0 : -1;
		at = t->text.len;
		put_key(t, rows->k[i]);
		set_cell(t, i + 1, 0, at);
		if (!is_row_object(v)) {
			if (put_property(t, i + 1, t->ncols - 1, o, rows->k[i]) < 0)
				return -1;
			continue;
		}
		for (uint32_t k = 0; k < t->nkeys; k++)
			if (put_property(t, i + 1, k + 1, v_toobj(v), t->keys[k]) < 0)
				return -1;
	}
	return 0;
}

static void put_rule(struct buf *b, const uint32_t *width, uint32_t n, const char *left, const char *mid, const char *right)
{
	buf_puts(b, left);
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < width[i] + 2; k++)
			buf_puts(b, "\xe2\x94\x80");
		buf_puts(b, i + 1 < n ? mid : right);
	}
}

static void draw(const struct table_text *t, struct buf *b)
{
	uint32_t width[MAX_COLUMNS + 2] = { 0 };

	for (uint32_t i = 0; i < (t->nrows + 1) * t->ncols; i++)
		if (t->cells[i].width > width[i % t->ncols])
			width[i % t->ncols] = t->cells[i].width;
	put_rule(b, width, t->ncols, "\xe2\x94\x8c", "\xe2\x94\xac", "\xe2\x94\x90\n");
	for (uint32_t r = 0; r <= t->nrows && b->len < CONSOLE_MAX; r++) {
		buf_puts(b, "\xe2\x94\x82");
		for (uint32_t k = 0; k < t->ncols; k++) {
			const struct cell_text *c = cell_at(t, r, k);

			buf_putc(b, ' ');
			buf_put(b, t->text.p + c->at, c->n);
			for (uint32_t i = c->width; i <= width[k]; i++)
				buf_putc(b, ' ');
			buf_puts(b, "\xe2\x94\x82");
		}
		buf_putc(b, '\n');
		if (r == 0)
			put_rule(b, width, t->ncols, "\xe2\x94\x9c", "\xe2\x94\xbc", "\xe2\x94\xa4\n");
	}
	put_rule(b, width, t->ncols, "\xe2\x94\x94", "\xe2\x94\xb4", "\xe2\x94\x98");
}

int console_put_table(struct vm *vm, struct buf *out, val v)
{
	struct table_text t = { .vm = vm, .text = BUF_INIT };
	struct keylist rows;
	int r;

	if (!is_row_object(v))
		return 0;
	if (strings_of(vm, v_toobj(v), &rows) < 0)
		return -1;
	t.nrows = rows.n < MAX_ROWS ? rows.n : MAX_ROWS;
	if (find_columns(&t, v_toobj(v), &rows) < 0)
		return -1;
	t.ncols = 1 + t.nkeys + t.values;
	t.cells = calloc((size_t)(t.nrows + 1) * t.ncols, sizeof *t.cells);
	AN(t.cells);
	r = fill(&t, v_toobj(v), &rows) < 0 ? -1 : 1;
	if (r > 0) {
		draw(&t, out);
		if (rows.n > t.nrows)
			buf_printf(out, "\n... %u more rows", rows.n - t.nrows);
	}
	buf_free(&t.text);
	free(t.cells);
	return r;
}
