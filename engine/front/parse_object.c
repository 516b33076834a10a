/* parse_object.c: object literals, and the heads that their properties share
 * with class elements (13.2.5, 15.4, 15.7): modifiers and property names. */
#include "engine/front/parser.h"

#include "base/num.h"

/* Decimal text of a BigInt literal's digits ("0x1f" -> "31"). */
static struct name *bigint_key(struct parser *p, const struct name *n)
{
	struct buf b = BUF_INIT;
	struct name *r;
	const char *s = n->text;
	size_t len = n->len, i, j;
	unsigned radix = 10;

	if (len > 2 && s[0] == '0' && (s[1] | 0x20) > '9') {
		radix = (s[1] | 0x20) == 'x' ? 16 : (s[1] | 0x20) == 'o' ? 8 : 2;
		s += 2;
		len -= 2;
	}
	if (radix == 10)
		return names_intern(&p->ast->names, s, len);
	/* Little-endian decimal digits: schoolbook, keys are short. */
	buf_putc(&b, 0);
	for (i = 0; i < len; i++) {
		unsigned carry = s[i] <= '9' ? (unsigned)(s[i] - '0') : (unsigned)((s[i] | 0x20) - 'a' + 10);

		for (j = 0; j < b.len; j++) {
			carry += (unsigned)b.p[j] * radix;
			b.p[j] = (char)(carry % 10);
			carry /= 10;
		}
		for (; carry != 0; carry /= 10)
			buf_putc(&b, (char)(carry % 10));
	}
	for (i = 0; i < b.len / 2; i++) {
		char c = b.p[i];

		b.p[i] = b.p[b.len - 1 - i];
		b.p[b.len - 1 - i] = c;
	}
	for (i = 0; i < b.len; i++)
		b.p[i] = (char)(b.p[i] + '0');
	r = names_intern(&p->ast->names, b.p, b.len);
	buf_free(&b);
	return r;
}

/* PropertyName, or a private name in classes. */
static void key(struct parser *p, struct member_head *h, bool in_class)
{
	struct token *t = &p->lx.t;
	char num[NUM_SHORTEST_MAX];
	struct node *n;

	h->word = *t;
	if (t->kind == T_LBRACKET) {
		next(p);
		h->computed = true;
		h->key = parse_assign_in(p);
		expect(p, T_RBRACKET);
		return;
	}
	if (t->kind == T_PRIVATE && in_class) {
		n = mk(p, N_PRIVATE_NAME, t->start);
		n->private_name.name = t->name;
		next(p);
		h->key = done(p, n);
		return;
	}
	n = mk(p, N_KEY, t->start);
	switch (t->kind) {
	case T_STRING: n->key.name = string_node(p)->string.value; break;
	case T_NUMBER:
		if ((t->flags & TF_OCTAL) && p->strict)
			fail_at(p, t->start, t->end, "numbers with a leading 0 are not allowed in strict mode");
		if (t->num == 0)
			n->key.name = names_cstr(&p->ast->names, "0");
		else
			n->key.name = names_intern(&p->ast->names, num, (size_t)num_to_shortest(t->num, num));
		next(p);
		break;
	case T_BIGINT:
		n->key.name = bigint_key(p, t->name);
		next(p);
		break;
	default:
		if (!tok_is_word(t->kind))
			unexpected(p, "a property name");
		n->key.name = t->name;
		next(p);
	}
	h->key = done(p, n);
}

/* Is the word before this token itself the name, not a modifier? */
static bool ends_name(enum tok k)
{
	switch (k) {
	case T_LPAREN: case T_ASSIGN: case T_SEMI: case T_RBRACE: case T_COMMA: case T_COLON: case T_EOF:
	case T_QUESTION: case T_NOT: case T_LT: /* behind names in TypeScript only */
		return true;
	default:
		return false;
	}
}

void parse_member_head(struct parser *p, struct member_head *h, bool in_class)
{
	struct token after;

	*h = (struct member_head){ .start = cur_start(p), .kind = PROP_INIT };
	if (in_class && cur(p) == T_STATIC && !ends_name(lex_peek(&p->lx).kind)) {
		h->is_static = true;
		next(p);
		if (cur(p) == T_LBRACE) {
			h->static_block = true;
			return;
		}
		h->start = cur_start(p);
	}
	if (cur(p) == T_ASYNC) {
		after = lex_peek(&p->lx);
		if (!ends_name(after.kind) && !(after.flags & TF_NL)) {
			h->flags |= FI_ASYNC;
			h->kind = PROP_METHOD;
			next(p);
		}
	}
	if (accept(p, T_MUL)) {
		h->flags |= FI_GENERATOR;
		h->kind = PROP_METHOD;
	}
	if (h->kind == PROP_INIT && (cur(p) == T_GET || cur(p) == T_SET)) {
		after = lex_peek(&p->lx);
		/* In a class, `get` alone on a line before `*x(){}` is a field. */
		if (!ends_name(after.kind) && after.kind != T_MUL) {
			h->kind = cur(p) == T_GET ? PROP_GET : PROP_SET;
			next(p);
		}
	}
	key(p, h, in_class);
}

/* {x} or, as a cover, {x = init}: at the token after x. */
static struct node *shorthand(struct parser *p, const struct member_head *h)
{
	struct node *id, *n;

	if (!tok_is_ident(h->word.kind) || h->kind != PROP_INIT || h->computed) {
		if (h->word.kind == T_ESC_RESERVED || (tok_is_word(h->word.kind) && h->kind == PROP_INIT))
			check_identifier(p, &h->word);
		unexpected(p, h->kind == PROP_INIT ? "':' after the property name" : "'('");
	}
	check_identifier(p, &h->word);
	if (h->word.name->id == WK_arguments)
		note_arguments(p, &h->word);
	id = node_new(p->ast, N_IDENT, h->word.start, h->word.end);
	id->ident.name = h->word.name;
	if (h->word.flags & TF_ESCAPED)
		id->flags |= NF_ESCAPED;
	if (cur(p) != T_ASSIGN)
		return id;
	check_bound_name(p, id->ident.name, id->start, id->end);
	if (p->pending == 0) {
		p->pending = cur_start(p) + 1;
		p->pending_msg = "'=' is only allowed here in a destructuring pattern";
	}
	n = mk(p, N_ASSIGN, id->start);
	next(p);
	n->assign.target = id;
	n->assign.value = parse_assign(p);
	return done(p, n);
}

static enum func_kind method_kind(enum prop_kind k)
{
	return k == PROP_GET ? FUNC_GETTER : k == PROP_SET ? FUNC_SETTER : FUNC_METHOD;
}

static struct node *property(struct parser *p, bool *has_proto)
{
	struct member_head h;
	struct node *n;
	uint32_t start = cur_start(p);

	parse_member_head(p, &h, false);
	n = mk(p, N_PROP, start);
	n->prop.key = h.key;
	n->op = h.kind;
	if (h.computed)
		n->flags |= NF_COMPUTED;
	if (cur(p) == T_LPAREN || (p->ts && cur(p) == T_LT)) {
		if (h.kind == PROP_INIT)
			n->op = PROP_METHOD;
		n->prop.value = parse_function_rest(p, h.start, NULL, method_kind(n->op), h.flags);
		if (n->prop.value->kind != N_FUNC)
			fail_node(p, n, "a method of an object needs a body");
	} else if (h.kind == PROP_INIT && cur(p) == T_COLON) {
		next(p);
		if (!h.computed && h.key->key.name->id == WK_proto) {
			n->op = PROP_PROTO;
			if (*has_proto && p->pending == 0) {
				p->pending = start + 1;
				p->pending_msg = "__proto__ is set twice in this object";
			}
			*has_proto = true;
		}
		n->prop.value = parse_assign_cover(p);
	} else {
		n->op = PROP_SHORTHAND;
		n->flags |= NF_SHORTHAND;
		n->prop.value = shorthand(p, &h);
	}
	return done(p, n);
}

struct node *parse_object(struct parser *p)
{
	struct node *n = mk(p, N_OBJECT, cur_start(p)), *e;
	uint32_t base = p->nstack;
	bool no_in = p->no_in, has_proto = false;

	p->no_in = false;
	next(p);
	while (cur(p) != T_RBRACE) {
		if (cur(p) == T_ELLIPSIS) {
			e = mk(p, N_SPREAD, cur_start(p));
			next(p);
			e->spread.arg = parse_assign_cover(p);
			done(p, e);
			n->flags |= NF_HAS_SPREAD;
		} else {
			e = property(p, &has_proto);
		}
		push(p, e);
		if (cur(p) == T_RBRACE)
			break;
		if (cur(p) != T_COMMA)
			unexpected(p, "',' or '}' in the object");
		e->flags |= NF_TRAILING;
		next(p);
	}
	p->no_in = no_in;
	next(p);
	n->object.props = take(p, base);
	return done(p, n);
}
