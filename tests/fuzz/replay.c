/* replay.c: a main() for fuzz targets without libFuzzer. Feeds every file of
 * the corpus folders (or the files) named on the command line to the target and
 * prints "N passed, N failed"; a crash ends the process, which is the failure.
 * Default folder: $srcdir/tests/fuzz/corpus/NAME for a program fuzz_NAME.
 * Called by `make check`. Must not know what the target tests. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned done, unreadable;
static char current[4096];

static void feed(const char *path)
{
	struct buf b = { 0 };
	uint8_t *exact;

	if (fd_read_file(path, 64u << 20, &b) < 0) {
		perror(path);
		unreadable++;
		return;
	}
	/* An exact malloc, so that a sanitizer sees the end of the input. */
	exact = malloc(b.len ? b.len : 1);
	if (!exact)
		abort();
	memcpy(exact, b.p, b.len);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(exact, b.len);
	free(exact);
	buf_free(&b);
	done++;
}

static void visit(const char *path)
{
	struct dirent **list;
	struct stat st;
	int n;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		feed(path);
		return;
	}
	n = scandir(path, &list, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.') {
			snprintf(current, sizeof(current), "%s/%s", path, list[i]->d_name);
			feed(current);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

int main(int argc, char **argv)
{
	const char *src = getenv("srcdir"), *name = strrchr(argv[0], '/');
	char dir[4096];

	name = name ? name + 1 : argv[0];
	if (argc == 1 && !strncmp(name, "fuzz_", 5)) {
		snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s", src ? src : ".", name + 5);
		visit(dir);
	}
	for (int i = 1; i < argc; i++)
		visit(argv[i]);
	printf("%u passed, %u failed\n", done, unreadable);
	return unreadable != 0;
}
