#!/bin/sh
# soak.sh: a worker's memory under bodies with random keys. The long form (make
# soak): SOAK_REQUESTS=100000 requests of 100 keys, SOAK_LARGE=200 of 100,000.
build=${builddir:-.}
# A sanitizer keeps freed memory back on purpose; not here.
export ASAN_OPTIONS="quarantine_size_mb=0:thread_local_quarantine_size_kb=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
exec "$build/tests/proc/soak" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/proc/soak.stderr" \
	"${SOAK_REQUESTS:-20000}" "${SOAK_LARGE:-20}"
