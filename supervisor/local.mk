# supervisor/: part of libserver.a, and the daemon's main.
libserver_a_SOURCES += \
	%D%/conf.c %D%/conf.h \
	%D%/backoff.c %D%/backoff.h \
	%D%/cacheview.c %D%/cacheview.h \
	%D%/control.c %D%/control.h \
	%D%/ctl_protocol.c %D%/ctl_protocol.h \
	%D%/exposition.c %D%/exposition.h \
	%D%/inboxes.c \
	%D%/inherit.c %D%/inherit.h \
	%D%/generation.c \
	%D%/listen.c %D%/listen.h \
	%D%/logs.c %D%/logs.h \
	%D%/metrics.c %D%/metrics.def %D%/metrics.h \
	%D%/notify.c %D%/notify.h \
	%D%/operate.c %D%/operate.h \
	%D%/options.c %D%/options.h \
	%D%/parts.h %D%/place.c \
	%D%/peer.c %D%/peer.h \
	%D%/poison.c %D%/poison.h \
	%D%/pool.c %D%/pool.h \
	%D%/reload.c %D%/reload.h \
	%D%/setting.c \
	%D%/settings.c %D%/settings.h \
	%D%/warden.c \
	%D%/watch.c %D%/watch.h
zigttpd_SOURCES += %D%/main.c
EXTRA_zigttpd_DEPENDENCIES = $(srcdir)/%D%/start.ld
EXTRA_DIST += %D%/start.ld
