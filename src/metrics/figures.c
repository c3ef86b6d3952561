#include "metrics/figures.h"

#include "metrics/exposition.h"
#include "workspace/account.h"

static void append_rows(const struct account *account, struct text *out) {
    static const char name[] = "rowpost_rows";
    exposition_begin(out, name, "gauge", "Source rows of the plan, by what became of them.");
    for (size_t i = 0; i < account->query_count; i++) {
        const struct account_query *query = &account->queries[i];
        const struct {
            const char *fate;
            int64_t rows;
        } fates[] = {
            {"used", query->used}, {"skipped", query->skipped}, {"rejected", query->rejected}};
        for (size_t k = 0; k < sizeof fates / sizeof *fates; k++) {
            struct span kind =
                query->kind < account->kind_count ? account->kinds[query->kind].name : span_of("");
            const struct exposition_label labels[] = {
                {"kind", kind}, {"query", query->name}, {"fate", span_of(fates[k].fate)}};
            exposition_add(out, name, labels, 3, fates[k].rows);
        }
    }
}

static void append_documents(const struct account *account, struct text *out) {
    static const char name[] = "rowpost_documents";
    exposition_begin(out, name, "gauge", "Documents of the plan, by where they stand.");
    for (size_t i = 0; i < account->kind_count; i++) {
        for (size_t state = 0; state < STATE_COUNT; state++) {
            const struct exposition_label labels[] = {
                {"kind", account->kinds[i].name},
                {"state", span_of(state_name((enum state)state))}};
            exposition_add(out, name, labels, 2, account->kinds[i].states[state]);
        }
    }
}

static void append_verdicts(const struct account *account, struct text *out) {
    static const char name[] = "rowpost_verified_documents";
    exposition_begin(out, name, "gauge", "Documents by what reading them back has shown last.");
    for (size_t i = 0; i < account->kind_count; i++) {
        for (size_t verdict = VERDICT_NONE + 1; verdict < VERDICT_COUNT; verdict++) {
            const struct exposition_label labels[] = {
                {"kind", account->kinds[i].name},
                {"verdict", span_of(verdict_name((enum verdict)verdict))}};
            exposition_add(out, name, labels, 2, account->kinds[i].verdicts[verdict]);
        }
    }
}

int figures_append(struct workspace *workspace, struct text *out, struct error *error) {
    struct account account;
    if (account_load_figures(workspace, &account, error) != 0) {
        return -1;
    }
    append_rows(&account, out);
    append_documents(&account, out);
    append_verdicts(&account, out);
    account_free(&account);
    return 0;
}
