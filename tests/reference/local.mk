# tests/reference/: the handler API's documentation, block by block.
if ENABLE_SERVER
TESTS += %D%/run.sh
endif
EXTRA_DIST += %D%/run.sh %D%/blocks.py %D%/handlers.py %D%/pages.py %D%/typescript.py %D%/commands.py
if HAVE_CMOCKA
check_PROGRAMS += %D%/natives
TESTS += %D%/natives
endif
tests_reference_natives_SOURCES = %D%/natives.c
