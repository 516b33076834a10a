#!/bin/sh
# fair.sh: how workers share connections and work. FAIR_ASSERT=1 FAIR_S=10 for
# the long form.
build=${builddir:-.}
exec "$build/tests/proc/fair" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/proc/fair.handler.js" "$build/tests/proc/fair.stderr"
