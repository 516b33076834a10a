#!/bin/sh
# run.sh: the handler API's documentation, block by block; see blocks.py.
command -v python3 > /dev/null || { echo '*** SKIPPED: there is no python3 ***'; exit 77; }
exec python3 "$(dirname "$0")/blocks.py" "$@"
