/* error.c: making and throwing errors, and short texts for their messages. Called
 * from everywhere. Runs no JavaScript: a thrown error never calls user code on
 * its way.
 *
 * The backtrace is captured through vm->backtrace_fn (engine/vm knows frames); its
 * text is made when `stack` is first read. */
#include "engine/object/convert.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/utf.h"
#include "engine/object/func.h"

#define MESSAGE_MAX 512u   /* bytes; longer messages are cut */
#define NAME_BYTES  60u    /* of a name or value inside a message */

val throw_val(struct vm *vm, val exc)
{
	vm->exc = exc;
	return V_EXC;
}

struct obj *error_new(struct vm *vm, struct obj *proto, val message_or_undef)
{
	struct error_obj *e = obj_new_kind(vm, proto, KIND_ERROR, sizeof *e);

	HINIT(e->trace, NULL);
	HINIT(e->stack, V_HOLE);
	if (!v_isundef(message_or_undef))
		obj_def(vm, (struct obj *)e, A_message, message_or_undef, ATTR_WC);
	if (vm->backtrace_fn != NULL)
		vm->backtrace_fn(vm, (struct obj *)e);
	return (struct obj *)e;
}

val throw_error_proto(struct vm *vm, enum intrinsic proto, const char *msg)
{
	/* While the realm is being made there may be no prototype yet. */
	struct obj *p = v_iscell(vm->intr[proto]) ? obj_intr(vm, proto) : NULL;
	val text = str_from_utf8(vm, msg, strlen(msg), false);

	return throw_val(vm, v_cell(error_new(vm, p, text)));
}

/* Cuts at a code point boundary. */
static size_t cut(const char *p, size_t n)
{
	while (n > 0 && ((unsigned char)p[n] & 0xC0) == 0x80)
		n--;
	return n;
}

static val throw_fmt(struct vm *vm, enum intrinsic proto, const char *fmt, va_list ap)
{
	char msg[MESSAGE_MAX];
	int n = vsnprintf(msg, sizeof msg - 4, fmt, ap);

	AN(n >= 0);
	if ((size_t)n >= sizeof msg - 4)
		strcpy(msg + cut(msg, sizeof msg - 8), "...");
	return throw_error_proto(vm, proto, msg);
}

val throw_type(struct vm *vm, const char *fmt, ...)
{
	va_list ap;
	val r;

	va_start(ap, fmt);
	r = throw_fmt(vm, INTR_TypeErrorPrototype, fmt, ap);
	va_end(ap);
	return r;
}

val throw_range(struct vm *vm, const char *fmt, ...)
{
	va_list ap;
	val r;

	va_start(ap, fmt);
	r = throw_fmt(vm, INTR_RangeErrorPrototype, fmt, ap);
	va_end(ap);
	return r;
}

val throw_ref(struct vm *vm, const char *fmt, ...)
{
	va_list ap;
	val r;

	va_start(ap, fmt);
	r = throw_fmt(vm, INTR_ReferenceErrorPrototype, fmt, ap);
	va_end(ap);
	return r;
}

val throw_syntax(struct vm *vm, const char *fmt, ...)
{
	va_list ap;
	val r;

	va_start(ap, fmt);
	r = throw_fmt(vm, INTR_SyntaxErrorPrototype, fmt, ap);
	va_end(ap);
	return r;
}

/* What a limit decides is no function of the request: never cached. Memory is also
 * refused because the request is to end (heap_owner.ending): then it ends here. */
val throw_refused(struct vm *vm, const char *message)
{
	vm->taint |= EFF_RESOURCE;
	if (vm->poll && vm_ending(vm) && vm_poll(vm) != 0)
		return V_EXC;
	return throw_error_proto(vm, INTR_RangeErrorPrototype, message);
}

val throw_oom(struct vm *vm) { return throw_refused(vm, "out of memory"); }

bool vm_stack_overflow(struct vm *vm)
{
	vm->taint |= EFF_RESOURCE;
	throw_error_proto(vm, INTR_RangeErrorPrototype, "call stack too deep");
	return true;
}

/* ---- texts for messages ----------------------------------------------------------- */

/* before TEXT after, the text cut to NAME_BYTES; NUL-terminated heap memory. */
static const char *quote(struct vm *vm, const char *before, struct str *s, const char *after)
{
	struct sview v = str_view(vm, s);
	bool whole = v.len <= NAME_BYTES;
	char text[NAME_BYTES * 3 + 1];
	size_t n, size;
	struct cell *c;
	char *out;

	n = sview_put_utf8(whole ? v : sview_sub(v, 0, NAME_BYTES), false, text);
	if (n > NAME_BYTES) {
		n = cut(text, NAME_BYTES);
		whole = false;
	}
	size = strlen(before) + n + 3 + strlen(after) + 1;
	c = heap_alloc(&vm->heap, sizeof *c + size, (uint32_t)size, KIND_BYTES, 0);
	out = (char *)(c + 1);
	snprintf(out, size, "%s%.*s%s%s", before, (int)n, text, whole ? "" : "...", after);
	return out;
}

const char *key_for_message(struct vm *vm, pkey k)
{
	val s = key_to_str(vm, k);

	if (pkey_is_index(k) || atom_rec(vm, k)->type == ATOM_PRIVATE)
		return quote(vm, "", v_tostr(s), "");
	return key_is_symbol(vm, k) ? quote(vm, "Symbol(", v_tostr(s), ")") : quote(vm, "", v_tostr(s), "");
}

/* The name of the constructor found without running anything, or NULL. */
static struct str *class_name(struct vm *vm, struct obj *o)
{
	struct find f;
	val c, name;

	obj_find(vm, o, A_constructor, false, &f);
	if (f.kind != FIND_DATA)
		return NULL;
	c = obj_slot_value(vm, f.holder, f.where, A_constructor);
	if (!v_isobj(c) || !func_is_callable(c))
		return NULL;
	name = func_name_of(vm, v_toobj(c));
	return v_isstr(name) && v_tostr(name)->len.v != 0 ? v_tostr(name) : NULL;
}

const char *val_for_message(struct vm *vm, val v)
{
	struct str *s;
	val name;

	switch (v) {
	case V_UNDEF: return "undefined";
	case V_NULL: return "null";
	case V_TRUE: return "true";
	case V_FALSE: return "false";
	default: break;
	}
	if (v_isnum(v))
		return quote(vm, "", v_tostr(num_to_str(vm, v_numof(v))), "");
	if (v_isstr(v))
		return quote(vm, "'", v_tostr(v), "'");
	if (v_issym(v)) {
		val d = v_tosym(v)->desc.v;

		return quote(vm, "Symbol(", v_isstr(d) ? v_tostr(d) : vm->empty, ")");
	}
	if (v_isbig(v))
		return "a BigInt";
	if (!v_isobj(v))
		return "an internal value";
	if (func_is_callable(v) && v_kind(v) != KIND_PROXY) {
		name = func_name_of(vm, v_toobj(v));
		if (v_isstr(name) && v_tostr(name)->len.v != 0)
			return quote(vm, "function ", v_tostr(name), "");
		return "an anonymous function";
	}
	s = class_name(vm, v_toobj(v));
	return s != NULL ? quote(vm, "#<", s, ">") : "#<Object>";
}
