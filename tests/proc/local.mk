# tests/proc/: the processes of the server: crashes, reloads, signals.
if ENABLE_SERVER
if HAVE_CMOCKA
check_PROGRAMS += %D%/backoff_test
TESTS += %D%/backoff_test
endif
check_PROGRAMS += %D%/procs
TESTS += %D%/run.sh
endif
tests_proc_backoff_test_SOURCES = %D%/backoff_test.c
tests_proc_backoff_test_LDADD = $(CMOCKA_LIBS) libserver.a
tests_proc_procs_SOURCES = %D%/procs.c tests/http/client.c tests/http/client.h
tests_proc_procs_LDADD =
EXTRA_DIST += %D%/run.sh
