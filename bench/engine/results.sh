#!/bin/bash
# results.sh [-b] [-r ROUNDS] [-R COLD_ROUNDS] [-m MS] [-n NOTE] [BUILDDIR]
# Measures all rows warm and cold against every engine that is found and writes
# RESULTS.md beside this script: medians of interleaved rounds, so a measurement
# is worth keeping only from a quiet machine (-b: best samples). Engines, each left out with a line
# on standard error when it is missing:
#   QJS     QuickJS d73189d (default: qjs on PATH)
#   HERMES  hermes 0.12.0 of npm's hermes-engine-cli (default: hermes on PATH)
#   NODE    run with --jitless (default: node on PATH)
# With 3 and 9 rounds and four engines it takes some twelve minutes.
set -e
here=$(cd "$(dirname "$0")" && pwd)
rounds=3 cold=9 ms=60 note='' best='' what=medians
while getopts br:R:m:n: c; do
	case $c in
	b) best=-b what='best samples';;
	r) rounds=$OPTARG;; R) cold=$OPTARG;; m) ms=$OPTARG;; n) note=$OPTARG;;
	*) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 64;;
	esac
done
shift $((OPTIND - 1))
build=${1:-$here/../../build}
engines=("zigts=$build/zigttp run")
for e in "QuickJS=${QJS:-$(command -v qjs)}" "Hermes=${HERMES:-$(command -v hermes)}" "jitless=${NODE:-$(command -v node)}"; do
	name=${e%%=*} program=${e#*=}
	case $name in
	Hermes) options=' -O -w';;
	jitless) options=' --jitless';;
	*) options='';;
	esac
	if [ -n "$program" ]; then engines+=("$name=$program$options"); else echo "SKIPPED: no $name" >&2; fi
done
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
# run.sh answers 1 when an engine cannot run a row of its own; the table says so.
# shellcheck disable=SC2086
"$here/run.sh" $best -r "$rounds" -m "$ms" "${engines[@]}" > "$t/warm" || true
# shellcheck disable=SC2086
"$here/run.sh" $best -c -r "$cold" "${engines[@]}" > "$t/cold" || true
{
	echo "# The engine's benchmark, measured"
	echo
	echo "Written by \`results.sh\`; README.md says what the rows are. Nanoseconds per operation of zigts, and how many times"
	echo "faster it is than QuickJS d73189d, Hermes 0.12.0 (\`-O\`) and Node $("${NODE:-node}" --version 2> /dev/null || echo -) (\`--jitless\`): $what of $rounds warm and"
	echo "$cold cold rounds, all engines in turn. Cold: a fresh process, one pass, compiling included. \"–\": the engine cannot run the row."
	echo
	echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) processors, Linux $(uname -r | cut -d- -f1)," \
		"$(date +%F), $(git -C "$here" log -1 --format='commit %h').${note:+ $note}"
	echo
	awk '
	FNR == 1 { file++; n = 0; for (i = 2; i <= NF && $i != "vs"; i++) name[++n] = $i; engines = n; next }
	/^geometric mean/ { mean[file] = mean[file] "* " $0 "\n"; next }
	{
		if (file == 1) rows[++count] = $1
		ns[file, $1] = $2
		gsub(/<1/, "")
		for (e = 2; e <= engines; e++) {
			x = $(engines + e)
			sub(/x$/, "", x)
			ratio[file, $1, e] = x ~ /^[0-9.]+$/ ? x : "–"
		}
	}
	END {
		printf "| row | warm ns |"
		for (e = 2; e <= engines; e++) printf " × %s |", name[e]
		printf " cold ns |"
		for (e = 2; e <= engines; e++) printf " × %s |", name[e]
		printf "\n|---|"
		for (e = 1; e <= 2 * engines; e++) printf "---:|"
		print ""
		for (i = 1; i <= count; i++) {
			r = rows[i]
			printf "| %s |", r
			for (f = 1; f <= 2; f++) {
				printf " %s |", ns[f, r]
				for (e = 2; e <= engines; e++) printf " %s |", ratio[f, r, e]
			}
			print ""
		}
		printf "\nWarm:\n\n%s\nCold:\n\n%s", mean[1], mean[2]
	}' "$t/warm" "$t/cold"
} > "$t/results"
mv "$t/results" "$here/RESULTS.md"
echo "written: $here/RESULTS.md"
