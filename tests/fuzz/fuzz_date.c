/* fuzz_date.c: Date.parse. Input: a byte of options, then text. The same text in 8 and
 * in 16 bits gives the same answer; an answer is a time value; written by any of the
 * forms that Date.parse must understand it is read back, to the second at least. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/api/api.h"
#include "engine/builtins/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __lsan_is_turned_off(void);

/* The machine lives as long as the process. */
int __lsan_is_turned_off(void) { return 1; }

static struct zigts *machine(void)
{
	static struct zigts *z;
	struct zigts_config cfg = { .memory_limit = 64u << 20 };

	if (z == NULL) {
		setenv("TZ", "America/New_York", 1);
		z = zigts_new(&cfg);
		AN(z != NULL);
		AZ(zigts_freeze(z));
	}
	return z;
}

static double parse8(struct vm *vm, const void *p, size_t n)
{
	return date_parse(vm, (struct sview){ .p8 = p, .len = (uint32_t)n, .wide = false });
}

static void check(struct vm *vm, double t)
{
	char text[DATE_TEXT_MAX];
	struct calendar d;
	double floor_s = floor(t / 1000) * 1000;
	size_t n;

	AN(t == trunc(t) && fabs(t) <= 8.64e15);
	calendar_split(t, &d);
	AN(date_make(date_make_day((double)d.year, d.month, d.day), date_make_time(d.hour, d.minute, d.second, d.ms)) == t);
	n = date_to_text(vm, t, DATE_ISO, text);
	AN(n > 0 && n < sizeof text && parse8(vm, text, n) == t);
	(void)date_to_text(vm, t, DATE_LOCALE, text);
	/* As in other engines, small years in the free form mean this century or the
	 * last one, and negative ones are not read. */
	if (d.year <= 100)
		return;
	n = date_to_text(vm, t, DATE_UTC, text);
	AN(parse8(vm, text, n) == floor_s);
	n = date_to_text(vm, t, DATE_FULL, text);
	/* Zones of old times have seconds, which the text leaves out. */
	AN(t < -2e12 ? fabs(parse8(vm, text, n) - floor_s) <= 60000 || isnan(parse8(vm, text, n)) : parse8(vm, text, n) == floor_s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vm *vm = vm_of(machine());
	uint16_t *wide;
	double t, u;
	int64_t number;

	if (size < 1 || size > 1024)
		return 0;
	zigts_begin(machine(), NULL);
	if ((data[0] & 1) && size >= 9) {   /* a time value instead of a text */
		memcpy(&number, data + 1, 8);
		t = date_time_clip((double)(number % 9000000000000000));
	} else {
		wide = malloc(size * 2);
		AN(wide != NULL);
		for (size_t i = 0; i < size; i++)
			wide[i] = data[i];
		t = parse8(vm, data + 1, size - 1);
		u = date_parse(vm, (struct sview){ .p16 = wide + 1, .len = (uint32_t)size - 1, .wide = true });
		free(wide);
		AN(memcmp(&t, &u, sizeof t) == 0 || (isnan(t) && isnan(u)));
	}
	if (!isnan(t))
		check(vm, t);
	zigts_end(machine());
	return 0;
}
