#define _GNU_SOURCE /* explicit_bzero */
#include "http/secret.h"

#include <string.h>

enum { SHORTEST_SECRET = 6 };

void secret_free(struct text *text) {
    text_wipe(text);
}

void secret_free_list(struct curl_slist *list) {
    for (struct curl_slist *line = list; line != NULL; line = line->next) {
        explicit_bzero(line->data, strlen(line->data));
    }
    curl_slist_free_all(list);
}

void secret_mask_word(struct text *text, struct span word) {
    size_t from = 0;

    while (word.length >= SHORTEST_SECRET && from < text->length) {
        char *found = memmem(text->data + from, text->length - from, word.data, word.length);
        if (found == NULL) {
            return;
        }
        memset(found, '*', word.length);
        from = (size_t)(found - text->data) + word.length;
    }
}
