# tests/cache/: the response cache seen from outside.
if ENABLE_SERVER
TESTS += %D%/toggle.sh %D%/ops.sh %D%/stampede.sh %D%/evasion.sh
endif
EXTRA_DIST += %D%/toggle.sh %D%/twins.py %D%/toggle.js %D%/ops.sh %D%/operate.py %D%/served.py \
	%D%/stampede.sh %D%/herd.py %D%/evasion.sh %D%/evade.py %D%/evade.js
CLEANFILES += toggle.stderr
