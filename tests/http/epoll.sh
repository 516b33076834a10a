#!/bin/sh
# epoll.sh: the tests of run.sh and handlers.sh against the other backend.
here=$(cd "$(dirname "$0")" && pwd)
build=${builddir:-.}
export ZIGTTPD_IO=epoll
"$build/tests/http/httpcases" "${ZIGTTPD:-$build/zigttpd}" "$here/handler.js" "$build/tests/http/epoll.stderr" &&
	exec "$build/tests/http/handlers" "${ZIGTTPD:-$build/zigttpd}" "$build/tests/http/epoll.stderr"
