/* Text as XML 1.0 takes it: `&`, `<`, `>` and quotes escaped, and line breaks too where an
 * attribute would lose them. What XML cannot hold at all (most control characters, U+FFFE, U+FFFF,
 * bytes that are not UTF-8) becomes U+FFFD. The text that is appended to is the caller's. */
#ifndef ROWPOST_REPORT_XML_TEXT_H
#define ROWPOST_REPORT_XML_TEXT_H

#include "base/span.h"
#include "base/text.h"

/* Between tags. */
void xml_append_text(struct text *out, struct span value);

/* ` name="value"`, with the blank before it. */
void xml_append_attribute(struct text *out, const char *name, struct span value);

#endif
