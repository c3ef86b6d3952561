/* What the next apply would send, in its order: a request a line, as text or as commands for a
 * shell. Nothing is sent, and the workspace is only read.
 *
 * Text: method, path, kind and key with tabs between; below a change, each field with what was
 * delivered and what is planned.
 *
 * What is not known before the delivery is a variable: `new_users__17` is the target's id of the
 * document "17" of the kind users, `secret_users__17__1` the first word that is drawn for it. Any
 * character of a name but letters and digits is `_` and two hexadecimal digits. */
#ifndef ROWPOST_REPORT_DRY_RUN_H
#define ROWPOST_REPORT_DRY_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "report/report.h"

enum dry_run_form { DRY_RUN_TEXT, DRY_RUN_CURL };

struct dry_run {
    struct report report;
    struct journal *journal; /* of the workspace */
    enum dry_run_form form;
    const char *only;    /* changes: of this kind; NULL: of all */
    const char *key;     /* changes: this document; NULL: all */
    bool is_chosen;      /* only the documents that are chosen are sent (workspace/chosen.h) */
    bool retry_refused;  /* what was refused is sent, too */
    bool update;         /* records are changed, too */
    const char *target;  /* DRY_RUN_CURL: the address; NULL: not known */
    const char *sign_in; /* DRY_RUN_CURL: options of curl, as a shell reads them */
};

/* With an open journal of the workspace. 0, or -1 with the error. */
int dry_run_write(const struct dry_run *dry_run, struct error *error);

#endif
