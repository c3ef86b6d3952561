#include "valdb/texts.h"

#include "base/date.h"
#include "base/word.h"

static bool is_dropped(unsigned char c) {
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static void append_line_feed(struct text *out, enum texts_layout layout) {
    text_append_char(out, layout == LAYOUT_BLOCK ? '\n' : ' ');
}

/* True for a byte that is not copied as it is. */
static bool is_special(unsigned char c, enum texts_layout layout) {
    return c < 0x20 ? c != '\t' && (c != '\n' || layout != LAYOUT_BLOCK)
                    : c == '|' && layout == LAYOUT_CELL;
}

/* The first special byte from there on, or the length. */
static size_t find_special(struct span raw, size_t from, enum texts_layout layout) {
    size_t i = from;
    while (i < raw.length) {
        size_t end = raw.length;
        if (raw.length - i >= sizeof(uint64_t)) {
            uint64_t word = word_at(raw.data + i);
            end = i + sizeof word;
            if ((word_mark_below(word, 0x20) | word_mark_equal(word, '|')) == 0) {
                i = end;
                continue;
            }
        }
        for (; i < end; i++) {
            if (is_special((unsigned char)raw.data[i], layout)) {
                return i;
            }
        }
    }
    return i;
}

/* What cleaning would trim at the ends, dropped characters between the blanks included. */
static struct span trim_for_cleaning(struct span raw) {
    while (raw.length > 0 && (is_dropped((unsigned char)raw.data[0]) || raw.data[0] == ' ' ||
                              raw.data[0] == '\t' || raw.data[0] == '\n' || raw.data[0] == '\r')) {
        raw.data++;
        raw.length--;
    }
    while (raw.length > 0) {
        char last = raw.data[raw.length - 1];
        if (!is_dropped((unsigned char)last) && last != ' ' && last != '\t' && last != '\n' &&
            last != '\r') {
            break;
        }
        raw.length--;
    }
    return raw;
}

/* Copies whole runs. */
void texts_append_clean(struct text *out, struct span raw, enum texts_layout layout) {
    raw = trim_for_cleaning(raw);
    if (raw.length == 0) {
        return; /* null has no bytes to point at */
    }
    size_t start = 0;
    for (size_t i = 0; (i = find_special(raw, i, layout)) < raw.length; i++) {
        char c = raw.data[i];
        text_append(out, (struct span){raw.data + start, i - start});
        start = i + 1;
        if (c == '|') {
            text_append_string(out, "\\|");
        } else if (c == '\n') {
            append_line_feed(out, layout);
        } else if (c == '\r') {
            append_line_feed(out, layout);
            if (i + 1 < raw.length && raw.data[i + 1] == '\n') {
                start++;
                i++;
            }
        }
    }
    if (start < raw.length) {
        text_append(out, (struct span){raw.data + start, raw.length - start});
    }
}

bool texts_are_equal_cleaned(struct span a, struct span b) {
    if (span_equal(a, b) || (span_is_empty(a) && span_is_empty(b))) {
        return true;
    }
    struct text cleaned = {0};
    texts_append_clean(&cleaned, a, LAYOUT_BLOCK);
    size_t middle = cleaned.length;
    texts_append_clean(&cleaned, b, LAYOUT_BLOCK);
    struct span both = text_span(&cleaned);
    bool are_equal = span_equal((struct span){both.data, middle},
                                (struct span){both.data + middle, both.length - middle});
    text_free(&cleaned);
    return are_equal;
}

/* Appends the cleaned text, or `otherwise` where nothing is left of it. */
static void append_clean_or(struct text *out, struct span raw, enum texts_layout layout,
                            const char *otherwise) {
    size_t before = out->length;
    texts_append_clean(out, raw, layout);
    if (out->length == before) {
        text_append_string(out, otherwise);
    }
}

static bool has_dropped(struct span raw) {
    for (size_t i = 0; i < raw.length; i++) {
        if (is_dropped((unsigned char)raw.data[i])) {
            return true;
        }
    }
    return false;
}

static void append_clean_links(struct text *out, struct patterns *patterns, struct span links) {
    size_t offset = 0;
    struct span number;
    struct span address;
    bool is_list = false;
    while (patterns_next_link(patterns, links, &offset, &number, &address)) {
        text_append_string(out, is_list ? "\n- " : "**Links:**\n- ");
        is_list = true;
        if (!span_is_null(number)) {
            text_append(out, number);
            text_append_char(out, ' ');
        }
        text_append(out, address);
    }
    if (!is_list) {
        text_append_string(out, "**Links:** ");
        append_clean_or(out, links, LAYOUT_BLOCK, "No links provided");
    }
}

/* An address must not carry what cleaning drops. */
static void append_links(struct text *out, struct patterns *patterns, struct span links) {
    if (!has_dropped(links)) {
        append_clean_links(out, patterns, links);
        return;
    }
    struct text cleaned = {0};
    texts_append_clean(&cleaned, links, LAYOUT_BLOCK);
    append_clean_links(out, patterns, text_span(&cleaned));
    text_free(&cleaned);
}

void texts_append_comments_and_links(struct text *out, struct patterns *patterns,
                                     struct span comments, struct span links) {
    text_append_string(out, "**Comments:** ");
    append_clean_or(out, comments, LAYOUT_BLOCK, "No comments provided");
    text_append_string(out, "\n\n");
    append_links(out, patterns, links);
}

struct span texts_status(struct span raw) {
    struct span trimmed = span_trim(raw);
    return span_is_empty(trimmed) ? span_of("NOT YET DONE") : trimmed;
}

void texts_append_notebook_content(struct text *out, struct span comments) {
    text_append_string(out, "\n                Comments: ");
    if (span_is_empty(comments)) {
        text_append_string(out, "No comments provided");
    } else {
        text_append(out, comments);
    }
    text_append_string(out, "\n                Links: \n            ");
}

static void append_day(struct text *out, int64_t moment) {
    char day[DATE_DAY_SIZE];
    date_format_day(date_day_of(moment), day);
    text_append_string(out, day);
}

void texts_begin_earlier(struct text *out) {
    text_append_string(out, "**Earlier:**");
}

void texts_append_earlier(struct text *out, const struct earlier_row *row) {
    text_append_string(out, "\n- ");
    append_day(out, row->moment);
    text_append_string(out, ", ");
    text_append(out, texts_status(row->status));
    text_append_string(out, ": ");
    append_clean_or(out, row->comments, LAYOUT_LINE, "No comments provided");
}

static bool is_same_version(const struct history_row *a, const struct history_row *b) {
    return span_equal(texts_status(a->status), texts_status(b->status)) &&
           texts_are_equal_cleaned(a->comments, b->comments) &&
           texts_are_equal_cleaned(a->links, b->links);
}

void texts_begin_history(struct text *out) {
    text_append_string(out, "**History:**\n\n"
                            "| Version | Date | Status | Who | Comment |\n"
                            "| --- | --- | --- | --- | --- |");
}

void texts_append_version(struct text *out, const struct history_row *row,
                          const struct history_row *before) {
    if (before != NULL && is_same_version(row, before)) {
        return;
    }
    text_append_string(out, "\n| ");
    texts_append_clean(out, row->version, LAYOUT_CELL);
    text_append_string(out, " | ");
    if (row->has_moment) {
        append_day(out, row->moment);
    }
    text_append_string(out, " | ");
    texts_append_clean(out, texts_status(row->status), LAYOUT_CELL);
    text_append_string(out, " | ");
    texts_append_clean(out, row->who, LAYOUT_CELL);
    text_append_string(out, " | ");
    texts_append_clean(out, row->comments, LAYOUT_CELL);
    text_append_string(out, " |");
}
