#!/bin/sh
# evasion.sh: evade.py on the programs of this build; $EVADE_ROUNDS times all requests.
export PYTHONDONTWRITEBYTECODE=1
EVADE_ROUNDS=${EVADE_ROUNDS:-1} exec python3 "$(dirname "$0")/evade.py" "${ZIGTTPD:-./zigttpd}"
