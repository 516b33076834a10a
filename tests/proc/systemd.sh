#!/bin/sh
# systemd.sh: what zigttpd says to a service manager and takes from it.
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || { echo "SKIPPED: python3 is not installed"; exit 77; }
exec python3 "$here/manager.py" "${ZIGTTPD:-${builddir:-.}/zigttpd}"
