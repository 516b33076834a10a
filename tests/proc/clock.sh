#!/bin/sh
# clock.sh: timeouts do not depend on the wall clock.
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 > /dev/null || { echo "SKIPPED: python3 is not installed"; exit 77; }
for lib in ${FAKETIME_LIB:-/usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib/faketime/libfaketimeMT.so.1}; do
	[ -e "$lib" ] && break
done
[ -e "$lib" ] || { echo "SKIPPED: nobody has made the wall clock jump, libfaketime is missing (Debian: libfaketime)"; exit 77; }
exec python3 "$here/jumps.py" "${ZIGTTPD:-${builddir:-.}/zigttpd}" "$lib"
