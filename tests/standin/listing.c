#define _GNU_SOURCE
#include "listing.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <ctype.h>
#include <errno.h>
#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct listing_row {
    size_t offset;
    size_t size;
    json_t *record; /* NULL where nothing is sorted */
};

static int open_search(struct listing *listing, const struct text *search) {
    if (search->size == 0) {
        return 0;
    }
    int error;
    PCRE2_SIZE where;
    pcre2_code *expression = pcre2_compile((PCRE2_SPTR)search->data, search->size,
                                           PCRE2_CASELESS | PCRE2_UTF, &error, &where, NULL);
    if (expression == NULL) {
        return -1;
    }
    pcre2_jit_compile(expression, PCRE2_JIT_COMPLETE);
    listing->expression = expression;
    listing->match = pcre2_match_data_create_from_pattern(expression, NULL);
    return listing->match == NULL ? -1 : 0;
}

/* One `field:asc`; a field without a direction is ignored, one without a ':' is an error. */
static int add_sort(struct listing *listing, const char *at, size_t size) {
    const char *colon = memchr(at, ':', size);
    if (size == 0) {
        return 0;
    }
    if (colon == NULL) {
        return -1;
    }
    size_t field_size = (size_t)(colon - at);
    size_t word_size = size - field_size - 1;
    if (word_size == 0) {
        return 0;
    }
    struct listing_sort *sort = &listing->sorts[listing->sort_count];
    if (listing->sort_count == LISTING_SORTS || field_size >= sizeof sort->field) {
        return -1;
    }
    bool ascending = word_size == 3 && memcmp(colon + 1, "asc", 3) == 0;
    bool descending = word_size == 4 && memcmp(colon + 1, "desc", 4) == 0;
    if (!ascending && !descending) {
        return -1;
    }
    memcpy(sort->field, at, field_size);
    sort->direction = ascending ? 1 : -1;
    listing->sort_count++;
    return 0;
}

static int open_sort(struct listing *listing, const struct text *sort) {
    for (const char *at = sort->data; *at != '\0';) {
        size_t size = strcspn(at, ",");
        if (add_sort(listing, at, size) != 0) {
            return -1;
        }
        at += size + (at[size] == ',' ? 1 : 0);
    }
    return 0;
}

/* A parameter that is a number; an absent one leaves *number. */
static int read_number(const struct request *request, const char *name, size_t *number) {
    struct text value = {0};
    int rc = 0;
    if (request_parameter(request, name, &value) == 1) {
        char *end;
        errno = 0;
        long long read = strtoll(value.data, &end, 10);
        if (value.size == 0 || *end != '\0' || errno != 0 || read < 0) {
            rc = -1;
        } else {
            *number = (size_t)read;
        }
    }
    text_free(&value);
    return rc;
}

int listing_open(struct listing *listing, const struct request *request, enum listing_order order) {
    struct text sort = {0};
    struct text search = {0};
    int rc = -1;
    *listing = (struct listing){.order = order};
    if (request_parameter(request, "sort", &sort) == 0 || open_sort(listing, &sort) != 0) {
        goto done;
    }
    request_parameter(request, "search", &search);
    if (open_search(listing, &search) != 0 || read_number(request, "skip", &listing->skip) != 0 ||
        read_number(request, "limit", &listing->limit) != 0) {
        goto done;
    }
    listing->limit = listing->limit == 0 ? SIZE_MAX : listing->limit;
    rc = 0;
done:
    text_free(&sort);
    text_free(&search);
    return rc;
}

static bool finds(const struct listing *listing, struct slice text) {
    return text.data != NULL && pcre2_match(listing->expression, (PCRE2_SPTR)text.data, text.size,
                                            0, 0, listing->match, NULL) >= 0;
}

bool listing_wants(const struct listing *listing, struct slice one, struct slice other) {
    return listing->expression == NULL || finds(listing, one) || finds(listing, other);
}

int listing_add(struct listing *listing, struct slice record) {
    if (listing->row_count == listing->row_room) {
        listing->row_room = listing->row_room == 0 ? 16 : listing->row_room * 2;
        listing->rows = realloc(listing->rows, listing->row_room * sizeof *listing->rows);
        if (listing->rows == NULL) {
            abort();
        }
    }
    struct listing_row *row = &listing->rows[listing->row_count++];
    *row = (struct listing_row){.offset = listing->records.size, .size = record.size};
    text_add(&listing->records, record.data, record.size);
    if (listing->sort_count > 0) {
        row->record = json_loadb(record.data, record.size, JSON_ALLOW_NUL, NULL);
        return 0;
    }
    return listing->row_count > listing->skip &&
           listing->row_count - listing->skip >= listing->limit;
}

/* Compares the numbers that both begin with, of any length, and steps over them. */
static int compare_numbers(const char **one, const char **other) {
    const char *a = *one + strspn(*one, "0");
    const char *b = *other + strspn(*other, "0");
    size_t a_size = strspn(a, "0123456789");
    size_t b_size = strspn(b, "0123456789");
    *one = a + a_size;
    *other = b + b_size;
    if (a_size != b_size) {
        return a_size < b_size ? -1 : 1;
    }
    return strncmp(a, b, a_size);
}

/* Ignores case and takes runs of digits as numbers; what is equal that way is ordered by bytes. */
static int compare_by_numbers(const char *one, const char *other) {
    const char *a = one;
    const char *b = other;
    while (*a != '\0' && *b != '\0') {
        int order = 0;
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            order = compare_numbers(&a, &b);
        } else {
            order = tolower((unsigned char)*a++) - tolower((unsigned char)*b++);
        }
        if (order != 0) {
            return order;
        }
    }
    return *a != *b ? (*a == '\0' ? -1 : 1) : strcmp(one, other);
}

/* The rank of a kind of value among the others. */
static int rank(const json_t *value) {
    static const int ranks[] = {
        [JSON_NULL] = 0,   [JSON_INTEGER] = 1, [JSON_REAL] = 1,  [JSON_STRING] = 2,
        [JSON_OBJECT] = 3, [JSON_ARRAY] = 4,   [JSON_FALSE] = 5, [JSON_TRUE] = 6};
    return value == NULL ? 0 : ranks[json_typeof(value)];
}

static int compare_values(const json_t *one, const json_t *other, enum listing_order order) {
    if (rank(one) != rank(other)) {
        return rank(one) - rank(other);
    }
    if (json_is_number(one)) {
        double a = json_number_value(one);
        double b = json_number_value(other);
        return (a > b) - (a < b);
    }
    if (!json_is_string(one)) {
        return 0;
    }
    const char *a = json_string_value(one);
    const char *b = json_string_value(other);
    return order == LISTING_BY_NUMBERS ? compare_by_numbers(a, b) : strcmp(a, b);
}

static int compare_rows(const void *one, const void *other, void *context) {
    const struct listing_row *a = one;
    const struct listing_row *b = other;
    const struct listing *listing = context;
    for (int i = 0; i < listing->sort_count; i++) {
        const struct listing_sort *sort = &listing->sorts[i];
        int order = compare_values(json_object_get(a->record, sort->field),
                                   json_object_get(b->record, sort->field), listing->order);
        if (order != 0) {
            return order * sort->direction;
        }
    }
    return a->offset < b->offset ? -1 : 1;
}

void listing_write(struct listing *listing, struct text *out) {
    if (listing->sort_count > 0 && listing->row_count > 0) {
        qsort_r(listing->rows, listing->row_count, sizeof *listing->rows, compare_rows, listing);
    }
    text_add_string(out, "[");
    for (size_t i = listing->skip; i < listing->row_count && i - listing->skip < listing->limit;
         i++) {
        text_add_string(out, i == listing->skip ? "" : ", ");
        text_add(out, listing->records.data + listing->rows[i].offset, listing->rows[i].size);
    }
    text_add_string(out, "]\n");
}

void listing_close(struct listing *listing) {
    for (size_t i = 0; i < listing->row_count; i++) {
        json_decref(listing->rows[i].record);
    }
    free(listing->rows);
    text_free(&listing->records);
    pcre2_match_data_free(listing->match);
    pcre2_code_free(listing->expression);
}
