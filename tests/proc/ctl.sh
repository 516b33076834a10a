#!/bin/sh
# ctl.sh: zigttpctl, metrics and logs of a real zigttpd.
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || { echo "SKIPPED: python3 is not installed"; exit 77; }
exec python3 "$here/control.py" "${ZIGTTPD:-${builddir:-.}/zigttpd}" "${ZIGTTPCTL:-${builddir:-.}/zigttpctl}"
