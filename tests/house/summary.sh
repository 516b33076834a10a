#!/bin/sh
# summary.sh [BUILD]: adds up what the runners of the last `make check` counted.
# A runner's log ends with "N passed, N failed", or is the TAP of a cmocka
# program; any other one counts as one test. A runner that failed without
# counting a failure (a crash) is one failure. What failed is said last, with the
# end of its log, so that a reader of the tail sees it. The last line is the total.
cd "${1:-.}" || exit 1
passed=0 failed=0 broken=
for trs in $(find . -name '*.trs' | LC_ALL=C sort); do
	log=${trs%.trs}.log
	set -- $(awk -v trs="$trs" '
		BEGIN {
			while ((getline line < trs) > 0)
				if (line ~ /^:test-result:/) { split(line, w, " "); result = w[2] }
		}
		/^[0-9]+ passed, [0-9]+ failed$/ { counted = 1; p = $1; f = $3 }
		/^ok [0-9]/ { tp++ }
		/^not ok [0-9].*# SKIP/ { next }
		/^not ok [0-9]/ { tf++ }
		END {
			if (!counted) { p = tp + 0; f = tf + 0 }
			if (result == "SKIP") { print 0, 0, result; exit }
			if (result != "PASS" && f == 0) f = 1
			if (!counted && p + f == 0) p = 1
			print p, f, result
		}' "$log")
	passed=$((passed + $1)) failed=$((failed + $2))
	name=${trs%.trs}
	[ "$3" = SKIP ] && note=' (skipped)' || note=
	line=$(printf '%-40s %6d passed, %d failed%s' "${name#./}" "$1" "$2" "$note")
	if [ "$2" -gt 0 ]; then
		broken="$broken$line
$(grep -vE '^ok |^ok:|^PASS' "$log" | tail -n 20 | sed 's/^/    | /')
"
	else
		echo "$line"
	fi
done
printf %s "$broken"
[ -z "${AGAIN-}" ] || echo "tried twice: $AGAIN"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
