/* libcurl's words for a failure, fit to be shown: they name hosts and ports, and no secret. */
#ifndef ROWPOST_TARGET_CURL_WORDS_H
#define ROWPOST_TARGET_CURL_WORDS_H

#include <curl/curl.h>

/* `detail` is what the handle's error buffer holds, perhaps nothing; what is returned lives as
 * long as it. */
const char *curl_words(CURLcode code, const char *detail);

#endif
