/* A command as a page shows it: ready to be pasted (report/command.h) in the folder where the page
 * was written, for the workspace of the report if it has one. */
#ifndef ROWPOST_REPORT_HTML_COMMAND_PRIVATE_H
#define ROWPOST_REPORT_HTML_COMMAND_PRIVATE_H

#include "base/span.h"
#include "base/text.h"
#include "report/html_writer_private.h"

struct html_command {
    const char *verb;
    const char *more; /* what follows the workspace, quoted for a shell; or NULL */
};

void html_append_command(const struct report *report, const struct html_command *command,
                         struct text *out);

/* Appends the command that shows the document. */
void html_append_show_command(const struct report *report, struct span kind, struct span key,
                              struct text *out);

/* Writes the command as `code`; for the target, with its address: that of the workspace, or the
 * migration's example, with a note that it has to be replaced. */
void html_put_command(struct html *html, const struct html_command *command);
void html_put_target_command(struct html *html, const struct html_command *command);

/* Writes the command that shows the options of a verb. */
void html_put_help(struct html *html, const char *verb);

#endif
