#!/bin/sh
# check-sources.sh [ROOT]: every source file is in the local.mk of its folder or
# of a folder above (so it is built, and part of the archive), and every file
# listed exists. `--selftest` plants one violation of each kind.
here=$(cd "$(dirname "$0")" && pwd)

check() { # ROOT SCRATCH
	cd "$1" || exit 1
	t=$2
	find base shm engine web modules worker supervisor cli tests -name local.mk 2>/dev/null | while read -r mk; do
		d=${mk%/local.mk}
		sed -e '/^#/d' -e "s#%D%#$d#g" "$mk"
	done | tr ' \t' '\n\n' | grep -E '^([a-z].*/.*\.(c|h|def|inc|S)|(web|modules)/.*\.js)$' | LC_ALL=C sort -u > "$t/listed"
	{ find base shm engine web modules worker supervisor cli tests -name '*.[chS]' -o -name '*.def' -o -name '*.inc'
	  find web modules -name '*.js'; } 2>/dev/null | LC_ALL=C sort -u > "$t/present"
	comm -13 "$t/listed" "$t/present" | sed 's/$/: in no local.mk/' > "$t/bad"
	# What is listed and absent may be made by the build; then a rule names it.
	comm -23 "$t/listed" "$t/present" | while read -r f; do
		grep -qsE "^(%D%/|$(dirname "$f")/)$(basename "$f"):" "$(dirname "$f")/local.mk" ||
			echo "$f: listed, but not there"
	done >> "$t/bad"
	cat "$t/bad"
	n=$(wc -l < "$t/present") b=$(wc -l < "$t/bad")
	echo "$((n > b ? n - b : 0)) passed, $b failed"
	[ "$b" -eq 0 ]
}

t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT
if [ "$1" = --selftest ]; then
	mkdir -p "$t/tree/base"
	echo 'libbase_a_SOURCES += %D%/a.c' > "$t/tree/base/local.mk"
	touch "$t/tree/base/a.c"
	(check "$t/tree" "$t") || { echo "0 passed, 1 failed"; exit 1; }
	touch "$t/tree/base/b.c"
	(check "$t/tree" "$t") && { echo "1 passed, 1 failed"; exit 1; }
	rm "$t/tree/base/a.c" "$t/tree/base/b.c"
	(check "$t/tree" "$t") && { echo "2 passed, 1 failed"; exit 1; }
	echo "3 passed, 0 failed"
	exit 0
fi
check "${1:-${srcdir:-$here/../..}}" "$t"
