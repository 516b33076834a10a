#!/bin/sh
# crash.sh: workers that crash, on a real zigttpd.
build=${builddir:-.}
exec "$build/tests/proc/crash" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/proc/crash.handler.js" "$build/tests/proc/crash.stderr"
