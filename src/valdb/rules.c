#include "valdb/rules.h"

#include <string.h>

int rules_open(struct rules *rules, const struct migration_settings *settings,
               struct source *source, struct migration_sink *sink, struct error *error) {
    memset(rules, 0, sizeof *rules);
    rules->settings = settings;
    rules->source = source;
    rules->sink = sink;
    rules->is_corrected = settings->rules == RULES_CORRECTED;
    for (size_t i = 0; i < settings->alias_count; i++) {
        if (!token_is_group_name(settings->aliases[i].from)) {
            return error_set(error, ERROR_USAGE,
                             "--alias %s=%s: ValDB has no group %s; an alias renames a group, such "
                             "as --alias Susy=NPS",
                             settings->aliases[i].from, settings->aliases[i].to,
                             settings->aliases[i].from);
        }
    }
    rules->patterns = patterns_create(error);
    if (rules->patterns == NULL) {
        return -1;
    }
    rules->people = people_create();
    if (rules->people == NULL) {
        return error_set_no_memory(error);
    }
    if (settings->access != NULL) {
        people_set_access(rules->people, settings->access);
    }
    if (settings->admins != NULL && people_load(rules->people, settings->admins, error) != 0) {
        return -1;
    }
    if (settings->people != NULL && people_load(rules->people, settings->people, error) != 0) {
        return -1;
    }
    return 0;
}

void rules_close(struct rules *rules) {
    patterns_free(rules->patterns);
    people_free(rules->people);
    text_free(&rules->scratch);
    text_free(&rules->json);
}

bool rules_corrects(struct rules *rules, enum valdb_kind kind, enum correction correction) {
    if (rules->is_corrected) {
        rules->counts[kind][correction]++;
    }
    return rules->is_corrected;
}

void rules_append_group_id(const struct rules *rules, struct group_id id, struct text *out) {
    token_append_group_id(out, id, rules->settings->aliases, rules->settings->alias_count);
}

void rules_note_group(struct rules *rules, struct group_id id) {
    if (token_target_lists(id)) {
        return;
    }
    for (size_t i = 0; i < rules->unlisted_count; i++) {
        struct unlisted_group *known = &rules->unlisted[i];
        if (memcmp(&known->id, &id, sizeof id) == 0) {
            known->times++;
            return;
        }
    }
    rules->unlisted[rules->unlisted_count++] = (struct unlisted_group){.id = id, .times = 1};
}

static int warn_of_unlisted(struct rules *rules, struct error *error) {
    struct text name = {0};
    struct text warning = {0};
    int rc = 0;
    for (size_t i = 0; i < rules->unlisted_count && rc == 0; i++) {
        text_clear(&name);
        text_clear(&warning);
        rules_append_group_id(rules, rules->unlisted[i].id, &name);
        text_append_format(&warning,
                           "the target's lists do not have this group (used %lld times): it "
                           "stores it and shows it nowhere",
                           (long long)rules->unlisted[i].times);
        rc = rules->sink->warn(rules->sink->context, KIND_CAMPAIGNS, text_span(&name),
                               text_span(&warning), error);
    }
    text_free(&name);
    text_free(&warning);
    return rc;
}

int rules_report(struct rules *rules, struct error *error) {
    if (people_check(rules->people, error) != 0) {
        return -1;
    }
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        for (size_t i = 0; i < CORRECTION_COUNT; i++) {
            if (rules->counts[kind][i] > 0 &&
                rules->sink->count_correction(rules->sink->context, kind, correction_rules[i].id,
                                              rules->counts[kind][i], error) != 0) {
                return -1;
            }
        }
    }
    return warn_of_unlisted(rules, error);
}

static void explain_unknown(struct text *reason, const char *what, struct span word,
                            const char *expected) {
    text_clear(reason);
    if (span_is_empty(word)) {
        text_append_format(reason, "no %s", what);
    } else {
        text_append_format(reason, "unknown %s \"", what);
        text_append(reason, word);
        text_append_char(reason, '"');
    }
    text_append_format(reason, "; expected one of %s", expected);
}

int rules_find_subcategory(const struct rules *rules, struct span category, struct span subcategory,
                           struct group_id *id, bool *is_folded, struct text *reason) {
    enum migration_rules set = rules->settings->rules;
    enum token_match first = token_find_category(category, set, &id->category);
    if (first == TOKEN_UNKNOWN) {
        explain_unknown(reason, "category", category, token_categories());
        return -1;
    }
    enum token_match second = token_find_subcategory(subcategory, set, &id->subcategory);
    if (second == TOKEN_UNKNOWN) {
        explain_unknown(reason, "subcategory", subcategory, token_subcategories());
        return -1;
    }
    *is_folded = first == TOKEN_FOLDED || second == TOKEN_FOLDED;
    return 0;
}

int rules_skip_all(struct rules *rules, enum valdb_kind kind, const char *name, const char *sql,
                   const char *row, enum skip skip, int64_t *rows_read, struct error *error) {
    struct migration_sink *sink = rules->sink;
    struct row_reference reference;
    size_t column = 0;
    int rc = -1;
    *rows_read = 0;
    struct rows *rows = source_query(rules->source, sql, error);
    if (rows == NULL || rows_find_column(rows, row, &column, error) != 0 ||
        sink->begin_query(sink->context, kind, name, sql, &reference.query, error) != 0) {
        goto done;
    }
    while ((rc = rows_step(rows, error)) == 1) {
        (*rows_read)++;
        text_clear(&rules->json);
        rows_append_json(rows, &rules->json);
        reference.row = rows_text(rows, column, &rules->scratch);
        if (sink->skip_row(sink->context, reference, skip_rules[skip].id, text_span(&rules->json),
                           error) != 0) {
            rc = -1;
            goto done;
        }
    }
    if (rc == 0) {
        rc = sink->end_query(sink->context, reference.query, *rows_read, error);
    }
done:
    rows_close(rows);
    return rc;
}
