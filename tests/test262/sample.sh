#!/bin/sh
# sample.sh: a hundredth of test262, when a checkout is at $T262 or beside the
# sources. `make test262` runs all of it.
here=$(cd "$(dirname "$0")" && pwd)
t262=${T262:-$here/../../../test262}
runner=${builddir:-.}/tests/test262/runner
[ -d "$t262/harness" ] || { echo "no checkout at $t262; set T262"; exit 77; }
make -s -C "${builddir:-.}" tests/test262/runner || exit 1
exec "$runner" -s "$here" -n 100 "$t262"
