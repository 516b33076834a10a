# tests/frameworks/: frameworks from npm in zigttpd, against Node.
if ENABLE_SERVER
TESTS += %D%/frameworks.sh
endif
EXTRA_DIST += %D%/frameworks.sh %D%/run.py %D%/corpus.py %D%/node_server.mjs %D%/package.json %D%/package-lock.json
DIST_DIRS += tests/frameworks/apps
