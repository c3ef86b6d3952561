#include "workspace/directory_answers.h"

#include "base/statement.h"

static void append_key(struct span directory, struct span name, struct text *key) {
    text_clear(key);
    text_append(key, directory);
    text_append_char(key, '\n');
    text_append(key, name);
}

static int add(struct directory_answers *answers, const struct statement *row, struct text *key) {
    struct span *answer = arena_allocate(&answers->arena, sizeof *answer);
    append_key(statement_text(row, 0), statement_text(row, 1), key);
    if (answer == NULL || key->failed) {
        return -1;
    }
    *answer = arena_copy(&answers->arena, statement_text(row, 2));
    return answers->arena.failed ? -1 : map_put(&answers->by_name, text_span(key), answer);
}

int directory_answers_load(struct workspace *workspace, struct directory_answers *answers,
                           struct error *error) {
    struct statement statement;
    struct text key = {0};
    if (statement_prepare(&statement, workspace_database(workspace),
                          "SELECT directory, name, answer FROM directory_answer", error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        if (add(answers, &statement, &key) != 0) {
            rc = error_set_no_memory(error);
            break;
        }
    }
    text_free(&key);
    statement_finalize(&statement);
    return rc;
}

void directory_answers_free(struct directory_answers *answers) {
    map_free(&answers->by_name);
    arena_free(&answers->arena);
}

int directory_answers_find(const struct directory_answers *answers, struct span directory,
                           struct span name, struct text *answer, struct error *error) {
    struct text key = {0};
    append_key(directory, name, &key);
    int rc = text_check(&key, error);
    const struct span *found = rc == 0 ? map_find(&answers->by_name, text_span(&key)) : NULL;
    text_free(&key);
    if (rc != 0 || found == NULL) {
        return rc;
    }
    text_append(answer, *found);
    return text_check(answer, error) == 0 ? 1 : -1;
}
