/* settings.h: what the operator asked for, as one plain struct. Filled by the
 * supervisor before the zygote is forked, read by everybody, changed by nobody
 * afterwards: a reload makes a new one for the new generation. */
#ifndef WORKER_SETTINGS_H
#define WORKER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APPS_MAX   32
#define STATICS_MAX 16
#define LISTEN_MAX 8

/* One handler and the requests that are its own: those whose Host is `host`
 * (NULL: any) and whose path begins with `path` (NULL: any) at a segment
 * boundary. The longest path wins, a named host before any host. */
struct app_setting { const char *name, *handler, *code, *host, *path; };
/* Files below `root` answer GET and HEAD of paths below `prefix`. What has no
 * file goes on to the handler. */
struct static_setting { const char *name, *root, *prefix; };

/* Words of CHOICE settings, in their order in the table. */
enum { ISOLATION_REQUEST, ISOLATION_WORKER };
enum { IO_AUTO, IO_URING, IO_EPOLL };
enum { SANDBOX_AUTO, SANDBOX_ON, SANDBOX_OFF };
enum { ACCESS_TEXT, ACCESS_JSON };

#define SETTING_C_BOOL   bool
#define SETTING_C_COUNT  uint64_t
#define SETTING_C_BYTES  uint64_t
#define SETTING_C_TIME   uint64_t
#define SETTING_C_TEXT   const char *
#define SETTING_C_FILE   const char *
#define SETTING_C_ROUTE  const char *
#define SETTING_C_CHOICE uint32_t

struct settings {
#define SETTING(kind, field, section, key, dflt, lo, hi, opt, help) SETTING_C_##kind field;
#include "worker/settings.def"
#undef SETTING
	uint32_t napps, nstatics, nlisten;
	struct app_setting app[APPS_MAX];
	struct static_setting statics[STATICS_MAX];
	const char *listen[LISTEN_MAX];  /* "host:port" as given */
};

#endif
