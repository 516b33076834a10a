/* libcrypto.h: OpenSSL's libcrypto, opened when it is first needed: linking it would
 * cost every start some milliseconds. One process, one library: the state is static,
 * and inherited by forks. */
#ifndef WEB_LIBCRYPTO_H
#define WEB_LIBCRYPTO_H

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

struct libcrypto {
#define F(name) __typeof__(&name) name;
#include "web/libcrypto.def"
};

/* NULL before libcrypto_open has succeeded. */
extern const struct libcrypto *lc;
/* NULL, or why it cannot be had. Reads files: before the sandbox. */
const char *libcrypto_open(void);

#endif
