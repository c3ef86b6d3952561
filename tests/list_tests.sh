#!/bin/sh
# Lists the tests and what each needs, from the files of this folder: the one place that `run` and
# run_tests.py ask.
#
#   list_tests.sh [--long] [NAME...]    every test, or those that a NAME chooses
#   list_tests.sh --bench               the benchmarks, as one
#
# A NAME is a test (unit/base_text), a part of its name (unit/base, e2e) or its file. A line has
# these fields, separated by tabs; - is none, and a field of several has blanks between them:
#
#   name  file  builds  plain-builds  packages  unpacked
#
# A Python file says what it needs, and needs what the files that it imports need:
#
#   PACKAGES = ["slapd", "openssl"]       Debian packages to install
#   UNPACKED = ["wordpress"]              Debian packages to unpack into build/unpacked/NAME
#   BUILDS = ["rowpost"]                what ninja makes in the sanitized build, build-asan/
#   PLAIN_BUILDS = ["rowpost"]          what it makes in build/
#
# A C file may have the first in a comment. The package @build is all that compiling takes.
#
# Exit status 2: a NAME chooses nothing; the message has those that are near.
set -eu

long=no bench=no names=
for word in "$@"; do
    case $word in
    --long) long=yes ;;
    --bench) bench=yes ;;
    -*)
        echo "run: test has no option $word; it has --long" >&2
        exit 2
        ;;
    *) names="$names$word
" ;;
    esac
done

cd "$(dirname "$(readlink -f "$0")")/.."

# The folders are in the order in which their tests are started: the longest first.
list_files() {
    for folder in tests/package tests/docs tests/oracle tests/torture tests/e2e tests; do
        [ ! -d "$folder" ] || find "$folder" -name '*.py' -o -name 'test_*.c' -o -name 'fuzz_*.c' |
            LC_ALL=C sort
    done
}

# What has no file of its own, in the form above with commas instead of blanks.
list_checks() {
    cat <<'END'
check/layout - - - python3,git,clang-format -
check/build-gcc - - - python3,@build -
check/build-clang - - - python3,@build,clang -
check/analysis-gcc - - - python3,@build -
check/analysis-clang-tidy - - - python3,@build,clang,clang-tidy -
check/analysis-cppcheck - - - python3,cppcheck -
END
    [ "$long" = no ] ||
        echo "fuzz/search tests/fuzz/run_long.sh - - python3,@build,clang,libclang-rt-dev -"
}

# shellcheck disable=SC2046 # no name has a blank
list_checks | BENCH=$bench NAMES=$names awk -f tests/list_tests.awk - $(list_files)
