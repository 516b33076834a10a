# tests/: every runner prints "N passed, N failed" or is a cmocka program that
# prints TAP; tests/house/summary.sh adds them up after `make check`.
TEST_EXTENSIONS = .sh .py
LDADD = $(CMOCKA_LIBS) $(ENGINE_LIBS)
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	NM='$(NM)'; export NM; \
	OPTIMISE='$(CFLAGS)'; export OPTIMISE; \
	builddir='$(abs_builddir)'; export builddir; \
	RUNTIME_DIRECTORY="$${TMPDIR:-/tmp}/zigttpd-check-$$(id -u)"; export RUNTIME_DIRECTORY; \
	ZIGTTP='$(abs_builddir)/zigttp'; export ZIGTTP; \
	ZIGTTPD='$(abs_builddir)/zigttpd'; export ZIGTTPD; \
	ZIGTTPCTL='$(abs_builddir)/zigttpctl'; export ZIGTTPCTL;

EXTRA_DIST += tests/daemon.py tests/ports.py tests/scratch.py

include tests/house/local.mk
include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/js/local.mk
include tests/npm/local.mk
include tests/frameworks/local.mk
include tests/examples/local.mk
include tests/reference/local.mk
include tests/transpile/local.mk
include tests/stage/local.mk
include tests/carets/local.mk
include tests/test262/local.mk
include tests/http/local.mk
include tests/proc/local.mk
include tests/cache/local.mk
include tests/web/local.mk

# What the last `make check` counted, in one total.
check-summary:
	@$(SHELL) $(srcdir)/tests/house/summary.sh .
PHONY_TARGETS += check-summary
