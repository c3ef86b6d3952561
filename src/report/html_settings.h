/* What the run was made with, from the workspace's settings, and by which program.
 *
 * The workspace holds no secret. Should the address of a source have one all the same (`//user:
 * secret@host`, `PWD=secret;`), it is left out here. */
#ifndef ROWPOST_REPORT_HTML_SETTINGS_H
#define ROWPOST_REPORT_HTML_SETTINGS_H

#include "base/span.h"
#include "base/text.h"
#include "report/html_writer.h"

/* A section of the page. */
void html_write_settings(struct html *html);

/* Appends the value with "***" in the place of what looks like a secret. */
void html_append_without_secrets(struct text *out, struct span value);

#endif
