#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/fold.h"
#include "base/pattern.h"
#include "base/statement.h"
#include "base/utf8.h"
#include "migration/sqlfile/functions.h"

/* ---- patterns ---- */

/* The number of steps of a pattern is limited, so that none runs without end. */
enum { MATCH_STEPS = 1000000 };

static void free_pattern(void *code) {
    pcre2_code_free(code);
}

/* The compiled pattern, kept while the statement has the same one; NULL with the error given. */
static pcre2_code *compile(sqlite3_context *context, int place, sqlite3_value *argument) {
    pcre2_code *code = sqlite3_get_auxdata(context, place);
    struct span pattern = statement_value_text(argument);
    int failure;
    PCRE2_SIZE offset;
    if (code != NULL) {
        return code;
    }
    code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.length, PCRE2_UTF | PCRE2_UCP, &failure,
                         &offset, NULL);
    if (code == NULL) {
        PCRE2_UCHAR reason[128];
        struct text message = {0};
        pcre2_get_error_message(failure, reason, sizeof reason);
        text_append_format(&message, "the pattern '%s' is wrong at character %zu: %s", pattern.data,
                           offset + 1, (const char *)reason);
        sqlite3_result_error(context, text_string(&message), -1);
        text_free(&message);
        return NULL;
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    sqlite3_set_auxdata(context, place, code, free_pattern);
    return sqlite3_get_auxdata(context, place);
}

/* What the pattern finds: null where nothing, or where the text is not UTF-8. */
static bool match(sqlite3_context *context, int place, sqlite3_value *pattern, sqlite3_value *value,
                  struct span *found) {
    struct span text = statement_value_text(value);
    *found = (struct span){0};
    if (sqlite3_value_type(pattern) == SQLITE_NULL || span_is_null(text)) {
        return true;
    }
    pcre2_code *code = compile(context, place, pattern);
    pcre2_match_data *data = code == NULL ? NULL : pcre2_match_data_create(1, NULL);
    pcre2_match_context *limits = data == NULL ? NULL : pcre2_match_context_create(NULL);
    if (limits == NULL) {
        pcre2_match_data_free(data);
        return false;
    }
    pcre2_set_match_limit(limits, MATCH_STEPS);
    enum match result = pattern_match(code, text, 0, 0, data, limits);
    if (result == MATCH_FOUND) {
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
        *found = (struct span){text.data + ends[0], ends[1] < ends[0] ? 0 : ends[1] - ends[0]};
    }
    pcre2_match_context_free(limits);
    pcre2_match_data_free(data);
    if (result == MATCH_TOO_LONG) {
        sqlite3_result_error(context, "the pattern takes too many steps; expected a simpler one",
                             -1);
    } else if (result == MATCH_NO_MEMORY) {
        sqlite3_result_error_nomem(context);
    }
    return result == MATCH_FOUND || result == MATCH_ABSENT;
}

/* `text REGEXP pattern` is regexp(pattern, text). */
static void run_regexp(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct span found;
    bool has_null = sqlite3_value_type(arguments[0]) == SQLITE_NULL ||
                    sqlite3_value_type(arguments[1]) == SQLITE_NULL;
    if (match(context, 0, arguments[0], arguments[1], &found) && !has_null) {
        sqlite3_result_int(context, !span_is_null(found));
    }
}

static void run_find(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct span found;
    if (match(context, 1, arguments[1], arguments[0], &found) && !span_is_null(found)) {
        sqlite3_result_text64(context, found.data, found.length, SQLITE_TRANSIENT, SQLITE_UTF8);
    }
}

/* ---- texts ---- */

static void convert(sqlite3_context *context, sqlite3_value *argument,
                    void (*append)(struct span, struct text *)) {
    struct span text = statement_value_text(argument);
    struct text out = {0};
    if (!span_is_null(text)) {
        append(text, &out);
        sql_function_give(context, &out);
    }
}

static const struct {
    uint32_t code;
    const char *ascii;
} letters[] = {{0xdf, "ss"}, {0xe6, "ae"}, {0xf8, "o"},  {0x153, "oe"}, {0x142, "l"}, {0x111, "d"},
               {0xf0, "d"},  {0xfe, "th"}, {0x131, "i"}, {0x127, "h"},  {0x167, "t"}};

static void append_letter(uint32_t code, struct text *out) {
    utf8proc_int32_t parts[8];
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (letters[i].code == code) {
            text_append_string(out, letters[i].ascii);
            return;
        }
    }
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)code, parts, 8,
                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK, NULL);
    bool has_letter = false;
    for (utf8proc_ssize_t i = 0; i < count && i < 8; i++) {
        if (parts[i] < 0x80 && isalnum(parts[i])) {
            text_append_char(out, (char)tolower(parts[i]));
            has_letter = true;
        }
    }
    bool is_mark = utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_MN;
    if (!has_letter && !is_mark && out->length > 0 && out->data[out->length - 1] != '-') {
        text_append_char(out, '-');
    }
}

/* Letters without accents and digits; other characters between them become one hyphen. */
static void append_slug(struct span text, struct text *out) {
    struct text folded = {0};
    fold_case(text, &folded);
    for (size_t at = 0; at < folded.length;) {
        uint32_t code = 0;
        at += utf8_decode(folded.data + at, folded.length - at, &code);
        append_letter(code == UTF8_INVALID ? '-' : code, out);
    }
    out->failed = out->failed || folded.failed;
    text_free(&folded);
    if (out->length > 0 && out->data[out->length - 1] == '-') {
        out->data[--out->length] = '\0';
    }
}

static void run_squeeze(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    convert(context, arguments[0], fold_blanks);
}

static void run_slug(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    convert(context, arguments[0], append_slug);
}

static void run_unescape(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    convert(context, arguments[0], html_append_unescaped);
}

static void run_html_to_text(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    convert(context, arguments[0], html_append_text);
}

static void run_html_to_markdown(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    convert(context, arguments[0], html_append_markdown);
}

static void run_to_utc(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct text out = {0};
    struct span text = statement_value_text(arguments[0]);
    struct span zone = statement_value_text(arguments[1]);
    int rc = span_is_null(text) || span_is_null(zone) ? 0 : zone_append_utc(text, zone, &out);
    if (rc == 1) {
        sql_function_give(context, &out);
        return;
    }
    if (rc < 0) {
        struct text message = {0};
        text_append_format(&message,
                           "there is no time zone '%s'; expected a name such as Europe/Zurich, "
                           "and the package tzdata",
                           zone.data);
        sqlite3_result_error(context, text_string(&message), -1);
        text_free(&message);
    }
    text_free(&out);
}

const struct sql_function text_functions[] = {
    {"regexp", 2, run_regexp},
    {"find", 2, run_find},
    {"squeeze", 1, run_squeeze},
    {"ascii_slug", 1, run_slug},
    {"unescape", 1, run_unescape},
    {"html_to_text", 1, run_html_to_text},
    {"html_to_markdown", 1, run_html_to_markdown},
    {"to_utc", 2, run_to_utc},
    {NULL, 0, NULL},
};
