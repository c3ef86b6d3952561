#!/bin/sh
# Searches for inputs that break a promise: run_long.sh [SECONDS [TARGET...]]
# Each target gets so many seconds (60; without a number the targets of the Oracle reader share an
# hour), one after the other, and starts from its corpus. What is found stays in a scratch folder,
# which is named; the status is then 1. Where ROWPOST_ORACLE_CAPTURES and ROWPOST_ORACLE_CASES name
# what real servers have sent (test_oracle_captures.c), oracle_session starts from that, too.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
root=${folder%/tests/fuzz}
PATH=/usr/bin:/bin:$PATH # Debian's own tools, whatever shims stand before them
export PATH
build=${FUZZ_BUILD:-$root/build-fuzz}
seconds=${1:-60}
seconds_oracle=${1:-1800} # each of two
[ $# -eq 0 ] || shift

if [ $# -eq 0 ]; then
    for corpus in "$folder"/corpus/*/; do
        set -- "$@" "$(basename "$corpus")"
    done
fi

if [ ! -f "$build/build.ninja" ]; then
    CC=clang meson setup "$build" "$root" -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fsanitize=fuzzer-no-link
fi
programs=
for target in "$@"; do
    programs="$programs tests/fuzz/fuzz_$target"
done
# shellcheck disable=SC2086 # the names are words
ninja -C "$build" --quiet $programs

# Writes each captured message, without its packet, as an input for each point of the session.
add_captures() {
    python3 - "$1" "${ROWPOST_ORACLE_CAPTURES-}" "${ROWPOST_ORACLE_CASES-}" <<'END'
import json
import pathlib
import sys

HEADER = 10  # of a data packet, with its flags
corpus, captures, cases = sys.argv[1:]
messages = json.loads(pathlib.Path(captures).read_text()) if captures else {}
for path in pathlib.Path(cases).glob("*.hex") if cases else ():
    messages[path.stem] = path.read_text()
for name, digits in messages.items():
    message = bytes.fromhex(digits)
    if message[:2] == b"\0\0" and message[4:6] == b"\x06\0":
        message = message[HEADER:]
    for point in "lqps":
        pathlib.Path(corpus, f"{name}_{point}").write_bytes(
            point.encode() + bytes((0, 24 - 7)) + message)
END
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/rowpost-fuzz-XXXXXX")
export ASAN_OPTIONS=detect_leaks=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
found=0
for target in "$@"; do
    mkdir "$scratch/$target" "$scratch/$target/corpus"
    case $target in
    oracle_*) limit=$seconds_oracle ;;
    *) limit=$seconds ;;
    esac
    if [ "$target" = oracle_session ]; then
        add_captures "$scratch/$target/corpus"
    fi
    echo "$target: $limit s"
    if ! "$build/tests/fuzz/fuzz_$target" -max_total_time="$limit" -timeout=60 \
        -max_len=8192 -print_final_stats=1 -artifact_prefix="$scratch/$target/" \
        "$scratch/$target/corpus" "$folder/corpus/$target" >"$scratch/$target/log" 2>&1; then
        echo "$target: a finding; see $scratch/$target"
        found=1
    fi
    grep -E '^stat::(number_of_executed_units|new_units_added)' "$scratch/$target/log" || true
done

if [ "$found" -eq 0 ]; then
    rm -rf "$scratch"
fi
exit "$found"
