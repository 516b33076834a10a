#!/bin/sh
# check-dispatch.sh [BUILD]: the interpreter keeps one indirect jump per handler.
# A compiler that merges them (cross-jumping, common tails) costs a third of the
# speed without any test failing, so the object file is counted: at least 90 % as
# many indirect jumps as opcodes with gcc; with other compilers the number is only
# printed. Builds without optimisation, with sanitizers or coverage are not judged.
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-${builddir:-.}}
obj=$(ls "$build"/engine/vm/libinterp_a-interp.o "$build"/engine/vm/interp.o 2> /dev/null | head -n 1)
[ -n "$obj" ] || { echo "no interpreter object in $build/engine/vm"; echo "0 passed, 1 failed"; exit 1; }
ops=$(grep -c '^OP(' "$here/../../engine/code/op.def")
jumps=$(${OBJDUMP:-objdump} -d "$obj" | grep -Ec '	(notrack )?jmp +\*|	br	x')
echo "$jumps indirect jumps for $ops opcodes"
case " $OPTIMISE " in
*' -O1 '*|*' -O '*) jumps=unjudged;;   # gcc spreads them from -O2 on
esac
if [ "$jumps" = unjudged ] || ${OBJDUMP:-objdump} -s -j .comment "$obj" | grep -q clang ||
	${OBJDUMP:-objdump} -t "$obj" | grep -Eq '__asan|__ubsan|__gcov' ||
	[ "$jumps" -ge $((ops * 9 / 10)) ]; then
	echo "1 passed, 0 failed"
else
	echo "0 passed, 1 failed"
	exit 1
fi
