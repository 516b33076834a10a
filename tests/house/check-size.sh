#!/bin/sh
# check-size.sh [ROOT]: no C file above 1500 lines, no function above 150 (the
# interpreter loop excepted), no hf_raw_ access outside the two headers that own it,
# no marks of unfinished work. `--selftest` plants one violation of each kind.
here=$(cd "$(dirname "$0")" && pwd)

check() { # ROOT
	cd "$1" || exit 1
	find base shm engine web modules worker supervisor cli tests bench examples doc man README.md \
		-type f 2>/dev/null | grep -Ev '/(corpus|node_modules)/|\.(br|gz|zst|png)$' |
	LC_ALL=C sort | xargs -s 1000000 awk '
	function bad(text) {
		print text
		if (!(FILENAME in wrong)) { wrong[FILENAME] = 1; nwrong++ }
	}
	FNR == 1 {
		files++
		isc = FILENAME ~ /\.([ch]|inc)$/
		body = 0
	}
	isc && FNR == 1501 { bad(FILENAME ": more than 1500 lines") }
	# K&R: the body of a function is what lies between { and } in column 0.
	isc && /^[A-Za-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	isc && /^\{/ { body = FNR }
	isc && /^\}/ {
		if (body && FNR - body - 1 > 150 && FILENAME != "engine/vm/interp.c")
			bad(FILENAME ":" body ": " name "() has " FNR - body - 1 " lines, more than 150")
		body = 0
	}
	isc && /hf_raw_/ && FILENAME !~ "^(engine/heap/(cell|heap)[.]h|tests/unit/test_heap[.]c)$" {
		bad(FILENAME ":" FNR ": hf_raw_ is for cell.h and heap.h of engine/heap only")
	}
	/(^|[^A-Za-z_])(T[O]DO|F[I]XME)([^A-Za-z_]|$)/ { bad(FILENAME ":" FNR ": unfinished: " $0) }
	END { printf "%d passed, %d failed\n", files - nwrong, nwrong; exit nwrong > 0 }'
}

if [ "$1" = --selftest ]; then
	t=$(mktemp -d) || exit 1
	trap 'rm -rf "$t"' EXIT
	mkdir -p "$t/base" "$t/engine/heap"
	body() { echo 'int f(void)'; echo '{'; yes '	;' | head -n "$1"; echo '}'; }
	body 150 > "$t/base/a.c"
	echo 'static inline int hf_raw_x(void) { return 0; }' > "$t/engine/heap/heap.h"
	check "$t" > "$t/out" || { cat "$t/out"; echo "0 passed, 1 failed"; exit 1; }
	n=0
	for kind in long function raw mark; do
		case $kind in
		long) yes ';' | head -n 1501 > "$t/base/b.c";;
		function) body 151 > "$t/base/b.c";;
		raw) echo 'int a = hf_raw_x();' > "$t/base/b.c";;
		mark) echo "/* T""ODO */" > "$t/base/b.c";;
		esac
		if check "$t" > "$t/out"; then
			echo "selftest: $kind not found"; echo "$n passed, 1 failed"; exit 1
		fi
		n=$((n + 1))
	done
	echo "$n passed, 0 failed"
	exit 0
fi
check "${1:-${srcdir:-$here/../..}}"
