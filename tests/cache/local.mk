# tests/cache/: the response cache seen from outside.
if ENABLE_SERVER
TESTS += %D%/toggle.sh
endif
EXTRA_DIST += %D%/toggle.sh %D%/twins.py %D%/toggle.js
CLEANFILES += toggle.stderr
