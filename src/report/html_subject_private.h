/* A page about one thing: a campaign, a person, a group. */
#ifndef ROWPOST_REPORT_HTML_SUBJECT_PRIVATE_H
#define ROWPOST_REPORT_HTML_SUBJECT_PRIVATE_H

#include <stddef.h>

#include "report/html_sections_private.h"

struct subject {
    const char *page; /* HTML_REPORT or HTML_PAGES */
    const char *sort; /* what it is: "Author"; or NULL */
    size_t topic;     /* by which it is found, with `value` (report/mentions.h) */
    struct span value;
    struct span title;
    /* What the page has besides; NULL: nothing. */
    void (*write_more)(struct html *html, const struct subject *subject);
};

int html_write_subject(const struct report *report, const struct html_content *content,
                       const struct subject *subject, struct error *error);

#endif
