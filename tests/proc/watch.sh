#!/bin/sh
# watch.sh: saves of every kind under --watch. PROC_SAVES=1000 for the long form.
build=${builddir:-.}
exec "$build/tests/proc/watch" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/proc/watch.stderr" "${PROC_SAVES:-50}"
