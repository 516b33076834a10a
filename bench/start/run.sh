#!/bin/bash
# run.sh: how long a start takes (exec to first whole response), how long a
# killed worker is missed, and how much memory all processes hold when idle.
#
#   bench/start/run.sh [-r RUNS] [-n WORKERS] BUILDDIR
set -u
runs=21 workers=8
while getopts r:n: o; do
	case $o in r) runs=$OPTARG ;; n) workers=$OPTARG ;; *) exit 64 ;; esac
done
shift $((OPTIND - 1))
build=${1:?usage: run.sh [options] BUILDDIR}
here=$(cd "$(dirname "$0")" && pwd)
daemon=${ZIGTTPD:-$build/zigttpd}
handler=${HANDLER:-$here/../http/hello.js}
dir=$(mktemp -d)
${CC:-gcc} -O2 -std=gnu11 -D_GNU_SOURCE -o "$dir/first" "$here/first.c" || exit 70
port=$((19500 + RANDOM % 300))

spread() { # of the numbers on standard input, in ms
	sort -n | awk '{ v[NR] = $1 / 1000 } END { printf "min %.2f  median %.2f  max %.2f ms (n=%d)\n", v[1], v[int((NR + 1) / 2)], v[NR], NR }'
}
echo -n "exec to first response: "
"$dir/first" "$runs" $port "$daemon" -q -p PORT -n "$workers" "$handler" | spread

port=$((port + runs))
"$daemon" -q -p $port -n "$workers" "$handler" 2>"$dir/log" &
pid=$!
trap 'kill $pid 2>/dev/null; rm -r "$dir"' EXIT
until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do sleep 0.01; done
sleep 0.3
pss() {
	for p in $pid $(cat /proc/$pid/task/*/children); do
		awk -v name="$(cat /proc/$p/comm)" '/^Pss:/ { print name, $2 }' /proc/$p/smaps_rollup
	done
}
echo -n "PSS idle: "
pss | awk '{ sum += $2; n++ } END { printf "%.2f MB in %d processes\n", sum / 1024, n }'
pss | awk '{ sub(/-w[0-9]+/, "-worker", $1); s[$1] += $2; n[$1]++ } END { for (k in s) printf "  %-16s %d x %.0f kB\n", k, n[k], s[k] / n[k] }'
for ((i = 0; i < runs; i++)); do
	kill -9 "$(grep -l '^zigttpd-w' /proc/[0-9]*/comm 2>/dev/null | sed 's#/proc/##; s#/comm##' |
		while read -r p; do [ "$(awk '{ print $4 }' /proc/$p/stat 2>/dev/null)" = $pid ] && echo "$p"; done | shuf -n1)"
	sleep 0.05
done
echo -n "death notice to READY:  "
grep -o 'after [0-9]* us' "$dir/log" | awk '{ print $2 }' | spread
