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

int library_install(struct zigts *vm) { return zigts_add_library(vm, &library); }
