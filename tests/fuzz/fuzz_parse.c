/* fuzz_parse.c: any bytes through the lexer and the parser (as script, strict
 * script, module, guess, TypeScript, TSX and dynamic function), the dumps and the renderer of
 * errors. What is accepted must have a well-formed AST: ranges nest, slots that
 * must be there are there. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "engine/front/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nodes still to visit: no recursion, spines may be long. */
struct todo { struct node **v; size_t n, cap; };

static void later(struct node **slot, void *arg)
{
	struct todo *t = arg;

	AN(*slot);
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->v = realloc(t->v, t->cap * sizeof(*t->v));
		AN(t->v);
	}
	t->v[t->n++] = *slot;
}

static void check_ast(const struct ast *a)
{
	struct todo t = { NULL, 0, 0 };
	struct node *root = a->root;
	uint32_t seen = 0;

	later(&root, &t);
	while (t.n != 0) {
		struct node *n = t.v[--t.n];

		AN(n->kind < N_count);
		AN(n->start <= n->end && n->end <= a->src->len);
		AN(n->mark == 0);
		if (n->kind == N_IDENT)
			AN(n->ident.name->scratch == NULL);
		AN(++seen <= a->nnodes);
		node_each_child(n, later, &t);
	}
	free(t.v);
}

static void parse(const char *text, size_t n, enum source_kind k, unsigned flags)
{
	struct src s = { .text = text, .len = (uint32_t)n, .file = "fuzz" };
	struct parse_options o = { .kind = k, .flags = flags };
	struct buf out = BUF_INIT;
	struct parse_error e;
	struct ast a;

	if (parse_source(&a, &s, &o, &e)) {
		check_ast(&a);
		dump_ast(&a, &out);
	} else {
		AN(e.msg[0] != 0 && e.line >= 1 && e.start <= s.len + 1);
		diag_render(&s, &e, &out);
	}
	buf_free(&out);
	ast_free(&a);
	src_free(&s);
}

static void dynamic(const char *text, size_t n)
{
	const char *cut = memchr(text, ';', n);
	size_t np = cut ? (size_t)(cut - text) : 0;
	struct src s = { .file = "fuzz" };
	struct parse_options o = { .flags = n & 1 ? PARSE_FUNC_ASYNC : 0 };
	struct parse_error e;
	struct ast a;

	if (parse_function(&a, &s, (struct sv){ text, np }, (struct sv){ text + np, n - np }, &o, &e))
		check_ast(&a);
	ast_free(&a);
	src_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct src s = { .text = text, .len = (uint32_t)size, .file = "fuzz" };
	struct buf out = BUF_INIT;
	struct parse_error e;

	dump_tokens(&s, &out, &e);
	buf_free(&out);
	src_free(&s);
	parse(text, size, SOURCE_SCRIPT, 0);
	parse(text, size, SOURCE_SCRIPT, PARSE_STRICT | PARSE_EVAL);
	parse(text, size, SOURCE_MODULE, 0);
	parse(text, size, SOURCE_GUESS, PARSE_ALLOW_RETURN);
	parse(text, size, SOURCE_GUESS, PARSE_TS);
	parse(text, size, SOURCE_MODULE, PARSE_TS | PARSE_JSX);
	dynamic(text, size);
	return 0;
}
