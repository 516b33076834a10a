#!/bin/sh
# double.sh: twice.c on the sources of this tree; TWICE_ROUNDS for more.
exec "${builddir:-.}/tests/cache/twice" "$(dirname "$0")/../.."
