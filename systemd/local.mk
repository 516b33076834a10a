# systemd/: units for the service manager, and the configuration that they name.
EXTRA_DIST += %D%/zigttpd.service.in %D%/zigttpd.socket %D%/zigttpd.conf
if ENABLE_SERVER
if SYSTEMD_UNITS
systemdsystemunit_DATA = %D%/zigttpd.service %D%/zigttpd.socket
CLEANFILES += %D%/zigttpd.service

%D%/zigttpd.service: %D%/zigttpd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SED) -e 's|@sbindir[@]|$(sbindir)|g' -e 's|@sysconfdir[@]|$(sysconfdir)|g' \
		$(srcdir)/%D%/zigttpd.service.in > $@
endif

# What the operator has written stays.
install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(sysconfdir)/zigttpd"
	test -e "$(DESTDIR)$(sysconfdir)/zigttpd/zigttpd.conf" || \
		$(INSTALL_DATA) $(srcdir)/%D%/zigttpd.conf "$(DESTDIR)$(sysconfdir)/zigttpd/zigttpd.conf"

uninstall-local:
	if cmp -s $(srcdir)/%D%/zigttpd.conf "$(DESTDIR)$(sysconfdir)/zigttpd/zigttpd.conf"; then \
		rm -f "$(DESTDIR)$(sysconfdir)/zigttpd/zigttpd.conf"; fi
	rmdir "$(DESTDIR)$(sysconfdir)/zigttpd" 2> /dev/null || :
endif
