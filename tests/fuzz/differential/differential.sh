#!/bin/sh
# differential.sh: some 1500 cases of run.py, always the same, for `make check`.
skip() { printf '*** SKIPPED: no differential fuzzing: %s ***\n' "$1"; exit 77; }
command -v python3 > /dev/null || skip 'there is no python3'
case ${OPTIMISE:-} in *sanitize*) skip 'too slow here' ;; esac
exec python3 "$(dirname "$0")/run.py" --seeds 10 --seed 1000 --out "${builddir:-.}/differential"
