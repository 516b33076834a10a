#!/bin/sh
# limits.sh: slow, silent and too many clients, old requests, CORS, health; on a
# real zigttpd.
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 > /dev/null || { echo "SKIPPED: python3 is not installed"; exit 77; }
exec python3 "$here/limits_cases.py"
