/* zigts_files.h: the loader of modules that are files, for the server and for
 * `zigttp run`. A key is an absolute path without links.
 *
 *   ./x.js ../x.js /x.js file:///x.js   the file of that name, nothing added
 *   name, name/sub                      node_modules/name in the referrer's folder or
 *                                       one above: package.json's `exports` under the
 *                                       conditions zigttp, worker, import, default;
 *                                       else `module`, `main`, index.js
 *   #name                               `imports` of the nearest package.json
 *
 * Below node_modules, where old packages leave it out, .js, .mjs and /index.js are
 * tried as well. CommonJS is not supported: such files are refused. */
#ifndef ENGINE_INCLUDE_ZIGTS_FILES_H
#define ENGINE_INCLUDE_ZIGTS_FILES_H

#include "engine/include/zigts.h"

struct zigts_files;
struct zigts_files *zigts_files_new(void);
void zigts_files_free(struct zigts_files **f);
/* The loader; f must outlive the VM's use of it. */
struct zigts_loader zigts_files_loader(struct zigts_files *f, bool late);
/* Absolute path of the i-th file that was read or tried, packages' package.json
 * excepted; NULL: no more. Valid until the next file is read. */
const char *zigts_files_path(const struct zigts_files *f, uint32_t i);

#endif
