/* The top of the page, for whoever owns the data and has no other reading of it: is everything
 * over, in a sentence and a few figures; and if not, what is not, and what to do about it. */
#ifndef ROWPOST_REPORT_HTML_SUMMARY_H
#define ROWPOST_REPORT_HTML_SUMMARY_H

#include "report/flow.h"
#include "report/html_documents.h"
#include "report/html_writer.h"
#include "workspace/account.h"

/* What the whole amounts to; the first that applies. */
enum summary_verdict {
    SUMMARY_UNPLANNED, /* there is no plan */
    SUMMARY_UNSENT,    /* nothing was sent yet */
    SUMMARY_OPEN,      /* documents are pending or unclear */
    SUMMARY_WRONG,     /* refused, different or missing documents */
    SUMMARY_UNREAD,    /* all delivered, not all read back */
    SUMMARY_LEFT,      /* all there; rows were rejected, or the plan has changed since */
    SUMMARY_OVER,
    SUMMARY_VERDICTS
};

struct summary {
    const struct account *account;
    const struct flow *flow;
    const struct html_document_counts *counts;
};

enum summary_verdict summary_judge(const struct summary *summary);

void html_write_summary(struct html *html, const struct summary *summary);

#endif
