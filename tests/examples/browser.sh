#!/bin/sh
# browser.sh: examples/htmx-todo in Chromium, with JavaScript and without; see
# browser.mjs. Screenshots are left in examples-cache/ of the build directory.
skip() { printf '*** SKIPPED: no example was seen in a browser: %s ***\n' "$1"; exit 77; }
for program in python3 node npm "${CHROMIUM:=/usr/bin/chromium}"; do
	command -v "$program" > /dev/null || skip "there is no $program"
done
grep -q '^DEFS.*DZTS_TORTURE' "${builddir:-.}/Makefile" && skip 'torture builds are too slow for it'
export CHROMIUM
exec python3 "$(dirname "$0")/cases.py" --browser
