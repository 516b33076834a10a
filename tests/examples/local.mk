# tests/examples/: every file and folder of examples/ as a server, and one of them
# in a browser. Both install packages of npm below the build directory.
if ENABLE_SERVER
TESTS += %D%/run.sh %D%/browser.sh
endif
EXTRA_DIST += %D%/run.sh %D%/cases.py %D%/browser.sh %D%/browser.mjs %D%/package.json %D%/package-lock.json
