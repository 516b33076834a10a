/* settings.c: see settings.h. Called by the supervisor's start and reload. */
#include "supervisor/settings.h"

#define DEFAULT_BOOL(v)   v
#define DEFAULT_COUNT(v)  v
#define DEFAULT_BYTES(v)  v
#define DEFAULT_TIME(v)   (uint64_t)(v) * 1000000u
#define DEFAULT_TEXT(v)   v
#define DEFAULT_CHOICE(v) v

void settings_defaults(struct settings *s)
{
	*s = (struct settings){
#define SETTING(kind, field, section, key, dflt, lo, hi, opt, help) .field = DEFAULT_##kind(dflt),
#include "worker/settings.def"
#undef SETTING
	};
}
