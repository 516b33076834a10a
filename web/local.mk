# web/: libweb.a, web-standard globals over the engine's public interface.
libweb_a_SOURCES = \
	%D%/abort.c \
	%D%/crypto.c %D%/subtle.c \
	%D%/event.c %D%/event.h \
	%D%/blob.c %D%/blob.h \
	%D%/bytes.c %D%/bytes.h \
	%D%/form.c %D%/form.h \
	%D%/pairs.c %D%/pairs.h %D%/pairs_views.inc \
	%D%/library.c %D%/library.def %D%/library.h \
	%D%/libcrypto.c %D%/libcrypto.def %D%/libcrypto.h \
	%D%/parts.h \
	%D%/stream.c %D%/stream.h \
	%D%/performance.c \
	%D%/text.c \
	%D%/url.c \
	%D%/url_params.c \
	%D%/web.c %D%/web.h \
	%D%/zip.c

# Classes written in JavaScript, as C strings.
EXTRA_DIST += %D%/embed.sh $(web_js)
web_js = \
	%D%/js/body.js \
	%D%/js/byte_stream.js \
	%D%/js/message.js \
	%D%/js/pipe.js \
	%D%/js/readable.js \
	%D%/js/stream_base.js \
	%D%/js/subtle.js \
	%D%/js/transform.js \
	%D%/js/urlpattern.js \
	%D%/js/writable.js
BUILT_SOURCES += %D%/library_js.h
CLEANFILES += %D%/library_js.h
%D%/library_js.h: %D%/embed.sh %D%/library.def $(web_js)
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SHELL) $(srcdir)/%D%/embed.sh $(srcdir)/%D% > $@.tmp && mv $@.tmp $@
%D%/library.$(OBJEXT): %D%/library_js.h
