/* gen_lines.h: what the programs share that make tables of the Unicode data
 * files. Host code: run by the build, no part of any library. */
#ifndef BASE_GEN_LINES_H
#define BASE_GEN_LINES_H

/* Where the files are, and who complains; set by main. */
extern const char *gen_dir, *gen_program;
/* The first file's name with its version, from its first line. */
extern char gen_version[64];

/* Says what is wrong and ends the program with 1. */
void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* One data line: its fields, separated by ';', without blanks around them. */
typedef void line_fn(char **field, int n);
/* Calls fn for each line of a file that is not empty; "#" begins a comment. */
void read_lines(const char *name, line_fn *fn);

#endif
