/* libcrypto.c: see libcrypto.h. */
#include "web/libcrypto.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

const struct libcrypto *lc;

const char *libcrypto_open(void)
{
	static const struct { const char *name; size_t at; } functions[] = {
#define F(name) { #name, offsetof(struct libcrypto, name) },
#include "web/libcrypto.def"
	};
	static struct libcrypto table;
	void *lib;

	if (lc)
		return NULL;
	lib = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
	if (!lib)
		return dlerror();
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
		void *f = dlsym(lib, functions[i].name);

		if (!f)
			return dlerror();
		memcpy((char *)&table + functions[i].at, &f, sizeof f);
	}
	/* No configuration file, no handler at exit, no error strings. */
	if (!table.OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS, NULL))
		return "libcrypto cannot be initialised";
	lc = &table;
	return NULL;
}
