#!/bin/sh
# embed.sh SRCDIR: prints the files of library.def as C strings. Lines that are comments
# become empty, so that line numbers stay; "??" would begin a trigraph.
for name in $(sed -n 's/^FILE(\(.*\))$/\1/p' "$1/library.def"); do
	echo "static const char js_$name[] ="
	sed -e 's#^[[:space:]]*//.*##' -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/??/?\\?/g' -e 's/^/"/' -e 's/$/\\n"/' "$1/js/$name.js" || exit 1
	echo ";"
done
