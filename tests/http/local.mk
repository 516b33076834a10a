# tests/http/: the server over its sockets, and the gate as a pure function.
if ENABLE_SERVER
if HAVE_CMOCKA
check_PROGRAMS += %D%/gate_test %D%/chunk_test %D%/cond_test %D%/deps_test %D%/statics_test %D%/wire_test
TESTS += %D%/gate_test %D%/chunk_test %D%/cond_test %D%/deps_test %D%/statics_test %D%/wire_test
check_PROGRAMS += %D%/app_test %D%/peers_test
TESTS += %D%/app_test %D%/peers_test
endif
check_PROGRAMS += %D%/httpcases %D%/handlers %D%/wirecases
TESTS += %D%/run.sh %D%/handlers.sh %D%/limits.sh %D%/wire.sh %D%/epoll.sh %D%/waits.sh
endif
tests_http_app_test_SOURCES = %D%/app_test.c
tests_http_app_test_LDADD = $(CMOCKA_LIBS) libserver.a
tests_http_peers_test_SOURCES = %D%/peers_test.c
tests_http_peers_test_LDADD = $(CMOCKA_LIBS) $(SERVER_LIBS)
tests_http_gate_test_SOURCES = %D%/gate_test.c %D%/gate_cases.def
tests_http_gate_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a $(HTTP_PARSER_LIBS)
tests_http_chunk_test_SOURCES = %D%/chunk_test.c %D%/chunk_cases.def
tests_http_chunk_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a $(HTTP_PARSER_LIBS)
tests_http_deps_test_SOURCES = %D%/deps_test.c
tests_http_deps_test_LDADD = $(CMOCKA_LIBS) $(SERVER_LIBS)
tests_http_cond_test_SOURCES = %D%/cond_test.c
tests_http_cond_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a
tests_http_statics_test_SOURCES = %D%/statics_test.c
tests_http_statics_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a $(HTTP_PARSER_LIBS)
STREAM = tests/http/stream.c tests/http/stream.h
tests_http_wire_test_SOURCES = %D%/wire_test.c %D%/wire_cases.def $(STREAM)
tests_http_wire_test_LDADD = $(CMOCKA_LIBS) libserver.a libbase.a $(HTTP_PARSER_LIBS)
tests_http_httpcases_SOURCES = %D%/httpcases.c %D%/client.c %D%/client.h
tests_http_httpcases_LDADD =
tests_http_handlers_SOURCES = %D%/handlers.c %D%/handler_cases.def %D%/handler_case.h %D%/client.c %D%/client.h
tests_http_handlers_LDADD =
tests_http_wirecases_SOURCES = %D%/wirecases.c %D%/wire_cases.def %D%/chunk_cases.def %D%/client.c %D%/client.h \
	tests/proc/family.c tests/proc/family.h
tests_http_wirecases_LDADD =
EXTRA_DIST += %D%/slow.py %D%/waits_cases.py %D%/waits.sh %D%/limits_cases.py %D%/limits.sh %D%/fronts.py %D%/wire.sh %D%/epoll.sh %D%/run.sh %D%/handlers.sh %D%/handler.js
CLEANFILES += %D%/epoll.stderr %D%/wirecases.stderr %D%/httpcases.stderr %D%/handlers.stderr

# Requests that never end.
if ENABLE_SERVER
check_PROGRAMS += %D%/stuck
TESTS += %D%/stuck.sh
endif
tests_http_stuck_SOURCES = %D%/stuck.c tests/unit/stuck_cases.def %D%/client.c %D%/client.h
tests_http_stuck_LDADD = -lpthread
EXTRA_DIST += %D%/stuck.sh
CLEANFILES += %D%/stuck.stderr

# Static files.
if ENABLE_SERVER
check_PROGRAMS += %D%/files
TESTS += %D%/files.sh
endif
tests_http_files_SOURCES = %D%/files.c $(FAMILY)
tests_http_files_LDADD =
EXTRA_DIST += %D%/files.sh
CLEANFILES += %D%/files.stderr

# The same bytes through nginx, HAProxy and Apache httpd, as far as they are
# installed: minutes.
fronts: zigttpd tests/http/wire_test tests/http/chunk_test
	python3 $(srcdir)/%D%/fronts.py .
PHONY_TARGETS += fronts

# slowhttptest with thousands of connections.
slow: zigttpd
	python3 $(srcdir)/%D%/slow.py
PHONY_TARGETS += slow
