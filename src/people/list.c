#include "people/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/log.h"
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
    return span_begins_with_ignoring_ascii_case(address, scheme)
               ? span_trim((struct span){address.data + length, address.length - length})
               : address;
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

static void warn_of_unseen(struct list_warnings *warnings, const char *path,
                           const struct list_line *line, enum list_column column) {
    static const char *const nouns[] = {[LIST_LOGIN] = "login", [LIST_EMAIL] = "address"};
    struct text shown = {0};
    if (!fold_has_unseen(line->fields[column]) || warnings->unseen++ >= LIST_MOST_WARNINGS) {
        return;
    }
    fold_append_visible(line->fields[column], &shown);
    text_append_string(&shown, " has a character that cannot be seen; it is read as ");
    fold_append_visible(line->values[column], &shown);
    log_warning("%s, line %zu: the %s %s", path, line->number, nouns[column], text_string(&shown));
    text_free(&shown);
}

void list_warn_of_line(struct list_warnings *warnings, const char *path,
                       const struct list_line *line) {
    if (!line->is_header) {
        warn_of_unseen(warnings, path, line, LIST_LOGIN);
        warn_of_unseen(warnings, path, line, LIST_EMAIL);
    } else if (warnings->headers++ < LIST_MOST_WARNINGS) {
        log_warning("%s, line %zu: has the column names again; the line is ignored", path,
                    line->number);
    }
}

void list_warn_of_rest(const char *path, const char *what, size_t count) {
    if (count > LIST_MOST_WARNINGS) {
        log_warning("%s: %zu more lines %s", path, count - LIST_MOST_WARNINGS, what);
    }
}
