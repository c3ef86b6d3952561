#!/bin/sh
# One job of an array: applies the part that has the job's number.
#
#     apply-part.sh FOLDER/KIND PARTS OPTIONS OF APPLY...
#
# It ends well when nothing is left to be sent: documents that were refused or differ are for a
# person to look at, not for the batch system to try again.
set -eu

number=${SLURM_ARRAY_TASK_ID:-$((JOB_COMPLETION_INDEX + 1))} # Slurm's, or Kubernetes's from 0
part=$1-$number-of-$2.rowpost
shift 2
status=0
rowpost apply -w "$part" --quiet "$@" || status=$?
if [ "$status" -eq 1 ] && ! rowpost status -w "$part" | grep '^exit 1:.*\(pending\|unclear\)'; then
    status=0
fi
exit "$status"
