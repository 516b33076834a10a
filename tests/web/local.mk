# tests/web/: scripts that print the same under `zigttp run` and under Node.
TESTS += %D%/run.sh
EXTRA_DIST += %D%/run.sh
DIST_DIRS += tests/web

if HAVE_CMOCKA
check_PROGRAMS += %D%/stream_test
TESTS += %D%/stream_test
endif
tests_web_stream_test_SOURCES = %D%/stream_test.c
tests_web_stream_test_LDADD = $(CMOCKA_LIBS) $(WEB_LIBS)
