#include "migration/sqlfile/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "migration/sqlfile/sql_token.h"

struct parse {
    struct parsed_file *file;
    struct span rest;
    size_t line; /* on which `rest` begins */
    size_t capacity;
    bool is_open;         /* the last annotation has not ended: more of its argument may come */
    struct text argument; /* of the last annotation */
    struct error *error;
};

void parsed_file_free(struct parsed_file *file) {
    free(file->annotations);
    arena_free(&file->arena);
    *file = (struct parsed_file){0};
}

int parsed_file_fail(const struct parsed_file *file, size_t line, struct error *error,
                     const char *format, ...) {
    char message[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return error_set(error, ERROR_INPUT, "%s, line %zu: %s", file->path, line, message);
}

size_t annotation_line_at(const struct annotation *annotation, const char *place) {
    const char *c = annotation->sql != NULL ? annotation->sql : annotation->text;
    size_t line = annotation->sql != NULL ? annotation->sql_line : annotation->line;
    for (; c < place; c++) {
        line += *c == '\n';
    }
    return line;
}

const struct annotation *parsed_file_part(const struct annotation *owner, enum word word) {
    for (size_t i = 1; i <= owner->parts; i++) {
        if (owner[i].word == word) {
            return &owner[i];
        }
    }
    return NULL;
}

static struct annotation *last(const struct parse *parse) {
    return parse->file->count == 0 ? NULL : &parse->file->annotations[parse->file->count - 1];
}

/* The annotation of the file to which the last one belongs. */
static struct annotation *last_owner(const struct parse *parse) {
    for (size_t i = parse->file->count; i-- > 0;) {
        if (annotation_forms[parse->file->annotations[i].word].owner == WORD_COUNT) {
            return &parse->file->annotations[i];
        }
    }
    return NULL;
}

/* ---- the end of an annotation ---- */

static int close_annotation(struct parse *parse) {
    if (!parse->is_open) {
        return 0;
    }
    parse->is_open = false;
    return annotation_read_argument(parse->file, last(parse), text_span(&parse->argument),
                                    parse->error);
}

static int check_sql(const struct parse *parse, const struct annotation *annotation) {
    const struct annotation_form *form = &annotation_forms[annotation->word];
    return form->sql != SQL_MUST || annotation->sql != NULL
               ? 0
               : parsed_file_fail(parse->file, annotation->line, parse->error,
                                  "--@ %s: no SQL follows it; expected a SELECT or VALUES that "
                                  "ends in a semicolon",
                                  form->word);
}

/* The parts that the owner needs. */
static int check_parts(const struct parse *parse, const struct annotation *owner) {
    for (enum word word = 0; word < WORD_COUNT; word++) {
        const struct annotation_form *form = &annotation_forms[word];
        if (form->owner == owner->word && form->repetition == EXACTLY_ONCE &&
            parsed_file_part(owner, word) == NULL) {
            return parsed_file_fail(parse->file, owner->line, parse->error,
                                    "--@ %s %s has no --@ %s; expected one after it",
                                    annotation_forms[owner->word].word,
                                    owner->name == NULL ? "" : owner->name, form->word);
        }
    }
    return 0;
}

/* No further part of the last owner can follow. */
static int close_owner(struct parse *parse) {
    const struct annotation *owner = last_owner(parse);
    if (close_annotation(parse) != 0) {
        return -1;
    }
    return owner == NULL || (check_sql(parse, owner) == 0 && check_sql(parse, last(parse)) == 0 &&
                             check_parts(parse, owner) == 0)
               ? 0
               : -1;
}

/* ---- a new annotation ---- */

static int fail_unknown(const struct parse *parse, struct span spelling) {
    struct text known = {0};
    for (enum word word = 0; word < WORD_COUNT; word++) {
        text_append_format(&known, "%s%s", word == 0 ? "" : ", ", annotation_forms[word].word);
    }
    parsed_file_fail(parse->file, parse->line, parse->error,
                     "--@ %.*s is no annotation; expected one of: %s", (int)spelling.length,
                     spelling.data, text_string(&known));
    text_free(&known);
    return -1;
}

static bool is_there(const struct parse *parse, const struct annotation *owner, enum word word) {
    if (owner != NULL) {
        return parsed_file_part(owner, word) != NULL;
    }
    for (size_t i = 0; i < parse->file->count; i++) {
        if (parse->file->annotations[i].word == word) {
            return true;
        }
    }
    return false;
}

static int check_place(const struct parse *parse, struct annotation *owner, enum word word) {
    const struct annotation_form *form = &annotation_forms[word];
    bool is_part = form->owner != WORD_COUNT;
    if (is_part && (owner == NULL || owner->word != form->owner)) {
        return parsed_file_fail(parse->file, parse->line, parse->error,
                                "--@ %s belongs to a --@ %s; expected it between that and its SQL",
                                form->word, annotation_forms[form->owner].word);
    }
    if (is_part && owner->sql != NULL) {
        return parsed_file_fail(parse->file, parse->line, parse->error,
                                "--@ %s is after the SQL of its --@ %s; expected it before",
                                form->word, annotation_forms[form->owner].word);
    }
    if (form->repetition != ANY_NUMBER && is_there(parse, is_part ? owner : NULL, word)) {
        return parsed_file_fail(parse->file, parse->line, parse->error,
                                "--@ %s is there a second time; expected it once", form->word);
    }
    return 0;
}

static int grow(struct parse *parse) {
    if (parse->file->count < parse->capacity) {
        return 0;
    }
    size_t capacity = parse->capacity == 0 ? 64 : 2 * parse->capacity;
    struct annotation *grown = realloc(parse->file->annotations, capacity * sizeof *grown);
    if (grown == NULL) {
        return error_set_no_memory(parse->error);
    }
    parse->file->annotations = grown;
    parse->capacity = capacity;
    return 0;
}

static int open_annotation(struct parse *parse, struct span word_text, struct span argument) {
    enum word word = annotation_find_word(word_text);
    if (word == WORD_COUNT) {
        return fail_unknown(parse, word_text);
    }
    bool is_part = annotation_forms[word].owner != WORD_COUNT;
    if ((is_part ? close_annotation(parse) : close_owner(parse)) != 0 ||
        check_place(parse, last_owner(parse), word) != 0 ||
        (is_part && last(parse) != last_owner(parse) && check_sql(parse, last(parse)) != 0) ||
        grow(parse) != 0) {
        return -1;
    }
    if (is_part) {
        last_owner(parse)->parts++;
    }
    parse->file->annotations[parse->file->count++] =
        (struct annotation){.word = word, .line = parse->line};
    parse->is_open = true;
    text_clear(&parse->argument);
    text_append(&parse->argument, argument);
    return text_check(&parse->argument, parse->error);
}

/* ---- lines and statements ---- */

static size_t count_lines(struct span text) {
    size_t lines = 0;
    for (size_t i = 0; i < text.length; i++) {
        lines += text.data[i] == '\n';
    }
    return lines;
}

/* After `--@`. */
static int read_annotation(struct parse *parse, struct span body) {
    if (body.length == 0 || (*body.data != ' ' && *body.data != '\t')) {
        return parsed_file_fail(parse->file, parse->line, parse->error,
                                "--@%.*s: expected a blank after --@", (int)body.length, body.data);
    }
    body = span_trim(body);
    size_t length = 0;
    while (length < body.length && strchr(" \t", body.data[length]) == NULL) {
        length++;
    }
    struct span word = {body.data, length};
    struct span argument = {body.data + length, body.length - length};
    if (!span_equal_string(word, "+")) {
        return open_annotation(parse, word, argument);
    }
    if (!parse->is_open) {
        return parsed_file_fail(parse->file, parse->line, parse->error,
                                "--@ + continues nothing; expected it after an annotation");
    }
    text_append_char(&parse->argument, '\n');
    text_append(&parse->argument, argument);
    return text_check(&parse->argument, parse->error);
}

/* True for a comment that was meant to be an annotation: `-- @ kind`, `---@`. */
static bool looks_like_annotation(struct span comment) {
    size_t i = 0;
    while (i < comment.length && strchr("- \t", comment.data[i]) != NULL) {
        i++;
    }
    return i < comment.length && comment.data[i] == '@';
}

static int read_comment(struct parse *parse, struct span comment, bool is_at_start) {
    if (is_at_start && comment.length >= 3 && memcmp(comment.data, "--@", 3) == 0) {
        return read_annotation(parse, (struct span){comment.data + 3, comment.length - 3});
    }
    if (looks_like_annotation(comment)) {
        struct span shown = span_trim(comment);
        return parsed_file_fail(parse->file, parse->line, parse->error,
                                "%.*s looks like an annotation; expected `--@ ` at the start of a "
                                "line, or no @",
                                (int)(shown.length < 60 ? shown.length : 60), shown.data);
    }
    if (parse->is_open && is_at_start) {
        return close_annotation(parse);
    }
    return 0;
}

/* The annotation to which the SQL that begins here belongs. */
static struct annotation *find_taker(struct parse *parse) {
    struct annotation *owner = last_owner(parse);
    struct annotation *newest = last(parse);
    if (newest != NULL && newest->sql == NULL && annotation_forms[newest->word].sql != SQL_NONE) {
        return newest;
    }
    return owner != NULL && owner->sql == NULL && annotation_forms[owner->word].sql != SQL_NONE
               ? owner
               : NULL;
}

/* One statement, up to its semicolon. */
static int read_sql(struct parse *parse) {
    struct annotation *taker = close_annotation(parse) == 0 ? find_taker(parse) : NULL;
    size_t begin = parse->line;
    struct span sql = {parse->rest.data, 0};
    struct sql_token token;
    if (taker == NULL) {
        return parse->error->code != ERROR_NONE
                   ? -1
                   : parsed_file_fail(parse->file, begin, parse->error,
                                      "this SQL belongs to no annotation; expected --@ table, "
                                      "lookup, view, classify, kind or check before it");
    }
    for (;;) {
        token = sql_token_next(&parse->rest);
        if (token.kind == SQL_SEMICOLON || token.kind == SQL_END || token.kind == SQL_UNCLOSED) {
            break;
        }
        if (token.kind == SQL_COMMENT && looks_like_annotation(token.text)) {
            return parsed_file_fail(parse->file, parse->line, parse->error,
                                    "an annotation is inside the SQL that begins in line %zu; "
                                    "expected a semicolon at the end of the SQL",
                                    begin);
        }
        parse->line += count_lines(token.text);
        sql.length += token.text.length;
    }
    if (token.kind != SQL_SEMICOLON) {
        return parsed_file_fail(parse->file, begin, parse->error, "%s",
                                token.kind == SQL_END
                                    ? "the SQL that begins here has no end; expected a semicolon"
                                    : "a text, a name or a comment in the SQL that begins here "
                                      "has no end; expected its closing quote");
    }
    taker->sql = arena_copy(&parse->file->arena, span_trim(sql)).data;
    taker->sql_line = begin;
    return 0;
}

static int read_all(struct parse *parse) {
    bool is_at_start = true;
    while (parse->rest.length > 0) {
        struct span before = parse->rest;
        struct sql_token token = sql_token_next(&parse->rest);
        int rc = 0;
        if (token.kind == SQL_COMMENT && token.text.data[0] == '-') {
            rc = read_comment(parse, token.text, is_at_start);
        } else if (token.kind != SQL_BLANK && token.kind != SQL_COMMENT) {
            parse->rest = before;
            rc = read_sql(parse);
        }
        if (rc != 0) {
            return -1;
        }
        if (token.kind == SQL_BLANK || token.kind == SQL_COMMENT) {
            parse->line += count_lines(token.text);
        }
        is_at_start = token.kind == SQL_BLANK && token.text.data[token.text.length - 1] == '\n';
    }
    return close_owner(parse);
}

static int check_file(const struct parse *parse) {
    if (!is_there(parse, NULL, WORD_MIGRATION)) {
        return parsed_file_fail(parse->file, 1, parse->error,
                                "the file has no --@ migration NAME; expected it at its start");
    }
    return 0;
}

/* Texts of the file are passed on as terminated strings. */
static int check_text(const struct parse *parse, struct span text) {
    if (!json_is_utf8(text) || (text.length > 0 && memchr(text.data, '\0', text.length) != NULL)) {
        return error_set(parse->error, ERROR_INPUT, "%s: expected text in UTF-8 without NUL",
                         parse->file->path);
    }
    return 0;
}

int parsed_file_read(struct parsed_file *file, const char *path, struct span text,
                     struct error *error) {
    struct error local = {0};
    struct parse parse = {.file = file, .rest = text, .line = 1, .error = &local};
    file->path = arena_copy(&file->arena, span_of(path)).data;
    int rc =
        check_text(&parse, text) == 0 && read_all(&parse) == 0 && check_file(&parse) == 0 ? 0 : -1;
    if (rc == 0 && file->arena.failed) {
        rc = error_set_no_memory(&local);
    }
    text_free(&parse.argument);
    if (rc != 0 && error != NULL) {
        *error = local;
    }
    return rc;
}
