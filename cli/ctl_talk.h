/* ctl_talk.h: one conversation of zigttpctl with a supervisor. */
#ifndef CLI_CTL_TALK_H
#define CLI_CTL_TALK_H

#include "supervisor/ctl_protocol.h"

enum {
	CTL_REFUSED = 1, CTL_USAGE = 64, CTL_NO_SERVER = 69, CTL_PROTOCOL = 76, CTL_DENIED = 77
};

/* Connects to `path`, or (NULL) where the server on `port` has its socket. Returns
 * a descriptor, or a negated exit code after the reason was printed. */
int talk_open(const char *path, uint16_t port);
/* What came back; its texts lie in `raw`. */
struct answer { struct buf raw; msgpack_unpacked m; };
/* Asks for a verb and reads the answer; ms < 0: for as long as it takes. 0 and
 * *a for answer_free, or an exit code after the reason was printed. */
int talk_ask(int fd, const char *verb, int ms, struct answer *a);
/* The same with more than the verb: put adds it to the question. */
int talk_ask_about(int fd, const char *verb, void (*put)(void *u, struct ctl_out *o), void *u, int ms,
		   struct answer *a);
void answer_free(struct answer *a);

#endif
