/* net.h: one worker's connections and timers behind an interface that says
 * nothing of io_uring: uring.c and epoll.c both implement it. Pull style: the
 * worker asks for the next event; only net_pump calls back.
 *
 * All functions belong to one thread, the one that called net_create, and a
 * net is never carried across fork. */
#ifndef WORKER_NET_NET_H
#define WORKER_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buf.h"

struct net;

#define NET_CONN_MAGIC 0x434f4e4eu
#define NET_NEVER UINT64_MAX
#define NET_LISTENERS 8         /* at most */
#define NET_GIVE_MAX 65536u     /* bytes that may go along with a connection */

/* The part of a connection that the backend knows; callers embed it first in
 * their own struct. Fields are read-only to callers except `deadline`. */
struct net_conn {
	uint32_t magic;
	int fd;
	uint32_t index;         /* in the table of open connections */
	uint8_t ops;            /* operations the kernel still owns */
	bool receiving, pausing, cancelling;
	bool sending, lingering;
	bool closing;           /* given away or closed: no longer the caller's */
	bool last;              /* close when all is sent */
	bool untold;            /* NET_ADOPTED, or NET_SENT for what went out while a
	                         * handler ran, is still to come: leave it alone */
	uint32_t offered;       /* by the net_pump of this number, in vain */
	uint64_t deadline;      /* net_now() time of NET_TIMEOUT; NET_NEVER */
	struct buf out;         /* being filled, or being sent */
	size_t out_sent;
	uint64_t taken;         /* bytes that the kernel ever took of us */
	uint64_t send_began;    /* net_now() when the send under way began */
	uint64_t paced, paced_bytes; /* when its pace was last looked at; bytes that the
	                         * peer had then */
	struct net_extra *extra; /* what is sent behind `out` */
	struct net_give *give;  /* on its way to a sibling */
	struct net_watch *watch; /* epoll.c */
	struct net_conn *next_free;
};

enum net_event_kind {
	NET_DATA,      /* p[0..n): bytes arrived; valid until the next net_next */
	NET_SENT,      /* everything given to net_send… has been taken by the kernel */
	NET_EOF,       /* the peer has finished, or the connection is broken: clean
	                * up and net_close */
	NET_TIMEOUT,   /* deadline passed; it is NET_NEVER now */
	NET_ADOPTED,   /* c is new here: handed over by a sibling, or one of ours that
	                * net_give could not get rid of. p[0..n): bytes already read
	                * of it, valid until the next net_next. Not read from until
	                * net_receive. */
	NET_FD,        /* a descriptor came through the inbox: fd, n = its kind; the
	                * caller owns it */
	NET_TICK,      /* at least every second, and when a net_alarm is due */
	NET_TERM,      /* SIGTERM arrived */
	NET_ORPHAN     /* nobody holds the other end of status_fd any more */
};
struct net_event {
	enum net_event_kind kind;
	int fd;
	struct net_conn *c;
	const char *p;
	size_t n;
};

/* NET_AUTO: io_uring, or epoll where that is refused. */
enum net_backend { NET_AUTO, NET_URING, NET_EPOLL };

struct net_config {
	int listen_fd[NET_LISTENERS]; /* non-blocking */
	uint32_t nlisten;
	int inbox_fd;           /* read end of a SEQPACKET pair, see worker/inbox.h;
	                         * -1: none */
	int status_fd;          /* watched for NET_ORPHAN; -1: not */
	uint32_t io;            /* enum net_backend */
	uint32_t max_conns;
	size_t conn_bytes;      /* of the caller's struct; zeroed for a new connection */
	uint64_t open_ns;       /* first deadline of a new connection */
	uint64_t stall_ns;      /* in each period of this length… */
	uint64_t send_rate;     /* …a client that is being sent to takes so many bytes a
	                         * second, on average; 0: at least one byte */
	uint64_t *complained;   /* shared by all workers: CLOCK_MONOTONIC of the last
	                         * line about accept; NULL: each has its own */
	uint32_t *refusal_said; /* shared by all workers: 1 once the log has the reason for
	                         * which there is no io_uring; NULL: each tells */
	int *peers;             /* [npeers]: write ends of the inboxes of siblings; -1 where it is
	                         * not known yet: filled in when it arrives */
	uint32_t npeers;
	/* Sizes of the ring; 0: chosen. nbuf is a power of two. */
	uint32_t sq_entries, cq_entries, nbuf;
};
struct net_counters {
	uint64_t accepted, cq_overflows, accept_pauses, bytes_in, bytes_out;
	uint64_t enobufs;       /* times that no buffer was left to receive into */
	uint64_t given, adopted; /* connections that left and came through inboxes */
};

/* For a process that forks workers, before it lays a filter on itself: notes what its
 * children need to tell the cause of a refusal, and when `io` demands io_uring looks
 * whether it is to be had. 0, or an errno with *err in words. */
int net_look(uint32_t io, const char **err);

/* Does beforehand, in any thread, what takes net_create of this process longest, for at
 * most so many connections; what goes wrong is left to net_create. A process that does
 * not call that, such as a copy of the one that will, calls net_ahead_end. */
void net_ahead(uint32_t io, uint32_t max_conns);
void net_ahead_end(void);

/* Makes the backend and arms the first accepts. NULL: *err says in words which
 * call was refused and why (sysctl, seccomp, old kernel); static text. With
 * NET_AUTO a refused io_uring is logged, not an error. */
struct net *net_create(const struct net_config *cfg, const char **err);
enum net_backend net_backend(const struct net *n);
/* Does the ring take only the operations that net.h needs? Restrictions are
 * set before its first use; 0, or the errno of their refusal (0 for epoll). */
int net_restrict(struct net *n);

/* Waits for and returns the next event. Everything asked for since the last
 * wait is handed to the kernel in the same system call. */
void net_next(struct net *n, struct net_event *ev);
/* Would the next net_next have to ask the kernel? */
bool net_idle(const struct net *n);

/* CLOCK_MONOTONIC of the last wait, and the wall clock's second. */
uint64_t net_now(const struct net *n);
int64_t net_wall_seconds(const struct net *n);
/* Asks for a NET_TICK in about 100 ms (once). */
void net_alarm(struct net *n);
/* The same in `ns`, where the backend can do so. */
void net_wake(struct net *n, uint64_t ns);

/* Keeps NET_DATA coming. No-op when it already does. */
void net_receive(struct net *n, struct net_conn *c);
/* Asks the kernel to stop reading for now; NET_DATA may still come until it
 * has. net_receive starts again. */
void net_pause(struct net *n, struct net_conn *c);
/* The buffer to append a response to; not while c->sending. */
struct buf *net_out(struct net *n, struct net_conn *c);
/* Sends what lies in the buffer; NET_SENT when done, NET_EOF when broken. Sets
 * the deadline. */
void net_send(struct net *n, struct net_conn *c);
/* As net_send, with mem[0..len) behind the buffer; the bytes stay in place until
 * NET_SENT, NET_EOF or net_close. */
void net_send_mem(struct net *n, struct net_conn *c, const char *mem, size_t len);
/* As net_send, with len bytes of fd from off behind the buffer. The net owns and
 * closes fd. A file that turns out shorter ends in NET_EOF. */
void net_send_file(struct net *n, struct net_conn *c, int fd, uint64_t off, uint64_t len);
/* net_send, then net_close: c must not be touched afterwards, and no event tells
 * of it. */
void net_send_close(struct net *n, struct net_conn *c);
/* Closes; c must not be touched afterwards. Unsent bytes are lost. */
void net_close(struct net *n, struct net_conn *c);
/* Says FIN, discards what the peer still sends until it finishes or `ns` have
 * passed, then closes: an error reply is not destroyed by a reset. c must not
 * be touched afterwards. */
void net_linger(struct net *n, struct net_conn *c, uint64_t ns);

/* Gives an idle connection (nothing being sent) to the sibling whose inbox has
 * the write end `inbox`, with bytes[0..len), len <= NET_GIVE_MAX, that were read
 * but not used. What arrives before reading could be stopped goes along. c must
 * not be touched afterwards. When the inbox is full or broken the connection
 * comes back as NET_ADOPTED, in a new struct. */
void net_give(struct net *n, struct net_conn *c, int inbox, const void *bytes, size_t len);
/* From inside the handling of an event, when a request runs for long: looks,
 * without blocking, at what has happened meanwhile, and calls take(u, c, p, len)
 * for each connection other than `busy` on which bytes arrived, or that has just
 * been accepted or adopted (len may be 0). True: it was given away with net_give.
 * False: net_next will tell of it; later calls of net_pump offer it again. What
 * is not offered is kept for net_next, in order. */
void net_pump(struct net *n, const struct net_conn *busy,
	      bool (*take)(void *u, struct net_conn *c, const char *p, size_t len), void *u);
/* From inside the handling of an event of `busy`, while its request waits: sleeps
 * until net_now is `until`, a tick, or an event of busy, doing with the others what
 * net_pump does; what nobody would take is offered again every millisecond. *ev is
 * NET_SENT, NET_EOF, NET_DATA of busy (only if it `reads`; else arriving bytes are
 * kept for net_next; p is valid until the next call of the net), or NET_TICK: none of
 * them, look at the clock. An event told here is not told by net_next. */
void net_wait(struct net *n, struct net_conn *busy, uint64_t until, bool reads,
	      bool (*take)(void *u, struct net_conn *c, const char *p, size_t len), void *u, struct net_event *ev);
/* Sends one message into an inbox without waiting; 0 or an errno. The caller
 * keeps fd. Async-signal-safe. */
int net_inbox_send(int inbox, uint32_t kind, int fd, const void *bytes, size_t len);

/* A connection seen by net_last_look: its struct (NULL: new, nobody knows it),
 * and p[0..n): what was received of it and not told, n <= NET_LAST_MAX. */
typedef void net_last_fn(void *u, const struct net_conn *c, int fd, const char *p, size_t n);
#define NET_LAST_MAX (2 * NET_GIVE_MAX)
/* The last act of a process that dies by a signal, from its handler: what was
 * given to net_send… goes out as far as it can at once, then fn is called for each
 * connection other than `busy` on which nothing is under way, so that it can be
 * sent to a sibling. Nothing of the net may be called afterwards. Calls only what
 * is async-signal-safe; changes nothing but fields of connections. */
void net_last_look(struct net *n, const struct net_conn *busy, net_last_fn *fn, void *u);

/* The peer's address; AF_UNSPEC when unknown. Valid until the next call. */
const struct sockaddr_storage *net_peer(struct net *n, struct net_conn *c);

/* Takes what waits in the listeners' queues, then no more connections; those that
 * raced with the cancel are still served. Connections still come through the
 * inbox. May be called again. */
void net_stop_accept(struct net *n);
/* With `most` connections or more a worker has its share: each further one is
 * left to others for a millisecond. UINT32_MAX, as at first: max_conns. */
void net_set_share(struct net *n, uint32_t most);
/* Open connections, lingering ones included. */
uint32_t net_count(const struct net *n);
struct net_conn *net_at(const struct net *n, uint32_t i);
void net_counters(const struct net *n, struct net_counters *out);

#endif
