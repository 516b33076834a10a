#!/bin/sh
# soak.sh: a worker's memory under bodies with random keys. The long form (make
# soak): SOAK_REQUESTS=100000 requests of 100 keys, SOAK_LARGE=200 of 100,000.
build=${builddir:-.}
exec "$build/tests/proc/soak" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/proc/soak.stderr" \
	"${SOAK_REQUESTS:-4000}" "${SOAK_LARGE:-20}"
