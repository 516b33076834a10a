#!/bin/sh
# run.sh: raw bytes against a real zigttpd. $ZIGTTPD and $builddir come from
# make check.
here=$(cd "$(dirname "$0")" && pwd)
build=${builddir:-.}
exec "$build/tests/http/httpcases" "${ZIGTTPD:-$build/zigttpd}" "$here/handler.js" "$build/tests/http/httpcases.stderr"
