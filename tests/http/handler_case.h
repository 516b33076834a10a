/* handler_case.h: a row of handler_cases.def: a handler, requests, and what must
 * come of them. */
#ifndef TESTS_HTTP_HANDLER_CASE_H
#define TESTS_HTTP_HANDLER_CASE_H

struct exchange {
	const char *request;     /* "METHOD target", then header lines, "\n\n" and body */
	int status;
	const char *body;        /* NULL: any */
	const char *head;        /* a part of the response's head; NULL: any */
};
struct handler_case {
	const char *name, *source;
	struct exchange x[24];
	const char *log[4];      /* lines that the log must have parts of */
};

#endif
