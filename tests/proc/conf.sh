#!/bin/sh
# conf.sh: configuration, command line, --check, listeners, apps and users of a
# real zigttpd.
command -v python3 > /dev/null || { echo "no python3"; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
exec python3 "$here/confcases.py" "${ZIGTTPD:-${builddir:-.}/zigttpd}" "$here/../.."
