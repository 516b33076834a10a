#!/bin/sh
# serve.sh [--update]: what people see when zigttpd does not like their handler: each
# file in serve/ is served and asked for once, and what zigttpd says, without times
# and its own lines, must equal FILE.txt.
here=$(cd "$(dirname "$0")" && pwd)
zigttpd=${ZIGTTPD:-./zigttpd}
case $zigttpd in /*) ;; *) zigttpd=$PWD/$zigttpd;; esac
update=$1
. "$here/compare.sh"
out=$(mktemp) || exit 1
trap 'rm -f "$out" "$out.raw"' EXIT

# Waits until the server says where it is, or is gone.
address() {
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; do
		grep -o 'http://127[0-9.:]*' "$out.raw" && return
		grep -q '^State:.[^Z]' "/proc/$1/status" 2> /dev/null || return
		sleep 0.1
	done
}

ask='
import http.client, sys
c = http.client.HTTPConnection(sys.argv[1], timeout=5)
c.request("GET", "/")
print("answer", c.getresponse().status)'
cd "$here/serve" || exit 1
for f in *.js *.ts *.tsx; do
	: > "$out.raw"                         # nothing of the last one
	"$zigttpd" -p 0 -n 1 "$f" > "$out.raw" 2>&1 &
	pid=$!
	url=$(address $pid)
	if [ -n "$url" ]; then
		python3 -c "$ask" "${url#http://}" > "$out.code"
		kill $pid
		wait $pid
		cat "$out.code" > "$out"
		rm -f "$out.code"
	else
		kill $pid 2> /dev/null         # it neither serves nor leaves
		wait $pid
		echo "exit status $?" > "$out"
	fi
	grep -v -e 'run as root' -e draining -e 'zigttpd: serving' -e ' warning: ' -e ' info: ' -e '^GET / [0-9]' "$out.raw" |
		sed 's/^2[0-9-]*T[0-9:.]*Z [a-z]* [0-9]*\[[0-9]*\] //; s| /[^ ]*/serve/| |' >> "$out"
	compare "$f"
done
finish
