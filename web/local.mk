# web/: libweb.a, web-standard globals over the engine's public interface.
libweb_a_SOURCES = \
	%D%/abort.c \
	%D%/event.c %D%/event.h \
	%D%/blob.c %D%/blob.h \
	%D%/bytes.c %D%/bytes.h \
	%D%/form.c %D%/form.h \
	%D%/pairs.c %D%/pairs.h \
	%D%/parts.h \
	%D%/performance.c \
	%D%/text.c \
	%D%/url.c \
	%D%/url_params.c \
	%D%/web.c %D%/web.h
