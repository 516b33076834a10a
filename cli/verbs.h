/* verbs.h: the verbs of `zigttp`: each gets its own argv (argv[0] is the verb)
 * and returns the exit status. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

enum { EXIT_USAGE = 64, EXIT_DATA = 65, EXIT_NOINPUT = 66, EXIT_SOFTWARE = 70, EXIT_OS = 71 };

int verb_run(int argc, char **argv);
int verb_modules(int argc, char **argv);

#endif
