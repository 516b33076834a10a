#!/bin/sh
# denied.sh: io_uring refused, descriptors used up, on a real zigttpd.
here=$(cd "$(dirname "$0")" && pwd)
build=${builddir:-.}
exec "$build/tests/proc/denied" "${ZIGTTPD:-$build/zigttpd}" "$here/../http/handler.js" "$build/tests/proc/denied.stderr"
