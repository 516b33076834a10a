#!/bin/sh
# waits.sh: handlers that wait, and streamed responses; on a real zigttpd.
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 > /dev/null || { echo "SKIPPED: python3 is not installed"; exit 77; }
exec python3 "$here/waits_cases.py"
