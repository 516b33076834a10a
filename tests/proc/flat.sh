#!/bin/sh
# flat.sh: shapes.py on the program of this build.
exec python3 "$(dirname "$0")/shapes.py" "${ZIGTTPD:-./zigttpd}"
