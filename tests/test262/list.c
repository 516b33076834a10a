/* list.c: finds test files and reads their headers. Called by the runner only;
 * knows nothing of the engine. Memory is never short here: it ends the program. */
#include "tests/test262/list.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void *grow(void *p, size_t n)
{
	p = realloc(p, n);
	if (!p) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	return p;
}

char *list_slurp(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *s = NULL;
	size_t len = 0;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		s = grow(NULL, (size_t)st.st_size + 1);
		while (len < (size_t)st.st_size) {
			ssize_t r = read(fd, s + len, (size_t)st.st_size - len);

			if (r <= 0)
				break;
			len += (size_t)r;
		}
		s[len] = 0;
		if (n)
			*n = len;
	}
	close(fd);
	return s;
}

static void push_word(char ***list, size_t *n, const char *p, size_t len)
{
	*list = grow(*list, (*n + 2) * sizeof(**list));
	(*list)[*n] = strndup(p, len);
	(*list)[++*n] = NULL;
}

/* The words of `key: [a, b]` (which may go over lines) or of
 * `key:` followed by lines `  - a`. */
static char **read_list(const char *yaml, const char *end, const char *key)
{
	char **list = grow(NULL, sizeof(*list));
	size_t n = 0, klen = strlen(key);
	const char *p = yaml;

	list[0] = NULL;
	for (;;) {
		p = memmem(p, (size_t)(end - p), key, klen);
		if (!p)
			return list;
		if (p[klen] == ':' && (p[-1] == '\n' || p[-1] == '\r'))
			break;
		p += klen;
	}
	p += klen + 1;
	while (*p == ' ')
		p++;
	if (*p == '[') {
		for (p++; p < end && *p != ']'; ) {
			size_t len = strcspn(p, ",] \t\r\n");

			if (len)
				push_word(&list, &n, p, len);
			p += len ? len : 1;
		}
		return list;
	}
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		p++;
		p += strspn(p, " \t");
		if (*p != '-')
			break;
		p++;
		p += strspn(p, " \t");
		push_word(&list, &n, p, strcspn(p, " \t\r\n"));
	}
	return list;
}

static void read_flags(char **flags, struct header *h)
{
	static const struct { const char *name; unsigned flag; } known[] = {
		{ "onlyStrict", TF_ONLY_STRICT }, { "noStrict", TF_NO_STRICT }, { "module", TF_MODULE },
		{ "raw", TF_RAW }, { "async", TF_ASYNC }, { "CanBlockIsTrue", TF_CAN_BLOCK },
	};

	for (; *flags; flags++)
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (!strcmp(*flags, known[i].name))
				h->flags |= known[i].flag;
}

void list_free(char **list)
{
	for (char **p = list; p && *p; p++)
		free(*p);
	free(list);
}

void header_parse(const char *src, struct header *h)
{
	const char *yaml = strstr(src, "/*---"), *end, *p;
	char **flags;

	memset(h, 0, sizeof(*h));
	end = yaml ? strstr(yaml, "---*/") : NULL;
	if (!end)
		yaml = end = "";
	h->includes = read_list(yaml, end, "includes");
	h->features = read_list(yaml, end, "features");
	flags = read_list(yaml, end, "flags");
	read_flags(flags, h);
	list_free(flags);
	p = memmem(yaml, (size_t)(end - yaml), "\nnegative:", 10);
	if (p) {
		const char *phase = strstr(p, "phase:"), *type = strstr(p, "type:");

		if (phase && phase < end) {
			phase += 6 + strspn(phase + 6, " ");
			h->negative = !strncmp(phase, "parse", 5) ? PHASE_PARSE
			            : !strncmp(phase, "resolution", 10) ? PHASE_RESOLUTION : PHASE_RUNTIME;
		}
		if (type && type < end) {
			type += 5 + strspn(type + 5, " ");
			h->negative_type = strndup(type, strcspn(type, " \r\n"));
		}
	}
}

void header_free(struct header *h)
{
	list_free(h->includes);
	list_free(h->features);
	free(h->negative_type);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **read_file_list(const char *path, bool may_miss, bool whole_lines, size_t *n)
{
	char **list = grow(NULL, sizeof(*list));
	char *src = list_slurp(path, NULL);

	*n = 0;
	list[0] = NULL;
	if (!src) {
		if (!may_miss) {
			perror(path);
			exit(1);
		}
		return list;
	}
	for (char *p = src; *p; ) {
		size_t line = strcspn(p, "\n"), word = strcspn(p, " \t\r\n");

		if (word && *p != '#')
			push_word(&list, n, p, whole_lines ? line : word);
		p += line;
		p += *p == '\n';
	}
	free(src);
	qsort(list, *n, sizeof(*list), compare);
	return list;
}

char **list_read_words(const char *path, bool may_miss, size_t *n)
{
	return read_file_list(path, may_miss, false, n);
}

char **list_read_lines(const char *path, size_t *n)
{
	return read_file_list(path, true, true, n);
}

bool list_has(char *const *sorted, size_t n, const char *word)
{
	return n && bsearch(&word, sorted, n, sizeof(*sorted), compare) != NULL;
}

static bool is_test(const char *name)
{
	size_t n = strlen(name);

	return n > 3 && !strcmp(name + n - 3, ".js") && !strstr(name, "_FIXTURE");
}

void list_tests(const char *root, const char *sub, struct paths *out)
{
	char full[4096], path[4096];
	struct dirent **names;
	struct stat st;
	int n;

	snprintf(full, sizeof(full), "%s/test/%s", root, sub);
	if (stat(full, &st) < 0) {
		perror(full);
		exit(1);
	}
	if (!S_ISDIR(st.st_mode)) {
		if (out->n == out->cap) {
			out->cap = out->cap ? 2 * out->cap : 1024;
			out->v = grow(out->v, out->cap * sizeof(*out->v));
		}
		out->v[out->n++] = strdup(sub);
		return;
	}
	n = scandir(full, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;

		snprintf(path, sizeof(path), "%s/%s", sub, name);
		if (name[0] != '.' && (names[i]->d_type == DT_DIR || is_test(name)))
			list_tests(root, path, out);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

void list_tests_free(struct paths *out)
{
	for (size_t i = 0; i < out->n; i++)
		free(out->v[i]);
	free(out->v);
}
