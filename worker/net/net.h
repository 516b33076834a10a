/* net.h: one worker's connections and timers behind an interface that says
 * nothing of io_uring, so that another backend can stand in. Pull style: the
 * worker asks for the next event; nothing here calls back.
 *
 * All functions belong to one thread, the one that called net_create, and a
 * net is never carried across fork. */
#ifndef WORKER_NET_NET_H
#define WORKER_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct net;

#define NET_CONN_MAGIC 0x434f4e4eu
#define NET_NEVER UINT64_MAX

/* The part of a connection that the backend knows; callers embed it first in
 * their own struct. Fields are read-only to callers except `deadline`. */
struct net_conn {
	uint32_t magic;
	int fd;
	uint32_t index;         /* in the table of open connections */
	uint8_t ops;            /* operations the kernel still owns */
	bool receiving, pausing, cancelling;
	bool sending, lingering, closing;
	uint64_t deadline;      /* net_now() time of NET_TIMEOUT; NET_NEVER */
	struct buf out;         /* being filled, or being sent */
	size_t out_sent;
	struct net_conn *next_free;
};

enum net_event_kind {
	NET_DATA,      /* p[0..n): bytes arrived; valid until the next net_next */
	NET_SENT,      /* everything given to net_send has been taken by the kernel */
	NET_EOF,       /* the peer has finished, or the connection is broken: clean
	                * up and net_close */
	NET_TIMEOUT,   /* deadline passed; it is NET_NEVER now */
	NET_TICK,      /* at least every second, and when a net_alarm is due */
	NET_TERM,      /* SIGTERM arrived */
	NET_ORPHAN     /* nobody holds the other end of status_fd any more */
};
struct net_event {
	enum net_event_kind kind;
	struct net_conn *c;
	const char *p;
	size_t n;
};

struct net_config {
	int listen_fd;          /* non-blocking */
	int status_fd;          /* watched for NET_ORPHAN; -1: not */
	uint32_t max_conns;
	size_t conn_bytes;      /* of the caller's struct; zeroed for a new connection */
	uint64_t open_ns;       /* first deadline of a new connection */
	uint64_t stall_ns;      /* deadline for each part of a response to be taken */
};
struct net_counters { uint64_t accepted, cq_overflows, accept_pauses, bytes_in, bytes_out; };

/* Makes the ring and arms the first accept. NULL: *err says in words which
 * call was refused and why (sysctl, seccomp, old kernel); static text. */
struct net *net_create(const struct net_config *cfg, const char **err);
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
/* Closes; c must not be touched afterwards. Unsent bytes are lost. */
void net_close(struct net *n, struct net_conn *c);
/* Says FIN, discards what the peer still sends until it finishes or `ns` have
 * passed, then closes: an error reply is not destroyed by a reset. c must not
 * be touched afterwards. */
void net_linger(struct net *n, struct net_conn *c, uint64_t ns);

/* Takes what waits in the listener's queue, then no more connections; those that
 * raced with the cancel are still served. May be called again. */
void net_stop_accept(struct net *n);
/* Open connections, lingering ones included. */
uint32_t net_count(const struct net *n);
struct net_conn *net_at(const struct net *n, uint32_t i);
void net_counters(const struct net *n, struct net_counters *out);

#endif
