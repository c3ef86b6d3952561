#include "base/nearest.h"

#include <stdbool.h>
#include <string.h>

static int fold(char c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t nearest_distance(struct span a, struct span b) {
    size_t rows[3][NEAREST_FAR + 1];
    if (a.length > NEAREST_FAR || b.length > NEAREST_FAR) {
        return NEAREST_FAR;
    }
    for (size_t j = 0; j <= b.length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *twice_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            int x = fold(a.data[i - 1]);
            int y = fold(b.data[j - 1]);
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == fold(b.data[j - 2]) && y == fold(a.data[i - 2])) {
                row[j] = least(row[j], twice_above[j - 2] + 1);
            }
        }
    }
    return rows[a.length % 3][b.length];
}

size_t nearest_typing_distance(struct span wanted, struct span word) {
    size_t distance = nearest_distance(wanted, word);
    return distance <= wanted.length / 3 || distance <= 1 ? distance : NEAREST_FAR;
}

struct nearest nearest_to(struct span wanted) {
    return (struct nearest){.wanted = wanted, .distance = NEAREST_FAR};
}

void nearest_offer(struct nearest *nearest, const char *word) {
    struct span offered = span_of(word);
    struct span wanted = nearest->wanted;
    bool is_begun = wanted.length >= 2 && offered.length > wanted.length &&
                    span_equal_ignoring_ascii_case((struct span){word, wanted.length}, wanted);
    size_t distance = is_begun ? 1 : nearest_typing_distance(wanted, offered);
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->word = word;
    }
}

void nearest_append(const struct nearest *nearest, const char *before, struct text *out) {
    if (nearest->word != NULL) {
        text_append_format(out, "; did you mean %s%s?", before, nearest->word);
    }
}
