#!/bin/bash
# run.sh [-c] [-t] [-r ROUNDS] [-m MS] [-s SAMPLES] [-o ROW,ROW] [ENGINE...]
# Times the rows of this folder on one or more engines, interleaved, and prints
# for each row the median over the rounds in ns per operation, how many times
# faster the first engine is than each other one ("<1" marks a row that it
# loses), and the geometric means over the 13 reference rows and over all rows.
#   -c  cold: one pass in a fresh process, compiling included (rows.txt says how
#       many operations); -r defaults to 9 then
#   -t  only the 13 reference rows          -o  only these rows
#   -b  compare best samples, not medians: steadier on a busy machine
# An ENGINE is a command that takes a file, or NAME=command:
#   zigts="build/zigttp run"  quickjs=/usr/bin/qjs  jitless="node --jitless"
# Default: ./build/zigttp run, and $QJS if set. See README.md.
set -e
here=$(cd "$(dirname "$0")" && pwd)
rounds='' ms=60 samples=7 only='' cold=0 thirteen=0 best=0
while getopts r:m:s:o:ctb c; do
	case $c in
	r) rounds=$OPTARG;; m) ms=$OPTARG;; s) samples=$OPTARG;; o) only=${OPTARG//,/ };;
	c) cold=1;; t) thirteen=1;; b) best=1;;
	*) sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 64;;
	esac
done
shift $((OPTIND - 1))
[ -n "$rounds" ] || { rounds=3; [ $cold = 0 ] || rounds=9; }
if [ $# -eq 0 ]; then
	set -- zigts="$here/../../build/zigttp run" ${QJS:+quickjs="$QJS"}
fi
names=() commands=()
for engine; do
	case $engine in
	[A-Za-z]*=*) name=${engine%%=*} engine=${engine#*=};;
	*) name=$(basename "${engine%% *}");;
	esac
	# An engine that does not run at all is left out, loudly.
	t=$(mktemp --suffix=.js); echo '1;' > "$t"
	# shellcheck disable=SC2086  # an engine is a command with arguments
	if timeout 20 $engine "$t" > /dev/null 2>&1; then
		names+=("$name") commands+=("$engine")
	else
		echo "SKIPPED: engine '$name' does not run: $engine" >&2
	fi
	rm -f "$t"
done
[ ${#names[@]} -gt 0 ] || exit 1

t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
rows=
while read -r row group n; do
	case $row in ''|'#'*) continue;; esac
	[ $thirteen = 0 ] || [ "$group" = 13 ] || continue
	[ -z "$only" ] || [[ " $only " == *" $row "* ]] || continue
	rows="$rows $row"
	if [ $cold = 1 ]; then
		{
			echo "var BENCH_NAME = '$row', BENCH_N = $n;"
			printf 'var BENCH_SOURCE = "'
			sed 's/\\/\\\\/g; s/"/\\"/g; s/\t/\\t/g' "$here/$row.js" | awk '{ printf "%s\\n", $0 }'
			echo '";'
			cat "$here/driver_cold.js"
		} > "$t/$row.js"
	else
		echo "var BENCH_NAME = '$row', BENCH_MS = $ms, BENCH_SAMPLES = $samples;" |
			cat - "$here/$row.js" "$here/driver.js" > "$t/$row.js"
	fi
done < "$here/rows.txt"

for ((round = 0; round < rounds; round++)); do
	for row in $rows; do
		for e in "${!commands[@]}"; do
			# shellcheck disable=SC2086
			line=$(timeout 120 ${commands[e]} "$t/$row.js" 2> "$t/err") || line=
			[ -n "$line" ] || line="$row nan nan failed"
			echo "$e $line" >> "$t/results"
		done
	done
done
awk -v rows="$rows" -v engines="${#names[@]}" -v names="${names[*]}" -v best="$best" '
function median(list,   n, w, i, j, x) {
	n = split(list, w, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && w[j - 1] + 0 > w[j] + 0; j--) { x = w[j]; w[j] = w[j - 1]; w[j - 1] = x }
	return n ? w[best ? 1 : int((n + 1) / 2)] : "nan"
}
FILENAME != "-" {
	if ($2 == 13) reference[$1] = 1
	next
}
{
	if ($4 == "nan" || $5 == "failed") failed[$2, $1] = 1
	k = $2 SUBSEP $1
	med[k] = med[k] " " (best ? $3 : $4)
	sum[k] = $5
}
END {
	split(names, name, " ")
	printf "%-18s", "ns/op"
	for (e = 0; e < engines; e++) printf " %12s", name[e + 1]
	for (e = 1; e < engines; e++) printf " %11s", "vs " name[e + 1]
	print ""
	n = split(rows, row, " ")
	for (i = 1; i <= n; i++) {
		r = row[i]
		printf "%-18s", r
		for (e = 0; e < engines; e++) {
			m[e] = median(med[r, e])
			if ((r, e) in failed) printf " %12s", "failed"
			else printf " %12.1f", m[e]
		}
		differ = ""
		for (e = 1; e < engines; e++) {
			# A best sample of 0 is a clock that is too coarse (Hermes).
			if ((r, e) in failed || (r, 0) in failed || m[e] == 0 || m[0] == 0) { printf " %11s", "-"; continue }
			x = m[e] / m[0]
			printf " %8.2fx%s", x, x < 1 ? "<1" : "  "
			lost[e] += x < 1
			lg[e] += log(x); cnt[e]++
			if (r in reference) { lr[e] += log(x); cntr[e]++ }
			if (sum[r, e] != sum[r, 0]) { differ = differ "  checksum of " name[e + 1] " differs: " sum[r, 0] " " sum[r, e]; bad = 1 }
		}
		print differ
		if ((r, 0) in failed) bad = 1
	}
	for (e = 1; e < engines; e++) {
		printf "geometric mean, %s against %s:", name[1], name[e + 1]
		if (cntr[e]) printf " %.2fx over %d reference rows;", exp(lr[e] / cntr[e]), cntr[e]
		if (cnt[e]) printf " %.2fx over all %d rows; below 1.0: %d", exp(lg[e] / cnt[e]), cnt[e], lost[e]
		print ""
	}
	exit bad
}' "$here/rows.txt" - < "$t/results"
