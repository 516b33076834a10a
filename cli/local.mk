# cli/: `zigttp`, the command for people who write handlers.
bin_PROGRAMS += zigttp
zigttp_SOURCES = \
	%D%/main.c \
	%D%/run.c \
	%D%/verbs.h
zigttp_LDADD = $(ENGINE_LIBS)
