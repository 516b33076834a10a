/* ctl_show.h: answers of the control socket as text for people, or as JSON. */
#ifndef CLI_CTL_SHOW_H
#define CLI_CTL_SHOW_H

#include "supervisor/ctl_protocol.h"

void show_status(const msgpack_object *m);
void show_workers(const msgpack_object *m);
void show_slow(const msgpack_object *m);
void show_crashes(const msgpack_object *m);
void show_state(const msgpack_object *m);
/* The text under "text", as it is. */
void show_text(const msgpack_object *m);
/* The whole answer in one line. */
void show_json(const msgpack_object *m);

/* "850 us", "1.2 ms", "3.4 s" and "45 s", "3 min", "5 h", "2 d". */
void show_us(char out[24], uint64_t us);
void show_age(char out[24], uint64_t s);
/* "812 K", "3.4 M". */
void show_kb(char out[24], uint64_t kb);

/* Follows the workers of the server on fd until interrupted; one table when
 * standard output is no terminal. Returns the exit status. */
int top_run(int fd);

#endif
