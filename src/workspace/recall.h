/* Taking back a part that is lost.
 *
 * Its documents that were not merged become unknown: they may have arrived, so they are looked up
 * before they are sent again. From then on merging the part is refused. If its file is there, no
 * program may be using it, and it gets another name, so that nobody continues with it. */
#ifndef ROWPOST_WORKSPACE_RECALL_H
#define ROWPOST_WORKSPACE_RECALL_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "workspace/workspace.h"

struct recalled {
    struct text kind;
    int64_t number;
    int64_t parts;
    int64_t documents;
    struct text set_aside; /* the file's new name; empty where there was no file */
};

/* The part of that number with documents that are handed out; `kind` may be NULL where only one
 * kind has one. The workspace is open for work. ERROR_USAGE where there is no such part,
 * ERROR_WORKSPACE where it is in use. The caller frees the texts with recalled_free(), in any
 * case. */
int recall_part(struct workspace *workspace, const char *kind, int64_t number,
                struct recalled *recalled, struct error *error);
void recalled_free(struct recalled *recalled);

#endif
