#!/bin/sh
# files.sh: static files of a real zigttpd.
build=${builddir:-.}
exec "$build/tests/http/files" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/http/files.stderr" "${FILES_IO:-auto}"
