#!/bin/sh
# run.sh: what the examples answer; see cases.py.
command -v python3 > /dev/null || { echo '*** SKIPPED: the examples were not run: there is no python3 ***'; exit 77; }
grep -q '^DEFS.*DZTS_TORTURE' "${builddir:-.}/Makefile" && { echo '*** SKIPPED: the examples were not run: torture builds are too slow for them ***'; exit 77; }
exec python3 "$(dirname "$0")/cases.py"
