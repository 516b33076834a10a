#!/bin/sh
# run.sh: what the examples answer; see run.py.
command -v python3 > /dev/null || { echo '*** SKIPPED: the examples were not run: there is no python3 ***'; exit 77; }
exec python3 "$(dirname "$0")/run.py"
