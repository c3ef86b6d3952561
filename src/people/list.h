/* A list of people: a CSV file (csv.h) with the columns `user_name`, `email` and `fullname`, in any
 * order, among others. `--admins` and `--people` are both read by this.
 *
 * list_open() gives a reader that the caller closes. Errors are ERROR_INPUT and name the file and
 * the line. What is in a line lives until the next list_next(). */
#ifndef ROWPOST_PEOPLE_LIST_H
#define ROWPOST_PEOPLE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/span.h"

struct list;

enum list_column { LIST_LOGIN, LIST_EMAIL, LIST_FULLNAME, LIST_COLUMN_COUNT };

/* "user_name", "email", "fullname". */
extern const char *const list_column_names[LIST_COLUMN_COUNT];

struct list_line {
    /* The fields as the file has them. */
    struct span fields[LIST_COLUMN_COUNT];
    /* What they mean, never null: a spreadsheet's formula text `="boss"` is `boss`; a login and an
     * address are spelled by fold_spelling(), an address has no `mailto:`; the blanks of a full
     * name are folded. */
    struct span values[LIST_COLUMN_COUNT];
    size_t number;  /* on which the record begins, from 1 */
    bool is_header; /* the column names once more, as where two lists became one file */
};

struct list *list_open(const char *path, struct error *error);
void list_close(struct list *list);

/* 1: a line was read; 0: the end; -1: the error. */
int list_next(struct list *list, struct list_line *line, struct error *error);

/* So many warnings of a kind are logged for each list; start from `{0}`. */
enum { LIST_MOST_WARNINGS = 5 };

struct list_warnings {
    size_t unseen, headers;
};

/* Warns of characters that cannot be seen in a login or an address, and of column names once
 * more. */
void list_warn_of_line(struct list_warnings *warnings, const char *path,
                       const struct list_line *line);

/* Reports how many more lines there were of a kind, where there were: `people.csv: 7 more lines
 * have ...`. */
void list_warn_of_rest(const char *path, const char *what, size_t count);

#endif
