#!/bin/sh
# run.sh: scripts that use web-standard globals print what tests/web/NAME.expect has,
# which is what Node prints. With WEB_NODE=1 Node is asked again, and each line is
# compared, not hashes of lines; what is named own_NAME.js is not for Node. WEB_ACCEPT=1 writes the .expect files anew from Node.
src=${srcdir:-.}/tests/web
run=${ZIGTTP:-${builddir:-.}/zigttp}
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT
passed=0 failed=0
for js in "$src"/*.js "$src"/*.mjs; do
	name=${js##*/} name=${name%.*}
	node=$WEB_NODE accept=$WEB_ACCEPT
	case $name in
	own_*) node='' accept='' ;;
	urlpattern) # old ones have none, see there
		[ -n "$URLPATTERN" ] || node -e 'new URLPattern()' 2> /dev/null || node='' accept='' ;;
	esac
	[ -z "$accept" ] || node "$js" > "$src/$name.expect" || exit 1
	"$run" run "$js" > "$t/out" 2>&1
	cp "$src/$name.expect" "$t/want"
	if [ -n "$node" ]; then
		node "$js" full > "$t/want" 2>&1
		"$run" run "$js" full > "$t/out" 2>&1
	fi
	if cmp -s "$t/out" "$t/want"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$name: differs"
		diff "$t/want" "$t/out" | head -20
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
