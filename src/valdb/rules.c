#include "valdb/rules.h"

#include <string.h>

#include "base/noun.h"

static int load_people(struct rules *rules, struct error *error) {
    const struct migration_settings *settings = rules->settings;
    const char *const lists[] = {rules->options.admins, settings->people};
    rules->people = people_create();
    if (rules->people == NULL) {
        return error_set_no_memory(error);
    }
    if (settings->access != NULL) {
        people_set_access(rules->people, settings->access);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (lists[i] != NULL && people_load(rules->people, lists[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

int rules_open(struct rules *rules, const struct migration_settings *settings,
               struct staging *staging, struct plan_sink *sink, struct error *error) {
    memset(rules, 0, sizeof *rules);
    rules->settings = settings;
    rules->staging = staging;
    rules->sink = sink;
    if (valdb_options_read(settings, &rules->options, error) != 0) {
        return -1;
    }
    rules->is_corrected = rules->options.rules == RULES_CORRECTED;
    rules->ledger = ledger_open(staging, sink, error);
    if (rules->ledger == NULL) {
        return -1;
    }
    rules->patterns = patterns_create(error);
    return rules->patterns == NULL ? -1 : load_people(rules, error);
}

/* The connection may be used for another plan. */
static const char drop_sql[] = "DROP TABLE IF EXISTS temp.valdb_login;"
                               "DROP TABLE IF EXISTS temp.valdb_pair;"
                               "DROP TABLE IF EXISTS temp.\"administrators-list\"";

void rules_close(struct rules *rules) {
    ledger_close(rules->ledger);
    statement_execute(staging_database(rules->staging), drop_sql, NULL);
    patterns_free(rules->patterns);
    people_free(rules->people);
}

int rules_add_table(struct rules *rules, enum valdb_table table, int64_t rows,
                    struct error *error) {
    rules->tables[table] = ledger_add_table(rules->ledger, &valdb_tables[table], rows, error);
    return rules->tables[table] == NULL ? -1 : 0;
}

struct cursor_part rules_part(const struct rules *rules, enum valdb_table table, int column) {
    return (struct cursor_part){.table = rules->tables[table], .column = column};
}

int rules_each_row(const struct rules *rules, struct cursor *cursor, enum valdb_table table,
                   const char *rest, int (*take)(void *context, struct error *error), void *context,
                   struct error *error) {
    struct text sql = {0};
    text_append_string(&sql, "SELECT ");
    cursor_append_part(&sql, &valdb_tables[table], "t");
    text_append_format(&sql, " FROM %s t%s", valdb_tables[table].name, rest);
    int rc = cursor_each(cursor, rules->ledger, text_string(&sql), take, context, error);
    text_free(&sql);
    return rc;
}

void rules_explain_partner(const struct table *table, struct span reason, struct text *out) {
    text_clear(out);
    text_append_string(out, "its row of ");
    staged_row_append_upper(table->name, out);
    text_append_string(out, " is rejected: ");
    text_append(out, reason);
}

bool rules_allow(const struct rules *rules, enum correction correction) {
    (void)correction;
    return rules->is_corrected;
}

void rules_count(struct rules *rules, enum valdb_kind kind, enum correction correction) {
    rules->counts[kind][correction] += rules->is_corrected;
}

void rules_count_all(struct rules *rules, enum valdb_kind kind, unsigned corrections) {
    for (enum correction i = 0; corrections != 0; i++, corrections >>= 1) {
        if ((corrections & 1) != 0) {
            rules_count(rules, kind, i);
        }
    }
}

void rules_append_group_id(const struct rules *rules, struct group_id id, struct text *out) {
    token_append_group_id(out, id, rules->options.aliases, rules->options.alias_count);
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

int rules_warn(const struct rules *rules, enum valdb_kind kind, struct span key, struct span text,
               struct error *error) {
    struct plan_entry entry = {.kind = PLAN_WARNING,
                               .warning = {.kind = kind, .key = key, .text = text}};
    return rules->sink->put(rules->sink->context, &entry, error);
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
                           "the target's lists do not have this group (used %lld %s): it "
                           "stores it and shows it nowhere",
                           (long long)rules->unlisted[i].times,
                           noun_of(rules->unlisted[i].times, "time", "times"));
        rc = rules_warn(rules, KIND_CAMPAIGNS, text_span(&name), text_span(&warning), error);
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
            struct plan_entry entry = {.kind = PLAN_CORRECTION,
                                       .correction = {.kind = kind,
                                                      .id = span_of(correction_rules[i].id),
                                                      .times = rules->counts[kind][i]}};
            if (rules->counts[kind][i] > 0 &&
                rules->sink->put(rules->sink->context, &entry, error) != 0) {
                return -1;
            }
        }
    }
    return warn_of_unlisted(rules, error);
}

int rules_find_subcategory(const struct rules *rules, struct span category, struct span subcategory,
                           struct group_id *id, unsigned *corrections, struct text *reason) {
    const enum rule_set set = rules->options.rules;
    struct token first;
    struct token second;
    if (!token_find(TOKENS_CATEGORY, category, set, &first)) {
        token_explain_unknown(TOKENS_CATEGORY, category, set, reason);
        return -1;
    }
    if (!token_find(TOKENS_SUBCATEGORY, subcategory, set, &second)) {
        token_explain_unknown(TOKENS_SUBCATEGORY, subcategory, set, reason);
        return -1;
    }
    id->category = (unsigned char)first.value;
    id->subcategory = (unsigned char)second.value;
    *corrections |= first.corrections | second.corrections;
    return 0;
}
