/* ucdprop.c: Unicode properties by name, from the table that base/gen_ucdprop.c
 * prints. Pure; called by regular expressions while they are compiled. */
#include "base/ucd.h"

#include <string.h>

#include "base/check.h"
#include "base/ucdprop_table.h"

int ucd_property(char kind, const char *name)
{
	const char *p = UCDP_names;

	for (size_t i = 0; i < ARRAY_LEN(UCDP_name_set); i++, p += strlen(p) + 1)
		if (p[0] == kind && strcmp(p + 1, name) == 0)
			return UCDP_name_set[i];
	return -1;
}

static uint32_t number(const uint8_t *bytes, uint32_t *at)
{
	uint32_t v = 0, shift = 0, b;

	do {
		b = bytes[(*at)++];
		v |= (b & 127) << shift;
		shift += 7;
	} while (b & 128);
	return v;
}

bool ucd_next_range(struct ucd_ranges *r, uint32_t *lo, uint32_t *hi)
{
	if (r->n == UCDP_sets[r->set].n)
		return false;
	if (r->n++ == 0)
		r->at = UCDP_sets[r->set].at;
	*lo = r->next + number(UCDP_bytes, &r->at);
	*hi = *lo + number(UCDP_bytes, &r->at);
	r->next = *hi + 1;
	return true;
}

unsigned ucd_string_property(const char *name)
{
	for (unsigned i = 0; i < ARRAY_LEN(UCDP_strings); i++)
		if (strcmp(UCDP_strings[i], name) == 0)
			return 1u << i;
	return strcmp(name, "RGI_Emoji") == 0 ? (1u << ARRAY_LEN(UCDP_strings)) - 1 : 0;
}

uint32_t ucd_next_string(unsigned types, uint32_t *at, uint32_t cp[16])
{
	while (*at < sizeof UCDP_sequences) {
		uint32_t type = number(UCDP_sequences, at), n = number(UCDP_sequences, at);

		for (uint32_t i = 0; i < (n == 1 ? 2 : n); i++)
			cp[i] = number(UCDP_sequences, at);
		if (types >> type & 1)
			return n;
	}
	return 0;
}
