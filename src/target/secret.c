#define _GNU_SOURCE /* explicit_bzero */
#include "target/secret.h"

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

static void mask_word(struct text *text, struct span word) {
    size_t from = 0;
    while (from < text->length) {
        struct span rest = {text->data + from, text->length - from};
        char *found = memmem(rest.data, rest.length, word.data, word.length);
        if (found == NULL) {
            return;
        }
        memset(found, '*', word.length);
        from = (size_t)(found - text->data) + word.length;
    }
}

void secret_mask(struct text *text, const struct curl_slist *lines) {
    for (const struct curl_slist *line = lines; line != NULL; line = line->next) {
        const char *tab = strrchr(line->data, '\t');
        const char *blank = strrchr(line->data, ' ');
        bool is_header = tab == NULL && strncmp(line->data, "Authorization:", 14) == 0;
        const char *start = is_header ? blank : tab;
        struct span word = span_of(start == NULL ? NULL : start + 1);
        if (word.length >= SHORTEST_SECRET) {
            mask_word(text, word);
        }
    }
}
