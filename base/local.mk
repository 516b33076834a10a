# base/: the leaf library. Includes nothing else of the project.
libbase_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/base64.c %D%/base64.h \
	%D%/buf.c %D%/buf.h \
	%D%/calendar.c %D%/calendar.h \
	%D%/check.c %D%/check.h \
	%D%/clock.h \
	%D%/cpus.h \
	%D%/fd.c %D%/fd.h \
	%D%/hash.c %D%/hash.h \
	%D%/log.c %D%/log.h \
	%D%/multipart.c %D%/multipart.h \
	%D%/random.c %D%/random.h \
	%D%/near.c %D%/near.h \
	%D%/num.c %D%/num.h \
	%D%/num_big.c %D%/num_big.h \
	%D%/num_parse.c \
	%D%/query.c %D%/query.h \
	%D%/san.h \
	%D%/sha256.c %D%/sha256.h \
	%D%/spare.c %D%/spare.h \
	%D%/sv.h \
	%D%/ucd.c %D%/ucd.h \
	%D%/ucdprop.c \
	%D%/url.c %D%/url.h %D%/url_host.c \
	%D%/utf.c %D%/utf.h

# Tables printed by programs that run on the machine that builds.
EXTRA_DIST += %D%/gen_pow5.c %D%/gen_lines.c %D%/gen_lines.h %D%/gen_ucd.c %D%/gen_ucdprop.c
BUILT_SOURCES += %D%/pow10_table.h %D%/ucd_table.h %D%/ucdprop_table.h
CLEANFILES += %D%/pow10_table.h %D%/ucd_table.h %D%/ucdprop_table.h %D%/gen-pow10 %D%/gen-ucd %D%/gen-ucdprop

%D%/gen-pow10: %D%/gen_pow5.c
	$(AM_V_GEN)$(MKDIR_P) %D% && $(CC_FOR_BUILD) -std=gnu11 -O1 -o $@ $(srcdir)/%D%/gen_pow5.c
%D%/gen-ucd: %D%/gen_ucd.c %D%/gen_lines.c %D%/gen_lines.h
	$(AM_V_GEN)$(MKDIR_P) %D% && $(CC_FOR_BUILD) -std=gnu11 -O1 -I$(srcdir) -o $@ $(srcdir)/%D%/gen_ucd.c $(srcdir)/%D%/gen_lines.c
%D%/pow10_table.h: %D%/gen-pow10
	$(AM_V_GEN)./%D%/gen-pow10 > $@.tmp && mv $@.tmp $@
%D%/ucd_table.h: %D%/gen-ucd
	$(AM_V_GEN)./%D%/gen-ucd '$(UNICODE_DATA_DIR)' > $@.tmp && mv $@.tmp $@
%D%/num_big.$(OBJEXT): %D%/pow10_table.h
%D%/ucd.$(OBJEXT): %D%/ucd_table.h

%D%/gen-ucdprop: %D%/gen_ucdprop.c %D%/gen_lines.c %D%/gen_lines.h
	$(AM_V_GEN)$(MKDIR_P) %D% && $(CC_FOR_BUILD) -std=gnu11 -O1 -I$(srcdir) -o $@ $(srcdir)/%D%/gen_ucdprop.c $(srcdir)/%D%/gen_lines.c
%D%/ucdprop_table.h: %D%/gen-ucdprop
	$(AM_V_GEN)./%D%/gen-ucdprop '$(UNICODE_DATA_DIR)' > $@.tmp && mv $@.tmp $@
%D%/ucdprop.$(OBJEXT): %D%/ucdprop_table.h
