#!/bin/sh
# recording.sh: the cost of recording what a handler asks of its request, as a
# share of running it (worker/dispatch.c, without a network), and, where wrk is
# installed, of serving the trivial request.
#
#   bench/http/recording.sh BUILDDIR [BLOCKS]    blocks of 1000 requests (400)
#
# Where the processor's counters are not to be had, instructions are counted by
# valgrind: once with few requests and once with more, so that loading cancels out.
set -eu
build=$(cd "${1:?usage: recording.sh BUILDDIR [BLOCKS]}" && pwd) blocks=${2:-400}
here=$(cd "$(dirname "$0")" && pwd)
make -s -C "$build" bench/http/recording
program=$build/bench/http/recording
tmp=$(mktemp -d)
trap 'rm -r "$tmp"' EXIT
cat > "$tmp/asks.js" << 'JS'
// Asks for most of what can be asked for.
function handler(request) {
  const page = request.query.page, type = request.headers.get("accept");
  return Response.json({ path: request.path, page, type, method: request.method });
}
JS

# Instructions per request, by valgrind.
count() {
	for n in 2 6; do
		valgrind --tool=none --log-file="$tmp/none" true 2> /dev/null || return 1
		valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" $n "$2" > /dev/null 2> "$tmp/$n" || return 1
		sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$tmp/$n" > "$tmp/count.$n"
	done
	echo $(( ($(cat "$tmp/count.6") - $(cat "$tmp/count.2")) / 4000 ))
}

served=
if command -v wrk > /dev/null; then
	python3 "$here/compare.py" -r 3 -S json -w zigttpd -j "$tmp/served.json" "$build" > /dev/null
	served=$(python3 -c 'import json, statistics, sys
rows = json.load(open(sys.argv[1]))["json"]["zigttpd"]
print(1e9 / statistics.median(r["rate"] for r in rows))' "$tmp/served.json")
fi

for handler in "$here/hello.js" "$tmp/asks.js"; do
	echo "$(basename "$handler"):"
	"$program" "$handler" "$blocks" | tee "$tmp/figures"
	if [ "$served" ]; then
		awk -v served="$served" '/^CPU ns/ { printf "of %.0f CPU ns for the trivial request as served: %+.2f %%\n", served, ($5 - $3) / served * 100 }' "$tmp/figures"
	fi
	if ! grep -q instructions "$tmp/figures"; then
		if off=$(count "$handler" off) && on=$(count "$handler" on); then
			awk -v a="$off" -v b="$on" 'BEGIN { printf "instructions %10d without, %10d with recording: %+.2f %% (valgrind)\n", a, b, (b - a) / a * 100 }'
		else
			echo "instructions cannot be counted here"
		fi
	fi
done
