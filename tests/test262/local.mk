# tests/test262/: the conformance suite (a checkout of tc39/test262 is needed).
#   make test262 T262=DIR [PATHS='language/expressions built-ins/Array'] [UPDATE=1]
EXTRA_PROGRAMS = tests/test262/runner
CLEANFILES += tests/test262/runner
tests_test262_runner_SOURCES = \
	%D%/expected.c %D%/expected.h \
	%D%/list.c %D%/list.h \
	%D%/runner.c \
	%D%/variant.c %D%/variant.h
tests_test262_runner_LDADD = $(ENGINE_LIBS)
TESTS += %D%/sample.sh
EXTRA_DIST += \
	%D%/COMPARED.txt \
	%D%/RESULTS.txt \
	%D%/expected-failures.txt \
	%D%/sample.sh \
	%D%/skip-features.txt \
	%D%/skip-files.txt
T262 = ../test262
PATHS =
T262_FLAGS =
test262: tests/test262/runner$(EXEEXT)
	./tests/test262/runner $(T262_FLAGS) -s $(srcdir)/tests/test262 $${UPDATE:+-u} $(T262) $(PATHS)
PHONY_TARGETS += test262
