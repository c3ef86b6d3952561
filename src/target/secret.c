#define _GNU_SOURCE /* explicit_bzero */
#include "target/secret.h"

#include <string.h>

void secret_free(struct text *text) {
    if (text->data != NULL) {
        explicit_bzero(text->data, text->capacity);
    }
    text_free(text);
}

void secret_free_list(struct curl_slist *list) {
    for (struct curl_slist *line = list; line != NULL; line = line->next) {
        explicit_bzero(line->data, strlen(line->data));
    }
    curl_slist_free_all(list);
}
