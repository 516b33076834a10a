#!/bin/sh
# state.sh: zigttp:cache and zigttp:ratelimit in the workers of a real zigttpd.
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || { echo "SKIPPED: python3 is not installed"; exit 77; }
exec python3 "$here/statecases.py" "${ZIGTTPD:-${builddir:-.}/zigttpd}" "${ZIGTTPCTL:-${builddir:-.}/zigttpctl}"
