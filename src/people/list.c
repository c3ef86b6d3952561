#include "people/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "people/csv.h"

const char *const list_column_names[LIST_COLUMN_COUNT] = {"user_name", "email", "fullname"};

struct list {
    struct csv *csv;
    size_t columns[LIST_COLUMN_COUNT];
    struct text values[LIST_COLUMN_COUNT];
    struct text content; /* of a formula */
};

struct list *list_open(const char *path, struct error *error) {
    struct list *list = calloc(1, sizeof *list);
    if (list == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    list->csv = csv_open(path, error);
    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        if (list->csv == NULL ||
            csv_find_column(list->csv, list_column_names[i], &list->columns[i], error) != 0) {
            list_close(list);
            return NULL;
        }
    }
    return list;
}

void list_close(struct list *list) {
    if (list == NULL) {
        return;
    }
    csv_close(list->csv);
    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        text_free(&list->values[i]);
    }
    text_free(&list->content);
    free(list);
}

/* The text of a formula `="boss"`, by which a spreadsheet keeps a text from becoming a number; of
 * any other field, the field. */
static struct span content_of(struct list *list, struct span field) {
    struct span formula = span_trim(field);
    if (formula.length < 3 || memcmp(formula.data, "=\"", 2) != 0 ||
        formula.data[formula.length - 1] != '"') {
        return field;
    }
    text_clear(&list->content);
    for (size_t i = 2; i < formula.length - 1; i++) {
        text_append_char(&list->content, formula.data[i]);
        i += formula.data[i] == '"' && formula.data[i + 1] == '"'; /* doubled inside */
    }
    return text_span(&list->content);
}

static struct span without_mailto(struct span address) {
    static const char scheme[] = "mailto:";
    const size_t length = sizeof scheme - 1;
    struct span start = {address.data, address.length < length ? address.length : length};
    if (!span_equal_ignoring_ascii_case(start, span_of(scheme))) {
        return address;
    }
    return span_trim((struct span){address.data + length, address.length - length});
}

static int take_field(struct list *list, struct list_line *line, enum list_column column,
                      struct error *error) {
    struct text *value = &list->values[column];
    line->fields[column] = csv_field(list->csv, list->columns[column]);
    struct span content = content_of(list, line->fields[column]);
    text_clear(value);
    if (column == LIST_FULLNAME) {
        fold_blanks(content, value);
    } else {
        fold_spelling(content, value);
    }
    value->failed = value->failed || list->content.failed;
    line->values[column] = text_span(value);
    return text_check(value, error);
}

static bool is_header(const struct list_line *line) {
    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        if (!span_equal_ignoring_ascii_case(line->values[i], span_of(list_column_names[i]))) {
            return false;
        }
    }
    return true;
}

int list_next(struct list *list, struct list_line *line, struct error *error) {
    int rc = csv_next(list->csv, error);
    if (rc != 1) {
        return rc;
    }
    *line = (struct list_line){.number = csv_line(list->csv)};
    for (enum list_column i = 0; i < LIST_COLUMN_COUNT; i++) {
        if (take_field(list, line, i, error) != 0) {
            return -1;
        }
    }
    line->is_header = is_header(line);
    line->values[LIST_EMAIL] = without_mailto(line->values[LIST_EMAIL]);
    return 1;
}
