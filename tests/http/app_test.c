/* app_test.c: which app a request is for: the table of cases of worker/app.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/check.h"
#include "worker/app.h"

static const struct app_setting many[] = {
	{ .name = "all" },
	{ .name = "api", .path = "/api" },
	{ .name = "v2", .path = "/api/v2" },
	{ .name = "shop", .host = "shop.example" },
	{ .name = "cart", .host = "shop.example", .path = "/cart" },
	{ .name = "six", .host = "[::1]", .path = "/six" },
	{ .name = "umlaut", .path = "/\xc3\xbc" },
};
static const struct app_setting narrow[] = { { .name = "api", .path = "/api" }, { .name = "shop", .host = "shop.example" } };

static const struct row {
	const struct app_setting *apps;
	uint32_t n;
	const char *host, *path, *want; /* want NULL: none */
} rows[] = {
#define MANY many, ARRAY_LEN(many)
#define NARROW narrow, ARRAY_LEN(narrow)
	{ MANY, "example.org", "/", "all" },
	{ MANY, "", "/", "all" },
	{ MANY, "example.org", "/api", "api" },
	{ MANY, "example.org", "/api/", "api" },
	{ MANY, "example.org", "/api/x", "api" },
	{ MANY, "example.org", "/apix", "all" },
	{ MANY, "example.org", "/ap", "all" },
	{ MANY, "example.org", "/API", "all" },
	{ MANY, "example.org", "/api/v2", "v2" },
	{ MANY, "example.org", "/api/v2/", "v2" },
	{ MANY, "example.org", "/api/v23", "api" },
	{ MANY, "example.org", "/%61pi/x", "api" },
	{ MANY, "example.org", "/api%2fv2", "v2" },
	{ MANY, "example.org", "/api%2Fv2%2fx", "v2" },
	{ MANY, "example.org", "/%2561pi", "all" },
	{ MANY, "example.org", "/%c3%bc/x", "umlaut" },
	{ MANY, "example.org", "/api%", "all" },
	{ MANY, "example.org", "/%6", "all" },
	{ MANY, "example.org", "*", "all" },
	{ MANY, "example.org", "", "all" },
	{ MANY, "shop.example", "/", "shop" },
	{ MANY, "SHOP.Example", "/", "shop" },
	{ MANY, "shop.example:8080", "/", "shop" },
	{ MANY, "shop.example:", "/", "shop" },
	{ MANY, "shop.example.", "/", "shop" },
	{ MANY, "shop.example.:80", "/", "shop" },
	{ MANY, "shop.example", "/cart/1", "cart" },
	/* A named host is not shared, whatever the path. */
	{ MANY, "shop.example", "/api/v2", "shop" },
	{ MANY, "x.shop.example", "/", "all" },
	{ MANY, "shop.example2", "/", "all" },
	{ MANY, "[::1]:80", "/six", "six" },
	{ MANY, "[::1]", "/six", "six" },
	{ MANY, "[::1]", "/", "all" },
	{ NARROW, "example.org", "/api/1", "api" },
	{ NARROW, "example.org", "/", NULL },
	{ NARROW, "shop.example", "/anything", "shop" },
	{ NARROW, "shop.example", "/api", "shop" },
	{ many, 1, "anything", "/whatever", "all" },
	{ many, 0, "anything", "/", NULL },
};

static void cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		int got = app_match(r->apps, r->n, sv_of(r->host), sv_of(r->path));

		if ((got < 0) != !r->want || (got >= 0 && strcmp(r->apps[got].name, r->want) != 0))
			fail_msg("%s%s: %s instead of %s", r->host, r->path, got < 0 ? "none" : r->apps[got].name,
				 r->want ? r->want : "none");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
