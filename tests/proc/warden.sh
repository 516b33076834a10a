#!/bin/sh
# warden.sh: workers that are replaced, that hang, and requests that kill them.
build=${builddir:-.}
dir=$(cd "$build/tests/proc" && pwd)
exec "$build/tests/proc/warden" "${ZIGTTPD:-$build/zigttpd}" "$dir" "$dir/warden.stderr"
