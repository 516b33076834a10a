/* library.c: hands the classes written in JavaScript (library.def, js/) to the engine,
 * which runs their files when somebody needs them. */
#include "web/library.h"

#include "base/check.h"
#include "web/library_js.h"
#include "web/parts.h"

static const struct zigts_library_file files[] = {
#define FILE(name) { "zigttp:web/" #name, js_##name, sizeof js_##name - 1 },
#define GLOBAL(name, file)
#define MENTION(name, file)
#include "web/library.def"
};

static const struct zigts_library_global globals[] = {
#define FILE(name)
#define GLOBAL(name, file) { #name, LIBRARY_##file },
#define MENTION(name, file)
#include "web/library.def"
};

static const struct zigts_library_global mentions[] = {
#define FILE(name)
#define GLOBAL(name, file)
#define MENTION(name, file) { #name, LIBRARY_##file },
#include "web/library.def"
};

static const struct zigts_library library = {
	files, globals, mentions, ARRAY_LEN(files), ARRAY_LEN(globals), ARRAY_LEN(mentions)
};

/* later(f, x): f(x) in a turn of the event loop of its own. */
static zigts_val later(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)a;
	return zigts_after(vm, 0, ZIGTS_ARG(0), ZIGTS_ARG(1), false) < 0 ? ZIGTS_EXC : ZIGTS_UNDEF;
}

static const struct zigts_row rows[] = { ZIGTS_FN("later", 2, EFF_MUT | EFF_CALLS, later) };

int library_install(struct zigts *vm)
{
	if (zigts_add_library(vm, &library) < 0)
		return -1;
	zigts_library_natives(vm, rows, WEB_ROWS(rows));
	return 0;
}
