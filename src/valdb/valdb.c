#include "valdb/valdb.h"

#include "valdb/campaign_record.h"
#include "valdb/corrections.h"
#include "valdb/lookups.h"
#include "valdb/rules.h"
#include "valdb/steps_private.h"
#include "valdb/user_record.h"
#include "valdb/users.h"

#define USER_KIND(kind_name)                                                                       \
    {                                                                                              \
        .name = (kind_name), .noun = "user", .post_path = "/api/users/", .answers_with_old = true, \
        .build = {[KIND_FIND] = user_build_find,                                                   \
                  [KIND_UPDATE] = user_build_update,                                               \
                  [KIND_REMOVE] = user_build_removal},                                             \
        .read_answer = user_read_answer, .find_matches = user_find_matches,                        \
        .compare = user_compare, .can_update = user_can_update, .known_as = user_known_as          \
    }

static const struct migration_kind kinds[KIND_COUNT] = {
    [KIND_VALIDATORS] = USER_KIND("validators"),
    [KIND_ADMINISTRATORS] = USER_KIND("administrators"),
    [KIND_AUTHORS] = USER_KIND("authors"),
    [KIND_CAMPAIGNS] = {.name = "campaigns",
                        .noun = "campaign",
                        .post_path = "/api/campaigns/migrate/",
                        .refuses_twins = true,
                        .build = {[KIND_FIND] = campaign_build_find,
                                  [KIND_EXISTENCE] = campaign_build_existence,
                                  [KIND_READ] = campaign_build_read},
                        .read_answer = campaign_read_answer,
                        .find_matches = campaign_find_matches,
                        .compare = campaign_compare,
                        .count_parts = campaign_count_parts,
                        .compare_part = campaign_compare_part,
                        .each_needed = campaign_each_author,
                        .pick_for_row = campaign_pick_for_row},
};

/* The kind under which blanks at the end of a table's words are counted. */
static const enum valdb_kind kind_of_table[TABLE_SOURCE_COUNT] = {
    [TABLE_USERS] = KIND_VALIDATORS,      [TABLE_RIGHTS] = KIND_VALIDATORS,
    [TABLE_RELEASES] = KIND_CAMPAIGNS,    [TABLE_STATUS] = KIND_CAMPAIGNS,
    [TABLE_RELEASES_LV] = KIND_CAMPAIGNS, [TABLE_STATUS_LV] = KIND_CAMPAIGNS,
};

static int add_table(struct rules *rules, enum valdb_table table, struct error *error) {
    const char *name = valdb_tables[table].name;
    if (staging_find_table(rules->staging, name) == NULL) {
        return error_set(error, ERROR_USAGE,
                         "the source has no table %s, which --history reads; leave --history out",
                         name);
    }
    if (rules_allow(rules, CORRECTION_PADDING_DROPPED)) {
        rules->counts[kind_of_table[table]][CORRECTION_PADDING_DROPPED] +=
            staging_count_padded_rows(rules->staging, name);
    }
    return rules_add_table(rules, table, staging_count_rows(rules->staging, name), error);
}

/* Earlier versions are read only with --history, and are in the reconciliation only then. */
static int add_tables(struct rules *rules, struct error *error) {
    for (enum valdb_table table = 0; table < TABLE_SOURCE_COUNT; table++) {
        bool is_read = rules->options.history || !valdb_tables[table].is_optional;
        if (is_read && add_table(rules, table, error) != 0) {
            return -1;
        }
    }
    int64_t lines = 0;
    if (rules->options.admins == NULL) {
        return 0;
    }
    return administrators_stage_list(rules, &lines, error) == 0
               ? rules_add_table(rules, TABLE_ADMINS, lines, error)
               : -1;
}

/* Administrators are read first, since a validator with an administrator's address is that
 * administrator; authors are known once the campaigns have been read. */
static int read_tables(struct rules *rules, struct users *users, struct error *error) {
    return add_tables(rules, error) == 0 && logins_read(rules, error) == 0 &&
                   lookups_ask(rules, error) == 0 &&
                   administrators_read(rules, users, error) == 0 &&
                   validators_read(rules, users, error) == 0 &&
                   users_put(users, ROLE_VALIDATOR, KIND_VALIDATORS, rules, error) == 0 &&
                   users_put(users, ROLE_ADMINISTRATOR, KIND_ADMINISTRATORS, rules, error) == 0 &&
                   campaigns_plan(rules, users, error) == 0 &&
                   users_put(users, ROLE_AUTHOR, KIND_AUTHORS, rules, error) == 0 &&
                   rules_report(rules, error) == 0
               ? ledger_finish(rules->ledger, error)
               : -1;
}

static int plan(const struct migration *migration, const struct migration_settings *settings,
                struct staging *staging, struct plan_sink *sink, struct error *error) {
    (void)migration;
    struct rules rules;
    struct users users = {0};
    int rc = rules_open(&rules, settings, staging, sink, error) == 0
                 ? read_tables(&rules, &users, error)
                 : -1;
    users_free(&users);
    rules_close(&rules);
    return rc;
}

static int check(const struct migration *migration, const struct migration_settings *settings,
                 struct error *error) {
    (void)migration;
    struct valdb_options options;
    return valdb_options_read(settings, &options, error);
}

/* The tables of earlier versions are the last ones. */
static size_t count_tables(const struct migration *migration,
                           const struct migration_settings *settings) {
    (void)migration;
    return migration_find_value(settings, "history") == NULL ? TABLE_RELEASES_LV
                                                             : TABLE_SOURCE_COUNT;
}

/* The notebook joins words as they are, blanks included. */
static enum staging_padding padding(const struct migration *migration,
                                    const struct migration_settings *settings) {
    (void)migration;
    struct valdb_options options;
    return valdb_options_read(settings, &options, NULL) == 0 && options.rules == RULES_NOTEBOOK
               ? PADDING_KEPT
               : PADDING_TRIMMED;
}

const struct migration valdb_migration = {
    .name = "valdb",
    .kinds = kinds,
    .kind_count = KIND_COUNT,
    .corrections = correction_rules,
    .correction_count = CORRECTION_COUNT,
    .skips = skip_rules,
    .skip_count = SKIP_COUNT,
    .probe_path = "/api/campaigns/?limit=1&sort=",
    .refused_path = "/api/users/",
    .refused_body = "{\"role\":3,\"email\":\"\",\"fullname\":null,\"groups\":[]}",
    .undo_advice = "campaigns that name removed users as authors lose them there",
    .update_advice = "the target mails each of the users",
    .session_advice =
        "writing needs the management role, reading users back a ValDB2 administrator",
    .writing_role = "the management role",
    .target_example = "https://host/valdb",
    .options = valdb_option_table,
    .option_count = OPTION_COUNT,
    .tables = valdb_tables,
    .table_count = TABLE_SOURCE_COUNT,
    .schema = "CMS_PDMV_VAL",
    .check = check,
    .count_tables = count_tables,
    .padding = padding,
    .plan = plan,
    .topics = &valdb_topics,
};
