/* Migration files: any bytes are a file that is in order, or an error with a line. */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span text = fuzz_span(data, size);
    struct error error = {0};
    struct sqlfile *file = sqlfile_read("fuzz.sql", text, &error);

    check_tokens(text);
    if (file != NULL) {
        check_migration(sqlfile_migration(file), text);
    } else {
        CHECK(error.code == ERROR_INPUT && strncmp(error.message, "fuzz.sql", 8) == 0);
    }
    sqlfile_free(file);
    return 0;
}
