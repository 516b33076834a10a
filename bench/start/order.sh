#!/bin/bash
# order.sh: writes supervisor/start.ld anew: the functions that a start of zigttpd
# runs, up to the first response, which the linker puts side by side. Each 64 kB of
# code that is touched cost a page fault in the supervisor and one in the zygote.
#
#   bench/start/order.sh BUILDDIR > supervisor/start.ld
#
# To be run now and then: a function that is missing or gone does no harm. Needs
# valgrind, which knows neither io_uring nor the sandbox: all functions of those.
set -eu
build=${1:?usage: order.sh BUILDDIR}
here=$(cd "$(dirname "$0")" && pwd)
port=$((19000 + RANDOM % 400))
dir=$(mktemp -d)
functions() { nm --defined-only "$@" | awk 'tolower($2) == "t" { print $3 }' | sed 's/\..*//'; }
valgrind --tool=callgrind --trace-children=yes --callgrind-out-file="$dir/%p" \
	"$build/zigttpd" -q -p $port -n 2 --io epoll --sandbox off "$here/handler.tsx" >"$dir/log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null; wait $pid 2>/dev/null; rm -r "$dir"' EXIT
for _ in $(seq 300); do
	curl -so "$dir/answer" "localhost:$port/" && break
	sleep 0.1
done
test -s "$dir/answer" || { cat "$dir/log" >&2; exit 70; }
kill $pid
wait $pid || true
functions "$build/zigttpd" | sort -u >"$dir/ours"
{
	sed -n "s/^c\?fn=([0-9]*) \([A-Za-z_][A-Za-z_0-9]*\).*/\1/p" "$dir"/[0-9]*
	functions "$build"/worker/{sandbox,net/uring,net/ring}.o
} | sort -u | comm -12 - "$dir/ours" >"$dir/names"
cat <<EOF
/* start.ld: what a start of zigttpd runs, side by side. Written by
 * bench/start/order.sh; augments the linker's own script. */
SECTIONS
{
	.text.start :
	{
		*(
EOF
sed 's/.*/.text.& .text.&.*/' "$dir/names" | paste -sd' ' | fold -sw 110 | sed 's/^/\t\t\t/; s/ *$//'
cat <<EOF
		)
	}
}
INSERT BEFORE .text;
EOF
