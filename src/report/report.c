#include "report/report.h"

#include <errno.h>
#include <string.h>

int report_flush(FILE *out, struct text *text, struct error *error) {
    if (text_check(text, error) != 0) {
        return -1;
    }
    errno = 0;
    if (fwrite(text_string(text), 1, text->length, out) != text->length && errno != EPIPE) {
        return error_set(error, ERROR_DISK, "the output cannot be written: %s", strerror(errno));
    }
    text_clear(text);
    return 0;
}
