#!/bin/sh
# selftest.sh: the house checks find the violations they are there to find.
here=$(cd "$(dirname "$0")" && pwd)
passed=0 failed=0
for c in check-layers check-size check-sources check-effects; do
	if out=$("$here/$c.sh" --selftest); then
		passed=$((passed + 1))
	else
		echo "$c: $out"; failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
