#!/bin/sh
# run.sh [--update] [NAME...]: what each stage of the pipeline makes of
# tests/stage/NAME.{js,ts,jsx,tsx}, compared with the kept dumps NAME.tokens,
# NAME.ast, NAME.scopes, NAME.code. With --update the kept dumps are written
# anew: look at the difference before committing it. A new case gets its first
# dumps with `--update NAME`, for the stages in $STAGES.
here=$(cd "$(dirname "$0")" && pwd)
zigttp=${ZIGTTP:-./zigttp}
case $zigttp in /*) ;; *) zigttp=$PWD/$zigttp;; esac
stages=${STAGES:-tokens ast scopes code}
update=no
[ "$1" = --update ] && { update=yes; shift; }
names=$*
passed=0 failed=0
out=$(mktemp) || exit 1
trap 'rm -f "$out" "$out.err"' EXIT

cd "$here" || exit 1
for f in *.js *.ts *.jsx *.tsx; do
	[ -e "$f" ] || continue
	name=${f%.*}
	case " $names " in "  "|*" $name "*) ;; *) continue;; esac
	for stage in $stages; do
		golden=$name.$stage
		new=no
		[ -e "$golden" ] || { [ $update = yes ] && [ -n "$names" ] && new=yes || continue; }
		timeout 20 "$zigttp" run --dump="$stage" "$f" > "$out" 2> "$out.err"
		rc=$?
		if [ $rc -ge 124 ]; then
			echo "$f: --dump=$stage: exit status $rc"; cat "$out.err"
			failed=$((failed + 1))
		elif [ $update = yes ] && { [ $new = yes ] || ! cmp -s "$golden" "$out"; }; then
			cp "$out" "$golden" && chmod 644 "$golden" && echo "wrote $golden"
			passed=$((passed + 1))
		elif diff -u "$golden" "$out"; then
			passed=$((passed + 1))
		else
			cat "$out.err"
			failed=$((failed + 1))
		fi
	done
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
