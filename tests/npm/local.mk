# tests/npm/: packages from npm against Node. `make check` runs the quick ones,
# or says that it could not; `make npm` runs all.
TESTS += %D%/run.sh
EXTRA_DIST += %D%/run.sh %D%/run.py %D%/package.json %D%/package-lock.json
DIST_DIRS += tests/npm/drivers
npm: zigttp
	$(AM_TESTS_ENVIRONMENT) python3 $(srcdir)/%D%/run.py --all
PHONY_TARGETS += npm
clean-local:
	rm -rf npm-cache
