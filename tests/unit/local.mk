# tests/unit/: cmocka programs, one a subject.
if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
UNIT_TESTS = \
	tests/unit/test_ast \
	tests/unit/test_base \
	tests/unit/test_code \
	tests/unit/test_date \
	tests/unit/test_draft \
	tests/unit/test_heap \
	tests/unit/test_isolation \
	tests/unit/test_lex \
	tests/unit/test_limits \
	tests/unit/test_modules \
	tests/unit/test_num \
	tests/unit/test_object \
	tests/unit/test_parity \
	tests/unit/test_parse \
	tests/unit/test_regexp \
	tests/unit/test_requests \
	tests/unit/test_str \
	tests/unit/test_ucd

tests_unit_test_ast_SOURCES = %D%/test_ast.c
tests_unit_test_base_SOURCES = %D%/test_base.c
tests_unit_test_code_SOURCES = %D%/test_code.c
tests_unit_test_date_SOURCES = %D%/test_date.c
tests_unit_test_draft_SOURCES = %D%/test_draft.c
tests_unit_test_heap_SOURCES = %D%/test_heap.c
tests_unit_test_isolation_SOURCES = %D%/test_isolation.c
tests_unit_test_lex_SOURCES = %D%/test_lex.c
tests_unit_test_limits_SOURCES = %D%/test_limits.c %D%/stuck_cases.def
tests_unit_test_modules_SOURCES = %D%/test_modules.c
tests_unit_test_num_SOURCES = %D%/test_num.c
tests_unit_test_object_SOURCES = %D%/test_object.c
tests_unit_test_parity_SOURCES = %D%/test_parity.c
tests_unit_test_parse_SOURCES = %D%/test_parse.c
tests_unit_test_regexp_SOURCES = %D%/test_regexp.c %D%/redos.def
tests_unit_test_requests_SOURCES = %D%/test_requests.c
tests_unit_test_str_SOURCES = %D%/test_str.c
tests_unit_test_ucd_SOURCES = %D%/test_ucd.c
