# man/: manual pages.
dist_man_MANS += \
	%D%/zigttp.1 \
	%D%/zigttpctl.8 \
	%D%/zigttpd.8

# zigttpd.conf(5) lists what worker/settings.def has: it is made by a program
# that runs on the machine that builds.
EXTRA_DIST += %D%/gen_conf5.c %D%/zigttpd.conf.5.in
if ENABLE_SERVER
man_MANS += %D%/zigttpd.conf.5
endif
CLEANFILES += %D%/zigttpd.conf.5 %D%/gen-conf5
GEN_CONF5 = $(srcdir)/%D%/gen_conf5.c $(srcdir)/supervisor/setting.c $(srcdir)/base/arena.c $(srcdir)/base/buf.c \
	$(srcdir)/base/check.c $(srcdir)/base/utf.c

%D%/gen-conf5: $(GEN_CONF5) $(srcdir)/supervisor/settings.h $(srcdir)/worker/settings.h $(srcdir)/worker/settings.def
	$(AM_V_GEN)$(MKDIR_P) %D% && $(CC_FOR_BUILD) -std=gnu11 -O1 -D_GNU_SOURCE -I$(srcdir) -o $@ $(GEN_CONF5)
%D%/zigttpd.conf.5: %D%/gen-conf5 %D%/zigttpd.conf.5.in
	$(AM_V_GEN)./%D%/gen-conf5 < $(srcdir)/%D%/zigttpd.conf.5.in > $@.tmp && mv $@.tmp $@

# zigttp-modules(7) lists what modules/exports.def has.
EXTRA_DIST += %D%/gen_modules7.c %D%/zigttp-modules.7.in
man_MANS += %D%/zigttp-modules.7
CLEANFILES += %D%/zigttp-modules.7 %D%/gen-modules7
%D%/gen-modules7: %D%/gen_modules7.c $(srcdir)/modules/exports.def $(srcdir)/engine/include/effect.def
	$(AM_V_GEN)$(MKDIR_P) %D% && $(CC_FOR_BUILD) -std=gnu11 -O1 -I$(srcdir) -o $@ $(srcdir)/%D%/gen_modules7.c
%D%/zigttp-modules.7: %D%/gen-modules7 %D%/zigttp-modules.7.in
	$(AM_V_GEN)./%D%/gen-modules7 < $(srcdir)/%D%/zigttp-modules.7.in > $@.tmp && mv $@.tmp $@
