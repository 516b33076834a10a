# tests/fuzz/: fuzz targets and the inputs kept for them. Without --enable-fuzz
# replay.c gives each target a main() that replays its folder of corpus/.
FUZZ_SECONDS = 60
if ENABLE_FUZZ
FUZZ_MAIN = $(FUZZ_LDFLAGS)
else
check_LIBRARIES = libreplay.a
FUZZ_MAIN = libreplay.a
TESTS += $(FUZZ_TARGETS)
endif
libreplay_a_SOURCES = %D%/replay.c
check_PROGRAMS += $(FUZZ_TARGETS)
DIST_DIRS += tests/fuzz/corpus
FUZZ_TARGETS = \
	tests/fuzz/fuzz_date \
	tests/fuzz/fuzz_form \
	tests/fuzz/fuzz_json \
	tests/fuzz/fuzz_num \
	tests/fuzz/fuzz_parse \
	tests/fuzz/fuzz_regexp \
	tests/fuzz/fuzz_verify
if ENABLE_SERVER
FUZZ_TARGETS += \
	tests/fuzz/fuzz_chunk \
	tests/fuzz/fuzz_ctl \
	tests/fuzz/fuzz_files \
	tests/fuzz/fuzz_http
endif

tests_fuzz_fuzz_date_SOURCES = %D%/fuzz_date.c
tests_fuzz_fuzz_date_LDADD = $(FUZZ_MAIN) $(ENGINE_LIBS)
tests_fuzz_fuzz_form_SOURCES = %D%/fuzz_form.c
tests_fuzz_fuzz_form_LDADD = $(FUZZ_MAIN) libbase.a
tests_fuzz_fuzz_num_SOURCES = %D%/fuzz_num.c
tests_fuzz_fuzz_num_LDADD = $(FUZZ_MAIN) $(ENGINE_LIBS)
tests_fuzz_fuzz_json_SOURCES = %D%/fuzz_json.c
tests_fuzz_fuzz_json_LDADD = $(FUZZ_MAIN) $(ENGINE_LIBS)
tests_fuzz_fuzz_parse_SOURCES = %D%/fuzz_parse.c
tests_fuzz_fuzz_parse_LDADD = $(FUZZ_MAIN) $(ENGINE_LIBS)
tests_fuzz_fuzz_regexp_SOURCES = %D%/fuzz_regexp.c
tests_fuzz_fuzz_regexp_LDADD = $(FUZZ_MAIN) $(ENGINE_LIBS)
tests_fuzz_fuzz_verify_SOURCES = %D%/fuzz_verify.c
tests_fuzz_fuzz_verify_LDADD = $(FUZZ_MAIN) $(ENGINE_LIBS)
tests_fuzz_fuzz_chunk_SOURCES = %D%/fuzz_chunk.c tests/http/stream.c tests/http/stream.h
tests_fuzz_fuzz_chunk_LDADD = $(FUZZ_MAIN) $(SERVER_LIBS)
tests_fuzz_fuzz_ctl_SOURCES = %D%/fuzz_ctl.c
tests_fuzz_fuzz_ctl_LDADD = $(FUZZ_MAIN) $(SERVER_LIBS)
tests_fuzz_fuzz_files_SOURCES = %D%/fuzz_files.c
tests_fuzz_fuzz_files_LDADD = $(FUZZ_MAIN) $(SERVER_LIBS)
tests_fuzz_fuzz_http_SOURCES = %D%/fuzz_http.c
tests_fuzz_fuzz_http_LDADD = $(FUZZ_MAIN) $(SERVER_LIBS)

# make fuzz FUZZ_SECONDS=n: new inputs go to fuzz-out/NAME, crashes beside it.
fuzz: $(FUZZ_TARGETS)
if ENABLE_FUZZ
	@for t in $(FUZZ_TARGETS); do \
		n=$${t##*/fuzz_}; $(MKDIR_P) fuzz-out/$$n $(srcdir)/tests/fuzz/corpus/$$n; \
		echo "== $$n"; \
		./$$t -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
			-artifact_prefix=fuzz-out/$$n- fuzz-out/$$n $(srcdir)/tests/fuzz/corpus/$$n || exit 1; \
	done
else
	@echo "configure with CC=clang --enable-fuzz first" >&2; exit 1
endif
PHONY_TARGETS += fuzz

# Generated programs against Node: make differential SECONDS=600
SECONDS = 600
differential: zigttp
	ZIGTTP=./zigttp python3 $(srcdir)/%D%/differential/run.py --seconds $(SECONDS)
PHONY_TARGETS += differential
TESTS += %D%/differential/differential.sh
EXTRA_DIST += %D%/differential/differential.sh %D%/differential/run.py %D%/differential/generate.py %D%/differential/prelude.js
