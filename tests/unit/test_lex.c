/* test_lex.c: tokens of the JavaScript lexer, through dump_tokens: what each
 * source becomes, and what is refused with which message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "engine/front/parse.h"

struct row { const char *text, *want; };

/* Tokens without the line:column in front, separated by " | ", end left out. */
static void tokens_of(const char *text, size_t n, struct buf *out)
{
	struct src s = { .text = text, .len = (uint32_t)n, .file = "t.js" };
	struct buf b = BUF_INIT;
	struct parse_error e;
	char *line, *end;

	if (!dump_tokens(&s, &b, &e)) {
		buf_free(&b);
		buf_printf(out, "error %u:%u %s", e.line, e.col, e.msg);
		buf_cstr(out);
		src_free(&s);
		return;
	}
	for (line = buf_cstr(&b); (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = 0;
		line = strchr(line, ' ') + 1;
		if (strncmp(line, "end of input", 12) == 0)
			break;
		buf_printf(out, "%s%s", out->len ? " | " : "", line);
	}
	buf_cstr(out);
	buf_free(&b);
	src_free(&s);
}

static void check_rows(const struct row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct buf b = BUF_INIT;

		tokens_of(rows[i].text, strlen(rows[i].text), &b);
		if (strcmp(b.p, rows[i].want) != 0)
			fail_msg("%s\n  is:   %s\n  want: %s", rows[i].text, b.p, rows[i].want);
		buf_free(&b);
	}
}

static void numbers(void **state)
{
	static const struct row rows[] = {
		{ "0 1 42 1.5 .5 5. 1e3 1E-2 1_000.5_0", "number 0 | number 1 | number 42 | number 1.5 | number 0.5 | number 5 | number 1000 | number 0.01 | number 1000.5" },
		{ "0xFf 0b101 0o17 0xFFFFFFFFFFFFFFFFFF", "number 255 | number 5 | number 15 | number 4.722366482869645e+21" },
		{ "017 08 09.5 010", "number 15 +octal | number 8 +octal | number 9.5 +octal | number 8 +octal" },
		{ "123456789012345678901234567890 1e400 5e-324", "number 1.2345678901234568e+29 | number Infinity | number 5e-324" },
		{ "9007199254740993 0.1 123456789012345", "number 9007199254740992 | number 0.1 | number 123456789012345" },
		{ "0n 12n 1_0n 0x1Fn", "BigInt \"0\" | BigInt \"12\" | BigInt \"10\" | BigInt \"0x1F\"" },
		{ "1_", "error 1:2 a numeric separator must stand between two digits" },
		{ "1__0", "error 1:2 a numeric separator must stand between two digits" },
		{ "0_1", "error 1:2 a numeric separator cannot follow a leading 0" },
		{ "0x_1", "error 1:3 a numeric separator must stand between two digits" },
		{ "07_1", "error 1:3 a numeric separator is not allowed here" },
		{ "1e_1", "error 1:3 a numeric separator must stand between two digits" },
		{ "0x", "error 1:1 digits are missing after 0x" },
		{ "1e+", "error 1:1 digits are missing in the exponent" },
		{ "3in", "error 1:2 an identifier or digit directly after a number" },
		{ "0b12", "error 1:4 an identifier or digit directly after a number" },
		{ "01n", "error 1:3 an identifier or digit directly after a number" },
		{ "1.5n", "error 1:4 an identifier or digit directly after a number" },
		{ "1\\u0061", "error 1:2 an identifier or digit directly after a number" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void strings(void **state)
{
	static const struct row rows[] = {
		{ "'' \"a'b\" 'a\"'", "string \"\" | string \"a'b\" | string \"a\\\"\"" },
		{ "'\\n\\x41\\u0042\\u{43}\\0'", "string \"\\nABC\\x00\" +escaped" },
		{ "'\\101\\8\\08'", "string \"A8\\x008\" +escaped +octal" },
		{ "'\\377\\400'", "string \"\xC3\xBF 0\" +escaped +octal" },
		{ "'a\\\nb\\\r\nc'", "string \"abc\" +escaped" },
		{ "'\\ud83d\\ude00 \xF0\x9F\x98\x80'", "string \"\xF0\x9F\x98\x80 \xF0\x9F\x98\x80\" +escaped" },
		{ "'\\ud83d'", "string \"\xED\xA0\xBD\" +escaped" },
		{ "'\xE2\x80\xA8'", "string \"\xE2\x80\xA8\"" },
		{ "'\xFF\xC3'", "string \"\xEF\xBF\xBD\xEF\xBF\xBD\"" },
		{ "'abc", "error 1:1 this string is never closed" },
		{ "'a\nb'", "error 1:1 this string is never closed" },
		{ "'\\x4'", "error 1:2 \\x must be followed by two hexadecimal digits" },
		{ "'\\u{110000}'", "error 1:2 invalid Unicode escape" },
		{ "'\\u12'", "error 1:2 invalid Unicode escape" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void templates(void **state)
{
	static const struct row rows[] = {
		{ "`a`", "template \"a\" \"a\" +tail" },
		{ "`a${b}c`", "template \"a\" \"a\" | identifier \"b\" | template \"c\" \"c\" +tail" },
		{ "`${{a:`${1}`}}`", "template \"\" \"\" | '{' | identifier \"a\" | ':' | template \"\" \"\" | number 1 | template \"\" \"\" +tail | '}' | template \"\" \"\" +tail" },
		{ "`\\n\r\n`", "template \"\\n\\n\" \"\\\\n\\n\" +tail" },
		{ "`\\u{`", "template (invalid escape) \"\\\\u{\" +tail" },
		{ "`\\01`", "template (invalid escape) \"\\\\01\" +tail" },
		{ "`$ $a }`", "template \"$ $a }\" \"$ $a }\" +tail" },
		{ "`a", "error 1:1 this template is never closed" },
		{ "`${1}a", "error 1:5 this template is never closed" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void identifiers(void **state)
{
	static const struct row rows[] = {
		{ "a $ _a1 \xC3\xA9t\xC3\xA9 \xF0\xA0\xAE\xB7", "identifier \"a\" | identifier \"$\" | identifier \"_a1\" | identifier \"\xC3\xA9t\xC3\xA9\" | identifier \"\xF0\xA0\xAE\xB7\"" },
		{ "\\u0061b a\\u{62}", "identifier \"ab\" +escaped | identifier \"ab\" +escaped" },
		{ "if \\u0069f let l\\u0065t", "if | reserved word with escapes +escaped | let | identifier \"let\" +escaped" },
		{ "#a #\\u0062", "private name \"a\" | private name \"b\"" },
		{ "a\xE2\x80\x8D" "b", "identifier \"a\xE2\x80\x8D" "b\"" },
		{ "\\u0031a", "error 1:1 U+0031 cannot be part of an identifier" },
		{ "a\\x61", "error 1:2 invalid escape in an identifier" },
		{ "#1", "error 1:1 unexpected character '#'" },
		{ "a # b", "error 1:3 unexpected character '#'" },
		{ "\xE2\x82\xAC", "error 1:1 unexpected character U+20AC" },
		{ "\x01", "error 1:1 unexpected character U+0001" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void punctuators(void **state)
{
	static const struct row rows[] = {
		{ "?.a ?.5 ?? ?" "?= ?", "'?.' | identifier \"a\" | '?' | number 0.5 | '?" "?' | '?" "?=' | '?'" },
		{ "a>>>=b>>>c>>=d>>e>=f>g", "identifier \"a\" | '>>>=' | identifier \"b\" | '>>>' | identifier \"c\" | '>>=' | identifier \"d\" | '>>' | identifier \"e\" | '>=' | identifier \"f\" | '>' | identifier \"g\"" },
		{ "**= ** *= * &&= && &= & ||= || |= |", "'**=' | '**' | '*=' | '*' | '&&=' | '&&' | '&=' | '&' | '||=' | '||' | '|=' | '|'" },
		{ "<<= << <= < === == = => !== != !", "'<<=' | '<<' | '<=' | '<' | '===' | '==' | '=' | '=>' | '!==' | '!=' | '!'" },
		{ "... . ++ += + -- -= -", "'...' | '.' | '++' | '+=' | '+' | '--' | '-=' | '-'" },
		{ "/= /a", "error 1:5 invalid regular expression flag 'a'" },
		{ "a /= /[/]\\//g", "identifier \"a\" | '/=' | regular expression \"[/]\\\\/\" \"g\"" },
		{ "(/a/dgimsuy) / 2", "'(' | regular expression \"a\" \"dgimsuy\" | ')' | '/' | number 2" },
		{ "=/a/gg", "error 1:6 the regular expression flag 'g' is repeated" },
		{ "=/a/x", "error 1:5 invalid regular expression flag 'x'" },
		{ "=/a/uv", "error 1:2 the regular expression flags 'u' and 'v' exclude each other" },
		{ "=/a\n/", "error 1:2 this regular expression is never closed" },
		{ "=/a/\\u0067", "error 1:5 escapes are not allowed in regular expression flags" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void space(void **state)
{
	static const struct row rows[] = {
		{ "#!x\na", "identifier \"a\" +newline" },
		{ "\xEF\xBB\xBF" "a\xC2\xA0/*\n*/b//c\xE2\x80\xA9" "d", "identifier \"a\" | identifier \"b\" +newline | identifier \"d\" +newline" },
		{ "a<!--b\n--> c\nd /**/ --> e", "identifier \"a\" | identifier \"d\" +newline | '--' | '>' | identifier \"e\"" },
		{ "/*\n*/ --> x\n1", "number 1 +newline" },
		{ "--> x", "" },
		{ "/* a", "error 1:1 this comment is never closed" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void nul_bytes(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	tokens_of("'a\0b'", 5, &b);
	assert_string_equal(b.p, "string \"a\\x00b\"");
	b.len = 0;
	tokens_of("a\0", 2, &b);
	assert_string_equal(b.p, "error 1:2 unexpected character U+0000");
	buf_free(&b);
}

static void positions(void **state)
{
	static const char text[] = "a\r\nb\xF0\x9F\x98\x80" "c\rd\xE2\x80\xA8" "e\n";
	struct src s = { .text = text, .len = sizeof(text) - 1, .file = "t.js" };
	uint32_t line, col, start, len;

	(void)state;
	src_line_col(&s, 0, &line, &col);
	assert_int_equal(line * 100 + col, 101);
	src_line_col(&s, 8, &line, &col); /* c, behind a pair */
	assert_int_equal(line * 100 + col, 204);
	src_line_col(&s, 10, &line, &col);
	assert_int_equal(line * 100 + col, 301);
	src_line_col(&s, 14, &line, &col);
	assert_int_equal(line * 100 + col, 401);
	src_line_col(&s, 999, &line, &col);
	assert_int_equal(line * 100 + col, 501);
	src_line_range(&s, 2, &start, &len);
	assert_int_equal(start, 3);
	assert_int_equal(len, 6);
	src_free(&s);
}

static void name_table(void **state)
{
	struct arena a = ARENA_INIT;
	struct names t;
	struct name *n;
	char text[16];
	int i;

	(void)state;
	names_init(&t, &a);
	assert_ptr_equal(names_cstr(&t, "abc"), names_intern(&t, "abcd", 3));
	assert_ptr_equal(names_cstr(&t, "constructor"), t.known[WK_constructor]);
	n = names_cstr(&t, "4294967294");
	assert_true(n->flags & NAME_IS_INDEX);
	assert_int_equal(n->index, 4294967294u);
	assert_false(names_cstr(&t, "4294967295")->flags & NAME_IS_INDEX);
	assert_false(names_cstr(&t, "01")->flags & NAME_IS_INDEX);
	assert_false(names_cstr(&t, "-1")->flags & NAME_IS_INDEX);
	assert_false(names_cstr(&t, "")->flags & NAME_IS_INDEX);
	assert_true(names_cstr(&t, "0")->flags & NAME_IS_INDEX);
	assert_true(names_cstr(&t, "x\xED\xA0\x80")->flags & NAME_LONE);
	assert_false(names_cstr(&t, "\xED\x9F\xBF")->flags & (NAME_LONE | NAME_ASCII));
	for (i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "n%d", i);
		names_cstr(&t, text)->scratch = &text[i % 16];
	}
	for (i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "n%d", i);
		assert_ptr_equal(names_cstr(&t, text)->scratch, &text[i % 16]);
	}
	names_free(&t);
	arena_free(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers), cmocka_unit_test(strings), cmocka_unit_test(templates),
		cmocka_unit_test(identifiers), cmocka_unit_test(punctuators), cmocka_unit_test(space),
		cmocka_unit_test(nul_bytes), cmocka_unit_test(positions), cmocka_unit_test(name_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
