#!/bin/sh
# stuck.sh: requests that never end, on a real zigttpd. STUCK_ALL=1 for all.
build=${builddir:-.}
exec "$build/tests/http/stuck" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/http/stuck.handler.js" "$build/tests/http/stuck.stderr"
