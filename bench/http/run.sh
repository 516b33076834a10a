#!/bin/bash
# run.sh: requests per server-CPU-second of the constant C server (the physical
# limit), zigttpd and node, interleaved; medians and ratios.
#
#   bench/http/run.sh [-r ROUNDS] [-s SECONDS] [-c CONNECTIONS] [-n WORKERS] [-H] [-C] BUILDDIR
#
# -C: with the response cache, which leaves the VM out. -H: without keep-alive ("Connection: close"). Needs wrk; node is left out when
# it is not installed. CPU time is utime + stime of all processes of a server,
# from /proc, so a busy machine spoils it less than wall time.
set -u
rounds=3 seconds=3 conns=50 workers=2 close=
unset cache
while getopts r:s:c:n:HC o; do
	case $o in
	r) rounds=$OPTARG ;; s) seconds=$OPTARG ;; c) conns=$OPTARG ;;
	n) workers=$OPTARG ;; H) close=1 ;; C) cache= ;; *) exit 64 ;;
	esac
done
shift $((OPTIND - 1))
build=${1:?usage: run.sh [options] BUILDDIR}
here=$(cd "$(dirname "$0")" && pwd)
daemon=${ZIGTTPD:-$build/zigttpd}
limit=$(mktemp -d)/limit
handler=${HANDLER:-$here/hello.js}
command -v wrk >/dev/null || { echo "run.sh: wrk is not installed" >&2; exit 69; }
${CC:-gcc} -O2 -std=gnu11 -D_GNU_SOURCE -o "$limit" "$here/limit.c" -luring || exit 70

# All descendants of a process.
tree() {
	echo "$1"
	for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do tree "$child"; done
}

ticks() {
	for pid in $(tree "$1"); do cat /proc/"$pid"/stat 2>/dev/null; done |
		sed 's/.*) //' | awk '{ u += $12; s += $13 } END { print u + 0, s + 0 }'
}

port=$((19400 + RANDOM % 100))
measure() {
	local name=$1 pid before after requests tries=0
	shift
	port=$((port + 1))
	"${@//PORT/$port}" >/dev/null 2>&1 &
	pid=$!
	until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do
		sleep 0.05
		tries=$((tries + 1))
		[ $tries -lt 100 ] || { echo "$name does not start" >&2; kill $pid; return 1; }
	done
	wrk -t1 -c"$conns" -d0.5 ${close:+-H "Connection: close"} http://127.0.0.1:$port/ >/dev/null
	before=$(ticks $pid)
	requests=$(wrk -t1 -c"$conns" -d"$seconds" ${close:+-H "Connection: close"} http://127.0.0.1:$port/ |
		awk '/requests in/ { print $1 }')
	after=$(ticks $pid)
	echo "$name $requests $before $after" | awk -v hz="$(getconf CLK_TCK)" '{
		u = ($5 - $3) / hz; s = ($6 - $4) / hz
		printf "%s %.0f %.2f %.2f\n", $1, $2 / (u + s), u * 1e6 / $2, s * 1e6 / $2 }'
	kill $pid
	wait $pid 2>/dev/null
}

for ((round = 0; round < rounds; round++)); do
	measure limit "$limit" -n "$workers" ${close:+-c} PORT
	measure zigttpd "$daemon" -q ${cache---no-cache} -p PORT -n "$workers" "$handler"
	command -v node >/dev/null && measure node node "$here/node.js" PORT "$workers"
done | tee "${limit%/*}/rows" | awk '{ printf "%-8s %9d req/CPU-s   user %6.2f us  kernel %6.2f us\n", $1, $2, $3, $4 }'

awk -v rows="${limit%/*}/rows" '
	{ v[$1, ++n[$1]] = $2; u[$1, n[$1]] = $3 }
	function median(a, name, k,   i, j, t, x) {
		for (i = 1; i <= k; i++) x[i] = a[name, i]
		for (i = 1; i <= k; i++) for (j = i + 1; j <= k; j++) if (x[j] < x[i]) { t = x[i]; x[i] = x[j]; x[j] = t }
		return k % 2 ? x[(k + 1) / 2] : (x[k / 2] + x[k / 2 + 1]) / 2
	}
	END {
		l = median(v, "limit", n["limit"]); z = median(v, "zigttpd", n["zigttpd"])
		printf "zigttpd: %.0f req/CPU-s, %.1f%% of the limit, user time %.2f us a request\n", z, 100 * z / l, median(u, "zigttpd", n["zigttpd"])
		if (n["node"]) { d = median(v, "node", n["node"]); printf "node: %.1f%% of the limit; zigttpd / node = %.2f\n", 100 * d / l, z / d }
	}' "${limit%/*}/rows"
rm -r "${limit%/*}"
