#!/bin/sh
# nets.sh: worker/net by itself: both backends, and rings that overflow.
build=${builddir:-.}
status=0
for kind in uring epoll tiny; do
	echo "# $kind"
	"$build/tests/proc/nets" $kind || status=1
done
exit $status
