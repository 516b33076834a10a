# cli/: `zigttp`, the command for people who write handlers.
bin_PROGRAMS += zigttp
zigttp_SOURCES =
zigttp_LDADD = $(ENGINE_LIBS)
