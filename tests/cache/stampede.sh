#!/bin/sh
# stampede.sh: herd.py on the programs of this build; $HERD requests at once.
export PYTHONDONTWRITEBYTECODE=1
HERD=${HERD:-300} exec python3 "$(dirname "$0")/herd.py" "${ZIGTTPD:-./zigttpd}"
