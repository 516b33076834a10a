#!/bin/sh
# reload.sh: reloads under load, and what they leave behind. The long form (make
# soak): PROC_RELOADS=200 PROC_REQUESTS=1000000 PROC_HOT=1000.
build=${builddir:-.}
# A sanitizer keeps freed memory back on purpose; not here.
export ASAN_OPTIONS="quarantine_size_mb=0:thread_local_quarantine_size_kb=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
dir=$(cd "$build/tests/proc" && pwd)
exec "$build/tests/proc/reload" "${ZIGTTPD:-$build/zigttpd}" "$dir" "$dir/reload.stderr"
