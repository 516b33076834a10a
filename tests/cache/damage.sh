#!/bin/sh
# damage.sh: bits.py on the programs of this build; $CACHE_FLIPS bits. Takes root.
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$(dirname "$0")/bits.py" "${ZIGTTPD:-./zigttpd}"
