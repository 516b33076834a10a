#!/bin/sh
# storm.sh: kill -9 and SIGTERM under load, on a real zigttpd. PROC_KILLS=600
# PROC_DRAINS=20 for the long form.
here=$(cd "$(dirname "$0")" && pwd)
build=${builddir:-.}
exec "$build/tests/proc/storm" "${ZIGTTPD:-$build/zigttpd}" "$here/../http/handler.js" "$build/tests/proc/storm.stderr"
