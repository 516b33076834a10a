#!/bin/bash
# run.sh [-r ROUNDS] [-m MS] [-s SAMPLES] [-o ROW,ROW] [ENGINE...]
# Times the rows of this folder on two or more engines, interleaved, and prints
# for each row the median over the rounds in ns per operation, how many times
# faster the first engine is than each other one, and the geometric means.
# An ENGINE is a command that takes a file: "build/zigttp run" "/usr/bin/qjs".
# Default: ./build/zigttp run, and $QJS if set. See README.md.
set -e
here=$(cd "$(dirname "$0")" && pwd)
rounds=3 ms=60 samples=7 only=
while getopts r:m:s:o: c; do
	case $c in
	r) rounds=$OPTARG;; m) ms=$OPTARG;; s) samples=$OPTARG;; o) only=$OPTARG;;
	*) sed -n '2,8s/^# //p' "$0" >&2; exit 64;;
	esac
done
shift $((OPTIND - 1))
if [ $# -eq 0 ]; then
	set -- "$here/../../build/zigttp run" ${QJS:+"$QJS"}
fi
rows="stringOps objectCreate propertyAccess httpHandler httpHandlerHeavy functionCalls stringConcat arrayOps jsonOps intArithmetic forOfLoop recursion gcPressure"
[ -n "$only" ] && rows=${only//,/ }
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT

for row in $rows; do
	echo "var BENCH_NAME = '$row', BENCH_MS = $ms, BENCH_SAMPLES = $samples;" |
		cat - "$here/$row.js" "$here/driver.js" > "$t/$row.js"
done
for ((round = 0; round < rounds; round++)); do
	for row in $rows; do
		e=0
		for engine; do
			# shellcheck disable=SC2086  # an engine is a command with arguments
			line=$(timeout 120 $engine "$t/$row.js" 2> "$t/err") || line="$row nan nan failed"
			echo "$e $line" >> "$t/results"
			e=$((e + 1))
		done
	done
done
awk -v rows="$rows" -v engines="$#" '
function median(list,   n, w, i, j, x) {
	n = split(list, w, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && w[j - 1] + 0 > w[j] + 0; j--) { x = w[j]; w[j] = w[j - 1]; w[j - 1] = x }
	return n ? w[int((n + 1) / 2)] : "nan"
}
{
	if ($4 == "nan" || $5 == "failed") failed[$2, $1] = 1
	k = $2 SUBSEP $1
	if (!(k in best) || $3 + 0 < best[k]) best[k] = $3 + 0
	med[k] = med[k] " " $4
	sum[k] = $5
}
END {
	printf "%-18s", "ns/op"
	for (e = 0; e < engines; e++) printf " %12s", "engine " e
	for (e = 1; e < engines; e++) printf " %9s", "0 vs " e
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
		for (e = 1; e < engines; e++) {
			if ((r, e) in failed || (r, 0) in failed) { printf " %9s", "-"; continue }
			printf " %8.2fx", m[e] / m[0]
			lg[e] += log(m[e] / m[0]); lb[e] += log(best[r, e] / best[r, 0]); cnt[e]++
			if (sum[r, e] != sum[r, 0]) { printf "  checksums differ: %s %s", sum[r, 0], sum[r, e]; bad = 1 }
		}
		print ""
	}
	for (e = 1; e < engines; e++)
		if (cnt[e]) printf "geometric mean over %d rows, 0 vs %d: %.2fx of medians, %.2fx of best samples\n",
			cnt[e], e, exp(lg[e] / cnt[e]), exp(lb[e] / cnt[e])
	exit bad
}' "$t/results"
