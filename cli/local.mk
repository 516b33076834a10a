# cli/: `zigttp`, the command for people who write handlers, and `zigttpctl`, the
# one for those who run the server.
bin_PROGRAMS += zigttp
zigttp_SOURCES = \
	%D%/main.c \
	%D%/modules.c \
	%D%/run.c \
	%D%/verbs.h
if ENABLE_SERVER
# Request, Response and Headers are the server's.
zigttp_CPPFLAGS = $(AM_CPPFLAGS) -DZTS_HOST_CLASSES
zigttp_LDADD = libserver.a $(WEB_LIBS)
else
zigttp_LDADD = $(WEB_LIBS)
endif
zigttpctl_SOURCES = \
	%D%/ctl.c \
	%D%/ctl_cache.c %D%/ctl_cache.h \
	%D%/ctl_json.c \
	%D%/ctl_show.c %D%/ctl_show.h \
	%D%/ctl_talk.c %D%/ctl_talk.h \
	%D%/ctl_top.c
