# tests/cache/: the response cache seen from outside.
if ENABLE_SERVER
TESTS += %D%/toggle.sh %D%/ops.sh %D%/evasion.sh %D%/double.sh %D%/damage.sh %D%/stampede.sh
check_PROGRAMS += %D%/twice
endif
tests_cache_twice_SOURCES = %D%/twice.c tests/http/handler_cases.def tests/http/handler_case.h
tests_cache_twice_LDADD = $(SERVER_LIBS)
EXTRA_DIST += %D%/toggle.sh %D%/twins.py %D%/toggle.js %D%/ops.sh %D%/operate.py %D%/served.py \
	%D%/stampede.sh %D%/herd.py %D%/evasion.sh %D%/evade.py %D%/evade.js %D%/double.sh %D%/damage.sh %D%/bits.py
CLEANFILES += toggle.stderr
