#!/bin/sh
# transpile.sh: the short form of run.py, for `make check`.
skip() { printf '*** SKIPPED: no TypeScript was compared with the compiler: %s ***\n' "$1"; exit 77; }
command -v python3 > /dev/null || skip 'there is no python3'
grep -q '^DEFS.*DZTS_TORTURE' "${builddir:-.}/Makefile" && skip 'torture builds are too slow for it'
exec python3 "$(dirname "$0")/run.py"
