#!/bin/sh
# frameworks.sh: run.py, for `make check`.
skip() { printf '*** SKIPPED: the frameworks were not run: %s ***\n' "$1"; exit 77; }
command -v python3 > /dev/null || skip 'there is no python3'
grep -q '^DEFS.*DZTS_TORTURE' "${builddir:-.}/Makefile" && skip 'torture builds are too slow for them'
exec python3 "$(dirname "$0")/run.py"
