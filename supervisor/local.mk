# supervisor/: part of libserver.a, and the daemon's main.
libserver_a_SOURCES += \
	supervisor/backoff.c supervisor/backoff.h \
	supervisor/listen.c supervisor/listen.h \
	supervisor/options.c supervisor/options.h \
	supervisor/pool.c supervisor/pool.h
zigttpd_SOURCES += supervisor/main.c
