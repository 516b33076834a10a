#!/bin/bash
# clean-root.sh [-k] [DIR]: proves the README's promise that ./serve and ./check
# work on a fresh Debian 12. Makes a minimal system with debootstrap in DIR
# (/tmp/clean), copies the tracked and unignored files of this tree into it, and
# runs ./check, then ./serve with one request, twice each. Run by hand, as root.
# -k keeps DIR; a DIR kept from an earlier run is used again.
set -e
keep=no
[ "$1" = -k ] && { keep=yes; shift; }
dir=${1:-/tmp/clean}
src=$(cd "$(dirname "$0")/../.." && pwd)
port=19780
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2> /dev/null |
	sed 's/#.*//' | grep -oE 'https?://[^ ]*/debian(/[^ ]*)?' | head -n 1) || true
mirror=${mirror:-http://deb.debian.org/debian}

cleanup() {
	for m in dev/shm dev/pts dev proc; do
		mountpoint -q "$dir/$m" && { umount "$dir/$m" || umount -l "$dir/$m"; }
	done
	[ $keep = yes ] || rm -rf --one-file-system "$dir"
}
trap cleanup EXIT

if [ ! -e "$dir/etc/debian_version" ]; then
	echo "== debootstrap bookworm from $mirror"
	debootstrap --variant=minbase bookworm "$dir" "$mirror" > "$dir.log" 2>&1 || { tail "$dir.log"; exit 1; }
fi
for f in /etc/apt/apt.conf.d/*proxy*; do [ -e "$f" ] && cp "$f" "$dir/etc/apt/apt.conf.d/"; done
cp /etc/resolv.conf "$dir/etc/resolv.conf"
mountpoint -q "$dir/proc" || mount -t proc proc "$dir/proc"
mountpoint -q "$dir/dev" || mount -t tmpfs tmpfs "$dir/dev"
for n in null zero full random urandom tty; do [ -e "$dir/dev/$n" ] || cp -a "/dev/$n" "$dir/dev/"; done
ln -sfn /proc/self/fd "$dir/dev/fd"
mkdir -p "$dir/dev/shm" "$dir/dev/pts"
mountpoint -q "$dir/dev/shm" || mount -t tmpfs tmpfs "$dir/dev/shm"
chmod 1777 "$dir/dev/shm"

rm -rf "$dir/src"
mkdir "$dir/src"
(cd "$src" && git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf -) |
	tar xf - -C "$dir/src"

# An array, not a function: put into the background, its pid is the program's.
run=(chroot "$dir" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8)
ask() { # one GET, with what bash has
	exec 3<> "/dev/tcp/127.0.0.1/$port" && printf 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3 &&
		cat <&3 && exec 3>&-
}
try_serve() {
	"${run[@]}" sh -c "cd /src && exec ./serve -p $port" &
	pid=$!
	for _ in $(seq 9000); do
		sleep 0.1
		if out=$(ask 2> /dev/null) && [ -n "$out" ]; then
			head -n 1 <<< "$out"
			kill $pid; wait $pid || true
			grep -q '^HTTP/1.1 200' <<< "$out"
			return
		fi
		kill -0 $pid 2> /dev/null || { echo "serve ended by itself"; return 1; }
	done
	kill $pid
	return 1
}

for round in first second; do
	echo "== $round ./serve"
	time try_serve
	echo "== $round ./check"
	time "${run[@]}" sh -c 'cd /src && ./check' | tail -n 30
	[ "${PIPESTATUS[0]}" = 0 ]
done
echo "== done"
