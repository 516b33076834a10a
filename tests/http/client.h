/* client.h: what the server tests share: starting a zigttpd on a free loopback
 * port, and a plain blocking HTTP/1 client that shows what is on the wire. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A configuration file for daemon_start; NULL: none. */
extern const char *daemon_conf;
struct daemon { pid_t pid; int port; const char *log; };

/* A port on which nobody listens, and that no other test takes until this
 * process ends. */
int port_take(void);
/* Starts DAEMON -n WORKERS handler on a port of 19000..19999, standard error
 * into the file `log`; waits until it answers. $ZIGTTPD_IO is its --io. Ends the test run when it does
 * not within 10 s. */
void daemon_start(struct daemon *d, const char *path, const char *workers, const char *handler, const char *log);
/* SIGTERM, then the exit status as of waitpid; -1 when it takes longer than ms. */
int daemon_stop(struct daemon *d, int ms);
/* Waits for it to exit by itself. */
int daemon_wait(struct daemon *d, int ms);

struct client { int fd; char *buf; size_t len, cap; };
struct answer { int status; char head[4096]; size_t body_len; char *body; /* malloc */ };

/* -1: refused. */
int client_open(struct client *c, int port);
void client_close(struct client *c);
/* Our port of the connection. */
int client_port(const struct client *c);
int client_send(struct client *c, const char *p, size_t n);
/* Reads one response; head_only: it answers HEAD. 0; -1: closed or broken
 * before a whole response came, or ms passed. Frees the answer before. */
int client_read(struct client *c, struct answer *a, bool head_only, int ms);
/* True when the server ends the connection within ms without further bytes. */
bool client_ended(struct client *c, int ms);
void answer_free(struct answer *a);
/* Whole exchange on a new connection: the status, 0 when it failed. */
int client_get(int port, const char *path, int ms);

long now_ms(void);
void sleep_ms(long ms);

/* "ok NAME" or "not ok NAME", counted; test_end prints "N passed, N failed"
 * and returns the exit code. */
void test_is(bool ok, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int test_end(void);

#endif
