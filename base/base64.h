/* base64.h: base64 and base64url (RFC 4648). Pure. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

extern const char base64_digits[64];
/* The digit of six bits; url: in the other alphabet. */
char base64_digit(uint32_t six, bool url);
/* What the digit stands for, in either alphabet when `url`; -1: no digit. */
int base64_value(uint32_t c, bool url);
/* url: the other two digits, and no padding. */
void base64_encode(struct buf *out, struct sv s, bool url);
/* Either alphabet, with or without padding. False: malformed; out may have grown. */
bool base64_decode(struct buf *out, struct sv s);

#endif
