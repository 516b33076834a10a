# tests/transpile/: TypeScript against its compiler. `make check` compares some
# packages, or says that it could not, and runs printed cases; `make transpile` all.
TESTS += %D%/transpile.sh %D%/printed.sh
EXTRA_DIST += %D%/transpile.sh %D%/printed.sh %D%/run.py %D%/compare.mjs %D%/package.json %D%/package-lock.json
transpile: zigttp
	$(AM_TESTS_ENVIRONMENT) python3 $(srcdir)/%D%/run.py --all
PHONY_TARGETS += transpile
