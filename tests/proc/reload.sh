#!/bin/sh
# reload.sh: reloads under load, and what they leave behind. The long form (make
# soak): PROC_RELOADS=200 PROC_REQUESTS=1000000 PROC_HOT=1000.
build=${builddir:-.}
dir=$(cd "$build/tests/proc" && pwd)
exec "$build/tests/proc/reload" "${ZIGTTPD:-$build/zigttpd}" "$dir" "$dir/reload.stderr"
