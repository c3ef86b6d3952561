#define _GNU_SOURCE /* memmem */
#include <ctype.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/marker.h"
#include "base/shell_word.h"
#include "report/placeholders_private.h"

#define BEGIN "rowpostvar_"
#define END "." /* which no name has */
#define ID "new_"
#define SECRET "secret_"

/* ---- into JSON ---- */

static void append_name(struct span name, struct text *out) {
    for (size_t i = 0; i < name.length; i++) {
        unsigned char c = (unsigned char)name.data[i];
        bool is_plain = c < 0x80 && isalnum(c);
        text_append_format(out, is_plain ? "%c" : "_%02x", c);
    }
}

void placeholders_append_name(struct span kind, struct span key, struct text *out) {
    text_append_string(out, ID);
    append_name(kind, out);
    text_append_string(out, "__");
    append_name(key, out);
}

static int append_record(const struct marker *marker, struct journal *journal, struct text *out,
                         struct error *error) {
    struct text id = {0};
    bool is_number = false;
    int rc = journal_find_record(journal, text_span(&marker->kind), text_span(&marker->key), &id,
                                 &is_number, error);
    if (rc == 1 && is_number) {
        text_append(out, text_span(&id));
    } else if (rc == 1) {
        json_append_quoted(out, text_span(&id));
    } else {
        text_append_string(out, "\"" BEGIN);
        placeholders_append_name(text_span(&marker->kind), text_span(&marker->key), out);
        text_append_string(out, END "\"");
    }
    text_free(&id);
    return rc < 0 ? -1 : 0;
}

static void append_secret(struct placeholder_owner *owner, struct text *out) {
    text_append_string(out, "\"" BEGIN SECRET);
    append_name(span_of(owner->kind), out);
    text_append_string(out, "__");
    append_name(owner->key, out);
    text_append_format(out, "__%zu" END "\"", ++owner->secrets);
}

int placeholders_fill(struct span json, struct journal *journal, struct placeholder_owner *owner,
                      struct text *out, struct error *error) {
    struct marker marker = {0};
    size_t from = 0;
    int rc;
    while ((rc = marker_find(json, from, &marker, error)) == 1) {
        text_append(out, (struct span){json.data + from, marker.at - from});
        if (marker.what == MARKER_SECRET) {
            append_secret(owner, out);
        } else if (append_record(&marker, journal, out, error) != 0) {
            rc = -1;
            break;
        }
        from = marker.at + marker.length;
    }
    if (rc == 0 && json.length > from) {
        text_append(out, (struct span){json.data + from, json.length - from});
    }
    marker_free(&marker);
    return rc < 0 ? -1 : text_check(out, error);
}

/* ---- out of a request ---- */

/* The first placeholder: what is before it, and its name; the rest is behind it. False where there
 * is none. */
static bool take(struct span *rest, struct span *before, struct span *name) {
    const char *begin = memmem(rest->data, rest->length, BEGIN, strlen(BEGIN));
    if (begin == NULL) {
        return false;
    }
    const char *end = rest->data + rest->length;
    const char *first = begin + strlen(BEGIN);
    const char *last = memmem(first, (size_t)(end - first), END, strlen(END));
    if (last == NULL) {
        return false;
    }
    *before = (struct span){rest->data, (size_t)(begin - rest->data)};
    *name = (struct span){first, (size_t)(last - first)};
    *rest = (struct span){last + strlen(END), (size_t)(end - last) - strlen(END)};
    return true;
}

void placeholders_append_plain(struct span text, struct text *out) {
    struct span before;
    struct span name;
    while (text.length > 0 && take(&text, &before, &name)) {
        text_append(out, before);
        text_append_char(out, '$');
        text_append(out, name);
    }
    text_append(out, text);
}

static void append_piece(struct span piece, struct text *out) {
    if (piece.length > 0) {
        shell_word_append(out, piece);
    }
}

void placeholders_append_shell(struct span text, struct text *out) {
    size_t length = out->length;
    struct span before;
    struct span name;
    while (text.length > 0 && take(&text, &before, &name)) {
        bool is_quoted = before.length > 0 && before.data[before.length - 1] == '"' &&
                         text.length > 0 && *text.data == '"' &&
                         strncmp(name.data, ID, strlen(ID)) == 0;
        before.length -= is_quoted;
        append_piece(before, out);
        text_append_string(out, "\"${");
        text_append(out, name);
        text_append_string(out, ":?}\"");
        text.data += is_quoted;
        text.length -= is_quoted;
    }
    append_piece(text, out);
    if (out->length == length) {
        text_append_string(out, "''");
    }
}
