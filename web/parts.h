/* parts.h: what the files of web/ share. Not for others. */
#ifndef WEB_PARTS_H
#define WEB_PARTS_H

#include "web/web.h"

/* Rows of a table. */
#define WEB_ROWS(t) (sizeof (t) / sizeof (t)[0])

int library_install(struct zigts *vm);
int event_install(struct zigts *vm);
int abort_install(struct zigts *vm);
int performance_install(struct zigts *vm);
int blob_install(struct zigts *vm);
int form_install(struct zigts *vm);
int url_install(struct zigts *vm);
int params_install(struct zigts *vm);
int text_install(struct zigts *vm);
int zip_install(struct zigts *vm);
int crypto_install(struct zigts *vm);
int subtle_install(struct zigts *vm);

/* Milliseconds since the program was loaded; whoever asks has an EFF_TIME in its row. */
double web_now_ms(void);

/* ---- url.c and url_params.c, which show each other's changes ---- */

/* The pairs of an application/x-www-form-urlencoded text, as a flat array. */
zigts_val params_parsed(struct zigts *vm, struct sv text);
/* A URLSearchParams of the query, without "?", of a URL object. */
zigts_val params_of_url(struct zigts *vm, zigts_val url, struct sv query);
/* The URL's query was set: the list becomes that of `query`. 0 or -1. */
int params_refresh(struct zigts *vm, zigts_val params, struct sv query);
/* The list was changed: the URL's query becomes `query`, none if it is empty. 0 or -1. */
int url_set_query(struct zigts *vm, zigts_val url, struct sv query);

#endif
