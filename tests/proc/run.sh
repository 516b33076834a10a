#!/bin/sh
# run.sh: what the supervisor promises about its processes, on a real zigttpd.
# PROC_RESPAWNS=2000 for the long form.
here=$(cd "$(dirname "$0")" && pwd)
build=${builddir:-.}
exec "$build/tests/proc/procs" "${ZIGTTPD:-$build/zigttpd}" "$here/../http/handler.js" "$build/tests/proc/procs.stderr"
