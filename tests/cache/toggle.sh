#!/bin/sh
# toggle.sh: toggle.py on the program of this build.
exec python3 "$(dirname "$0")/toggle.py" "${ZIGTTPD:-./zigttpd}"
