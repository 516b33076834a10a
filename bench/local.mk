# bench/: built by hand (make bench/http/recording), never installed.
EXTRA_PROGRAMS += %D%/http/recording
bench_http_recording_SOURCES = %D%/http/recording.c
bench_http_recording_LDADD = $(SERVER_LIBS)
CLEANFILES += %D%/http/recording
