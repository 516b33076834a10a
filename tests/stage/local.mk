# tests/stage/: golden dumps of every stage of the pipeline.
TESTS += %D%/run.sh
DIST_DIRS += tests/stage
update-stage: zigttp$(EXEEXT)
	ZIGTTP='$(abs_builddir)/zigttp' $(SHELL) $(srcdir)/tests/stage/run.sh --update
PHONY_TARGETS += update-stage
