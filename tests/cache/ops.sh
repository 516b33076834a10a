#!/bin/sh
# ops.sh: operate.py on the programs of this build.
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$(dirname "$0")/operate.py" "${ZIGTTPD:-./zigttpd}"
