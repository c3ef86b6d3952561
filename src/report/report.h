/* What every report is made of: the workspace, its migration, the output file and the program.
 *
 * All are borrowed. A report is written as it is read, so that a large workspace needs no more
 * memory than a small one; the code that has opened the file closes it, and reports failures of
 * closing. */
#ifndef ROWPOST_REPORT_REPORT_H
#define ROWPOST_REPORT_REPORT_H

#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

struct report {
    struct workspace *workspace;
    const struct migration *migration; /* what its corrections and rules mean */
    FILE *out;
    const char *program; /* the path by which it was started, for the commands that are shown */
};

/* Writes the text to the output and empties it. 0, or -1 with ERROR_DISK or ERROR_MEMORY. A reader
 * that has seen enough (EPIPE) is not an error; ferror() is then true. */
int report_flush(FILE *out, struct text *text, struct error *error);

/* The reports; each is written from the workspace only, into the report's file.
 *
 * Text: the whole summary, for people. */
int report_write_text(const struct report *report, struct error *error);

/* HTML: one page that needs nothing else: no network, no other file, and no script to be read. An
 * operator sends it to the owner of the data. The page forbids itself everything but its own style
 * and script (Content-Security-Policy), so that nothing that a source has written into it can act.
 * Long tables are cut (html_listing_private.h), so that a browser opens it at once. */
int report_write_html(const struct report *report, struct error *error);

/* HTML, too: a page about one document, person, group or row, whatever of these has the name `key`.
 * ERROR_USAGE, with the names that are near, where nothing has it. */
int report_write_key(const struct report *report, const char *key, struct error *error);

/* A folder of pages, one for each value of the topics that have pages (migration/topics.h), and
 * index.html, which lists them; `report->out` is not used. The folder is made (0700) where it is
 * not there. Pages that were written there before are replaced; ERROR_USAGE, and nothing is
 * written, where a file of another origin is in the place of one, or where the migration has no
 * topics. */
int report_write_folder(const struct report *report, const char *path, struct error *error);

/* JSON, for programs: what summary_append_json() writes, the corrections with their meaning, how
 * quick the target was, and every document that a person should look at with all requests and
 * answers. docs/report.schema.json describes it. */
int report_write_json(const struct report *report, struct error *error);

/* JUnit's XML, for whatever shows test results. The tables are a testsuite: each table is a
 * testcase (passed where its rows balance), and so is each rejected row (a failure). Each kind is a
 * testsuite, its documents are testcases: a failure where one is bad, an error where it is unclear,
 * skipped where it is open (workspace/standing.h). Documents that are no longer planned are left
 * out. */
int report_write_junit(const struct report *report, struct error *error);

/* CSV: one row for each document, for spreadsheets and `cut`. */
int report_write_csv(const struct report *report, struct error *error);

#endif
