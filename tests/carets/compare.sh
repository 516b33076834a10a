# compare.sh: for run.sh and serve.sh: compare FILE: "$out" against FILE.txt, which
# --update writes anew; finish: the counts.
passed=0 failed=0
compare() {
	if [ "$update" = --update ]; then
		cp "$out" "$1.txt" && chmod 644 "$1.txt"
	fi
	if diff -u "$1.txt" "$out"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

finish() {
	echo "$passed passed, $failed failed"
	[ $failed -eq 0 ]
}
