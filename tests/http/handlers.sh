#!/bin/sh
# handlers.sh: handlers of every shape, and hostile ones, on a real zigttpd.
build=${builddir:-.}
exec "$build/tests/http/handlers" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/http/handlers.stderr"
