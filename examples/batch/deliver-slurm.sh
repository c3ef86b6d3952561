#!/bin/sh
# Delivers a planned workspace on a Slurm cluster, kind by kind, each in PARTS jobs.
#
#     deliver-slurm.sh WORKSPACE FOLDER PARTS KIND... -- OPTIONS OF APPLY...
#     deliver-slurm.sh site.rowpost /shared/parts 8 validators authors campaigns -- \
#         --to https://new.example/api --token-file /home/me/token --rate 5/s
#
# FOLDER is on a file system that every node has. SBATCH_OPTIONS are added for sbatch, such as a
# partition or a time limit. Run it again after a failure: it goes on where it stopped.
set -eu

workspace=$(realpath "$1")
mkdir -p -m 700 "$2"
folder=$(realpath "$2")
parts=$3
shift 3
kinds=
while [ "$1" != -- ]; do
    kinds="$kinds $1"
    shift
done
shift

for kind in $kinds; do
    rowpost split -w "$workspace" --into "$parts" -d "$folder" --kind "$kind"
    ls "$folder/$kind"-*-of-"$parts".rowpost >/dev/null 2>&1 || continue
    # A part that ends badly must not keep the others from being merged.
    # shellcheck disable=SC2086
    sbatch --wait --requeue --array="1-$parts" --job-name="rowpost-$kind" --open-mode=append \
        --output="$folder/$kind-%a-of-$parts.log" ${SBATCH_OPTIONS:-} \
        "$(dirname "$(realpath "$0")")/apply-part.sh" "$folder/$kind" "$parts" "$@" || true
    rowpost merge -w "$workspace" "$folder/$kind"-*-of-"$parts".rowpost
    if rowpost status -w "$workspace" | grep 'documents are out: '; then
        echo "$0: these parts are not delivered. Look at their logs in $folder, and run this again;" \
            "a part whose file is lost: rowpost split -w $workspace --kind $kind --recall N" >&2
        exit 1
    fi
done
rowpost status -w "$workspace"
