# engine/: libzigts.a, the JavaScript engine. One block a folder.

# include
libzigts_a_SOURCES += \
	%D%/include/effect.def \
	%D%/include/effect.h \
	%D%/include/zigts.h \
	%D%/include/zigts_files.h \
	%D%/include/zigts_tools.h

# front
libzigts_a_SOURCES += \
	%D%/front/ast.c \
	%D%/front/ast.h \
	%D%/front/comptime.c \
	%D%/front/comptime.def \
	%D%/front/comptime.h \
	%D%/front/fold.c \
	%D%/front/fold.h \
	%D%/front/diag.c \
	%D%/front/dump.c \
	%D%/front/early.c \
	%D%/front/hoist.c \
	%D%/front/lex.c \
	%D%/front/lex.h \
	%D%/front/lex_literal.c \
	%D%/front/name.def \
	%D%/front/name_hash.h \
	%D%/front/node.def \
	%D%/front/oper.def \
	%D%/front/parse.c \
	%D%/front/parse.h \
	%D%/front/parse_class.c \
	%D%/front/parse_expr.c \
	%D%/front/parse_func.c \
	%D%/front/parse_lower.c \
	%D%/front/parse_jsx.c \
	%D%/front/parse_loop.c \
	%D%/front/parse_module.c \
	%D%/front/parse_object.c \
	%D%/front/parse_pattern.c \
	%D%/front/parse_stmt.c \
	%D%/front/parse_ts.c \
	%D%/front/parse_type.c \
	%D%/front/parser.h \
	%D%/front/print.c \
	%D%/front/print.h \
	%D%/front/print_expr.c \
	%D%/front/scope.c \
	%D%/front/scope.h \
	%D%/front/scope_dump.c \
	%D%/front/scope_dynamic.c \
	%D%/front/scope_expr.c \
	%D%/front/scope_internal.h \
	%D%/front/token.def

# gen
libzigts_a_SOURCES += \
	%D%/gen/assign.c \
	%D%/gen/await.c \
	%D%/gen/cls.c \
	%D%/gen/dynamic.c \
	%D%/gen/emit.c \
	%D%/gen/expr.c \
	%D%/gen/flow.c \
	%D%/gen/fn.h \
	%D%/gen/func.c \
	%D%/gen/gen.c \
	%D%/gen/gen.h \
	%D%/gen/literal.c \
	%D%/gen/loop.c \
	%D%/gen/member.c \
	%D%/gen/module.c \
	%D%/gen/pattern.c \
	%D%/gen/stmt.c \
	%D%/gen/using.c \
	%D%/gen/var.c \
	%D%/gen/yield.c

# code
libzigts_a_SOURCES += \
	%D%/code/code.h \
	%D%/code/disasm.c \
	%D%/code/image.c \
	%D%/code/op.def \
	%D%/code/verify.c

# heap
libzigts_a_SOURCES += \
	%D%/heap/block.h \
	%D%/heap/cell.h \
	%D%/heap/gc.c \
	%D%/heap/heap.c \
	%D%/heap/heap.h \
	%D%/heap/journal.c \
	%D%/heap/kind.def \
	%D%/heap/value.h

# object
libzigts_a_SOURCES += \
	%D%/object/arguments.c \
	%D%/object/array.c \
	%D%/object/atom.c \
	%D%/object/atom.def \
	%D%/object/bigint.c \
	%D%/object/bigint.h \
	%D%/object/bigint_priv.h \
	%D%/object/bigint_small.c \
	%D%/object/bigint_text.c \
	%D%/object/buffer.c \
	%D%/object/convert.c \
	%D%/object/convert.h \
	%D%/object/descriptor.c \
	%D%/object/dict.c \
	%D%/object/elems.c \
	%D%/object/error.c \
	%D%/object/func.c \
	%D%/object/func.h \
	%D%/object/global.c \
	%D%/object/idmap.h \
	%D%/object/intrinsic.def \
	%D%/object/keys.c \
	%D%/object/limbs.c \
	%D%/object/limbs.h \
	%D%/object/native.c \
	%D%/object/object.c \
	%D%/object/object.h \
	%D%/object/ops.c \
	%D%/object/prop.h \
	%D%/object/property.c \
	%D%/object/proxy.c \
	%D%/object/shape.c \
	%D%/object/shape.h \
	%D%/object/str.c \
	%D%/object/str.h \
	%D%/object/str_priv.h \
	%D%/object/str_search.c \
	%D%/object/strbuf.c \
	%D%/object/trace.c \
	%D%/object/typed.c \
	%D%/object/typed.def \
	%D%/object/typed.h \
	%D%/object/vm.h

# vm
libzigts_a_SOURCES += \
	%D%/vm/async.c \
	%D%/vm/dispose.c \
	%D%/vm/dispose.h \
	%D%/vm/call.c \
	%D%/vm/calls.h \
	%D%/vm/except.c \
	%D%/vm/funcs.c \
	%D%/vm/generator.c \
	%D%/vm/ic.c \
	%D%/vm/ic.h \
	%D%/vm/interp_branch.inc \
	%D%/vm/interp_call.inc \
	%D%/vm/interp_prop.inc \
	%D%/vm/interp_slow.inc \
	%D%/vm/interp_value.inc \
	%D%/vm/iter.c \
	%D%/vm/job.c \
	%D%/vm/leakcheck.c \
	%D%/vm/link.c \
	%D%/vm/module.c \
	%D%/vm/module.h \
	%D%/vm/module_eval.c \
	%D%/vm/module_ns.c \
	%D%/vm/ops.h \
	%D%/vm/ops_dynamic.c \
	%D%/vm/ops_make.c \
	%D%/vm/ops_prop.c \
	%D%/vm/ops_scope.c \
	%D%/vm/ops_value.c \
	%D%/vm/poll.c \
	%D%/vm/promise.c \
	%D%/vm/promise.h \
	%D%/vm/vm.c \
	%D%/vm/vmcode.h

# builtins
libzigts_a_SOURCES += \
	%D%/builtins/array.c \
	%D%/builtins/array.h \
	%D%/builtins/array_async.c \
	%D%/builtins/array_callbacks.c \
	%D%/builtins/array_copy.c \
	%D%/builtins/array_mutation.c \
	%D%/builtins/array_search.c \
	%D%/builtins/array_sort.c \
	%D%/builtins/arraybuffer.c \
	%D%/builtins/async.c \
	%D%/builtins/atomics.c \
	%D%/builtins/base64.c \
	%D%/builtins/bigint.c \
	%D%/builtins/boolean.c \
	%D%/builtins/builtins.def \
	%D%/builtins/builtins.h \
	%D%/builtins/clone.c \
	%D%/builtins/console.c \
	%D%/builtins/console.h \
	%D%/builtins/console_inspect.c \
	%D%/builtins/console_table.c \
	%D%/builtins/dataview.c \
	%D%/builtins/date.c \
	%D%/builtins/date.h \
	%D%/builtins/date_calendar.c \
	%D%/builtins/date_format.c \
	%D%/builtins/date_parse.c \
	%D%/builtins/date_zone.c \
	%D%/builtins/disposable.c \
	%D%/builtins/domexception.c \
	%D%/builtins/domexception.def \
	%D%/builtins/domexception.h \
	%D%/builtins/error.c \
	%D%/builtins/function.c \
	%D%/builtins/generator.c \
	%D%/builtins/global.c \
	%D%/builtins/intl.c \
	%D%/builtins/intl.h \
	%D%/builtins/intl_date.c \
	%D%/builtins/intl_number.c \
	%D%/builtins/iterator.c \
	%D%/builtins/iterator.h \
	%D%/builtins/iterator_consume.c \
	%D%/builtins/iterator_helpers.c \
	%D%/builtins/json.c \
	%D%/builtins/json.h \
	%D%/builtins/json_parse.c \
	%D%/builtins/json_scan.h \
	%D%/builtins/json_stringify.c \
	%D%/builtins/map.c \
	%D%/builtins/math.c \
	%D%/builtins/math.h \
	%D%/builtins/math_sum.c \
	%D%/builtins/number.c \
	%D%/builtins/object.c \
	%D%/builtins/promise.c \
	%D%/builtins/promise.h \
	%D%/builtins/promise_all.c \
	%D%/builtins/proxy.c \
	%D%/builtins/reflect.c \
	%D%/builtins/regexp.c \
	%D%/builtins/regexp.h \
	%D%/builtins/regexp_proto.c \
	%D%/builtins/regexp_string.c \
	%D%/builtins/set.c \
	%D%/builtins/set.h \
	%D%/builtins/string.c \
	%D%/builtins/string.h \
	%D%/builtins/string_case.c \
	%D%/builtins/string_iter.c \
	%D%/builtins/string_norm.c \
	%D%/builtins/string_pattern.c \
	%D%/builtins/symbol.c \
	%D%/builtins/table.c \
	%D%/builtins/table.h \
	%D%/builtins/typedarray.c \
	%D%/builtins/typedarray.h \
	%D%/builtins/typedarray_callbacks.c \
	%D%/builtins/typedarray_mutation.c \
	%D%/builtins/typedarray_search.c \
	%D%/builtins/typedarray_sort.c \
	%D%/builtins/typedarray_text.c \
	%D%/builtins/uri.c \
	%D%/builtins/weak.c \
	%D%/builtins/zone_name.def

# regexp
libzigts_a_SOURCES += \
	%D%/regexp/analyse.c \
	%D%/regexp/cset.c \
	%D%/regexp/cset.h \
	%D%/regexp/exec.c \
	%D%/regexp/gen.c \
	%D%/regexp/match.inc \
	%D%/regexp/node.h \
	%D%/regexp/parse.c \
	%D%/regexp/parse_class.c \
	%D%/regexp/parser.h \
	%D%/regexp/prop.c \
	%D%/regexp/regexp.h

# api
libzigts_a_SOURCES += \
	%D%/api/api.h \
	%D%/api/compile.h \
	%D%/api/comptime.c \
	%D%/api/comptime.h \
	%D%/api/draft.c \
	%D%/api/draft.h \
	%D%/api/eval.c \
	%D%/api/host.c \
	%D%/api/jsx.c \
	%D%/api/library.c \
	%D%/api/library_natives.c \
	%D%/api/limits.c \
	%D%/api/load.c \
	%D%/api/point.c \
	%D%/api/regexp.c \
	%D%/api/resolve.c \
	%D%/api/test262.c \
	%D%/api/test262.h \
	%D%/api/timers.c \
	%D%/api/tools.c \
	%D%/api/values.c \
	%D%/api/zigts.c

# The interpreter loop has flags of its own (configure.ac says why).
noinst_LIBRARIES += libinterp.a
libinterp_a_SOURCES = %D%/vm/interp.c %D%/vm/interp_slow.c
libinterp_a_CFLAGS = $(AM_CFLAGS) $(INTERP_CFLAGS)
libzigts_a_LIBADD = $(libinterp_a_OBJECTS)
libzigts_a_DEPENDENCIES = $(libinterp_a_OBJECTS)
