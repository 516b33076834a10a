#!/bin/sh
# differential.sh: ten seconds of run.py, always the same programs, for `make check`.
skip() { printf '*** SKIPPED: no differential fuzzing: %s ***\n' "$1"; exit 77; }
command -v python3 > /dev/null || skip 'there is no python3'
case ${OPTIMISE:-} in *sanitize*) skip 'too slow here' ;; esac
exec python3 "$(dirname "$0")/run.py" --seconds "${DIFFERENTIAL_SECONDS:-10}" --seed 1000 --out "${builddir:-.}/differential"
