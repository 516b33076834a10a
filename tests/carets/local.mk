# tests/carets/: messages about mistakes, with position, line and caret.
TESTS += %D%/run.sh %D%/serve.sh
DIST_DIRS += tests/carets
