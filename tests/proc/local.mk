# tests/proc/: the processes of the server: crashes, signals, load, memory.
if ENABLE_SERVER
if HAVE_CMOCKA
check_PROGRAMS += %D%/backoff_test %D%/cache_test %D%/kv_test %D%/poison_test %D%/sandbox_test %D%/shm_test
TESTS += %D%/backoff_test %D%/cache_test %D%/kv_test %D%/poison_test %D%/sandbox_test %D%/shm_test
endif
check_PROGRAMS += %D%/procs %D%/storm %D%/soak
TESTS += %D%/conf.sh %D%/flat.sh %D%/run.sh %D%/storm.sh %D%/soak.sh %D%/systemd.sh %D%/install.sh %D%/ctl.sh %D%/state.sh
endif
tests_proc_backoff_test_SOURCES = %D%/backoff_test.c
tests_proc_backoff_test_LDADD = $(CMOCKA_LIBS) libserver.a
REGION = %D%/region.c %D%/region.h
tests_proc_cache_test_SOURCES = %D%/cache_test.c $(REGION)
tests_proc_cache_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a
tests_proc_kv_test_SOURCES = %D%/kv_test.c $(REGION)
tests_proc_kv_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a
tests_proc_shm_test_SOURCES = %D%/shm_test.c
tests_proc_shm_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a
tests_proc_sandbox_test_SOURCES = %D%/sandbox_test.c
tests_proc_sandbox_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a
tests_proc_poison_test_SOURCES = %D%/poison_test.c
tests_proc_poison_test_LDADD = $(CMOCKA_LIBS) libserver.a
FAMILY = %D%/family.c %D%/family.h tests/http/client.c tests/http/client.h
tests_proc_procs_SOURCES = %D%/procs.c $(FAMILY)
tests_proc_procs_LDADD =
tests_proc_storm_SOURCES = %D%/storm.c $(FAMILY)
tests_proc_storm_LDADD =
tests_proc_soak_SOURCES = %D%/soak.c $(FAMILY)
tests_proc_soak_LDADD =
EXTRA_DIST += %D%/conf.sh %D%/confcases.py %D%/flat.sh %D%/shapes.py %D%/run.sh %D%/storm.sh %D%/soak.sh %D%/systemd.sh %D%/install.sh %D%/manager.py %D%/ctl.sh %D%/control.py %D%/state.sh %D%/statecases.py

# Fairness.
if ENABLE_SERVER
check_PROGRAMS += %D%/fair
TESTS += %D%/fair.sh
endif
tests_proc_fair_SOURCES = %D%/fair.c $(FAMILY)
tests_proc_fair_LDADD =
EXTRA_DIST += %D%/fair.sh
CLEANFILES += %D%/fair.stderr

# Connections that leave a busy worker.
if ENABLE_SERVER
check_PROGRAMS += %D%/handoff
TESTS += %D%/handoff.sh
endif
tests_proc_handoff_SOURCES = %D%/handoff.c $(FAMILY)
tests_proc_handoff_LDADD =
EXTRA_DIST += %D%/handoff.sh
CLEANFILES += %D%/handoff.stderr

# The long forms: some minutes.
soak: zigttpd $(check_PROGRAMS)
	$(AM_TESTS_ENVIRONMENT) \
	SOAK_REQUESTS=100000 SOAK_LARGE=200 $(SHELL) $(srcdir)/%D%/soak.sh && \
	PROC_KILLS=600 PROC_DRAINS=20 $(SHELL) $(srcdir)/%D%/storm.sh && \
	PROC_RELOADS=200 PROC_REQUESTS=1000000 PROC_HOT=1000 $(SHELL) $(srcdir)/%D%/reload.sh && \
	PROC_SAVES=1000 $(SHELL) $(srcdir)/%D%/watch.sh && \
	FLAT_REQUESTS=10000000 $(SHELL) $(srcdir)/%D%/flat.sh && \
	HERD=1000 $(SHELL) $(srcdir)/tests/cache/stampede.sh && \
	PROC_RESPAWNS=2000 $(SHELL) $(srcdir)/%D%/run.sh
PHONY_TARGETS += soak
CLEANFILES += %D%/storm.stderr %D%/procs.stderr %D%/soak.stderr

if ENABLE_SERVER
TESTS += %D%/clock.sh
endif
EXTRA_DIST += %D%/clock.sh %D%/jumps.py

# Reloads under load; recycling, stuck workers, poison.
if ENABLE_SERVER
check_PROGRAMS += %D%/reload %D%/warden
TESTS += %D%/reload.sh %D%/warden.sh
endif
tests_proc_reload_SOURCES = %D%/reload.c $(FAMILY)
tests_proc_reload_LDADD =
tests_proc_warden_SOURCES = %D%/warden.c $(FAMILY)
tests_proc_warden_LDADD =
EXTRA_DIST += %D%/reload.sh %D%/warden.sh
CLEANFILES += %D%/reload.stderr %D%/warden.stderr

# Workers that crash.
if ENABLE_SERVER
if HAVE_CMOCKA
check_PROGRAMS += %D%/crash_test
TESTS += %D%/crash_test
endif
check_PROGRAMS += %D%/crash
TESTS += %D%/crash.sh
endif
tests_proc_crash_test_SOURCES = %D%/crash_test.c
tests_proc_crash_test_LDADD = $(CMOCKA_LIBS) $(SERVER_LIBS)
tests_proc_crash_SOURCES = %D%/crash.c $(FAMILY)
tests_proc_crash_LDADD =
EXTRA_DIST += %D%/crash.sh
CLEANFILES += %D%/crash.stderr

# Saves under --watch.
if ENABLE_SERVER
check_PROGRAMS += %D%/watch
TESTS += %D%/watch.sh
endif
tests_proc_watch_SOURCES = %D%/watch.c $(FAMILY)
tests_proc_watch_LDADD =
EXTRA_DIST += %D%/watch.sh
CLEANFILES += %D%/watch.stderr

# The net by itself.
if ENABLE_SERVER
check_PROGRAMS += %D%/denied %D%/nets
TESTS += %D%/denied.sh %D%/nets.sh
endif
tests_proc_nets_SOURCES = %D%/nets.c tests/http/client.c tests/http/client.h
tests_proc_nets_LDADD = $(SERVER_LIBS)
tests_proc_denied_SOURCES = %D%/denied.c $(FAMILY)
tests_proc_denied_LDADD =
EXTRA_DIST += %D%/denied.sh %D%/nets.sh
CLEANFILES += %D%/denied.stderr
