/* settings.h: making struct settings from its table. */
#ifndef SUPERVISOR_SETTINGS_H
#define SUPERVISOR_SETTINGS_H

#include "worker/settings.h"

/* Every setting at its default; no apps, no files, no addresses. */
void settings_defaults(struct settings *s);

#endif
