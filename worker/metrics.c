/* metrics.c: see metrics.h. Called by the request path for every request. */
#include "worker/metrics.h"

#include "base/check.h"

static void observe(uint64_t *histogram, uint64_t *total, uint64_t *max, uint64_t us)
{
	static const uint64_t bound[SHM_HISTOGRAM - 1] = SHM_BOUNDS_US;
	unsigned i = 0;

	while (i < SHM_HISTOGRAM - 1 && us > bound[i]) /* nearly always the first few */
		i++;
	SHM_ADD(histogram[i], 1);
	SHM_ADD(*total, us);
	if (us > SHM_GET(*max))
		SHM_SET(*max, us);
}

void metrics_response(struct shm_slot *s, uint16_t status)
{
	AN(status >= 100 && status < 600);
	SHM_ADD(s->requests, 1);
	SHM_ADD(s->responses[status / 100], 1);
}

void metrics_request(struct shm_slot *s, uint64_t wait_us, uint64_t exec_us, uint16_t status)
{
	observe(s->wait_us, &s->wait_us_total, &s->wait_us_max, wait_us);
	observe(s->exec_us, &s->exec_us_total, &s->exec_us_max, exec_us);
	metrics_response(s, status);
}
