#include "migration/sqlfile/templates.h"

#include <string.h>

static const struct {
    const char *name;
    unsigned values;
    const char *shown;
} known[] = {
    {"key", TEMPLATE_DOCUMENT, "{key}, columns of the kind's SELECT"},
    {"id", TEMPLATE_ID, "{id}"},
    {"page", TEMPLATE_PAGE, "{page}"},
    {"offset", TEMPLATE_PAGE, "{offset}"},
};

enum { KNOWN = sizeof known / sizeof *known };

/* ---- reading ---- */

static int fail(const struct parsed_file *parsed, const struct annotation *annotation,
                unsigned values, const char *what, struct span shown, struct error *error) {
    struct text expected = {0};
    for (size_t i = 0; i < KNOWN; i++) {
        if ((values & known[i].values) != 0) {
            text_append_format(&expected, "%s%s", expected.length == 0 ? "" : ", ", known[i].shown);
        }
    }
    parsed_file_fail(parsed, annotation->line, error, "%s %s: %s%.*s; expected %s",
                     annotation_forms[annotation->word].word, annotation->text, what,
                     (int)shown.length, shown.length == 0 ? "" : shown.data,
                     expected.length == 0 ? "no value in it" : text_string(&expected));
    text_free(&expected);
    return -1;
}

static bool is_allowed(struct span name, unsigned values) {
    for (size_t i = 0; i < KNOWN; i++) {
        if (span_equal_string(name, known[i].name)) {
            return (values & known[i].values) != 0;
        }
    }
    return (values & TEMPLATE_DOCUMENT) != 0 && name.length > 0;
}

static size_t count_pieces(const char *text) {
    size_t count = 1;
    for (; *text != '\0'; text++) {
        count += *text == '{' ? 2 : 0;
    }
    return count;
}

int template_read(struct parsed_file *parsed, const struct annotation *annotation, unsigned values,
                  struct template *template, struct error *error) {
    struct template_piece *pieces =
        arena_allocate(&parsed->arena, count_pieces(annotation->text) * sizeof *pieces);
    const char *rest = annotation->text;
    size_t count = 0;
    if (pieces == NULL) {
        return error_set_no_memory(error);
    }
    while (*rest != '\0') {
        bool is_value = *rest == '{';
        rest += is_value;
        size_t length = strcspn(rest, is_value ? "{}" : "{}\n");
        struct span piece = {rest, length};
        if (is_value ? rest[length] != '}' || !is_allowed(piece, values)
                     : rest[length] == '}' || rest[length] == '\n') {
            return fail(parsed, annotation, values,
                        is_value ? "it cannot have the value " : "it ends a value at ", piece,
                        error);
        }
        pieces[count++] = (struct template_piece){arena_copy(&parsed->arena, piece), is_value};
        rest += length + is_value;
    }
    *template = (struct template){.annotation = annotation, .pieces = pieces, .count = count};
    return 0;
}

bool template_has_pages(const struct template *template) {
    for (size_t i = 0; i < template->count; i++) {
        struct span name = template->pieces[i].text;
        if (template->pieces[i].is_value &&
            (span_equal_string(name, "page") || span_equal_string(name, "offset"))) {
            return true;
        }
    }
    return false;
}

int template_each_column(const struct template *template,
                         int (*take)(void *context, const struct annotation *annotation,
                                     const char *name, struct error *error),
                         void *context, struct error *error) {
    int rc = 0;
    for (size_t i = 0; i < template->count && rc == 0; i++) {
        struct span name = template->pieces[i].text;
        bool is_column = template->pieces[i].is_value;
        for (size_t k = 0; k < KNOWN; k++) {
            is_column = is_column && !span_equal_string(name, known[k].name);
        }
        if (is_column) {
            rc = take(context, template->annotation, name.data, error);
        }
    }
    return rc;
}

/* ---- filling in ---- */

/* False for null, and for a reference that is not resolved. */
static bool append_json(const json_t *value, struct text *out) {
    if (json_is_string(value)) {
        text_append(out, (struct span){json_string_value(value), json_string_length(value)});
    } else if (json_is_integer(value)) {
        text_append_integer(out, json_integer_value(value));
    } else if (json_is_real(value)) {
        text_append_real(out, json_real_value(value));
    } else {
        return false;
    }
    return true;
}

static bool append_value(struct span name, const struct template_scope *scope, struct text *out) {
    const struct kind_document *document = scope->document;
    if (span_equal_string(name, "page")) {
        text_append_integer(out, (int64_t)scope->page + 1);
    } else if (span_equal_string(name, "offset")) {
        text_append_integer(out, (int64_t)scope->listed);
    } else if (document == NULL) {
        return false;
    } else if (span_equal_string(name, "id")) {
        text_append(out, document->id.text);
        return !span_is_empty(document->id.text);
    } else if (span_equal_string(name, "key")) {
        text_append(out, document->key);
    } else {
        return append_json(json_object_get(document->values, name.data), out);
    }
    return true;
}

bool template_fits_header(struct span value) {
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if (c < ' ' || c == 0x7f) {
            return false;
        }
    }
    return true;
}

/* Without it, the path is that of another resource, such as all records instead of the one to
 * remove. */
static bool is_needed(struct span path) {
    return path.length == 0 || memchr(path.data, '?', path.length) == NULL;
}

int template_append(const struct template *template, const struct template_scope *scope,
                    enum template_place place, struct text *out) {
    struct text value = {0};
    bool is_there = true;
    bool fits = true;
    for (size_t i = 0; i < template->count && is_there; i++) {
        const struct template_piece *piece = &template->pieces[i];
        text_clear(&value);
        if (!piece->is_value) {
            text_append(out, piece->text);
            continue;
        }
        is_there = append_value(piece->text, scope, &value);
        if (place == TEMPLATE_PATH) {
            is_there = is_there && (value.length > 0 || !is_needed(text_span(out)));
            text_append_percent_encoded(out, text_span(&value));
        } else {
            fits = fits && template_fits_header(text_span(&value));
            text_append(out, text_span(&value));
        }
    }
    out->failed = out->failed || value.failed;
    text_free(&value);
    return fits ? is_there : -1;
}
