/* library.h: numbers of the files of library.def, for zigts_library_get. */
#ifndef WEB_LIBRARY_H
#define WEB_LIBRARY_H

enum library_file {
#define FILE(name) LIBRARY_##name,
#define GLOBAL(name, file)
#define MENTION(name, file)
#include "web/library.def"
	LIBRARY__N
};

#endif
