/* console.c: the console object (console.spec.whatwg.org) and the print function of
 * the command line. Called by scripts. Everything goes out through vm->print, one
 * call per line of output with its newline. Levels: 0 log, 1 warning, 2 error.
 *
 * Group depth, counters and timers are kept in an ordinary object that only the
 * console's functions hold (their data slot 0), so that the end of a request rolls
 * them back like everything else. */
#include "engine/builtins/console.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/num.h"

enum level { LEVEL_LOG, LEVEL_WARN, LEVEL_ERROR };
enum { DEPTH = 2, INDENT = 2, MAX_INDENT = 200 };

/* ---- state ------------------------------------------------------------------------------- */

static struct obj *state_of(val *a)
{
	return v_toobj(((struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->data[0].v);
}

static pkey name_key(struct vm *vm, const char *name) { return key_of_utf8(vm, name, strlen(name)); }

static int indent_of(struct vm *vm, val *a)
{
	val v = obj_get(vm, state_of(a), name_key(vm, "indent"));

	return v_isint(v) ? v_toint(v) : 0;
}

static int set_indent(struct vm *vm, val *a, int n)
{
	return obj_put(vm, state_of(a), name_key(vm, "indent"), v_int(n));
}

/* The table `name` of the state, and the key of a label argument. False: exception. */
static bool labelled(struct vm *vm, val *a, uint32_t argc, const char *name, struct obj **table, pkey *key,
                     struct str **label)
{
	val v = v_isundef(ARG(0)) ? atom_str(vm, A_default_) : to_string(vm, a[1]);

	if (v_isexc(v))
		return false;
	*label = v_tostr(v);
	*key = key_of_str(vm, *label);
	*table = v_toobj(obj_get(vm, state_of(a), name_key(vm, name)));
	return true;
}

/* ---- output --------------------------------------------------------------------------------- */

/* Prints b as one line, indented by the open groups, and releases it. */
static val emit(struct vm *vm, val *a, enum level level, struct buf *b)
{
	int indent = indent_of(vm, a);
	struct buf out = BUF_INIT;

	if (b->len > CONSOLE_MAX) {
		b->len = CONSOLE_MAX;
		buf_puts(b, "...");
	}
	if (indent > 0) {
		size_t from = 0;

		do {
			const char *nl = b->len > from ? memchr(b->p + from, '\n', b->len - from) : NULL;
			size_t to = nl != NULL ? (size_t)(nl - b->p) + 1 : b->len;

			memset(buf_reserve(&out, (size_t)indent), ' ', (size_t)indent);
			out.len += (size_t)indent;
			buf_put(&out, b->p + from, to - from);
			from = to;
		} while (from < b->len);
		buf_free(b);
		*b = out;
	}
	buf_putc(b, '\n');
	if (vm->print != NULL)
		vm->print(vm->print_user, (int)level, b->p, b->len);
	buf_free(b);
	return V_UNDEF;
}

static val give_up(struct buf *b)
{
	buf_free(b);
	return V_EXC;
}

/* Strings bare, everything else inspected. */
static int put_value(struct vm *vm, struct buf *b, val v)
{
	if (!v_isstr(v))
		return console_inspect(vm, b, v, DEPTH);
	console_put_str(vm, b, v_tostr(v));
	return 0;
}

static void put_number(struct buf *b, double d)
{
	char out[NUM_SHORTEST_MAX];

	if (d == 0 && signbit(d))
		buf_putc(b, '-');
	buf_put(b, out, (size_t)num_to_shortest(d, out));
}

/* %d, %i, %f. */
static int put_numeric(struct vm *vm, struct buf *b, char spec, val v)
{
	if (v_isbig(v) && spec != 'f')
		return console_inspect(vm, b, v, DEPTH);
	if (v_issym(v)) {
		buf_puts(b, "NaN");
		return 0;
	}
	v = spec == 'd' ? to_number_v(vm, v) : spec == 'i' ? global_parse_int(vm, v) : global_parse_float(vm, v);
	if (v_isexc(v))
		return -1;
	put_number(b, v_numof(v));
	return 0;
}

/* %j: JSON.stringify of the realm. */
static int put_json(struct vm *vm, struct buf *b, val v)
{
	val json = obj_get(vm, vm->global, name_key(vm, "JSON"));

	if (v_isexc(json))
		return -1;
	json = obj_invoke(vm, json, name_key(vm, "stringify"), 1, &v);
	return v_isexc(json) ? -1 : put_value(vm, b, json);
}

/* One conversion; -1 exception, 0 it is none, 1 done with an argument. */
static int conversion(struct vm *vm, struct buf *b, char spec, val v)
{
	int r;

	switch (spec) {
	case 's':
		/* Objects are shown shallowly: their toString is not called. */
		if (v_iskind(v, KIND_FUNC) || v_iskind(v, KIND_NFUNC))
			v = func_source_text(vm, v_toobj(v));
		r = v_isexc(v) ? -1 : v_isstr(v) ? put_value(vm, b, v) : console_inspect(vm, b, v, 0);
		break;
	case 'd':
	case 'i':
	case 'f':
		r = put_numeric(vm, b, spec, v);
		break;
	case 'j':
		r = put_json(vm, b, v);
		break;
	case 'o':
		r = console_inspect(vm, b, v, 4);
		break;
	case 'O':
		r = console_inspect(vm, b, v, DEPTH);
		break;
	case 'c':  /* styles mean nothing here */
		r = 0;
		break;
	default:
		return 0;
	}
	return r < 0 ? -1 : 1;
}

/* The format string and its arguments; how many values were used, or -1. */
static int64_t put_format(struct vm *vm, struct buf *b, const val *v, uint32_t n)
{
	size_t len = 0, from = 0;
	const char *f = str_to_utf8(vm, v_tostr(v[0]), false, &len);
	uint32_t used = 1;

	if (f == NULL)
		return -1;
	for (size_t i = 0; i + 1 < len && b->len < CONSOLE_MAX; i++) {
		int r;

		if (f[i] != '%')
			continue;
		if (f[i + 1] != '%' && (used == n || strchr("sdifjoOc", f[i + 1]) == NULL))
			continue;
		buf_put(b, f + from, i - from);
		from = i + 2;
		if (f[++i] == '%') {
			buf_putc(b, '%');
			continue;
		}
		r = conversion(vm, b, f[i], v[used++]);
		if (r < 0 || VM_TICK(vm, 16))
			return -1;
	}
	buf_put(b, f + from, len - from < CONSOLE_MAX ? len - from : CONSOLE_MAX);
	return used;
}

/* The text of n arguments (Formatter of the console standard). 0 or -1. */
static int put_all(struct vm *vm, struct buf *b, const val *v, uint32_t n)
{
	int64_t used = 0;

	if (n > 1 && v_isstr(v[0])) {
		used = put_format(vm, b, v, n);
		if (used < 0)
			return -1;
	}
	for (uint32_t i = (uint32_t)used; i < n && b->len <= CONSOLE_MAX; i++) {
		if (i != 0)
			buf_putc(b, ' ');
		if (put_value(vm, b, v[i]) < 0 || VM_TICK(vm, 16))
			return -1;
	}
	return 0;
}

static val print_all(struct vm *vm, val *a, uint32_t argc, enum level level)
{
	struct buf b = BUF_INIT;

	return put_all(vm, &b, a + 1, argc) < 0 ? give_up(&b) : emit(vm, a, level, &b);
}

static val console_log(struct vm *vm, val *a, uint32_t argc) { return print_all(vm, a, argc, LEVEL_LOG); }
static val console_warn(struct vm *vm, val *a, uint32_t argc) { return print_all(vm, a, argc, LEVEL_WARN); }
static val console_error(struct vm *vm, val *a, uint32_t argc) { return print_all(vm, a, argc, LEVEL_ERROR); }

static val console_trace(struct vm *vm, val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, argc != 0 ? "Trace: " : "Trace");
	if (put_all(vm, &b, a + 1, argc) < 0)
		return give_up(&b);
	except_print_frames(vm, &b, 16, false);
	return emit(vm, a, LEVEL_ERROR, &b);
}

static val console_assert(struct vm *vm, val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;

	if (to_boolean(ARG(0)))
		return V_UNDEF;
	buf_puts(&b, argc > 1 ? "Assertion failed: " : "Assertion failed");
	if (argc > 1 && put_all(vm, &b, a + 2, argc - 1) < 0)
		return give_up(&b);
	return emit(vm, a, LEVEL_ERROR, &b);
}

/* The option `depth`: a number, or null and Infinity for no limit. */
static val console_dir(struct vm *vm, val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;
	int depth = DEPTH;

	if (v_isobj(ARG(1))) {
		val d = obj_get(vm, v_toobj(a[2]), name_key(vm, "depth"));

		if (v_isexc(d))
			return V_EXC;
		if (v_isnull(d) || (v_isnum(d) && v_numof(d) > 1000))
			depth = -1;
		else if (v_isnum(d))
			depth = v_numof(d) >= 0 ? (int)v_numof(d) : 0;
	}
	return console_inspect(vm, &b, ARG(0), depth) < 0 ? give_up(&b) : emit(vm, a, LEVEL_LOG, &b);
}

static val console_table(struct vm *vm, val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;
	int r = console_put_table(vm, &b, ARG(0));

	if (r == 0)
		return print_all(vm, a, argc, LEVEL_LOG);
	return r < 0 ? give_up(&b) : emit(vm, a, LEVEL_LOG, &b);
}

/* ---- counters, groups, timers ------------------------------------------------------------- */

static val console_count(struct vm *vm, val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;
	struct obj *counts;
	struct str *label;
	pkey k;
	val n;

	if (!labelled(vm, a, argc, "counts", &counts, &k, &label))
		return V_EXC;
	n = obj_get(vm, counts, k);
	n = v_int(v_isint(n) ? v_toint(n) + 1 : 1);
	if (obj_put(vm, counts, k, n) < 0)
		return V_EXC;
	console_put_str(vm, &b, label);
	buf_printf(&b, ": %d", v_toint(n));
	return emit(vm, a, LEVEL_LOG, &b);
}

static val no_such(struct vm *vm, val *a, const char *what, struct str *label)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "Warning: no %s '", what);
	console_put_str(vm, &b, label);
	buf_puts(&b, "'");
	return emit(vm, a, LEVEL_WARN, &b);
}

static val console_count_reset(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *counts;
	struct str *label;
	pkey k;

	if (!labelled(vm, a, argc, "counts", &counts, &k, &label))
		return V_EXC;
	if (obj_has_own(vm, counts, k) <= 0)
		return no_such(vm, a, "count for", label);
	return obj_put(vm, counts, k, v_int(0)) < 0 ? V_EXC : V_UNDEF;
}

static val console_group(struct vm *vm, val *a, uint32_t argc)
{
	int indent = indent_of(vm, a);

	if (argc != 0 && v_isexc(print_all(vm, a, argc, LEVEL_LOG)))
		return V_EXC;
	return indent < MAX_INDENT && set_indent(vm, a, indent + INDENT) < 0 ? V_EXC : V_UNDEF;
}

static val console_group_end(struct vm *vm, val *a, uint32_t argc)
{
	int indent = indent_of(vm, a);

	(void)argc;
	return indent > 0 && set_indent(vm, a, indent - INDENT) < 0 ? V_EXC : V_UNDEF;
}

static double now_ms(void) { return (double)clock_mono_ns() / 1e6; }

static val console_time(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *timers;
	struct str *label;
	pkey k;

	if (!labelled(vm, a, argc, "timers", &timers, &k, &label))
		return V_EXC;
	if (obj_has_own(vm, timers, k) > 0)
		return V_UNDEF;
	return obj_put(vm, timers, k, v_num(now_ms())) < 0 ? V_EXC : V_UNDEF;
}

static val report_time(struct vm *vm, val *a, uint32_t argc, bool end)
{
	struct buf b = BUF_INIT;
	struct obj *timers;
	struct str *label;
	val start;
	pkey k;

	if (!labelled(vm, a, argc, "timers", &timers, &k, &label))
		return V_EXC;
	start = obj_get(vm, timers, k);
	if (!v_isnum(start))
		return no_such(vm, a, "timer", label);
	console_put_str(vm, &b, label);
	buf_printf(&b, ": %.3fms", now_ms() - v_numof(start));
	if (end && obj_delete(vm, timers, k) < 0)
		return give_up(&b);
	if (!end && argc > 1) {
		buf_putc(&b, ' ');
		if (put_all(vm, &b, a + 2, argc - 1) < 0)
			return give_up(&b);
	}
	return emit(vm, a, LEVEL_LOG, &b);
}

static val console_time_end(struct vm *vm, val *a, uint32_t argc) { return report_time(vm, a, argc, true); }
static val console_time_log(struct vm *vm, val *a, uint32_t argc) { return report_time(vm, a, argc, false); }

/* There is no screen to be cleared. */
static val console_clear(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)a, (void)argc;
	return V_UNDEF;
}

static const struct row console_rows[] = {
	NF_METHOD("log", 0, console_log, EFF_LOG | EFF_CALLS, "console 1.1.6"),
	NF_METHOD("warn", 0, console_warn, EFF_LOG | EFF_CALLS, "console 1.1.9"),
	NF_METHOD("dir", 0, console_dir, EFF_LOG | EFF_CALLS, "console 1.1.10"),
	NF_METHOD("time", 0, console_time, EFF_TIME | EFF_MUT | EFF_CALLS, "console 1.4.1"),
	NF_METHOD("timeEnd", 0, console_time_end, EFF_TIME | EFF_LOG | EFF_MUT | EFF_CALLS, "console 1.4.3"),
	NF_METHOD("timeLog", 0, console_time_log, EFF_TIME | EFF_LOG | EFF_CALLS, "console 1.4.2"),
	NF_METHOD("trace", 0, console_trace, EFF_LOG | EFF_CALLS, "console 1.1.8"),
	NF_METHOD("assert", 0, console_assert, EFF_LOG | EFF_CALLS, "console 1.1.1"),
	NF_METHOD("clear", 0, console_clear, EFF_NONE, "console 1.1.2"),
	NF_METHOD("count", 0, console_count, EFF_LOG | EFF_MUT | EFF_CALLS, "console 1.2.1"),
	NF_METHOD("countReset", 0, console_count_reset, EFF_LOG | EFF_MUT | EFF_CALLS, "console 1.2.2"),
	NF_METHOD("group", 0, console_group, EFF_LOG | EFF_MUT | EFF_CALLS, "console 1.3.1"),
	NF_METHOD("groupCollapsed", 0, console_group, EFF_LOG | EFF_MUT | EFF_CALLS, "console 1.3.2"),
	NF_METHOD("groupEnd", 0, console_group_end, EFF_MUT, "console 1.3.3"),
	NF_METHOD("table", 1, console_table, EFF_LOG | EFF_CALLS, "console 1.1.7"),
	NF_METHOD("debug", 0, console_log, EFF_LOG | EFF_CALLS, "console 1.1.3"),
	NF_METHOD("info", 0, console_log, EFF_LOG | EFF_CALLS, "console 1.1.5"),
	NF_METHOD("dirxml", 0, console_log, EFF_LOG | EFF_CALLS, "console 1.1.11"),
	NF_METHOD("error", 0, console_error, EFF_LOG | EFF_CALLS, "console 1.1.4"),
};

static struct obj *state_new(struct vm *vm)
{
	struct obj *s = obj_new_inl(vm, NULL, 4);

	obj_def(vm, s, name_key(vm, "indent"), v_int(0), ATTR_WEC);
	obj_def(vm, s, name_key(vm, "counts"), v_cell(obj_new_inl(vm, NULL, 2)), ATTR_WEC);
	obj_def(vm, s, name_key(vm, "timers"), v_cell(obj_new_inl(vm, NULL, 2)), ATTR_WEC);
	return s;
}

void builtin_console_init(struct vm *vm)
{
	struct obj *state = state_new(vm), *console = native_namespace(vm, "console", NULL, 0);

	for (size_t i = 0; i < ARRAY_LEN(console_rows); i++) {
		const struct row *r = &console_rows[i];
		struct nfunc *f = nfunc_closure(vm, &r->def, 1);

		VSET(vm, f->data[0], v_cell(state));
		obj_def(vm, console, name_key(vm, r->def.name), v_cell(f), ATTR_WEC);
	}
	/* Not enumerable on the global object, as in browsers and Node. */
	obj_def(vm, console, A_sym_to_string_tag, str_cstr(vm, "console"), ATTR_C);
}

/* ---- print ---------------------------------------------------------------------------------- */

static val print(struct vm *vm, val *a, uint32_t argc)
{
	struct buf b = BUF_INIT;

	for (uint32_t i = 1; i <= argc; i++) {
		struct str *s = to_str(vm, a[i]);

		if (s == NULL)
			return give_up(&b);
		if (i != 1)
			buf_putc(&b, ' ');
		if (b.len < CONSOLE_MAX)
			console_put_str(vm, &b, s);
	}
	buf_putc(&b, '\n');
	if (vm->print != NULL)
		vm->print(vm->print_user, LEVEL_LOG, b.p, b.len);
	buf_free(&b);
	return V_UNDEF;
}

static const struct row print_rows[] = {
	NF_METHOD("print", 1, print, EFF_LOG | EFF_CALLS, "INTERPRETING.md"),
};

void console_install_print(struct vm *vm)
{
	native_install(vm, vm->global, print_rows, ARRAY_LEN(print_rows));
}
