#!/bin/sh
# One job of an array: applies the part that has the job's number.
#
#     apply-part.sh FOLDER/KIND PARTS OPTIONS OF APPLY...
#
# The job's process becomes rowpost itself (exec): a batch system that ends the job ends rowpost, and
# not only a shell that waits for it.
set -eu

number=${SLURM_ARRAY_TASK_ID:-$((JOB_COMPLETION_INDEX + 1))} # Slurm's, or Kubernetes's from 0
part=$1-$number-of-$2.rowpost
shift 2
exec rowpost apply -w "$part" --quiet "$@"
