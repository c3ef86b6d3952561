#include "base/shell_word.h"

#include <string.h>

static bool is_plain(struct span word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_.@%+=:,/-";
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] == '\0' || strchr(plain, word.data[i]) == NULL) {
            return false;
        }
    }
    return word.length > 0;
}

void shell_word_append(struct text *out, struct span word) {
    if (is_plain(word)) {
        text_append(out, word);
        return;
    }
    text_append_char(out, '\'');
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] == '\'') {
            text_append_string(out, "'\\''");
        } else {
            text_append_char(out, word.data[i]);
        }
    }
    text_append_char(out, '\'');
}

bool shell_word_is_option(struct span word) {
    return word.length > 1 && word.data[0] == '-';
}
