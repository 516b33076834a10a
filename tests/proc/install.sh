#!/bin/sh
# install.sh: `make install` puts everything in place, with the right modes, and
# leaves the operator's configuration alone; the installed unit names what was
# installed and is hardened (exposure of 1.6 at most).
build=${builddir:-.}
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL GNUMAKEFLAGS
passed=0 failed=0

ok() { # WHAT TEST...
	what=$1; shift
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL: $what"; fi
}
run() { ${MAKE:-make} -s -C "$build" "$@" DESTDIR="$t/d" > "$t/log" 2>&1 || { cat "$t/log"; return 1; }; }
mode() { test -f "$2" && test "$(stat -c %a "$2")" = "$1"; }
one() { find "$t/d" -path "*$1" | head -1; }

(umask 022; ok "make install" run install; [ $failed = 0 ]) || exit 1
for f in bin/zigttp sbin/zigttpctl sbin/zigttpd; do ok "$f" mode 755 "$(one /$f)"; done
for f in man1/zigttp.1 man5/zigttpd.conf.5 man8/zigttpd.8 man8/zigttpctl.8 zigttpd/zigttpd.conf; do ok "$f" mode 644 "$(one /$f)"; done

service=$(one /zigttpd.service) socket=$(one /zigttpd.socket) conf=$(one /zigttpd/zigttpd.conf)
daemon=$(one /sbin/zigttpd)
ok "the configuration is right" "$daemon" -q --check --conf "$conf"
if [ -n "$service" ]; then
	ok "zigttpd.service" mode 644 "$service"
	ok "zigttpd.socket" mode 644 "$socket"
	ok "the unit starts what was installed" \
		grep -q "^ExecStart=${daemon#"$t/d"} --conf ${conf#"$t/d"}\$" "$service"
	ok "no name is left to be filled in" test -z "$(grep @ "$service" | grep -v '^SystemCallFilter')"
else
	echo "SKIPPED: configured without units"
fi
if [ -n "$service" ] && command -v systemd-analyze > /dev/null; then
	# A copy: the directory that is made has to look like one of units.
	cp "$service" "$socket" "$t/"
	ok "hardening" systemd-analyze security --no-pager --offline=true --threshold=16 "$t/zigttpd.service" > "$t/security"
	grep -a Overall "$t/security" || cat "$t/security"
	systemd-analyze verify "$t/zigttpd.service" "$t/zigttpd.socket" > "$t/verify" 2>&1
	ok "keys and values of the units" test -z "$(grep -E "Unknown|nvalid|parse|ignoring" "$t/verify" | tee /dev/stderr)"
else
	echo "SKIPPED: no systemd-analyze here, so nobody has looked at the unit's hardening"
fi

echo '# mine' >> "$conf"
ok "make install again" run install
ok "the operator's configuration stays" grep -q '^# mine' "$conf"
ok "make uninstall" run uninstall
ok "…removes all else" test "$(find "$t/d" -type f)" = "$conf"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
