#!/bin/sh
# printed.sh: cases of tests/js that need no other file, as --dump=js prints them, must print what they print as
# they are, but for the places that stacks name.
cases=$(cd "$(dirname "$0")/../js" && pwd)
zigttp=${ZIGTTP:-${builddir:-.}/zigttp}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

# Names of files and positions.
places() { sed 's|[A-Za-z_0-9/.-]*\.[mc]*[jt]sx*[:0-9]*|PLACE|g' "$1" > "$1.plain"; }

for f in "$cases"/language/* "$cases"/builtins/* "$cases"/typescript/*.ts "$cases"/typescript/*.tsx "$cases"/jsx/*; do
	# toString and the file name show the source; imports need their files; made once only where h is not printed
	case $f in */function.js | */positions.tsx | */endings.ts | */hoist.tsx) continue;; esac
	module=
	grep -q 'flags: --module' "$f" && module=--module
	if ! "$zigttp" run --dump=js $module "$f" > "$dir/case.js"; then
		echo "FAIL $f is not printed"
		failed=$((failed + 1))
		continue
	fi
	timeout 60 "$zigttp" run $module "$f" > "$dir/source" 2>&1
	timeout 60 "$zigttp" run $module "$dir/case.js" > "$dir/printed" 2>&1
	places "$dir/source"
	places "$dir/printed"
	if diff -u "$dir/source.plain" "$dir/printed.plain"; then
		passed=$((passed + 1))
	else
		echo "FAIL $f"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
