#!/bin/sh
# check-layers.sh [ROOT]: every #include "..." obeys layers.txt and is written
# from the root of the tree. `--selftest` plants violations and expects them to
# be found. Prints "N passed, N failed" (one test per source file).
here=$(cd "$(dirname "$0")" && pwd)

check() { # ROOT
	cd "$1" || exit 1
	find base shm engine web modules worker supervisor cli -name '*.[ch]' -o -name '*.def' -o -name '*.inc' 2>/dev/null |
	LC_ALL=C sort | xargs -s 1000000 awk -v table="$here/layers.txt" '
	function folder(f,   d) { # the listed folder that f lies in
		for (d = f; d != ""; )
			if (d in may) return d
			else if (!sub(/\/[^\/]*$/, "", d)) return ""
		return ""
	}
	function allowed(from, inc,   n, i, w, k) {
		k = inc; sub(/\/[^\/]*$/, "", k)
		if (k == from || folder(inc) == from) return 1
		n = split(may[from], w, " ")
		for (i = 1; i <= n; i++) {
			if (w[i] == inc) return 1
			if (w[i] ~ /\/\*$/) {
				if (index(inc, substr(w[i], 1, length(w[i]) - 1)) == 1) return 1
			} else if (w[i] !~ /\./ && k == w[i]) return 1
		}
		return 0
	}
	BEGIN {
		while ((getline line < table) > 0) {
			if (line ~ /^#/ || line !~ /:/) continue
			k = line; sub(/:.*/, "", k); sub(/^[^:]*:[ \t]*/, "", line)
			may[k] = line
		}
	}
	FNR == 1 { files++; from = folder(FILENAME) }
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		inc = $0; sub(/^[^"]*"/, "", inc); sub(/".*/, "", inc)
		if (from == "") next
		why = ""
		if (inc !~ /\//) why = "is not written from the root"
		else if (!allowed(from, inc)) why = "is not for " from
		if (why != "") {
			printf "%s:%d: \"%s\" %s\n", FILENAME, FNR, inc, why
			if (!(FILENAME in bad)) { bad[FILENAME] = 1; nbad++ }
		}
	}
	END { printf "%d passed, %d failed\n", files - nbad, nbad; exit nbad > 0 }'
}

if [ "$1" = --selftest ]; then
	t=$(mktemp -d) || exit 1
	trap 'rm -rf "$t"' EXIT
	mkdir -p "$t/base" "$t/engine/gen" "$t/engine/api" "$t/supervisor" "$t/worker/host" "$t/shm" "$t/cli"
	ok() { printf '#include "%s"\n' "$2" > "$t/$1"; }
	ok base/a.c base/a.h
	ok engine/gen/a.c engine/front/ast.h
	ok engine/api/a.c engine/vm/vm.h
	ok supervisor/a.c worker/heritage.h
	ok worker/a.c worker/host/x.h
	good=$(check "$t") || { echo "selftest: clean tree refused: $good"; echo "0 passed, 1 failed"; exit 1; }
	n=0
	for plant in 'base/b.c engine/heap/heap.h' 'engine/gen/b.c engine/heap/heap.h' \
		'engine/gen/c.c ast.h' 'supervisor/b.c worker/dispatch.h' \
		'worker/host/b.c engine/vm/vm.h' 'cli/b.c supervisor/conf.h' 'shm/b.h worker/worker.h'; do
		set -- $plant
		ok "$1" "$2"
		if check "$t" > "$t/out"; then
			echo "selftest: $1 may include $2?"; echo "$n passed, 1 failed"; exit 1
		fi
		rm "$t/$1"; n=$((n + 1))
	done
	echo "$n passed, 0 failed"
	exit 0
fi
check "${1:-${srcdir:-$here/../..}}"
