# tests/web/: scripts that print the same under `zigttp run` and under Node.
TESTS += %D%/run.sh
EXTRA_DIST += %D%/run.sh
DIST_DIRS += tests/web
