#!/bin/sh
# files.sh: static files of a real zigttpd, over io_uring where it is to be had,
# and over epoll.
build=${builddir:-.}
for io in auto epoll; do
	"$build/tests/http/files" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/http/files.stderr" $io || exit 1
done
