/* Migration files: any bytes are a file that is in order, or an error with a line. What a file says
 * of answers is asked about an answer of the same bytes. */
#include <string.h>

#include "fuzz.h"
#include "migration/sqlfile/sql_token.h"
#include "migration/sqlfile/sqlfile.h"

/* The tokens are the text, and none is empty. */
static void check_tokens(struct span text) {
    struct span rest = text;
    struct sql_token token;
    size_t length = 0;

    while ((token = sql_token_next(&rest)).kind != SQL_END) {
        CHECK(token.text.length > 0 && token.text.data == text.data + length);
        length += token.text.length;
    }
    CHECK(length == text.length && rest.length == 0);
}

static void check_migration(const struct migration *migration, struct span text) {
    CHECK(migration->name != NULL && *migration->name != '\0');
    CHECK(span_equal(migration->file->text, text) && strlen(migration->file->sha256) == 64);
    for (size_t i = 0; i < migration->table_count; i++) {
        const struct table *table = &migration->tables[i];
        CHECK(table->column_count > 0 && table->keys[0] != NULL && *table->source != '\0');
    }
    for (size_t i = 0; i < migration->kind_count; i++) {
        CHECK(*migration->kinds[i].name != '\0' && *migration->kinds[i].post_path == '/');
    }
}

/* ---- answers ---- */

static const int statuses[] = {200, 201, 204, 404, 409, 422, 500};

static void add_difference(void *context, const char *field, struct span planned,
                           struct span found) {
    (void)planned;
    (void)found;
    CHECK(field != NULL && *field != '\0');
    ++*(size_t *)context;
}

static int take_listed(void *context, struct span key, struct record_id id) {
    (void)key;
    CHECK(!span_is_null(id.text));
    return ++*(size_t *)context > 100 ? -1 : 0;
}

static void build_requests(const struct migration_kind *kind,
                           const struct kind_document *document) {
    for (enum kind_request which = 0; which < KIND_REQUEST_COUNT; which++) {
        struct text path = {0};
        struct text headers = {0};
        struct text body = {0};
        struct kind_draft draft = {
            .which = which, .path = &path, .headers = &headers, .body = &body};
        int rc = kind_build(kind, document, &draft);
        CHECK((rc == 0 || rc == 1) && draft.method != NULL);
        CHECK(rc == 0 || *text_string(&path) == '/');
        text_free(&path);
        text_free(&headers);
        text_free(&body);
    }
}

static void compare(const struct migration_kind *kind, const struct kind_document *document,
                    const json_t *json) {
    size_t added = 0;
    const struct difference_sink sink = {.context = &added, .add = add_difference};
    size_t found =
        kind->compare == NULL ? 0 : kind->compare(kind, document, json, COMPARE_READ_BACK, &sink);
    size_t parts = kind->count_parts == NULL ? 0 : kind->count_parts(kind, document, DEPTH_PARTS);
    json_t *answers = json_array();
    for (size_t i = 0; i < parts; i++) {
        json_array_append(answers, (json_t *)json);
        found += kind->compare_part(kind, document, i, answers, &sink);
    }
    json_decref(answers);
    CHECK(found == added);
}

static void ask_kind(const struct migration_kind *kind, const json_t *json, struct span text) {
    const struct kind_document document = {
        .key = text, .body = json, .values = json, .expect = json, .id = {.text = text}};
    build_requests(kind, &document);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct kind_answer answer = {.status = statuses[i], .json = json, .location = text};
        for (answer.to = 0; answer.to < KIND_REQUEST_COUNT; answer.to++) {
            struct kind_matches matches = {0};
            CHECK(kind->read_answer(kind, &document, &answer) <= READING_UNSTORED);
            CHECK(kind->find_matches(kind, &document, &answer, &matches) || matches.record == NULL);
            kind_matches_free(&matches);
        }
        size_t listed = 0;
        const struct listed_sink sink = {.context = &listed, .take = take_listed};
        CHECK(kind->each_listed == NULL || kind->each_listed(kind, &answer, &sink) <= 1);
    }
    compare(kind, &document, json);
    json_t *masked = json_deep_copy(json);
    if (kind->mask != NULL && masked != NULL) {
        kind->mask(kind, masked);
    }
    json_decref(masked);
}

/* The answer is the first line behind the file's `--@ target `. */
static void ask(const struct migration *migration, struct span text) {
    static const char mark[] = "--@ target ";
    const char *begin = span_find(text, mark);
    struct span line = {begin == NULL ? text.data : begin + sizeof mark - 1, 0};
    while (line.data + line.length < text.data + text.length && line.data[line.length] != '\n') {
        line.length++;
    }
    json_t *json = json_loadb(line.data, line.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    for (size_t i = 0; i < migration->kind_count; i++) {
        ask_kind(&migration->kinds[i], json, line);
    }
    for (size_t i = 0; i < migration->existing_count; i++) {
        size_t listed = 0;
        const struct listed_sink sink = {.context = &listed, .take = take_listed};
        const struct kind_answer answer = {.to = KIND_LIST, .status = 200, .json = json};
        CHECK(migration->existing[i].each(&migration->existing[i], &answer, &sink) <= 1);
    }
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span text = fuzz_span(data, size);
    struct error error = {0};
    struct sqlfile *file = sqlfile_read("fuzz.sql", text, &error);

    check_tokens(text);
    if (file != NULL) {
        check_migration(sqlfile_migration(file), text);
        ask(sqlfile_migration(file), text);
    } else {
        CHECK(error.code == ERROR_INPUT && strncmp(error.message, "fuzz.sql", 8) == 0);
    }
    sqlfile_free(file);
    return 0;
}
