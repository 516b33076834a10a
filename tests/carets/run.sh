#!/bin/sh
# run.sh [--update]: what people see of mistakes in their program: each file
# beside this one is run, and what it says must equal FILE.txt. With --update
# the texts are written anew: look at the difference before committing it.
here=$(cd "$(dirname "$0")" && pwd)
zigttp=${ZIGTTP:-./zigttp}
case $zigttp in /*) ;; *) zigttp=$PWD/$zigttp;; esac
update=$1
. "$here/compare.sh"
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

cd "$here" || exit 1
for f in *.js *.mjs *.ts *.mts *.jsx *.tsx; do
	[ -e "$f" ] || continue
	timeout 20 "$zigttp" run "$f" > "$out" 2>&1
	echo "exit status $?" >> "$out"
	compare "$f"
done
finish
