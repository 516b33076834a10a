/* scope_dump.c: the result of scope.c as text, for --dump=scopes and tests. */
#include <inttypes.h>

#include "engine/front/scope.h"

static const char *const kind_name[] = {
	[VAR_VAR] = "var", [VAR_PARAM] = "param", [VAR_ARGUMENTS] = "arguments", [VAR_SELF] = "self",
	[VAR_BLOCK_FUNC] = "function", [VAR_CATCH] = "catch", [VAR_IMPORT] = "import", [VAR_LET] = "let",
	[VAR_CONST] = "const", [VAR_CLASS] = "class", [VAR_CLASS_SELF] = "classname", [VAR_PRIVATE] = "private", [VAR_PROP] = "property",
	[VAR_THIS] = "(this)", [VAR_NEW_TARGET] = "(new.target)", [VAR_HOME] = "(home)", [VAR_CALLEE] = "(callee)",
	[VAR_ARGOBJ] = "(argobj)", [VAR_HIDDEN] = "(hidden)", [VAR_DYN] = "(dynamic)", [VAR_WITH] = "(with)",
};

static const char *const scope_name[] = {
	[VS_FUNCTION] = "function", [VS_BODY] = "body", [VS_BLOCK] = "block", [VS_FOR] = "for", [VS_HEAD] = "head",
	[VS_SWITCH] = "switch", [VS_CATCH] = "catch", [VS_CLASS] = "class", [VS_STATIC_BLOCK] = "static",
	[VS_WITH] = "with",
};

static int depth_of(const struct vscope *sc)
{
	int d = 0;

	for (sc = sc->parent; sc; sc = sc->parent)
		d++;
	return d;
}

static void dump_var(const struct var *v, int depth, struct buf *out)
{
	buf_printf(out, "%*s%s", depth * 2 + 2, "", kind_name[v->kind]);
	if (v->name)
		buf_printf(out, " %.*s", (int)v->name->len, v->name->text);
	buf_printf(out, " refs=%" PRIu32 " writes=%" PRIu32, v->nrefs, v->nwrites);
	if (v->captured)
		buf_puts(out, " captured");
	if (v->tdz)
		buf_puts(out, " tdz");
	if (v->first_is_init && !v->captured)
		buf_puts(out, " init-first");
	if (v->mapped)
		buf_puts(out, " mapped");
	if (v->exported)
		buf_puts(out, " exported");
	if (v->func)
		buf_puts(out, " hoisted");
	if (v->nwrites == 0 && var_is_lexical(v))
		buf_puts(out, " once");
	buf_putc(out, '\n');
}

static void dump_function(const struct fscope *f, int depth, struct buf *out)
{
	struct node *n = f->node;

	buf_printf(out, "%*s", depth * 2, "");
	if (!f->info)
		buf_puts(out, f->is_static ? "static-initialiser" : "initialiser");
	else if (n->kind == N_PROGRAM)
		buf_puts(out, "program");
	else if (n->func.id)
		buf_printf(out, "function %.*s", (int)n->func.id->binding.name->len, n->func.id->binding.name->text);
	else
		buf_puts(out, f->arrow ? "arrow" : "function");
	buf_puts(out, f->strict ? " strict" : "");
	buf_puts(out, f->needs_outer ? " outer" : "");
	buf_puts(out, f->uses_this ? " this" : "");
	buf_puts(out, f->args_var ? f->mapped ? " mapped-arguments" : " arguments" : "");
	buf_putc(out, '\n');
}

void dump_scopes(const struct scopes *s, struct buf *out)
{
	for (uint32_t i = 0; i < s->nglobal_vars; i++)
		buf_printf(out, "global var %.*s\n", (int)s->global_vars[i]->len, s->global_vars[i]->text);
	for (uint32_t i = 0; i < s->nglobal_funcs; i++) {
		const struct name *n = s->global_funcs[i]->func_decl.func->func.id->binding.name;
		buf_printf(out, "global function %.*s\n", (int)n->len, n->text);
	}
	for (uint32_t i = 0; i < s->nscopes; i++) {
		const struct vscope *sc = s->table[i];
		int depth = depth_of(sc);
		if (sc->kind == VS_FUNCTION)
			dump_function(sc->fn, depth, out);
		else if (sc->kind == VS_HEAD)
			continue;
		buf_printf(out, "%*sscope %s @%" PRIu32 "\n", depth * 2 + 1, "", scope_name[sc->kind], sc->start);
		for (const struct var *v = sc->vars; v; v = v->next)
			dump_var(v, depth, out);
	}
}
