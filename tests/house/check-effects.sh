#!/bin/sh
# check-effects.sh [BUILD]: the language half of the engine, and the classes of the
# web platform, of zigttp:* and of the server, reach the outside world only where effects-allow.txt says so,
# because every such call must carry an effect in its table row
# (engine/include/effect.def) or a note in the request's trace. Looks at the undefined
# symbols of the objects, so inlined helpers are seen through. `--selftest` plants
# violations.
here=$(cd "$(dirname "$0")" && pwd)
nm=${NM:-nm}
watch='clock_gettime|clock_nanosleep|gettimeofday|time|times|clock|localtime|localtime_r|gmtime|gmtime_r|mktime|tzset|getrandom|getentropy|rand|random|random_fill|dlopen|drand48|arc4random|getenv|secure_getenv|setenv|open|open64|openat|openat64|fopen|fopen64|read|pread|write|pwrite|stat|fstat|socket|connect|accept|send|sendto|recv|recvfrom|poll|epoll_wait|select|getpid|gethostname|uname|system|execve|fork|syscall|log_msg|log_write|setlocale|localeconv'
# The same through our own library and the rest of the server.
watch="$watch|log_[a-z_]+|fd_[a-z_]+|hash_key_random|getrusage|sysconf|sched_[a-z_]+|pthread_self|gettid|getppid|times|malloc_usable_size|mallinfo2?|dispatch_[a-z_]+|net_[a-z_]+|cache_[a-z_]+|answers_[a-z_]+|region_[a-z_]+|slowlog_[a-z_]+|memo_[a-z_]+|statics_[a-z_]+|kv_[a-z_]+|web_now_ms"


check() { # BUILD ALLOW
	cd "$1" || exit 1
	found=$(for o in engine/builtins/*.o engine/regexp/*.o engine/object/*.o \
		engine/code/*.o engine/gen/*.o engine/front/*.o engine/heap/*.o engine/vm/*.o \
		web/*.o modules/*.o worker/host/*.o; do
		[ -e "$o" ] && $nm -u "$o" | sed -nE "s#^ *[UwW] ($watch)(@.*)?\$#${o%.o} \1#p"
	done | LC_ALL=C sort -u)
	ls engine/builtins/*.o > /dev/null 2>&1 ||
		{ echo "no objects in $1/engine/builtins"; echo "0 passed, 1 failed"; return 1; }
	awk -v seen="$found" '
	/^#/ || NF == 0 { next }
	NF < 3 { print "effects-allow.txt:" FNR ": a row needs a reason"; bad++; next }
	{ allow[$1 " " $2] = 1 }
	END {
		n = split(seen, line, "\n")
		for (i = 1; i <= n; i++) {
			if (line[i] == "") continue
			if (line[i] in allow) { used[line[i]] = 1; good++ }
			else { print line[i] ": not allowed here"; bad++ }
		}
		for (k in allow) if (!(k in used)) { print "effects-allow.txt: nothing uses " k; bad++ }
		printf "%d passed, %d failed\n", good + (bad ? 0 : 1), bad
		exit bad > 0
	}' "$2"
}

if [ "$1" = --selftest ]; then
	t=$(mktemp -d) || exit 1
	trap 'rm -rf "$t"' EXIT
	mkdir -p "$t/engine/builtins"
	nm() { shift; cat "$@"; }    # the planted "object" is what nm says about one
	nm=nm
	printf '                 U memcpy\n                 U getenv@GLIBC_2.2.5\n' > "$t/engine/builtins/x.o"
	: > "$t/allow"
	(check "$t" "$t/allow") && { echo "0 passed, 1 failed"; exit 1; }
	echo 'engine/builtins/x getenv the test says so' > "$t/allow"
	(check "$t" "$t/allow") || { echo "1 passed, 1 failed"; exit 1; }
	echo 'engine/builtins/y time stale' >> "$t/allow"
	(check "$t" "$t/allow") && { echo "2 passed, 1 failed"; exit 1; }
	echo "3 passed, 0 failed"
	exit 0
fi
check "${1:-${builddir:-.}}" "$here/effects-allow.txt"
