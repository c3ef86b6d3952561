#!/bin/sh
# What comes before a kind's jobs, and behind them.
#
#     split-or-merge.sh split|merge WORKSPACE FOLDER PARTS KIND
#
# The merge fails where documents are still handed out, so that the next kind does not begin.
set -eu

workspace=$2 folder=$3 parts=$4 kind=$5
case $1 in
split)
    rowpost split -w "$workspace" --into "$parts" -d "$folder" --kind "$kind"
    ;;
merge)
    rowpost merge -w "$workspace" "$folder/$kind"-*-of-"$parts".rowpost
    ! rowpost status -w "$workspace" | grep 'documents are out: '
    ;;
esac
