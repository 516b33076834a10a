# tests/js/: JavaScript cases with their expectations beside the lines.
check_PROGRAMS += tests/js/run
TESTS += tests/js/run
tests_js_run_SOURCES = %D%/run.c
tests_js_run_LDADD =
DIST_DIRS += tests/js
