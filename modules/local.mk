# modules/: libmodules.a, what programs import as zigttp:NAME.
libmodules_a_SOURCES = \
	%D%/crypto.c \
	%D%/decode.c \
	%D%/env.c \
	%D%/exports.def \
	%D%/format.c \
	%D%/http.c \
	%D%/id.c \
	%D%/keywords.def \
	%D%/log.c \
	%D%/modules.c %D%/modules.h \
	%D%/parts.h \
	%D%/router.c \
	%D%/schema.c %D%/schema.h \
	%D%/state.c \
	%D%/text.c \
	%D%/time.c %D%/time.h \
	%D%/url.c \
	%D%/validate.c

# Modules written in JavaScript become texts.
EXTRA_DIST += %D%/compose.js
CLEANFILES += %D%/compose_js.h
%D%/compose_js.h: %D%/compose.js
	$(AM_V_GEN)$(MKDIR_P) %D% && { echo 'static const char compose_js[] =' && \
		sed -e 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $(srcdir)/%D%/compose.js && echo ';'; } > $@.tmp && mv $@.tmp $@
%D%/modules.$(OBJEXT): %D%/compose_js.h
