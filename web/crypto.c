/* crypto.c: the global crypto (Web Cryptography 10): getRandomValues, randomUUID, and
 * subtle, which js/subtle.js makes. Called by scripts. */
#include "base/random.h"
#include "web/library.h"
#include "web/parts.h"

#define QUOTA 65536

static int crypto_id;

static bool check(struct zigts *vm, zigts_val v)
{
	if (zigts_host_payload(v, crypto_id))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "not a Crypto object");
	return false;
}

static bool draw(struct zigts *vm, void *p, size_t n)
{
	int e = random_fill(p, n);

	if (e == 0)
		return true;
	zigts_throw_dom(vm, "OperationError", "the system gives no randomness: %s", strerror(e));
	return false;
}

static zigts_val m_values(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const char *type = zigts_bytes_type(ZIGTS_ARG(0));
	unsigned char part[256];
	struct zigts_bytes b;

	if (!check(vm, a[0]) || !web_needs(vm, argc, 1, "getRandomValues"))
		return ZIGTS_EXC;
	if (!type || strcmp(type, "ArrayBuffer") == 0 || strcmp(type, "SharedArrayBuffer") == 0)
		return zigts_throw(vm, ZIGTS_TYPE_ERROR, "getRandomValues: the argument must be a typed array");
	if (strcmp(type, "DataView") == 0 || strncmp(type, "Float", 5) == 0)
		return zigts_throw_dom(vm, "TypeMismatchError", "getRandomValues: the array must be one of integers");
	zigts_bytes(vm, ZIGTS_ARG(0), &b);
	if (b.n > QUOTA)
		return zigts_throw_dom(vm, "QuotaExceededError", "getRandomValues: %zu bytes at once are more than %d", b.n, QUOTA);
	for (size_t at = 0; at < b.n; at += sizeof part) {
		size_t n = b.n - at < sizeof part ? b.n - at : sizeof part;

		if (!draw(vm, part, n))
			return ZIGTS_EXC;
		zigts_bytes_write(vm, ZIGTS_ARG(0), at, part, n);
	}
	return ZIGTS_ARG(0);
}

static zigts_val m_uuid(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char b[16];
	char text[36];

	(void)argc;
	if (!check(vm, a[0]) || !draw(vm, b, sizeof b))
		return ZIGTS_EXC;
	random_uuid(b, 4, text);
	return zigts_string(vm, text, sizeof text);
}

static zigts_val g_subtle(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return check(vm, a[0]) ? zigts_library_get(vm, LIBRARY_subtle, "subtle") : ZIGTS_EXC;
}

static const struct zigts_row rows[] = {
	ZIGTS_GETTER("subtle", EFF_CALLS, g_subtle),
	ZIGTS_FN("getRandomValues", 1, EFF_RANDOM | EFF_MUT, m_values),
	ZIGTS_FN("randomUUID", 0, EFF_RANDOM, m_uuid),
};

int crypto_install(struct zigts *vm)
{
	static const struct zigts_class crypto = {
		.name = "Crypto", .payload = 8, .rows = rows, .nrows = WEB_ROWS(rows),
	};

	if (web_class(vm, &crypto, true, &crypto_id) < 0)
		return -1;
	zigts_define(vm, zigts_global(vm), "crypto", zigts_host_new(vm, crypto_id));
	return subtle_install(vm);
}
