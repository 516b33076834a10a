/* part.h: what net.c and the two backends share. Nobody else includes it.
 *
 * net.c owns the table of connections, deadlines, counters, the queue of
 * connections that came or came back, and the signal and reserve descriptors;
 * a backend owns readiness and completions and embeds struct net first. */
#ifndef WORKER_NET_PART_H
#define WORKER_NET_PART_H

#include "worker/inbox.h"
#include "worker/net/net.h"

#define SPARES 16
#define SPARE_MAX 32768u            /* larger response buffers are freed at once */
#define BUF_BYTES 16384u            /* of one receive */
#define PIECE_BYTES 65536u          /* of a file at a time */
#define ACCEPT_DRAIN 7
#define REST_NS 1000000u            /* before an accept that others should make */
#define TICK_NS 1000000000u
#define ALARM_NS 100000000u
#define OFFER_NS 1000000u           /* how often net_wait offers what nobody took */
/* A message: bytes given, and what still arrived for them. */
#define INBOX_BYTES (2 * NET_GIVE_MAX)

/* Behind `out`: memory of the caller's, or pieces of a file, read one by one
 * into `piece`. */
struct net_extra {
	struct msghdr msg;
	struct iovec iov[2];
	const char *mem;
	size_t len;             /* of mem not yet sent */
	int fd;                 /* file; -1 */
	uint64_t off, left;     /* of the file not yet read */
	char *piece;
	struct net_extra *next;
};

struct net_give { int inbox; struct buf bytes; };

/* What waits to be told as NET_ADOPTED, or as NET_FD when c is NULL. */
struct back {
	struct net_conn *c;
	struct buf bytes;
	int fd;
	uint32_t kind;
};

struct net_last;
struct net_ops {
	enum net_backend backend;
	void (*next)(struct net *, struct net_event *);
	bool (*idle)(const struct net *);
	void (*alarm)(struct net *);
	void (*wake)(struct net *, uint64_t ns); /* NULL: alarm is all there is */
	void (*opened)(struct net *, struct net_conn *);  /* into the table */
	void (*receive)(struct net *, struct net_conn *);
	void (*pause)(struct net *, struct net_conn *);
	void (*send)(struct net *, struct net_conn *);    /* out, then extra */
	void (*stop)(struct net *, struct net_conn *);    /* a closing connection:
	                                                   * what is under way ends,
	                                                   * then net_conn_done */
	const struct buf *(*unread)(struct net *, struct net_conn *); /* received, not
	                                                   * told; NULL: never any */
	void (*freed)(struct net *, struct net_conn *);   /* just before close(2) */
	void (*accept_stop)(struct net *);
	void (*pump)(struct net *, const struct net_conn *,
		     bool (*)(void *, struct net_conn *, const char *, size_t), void *);
	/* Parts of net_wait: looks at what there is, filling *ev with an event of busy;
	 * sleeps until something completes, or so long. */
	void (*look)(struct net *, struct net_conn *busy, bool reads,
		     bool (*)(void *, struct net_conn *, const char *, size_t), void *, struct net_event *);
	void (*doze)(struct net *, uint64_t ns);
	bool (*keeps)(const struct net *, const struct net_conn *busy); /* bytes that others should take */
	int (*restrict_)(struct net *);
	/* net_last_look: prepares; then, for one connection, appends what was received
	 * of it and not told. False: something is under way on it. NULL: nothing is
	 * on its way but what `sending` says. */
	void (*last)(struct net *, net_last_fn *, void *);
	bool (*last_of)(struct net *, struct net_conn *, struct net_last *);
};
struct net_last { char *p; size_t n; };
void net_last_put(struct net_last *l, const char *p, size_t n);

struct net {
	const struct net_ops *ops;
	struct net_config cfg;
	struct net_conn **conns, *free_list;
	uint32_t nconns, cap;
	uint32_t scan;              /* next connection whose deadline is looked at */
	bool scanning, tick_due, stopped, inbox_broken;
	uint32_t share;             /* connections beyond which accepting is put off */
	uint64_t now, accept_after, complained, inbox_said;
	int64_t wall;
	int signal_fd, reserve_fd;
	struct buf spare[SPARES];
	unsigned nspare;
	struct net_extra *extras;   /* free ones */
	struct back *back;          /* [back_at, back_n) */
	uint32_t back_at, back_n, back_cap;
	struct buf held;            /* bytes of the NET_ADOPTED told last */
	struct sockaddr_storage peer;
	struct net_counters count;
};

int uring_probe(void);                /* 0, or the errno of io_uring's refusal */
void uring_ahead(const struct net_config *cfg);
void uring_ahead_end(void);
int uring_create(struct net **out, const struct net_config *cfg); /* 0 or errno */
struct net *poller_create(const struct net_config *cfg);
/* Fills the fields of net.c's own. */
void net_setup(struct net *n, const struct net_config *cfg, const struct net_ops *ops);
void net_clock(struct net *n);

struct net_conn *net_open(struct net *n, int fd);
/* Nothing of a closing connection is under way any more: freed, or sent to the
 * sibling it was given to. */
void net_conn_done(struct net *n, struct net_conn *c);
void net_out_release(struct net *n, struct net_conn *c);
/* Received bytes of a connection that is being given away. */
void net_give_more(struct net_conn *c, const char *p, size_t len);

/* Steps of net_next. True: *ev is filled. */
bool net_scan(struct net *n, struct net_event *ev);
bool net_back(struct net *n, struct net_event *ev);
void net_held_drop(struct net *n);
/* Connections that came or came back, offered to net_pump's take. */
void net_back_offer(struct net *n, bool (*take)(void *, struct net_conn *, const char *, size_t), void *u);
void net_back_put(struct net *n, struct net_conn *c, const char *p, size_t len);

/* Takes waiting connections of listener fd, up to `most`, calling opened for each. */
void net_accept_drain(struct net *n, int fd, int most);
bool net_starved(int err);
void net_accept_starved(struct net *n, int fd, int err);
/* How many of `most` are still within our share. */
static inline int net_room(const struct net *n, int most)
{
	return n->nconns >= n->share ? 0 : n->share - n->nconns < (uint32_t)most ? (int)(n->share - n->nconns) : most;
}
static inline bool net_may_accept(const struct net *n)
{
	return !n->stopped && n->nconns < n->cfg.max_conns && n->now >= n->accept_after;
}

/* A piece of the file was read: n bytes, 0 or -errno. False: the file is shorter
 * than promised, or cannot be read. */
bool net_piece(struct net_conn *c, int n);
/* What is to be sent next: *iov[0..return). */
int net_parts(struct net_conn *c, struct iovec iov[2]);
size_t net_left(const struct net_conn *c); /* bytes of them */
/* The deadline of a connection that sends has passed. True: its client takes
 * enough, and has a new one. */
bool net_pace(struct net *n, struct net_conn *c);
/* n bytes were taken. True: all that lies in memory is sent. */
bool net_taken(struct net *n, struct net_conn *c, size_t bytes);
static inline bool net_file_left(const struct net_conn *c)
{
	return c->extra && c->extra->left != 0;
}

/* Room for what recvmsg brings out of an inbox. */
struct inbox_room {
	struct msghdr msg;
	struct iovec iov[2];
	struct inbox_msg head;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(INBOX_FDS * sizeof(int))];
	char *bytes;            /* INBOX_BYTES */
};
void inbox_room_init(struct inbox_room *r);
/* Looks at a message of `got` bytes. Its kind, and its *n descriptors, which are the
 * caller's (one below INBOX_PEER); 0: it was malformed, and they are closed. */
uint32_t inbox_parse(struct inbox_room *r, ssize_t got, int fd[INBOX_FDS], int *n, size_t *len);
/* A message arrived (got: result of recvmsg): queued for net_back. False: the
 * inbox is no more. */
bool net_inbox(struct net *n, struct inbox_room *r, ssize_t got);

#endif
