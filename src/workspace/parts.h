/* Limits for a workspace that is a part of another one, or of which parts are handed out. */
#ifndef ROWPOST_WORKSPACE_PARTS_H
#define ROWPOST_WORKSPACE_PARTS_H

#include "base/error.h"
#include "workspace/workspace.h"

/* Whether the workspace is a part of another one: 1, 0, or -1 with the error. */
int parts_is_part(struct workspace *workspace, struct error *error);

/* 0 where the workspace is not a part of another one; else -1 with ERROR_USAGE, whose message is
 * that `verb` is for the parent. */
int parts_refuse_in_part(struct workspace *workspace, const char *verb, struct error *error);

/* 0 where no document is handed out; else -1 with ERROR_USAGE, which names a part. */
int parts_refuse_while_out(struct workspace *workspace, struct error *error);

#endif
