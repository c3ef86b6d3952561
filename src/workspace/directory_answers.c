#include "workspace/directory_answers.h"

int directory_answers_open(struct directory_answers *answers, struct workspace *workspace,
                           struct error *error) {
    return statement_prepare(
        &answers->find, workspace_database(workspace),
        "SELECT answer FROM directory_answer WHERE directory = ?1 AND name = ?2", error);
}

void directory_answers_close(struct directory_answers *answers) {
    statement_finalize(&answers->find);
}

int directory_answers_find(struct directory_answers *answers, struct span directory,
                           struct span name, struct text *answer, struct error *error) {
    statement_bind_text(&answers->find, 1, directory);
    statement_bind_text(&answers->find, 2, name);
    int rc = statement_step(&answers->find, error);
    if (rc == 1) {
        text_append(answer, statement_text(&answers->find, 0));
        rc = text_check(answer, error) == 0 ? 1 : -1;
    }
    statement_reset(&answers->find);
    return rc;
}
