#include "http/curl_words.h"

#include <string.h>

/* The detail may quote a proxy's URL with its password, in whatever broken form it was given. That
 * of an unknown encoding (libcurl 8) quotes the answer's header, in which a target may repeat a
 * secret. */
const char *curl_words(CURLcode code, const char *detail) {
    if (detail[0] == '\0' || code == CURLE_COULDNT_RESOLVE_PROXY ||
        code == CURLE_BAD_CONTENT_ENCODING || strchr(detail, '@') != NULL ||
        strstr(detail, "://") != NULL) {
        return curl_easy_strerror(code);
    }
    return detail;
}
