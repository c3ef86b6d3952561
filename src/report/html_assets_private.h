/* The page's style and script: src/report/html/report.css and report.js, made into C when the
 * program is built (src/report/html/embed.py). The hashes are those of a Content-Security-Policy
 * (CSP level 3, 2.3.1: hash-source), of exactly these bytes. */
#ifndef ROWPOST_REPORT_HTML_ASSETS_PRIVATE_H
#define ROWPOST_REPORT_HTML_ASSETS_PRIVATE_H

#include <stddef.h>

extern const char report_css[];
extern const size_t report_css_size;
extern const char report_css_hash[];

extern const char report_js[];
extern const size_t report_js_size;
extern const char report_js_hash[];

#endif
