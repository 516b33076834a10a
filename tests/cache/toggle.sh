#!/bin/sh
# toggle.sh: twins.py on the program of this build.
exec python3 "$(dirname "$0")/twins.py" "${ZIGTTPD:-./zigttpd}"
