#!/bin/sh
# wire.sh: the tables of bytes over sockets, on a real zigttpd. WIRE_ALL=1: at
# every split in two (minutes).
here=$(cd "$(dirname "$0")" && pwd)
build=${builddir:-.}
exec "$build/tests/http/wirecases" "${ZIGTTPD:-$build/zigttpd}" "$here/handler.js" "$build/tests/http/wirecases.stderr"
