#!/bin/sh
# handoff.sh: connections that leave a busy worker. HANDOFF_ALL=1 for all cases.
build=${builddir:-.}
exec "$build/tests/proc/handoff" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/proc/handoff.handler.js" "$build/tests/proc/handoff.stderr"
