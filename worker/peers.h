/* peers.h: how many connections one client address holds, over all workers.
 * Each worker counts its own in its slot of shared memory and reads the others'. */
#ifndef WORKER_PEERS_H
#define WORKER_PEERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/hash.h"
#include "shm/layout.h"

/* A new worker in this slot has no connections. */
void peers_reset(struct shm_slot *slot);
/* The key of an address: IPv4 whole (mapped ones too), IPv6 by its /64, which is
 * what one client has. 0: an address that is not counted (unix socket). */
uint32_t peers_key(const struct hash_key *k, const struct sockaddr_storage *a);
/* Counts one more connection of key. False: not counted, there is no room. */
bool peers_add(struct shm_slot *slot, uint32_t key);
void peers_remove(struct shm_slot *slot, uint32_t key);
/* Connections of key on all live workers. Whoever adds first and asks then sees
 * every connection counted before its own. */
uint32_t peers_count(struct shm_header *shm, uint32_t key);

#endif
