# tests/npm/: packages from npm against Node. `make check` runs the quick ones,
# or says that it could not; `make npm` runs all.
TESTS += %D%/npm.sh
EXTRA_DIST += %D%/npm.sh %D%/run.py %D%/package.json %D%/package-lock.json
DIST_DIRS += tests/npm/drivers
npm: zigttp
	$(AM_TESTS_ENVIRONMENT) python3 $(srcdir)/%D%/run.py --all
PHONY_TARGETS += npm
clean-local:
	rm -rf npm-cache transpile-cache frameworks-cache examples-cache
