#include "valdb/valdb.h"

#include "valdb/administrators.h"
#include "valdb/campaign_excerpt.h"
#include "valdb/campaign_record.h"
#include "valdb/campaigns.h"
#include "valdb/corrections.h"
#include "valdb/lookups.h"
#include "valdb/rules.h"
#include "valdb/user_record.h"
#include "valdb/users.h"
#include "valdb/validators.h"

#define USER_KIND(kind_name)                                                                       \
    {                                                                                              \
        .name = (kind_name), .noun = "user", .post_path = "/api/users/", .id_field = "id",         \
        .created_field = "created_at", .is_record_of = user_is_record_of,                          \
        .build_lookup_path = user_build_lookup_path, .find_record = user_find_record,              \
        .compare = user_compare, .can_update = user_can_update, .build_update = user_build_update, \
        .build_removal_path = user_build_removal_path                                              \
    }

static const struct migration_kind kinds[KIND_COUNT] = {
    [KIND_VALIDATORS] = USER_KIND("validators"),
    [KIND_ADMINISTRATORS] = USER_KIND("administrators"),
    [KIND_AUTHORS] = USER_KIND("authors"),
    [KIND_CAMPAIGNS] = {.name = "campaigns",
                        .noun = "campaign",
                        .post_path = "/api/campaigns/migrate/",
                        .id_field = "id",
                        .created_field = "created_at",
                        .is_record_of = campaign_is_record_of,
                        .build_lookup_path = campaign_build_lookup_path,
                        .build_existence_path = campaign_build_existence_path,
                        .find_record = campaign_find_record,
                        .compare = campaign_compare,
                        .means_exists = campaign_means_exists,
                        .count_parts = campaign_count_parts,
                        .build_part_path = campaign_build_part_path,
                        .compare_part = campaign_compare_part,
                        .pick_for_row = campaign_pick_for_row},
};

/* Administrators are read first, since a validator with an administrator's address is that
 * administrator; authors are known once the campaigns have been read. */
static int plan(const struct migration_settings *settings, struct source *source,
                struct migration_sink *sink, struct error *error) {
    struct rules rules;
    struct users users = {0};
    int rc = -1;
    if (rules_open(&rules, settings, source, sink, error) == 0 && lookups_ask(&rules, error) == 0 &&
        administrators_read(&rules, &users, error) == 0 &&
        validators_read(&rules, &users, error) == 0 &&
        users_emit(&users, ROLE_VALIDATOR, KIND_VALIDATORS, &rules, error) == 0 &&
        users_emit(&users, ROLE_ADMINISTRATOR, KIND_ADMINISTRATORS, &rules, error) == 0 &&
        campaigns_plan(&rules, &users, error) == 0 &&
        users_emit(&users, ROLE_AUTHOR, KIND_AUTHORS, &rules, error) == 0) {
        rc = rules_report(&rules, error);
    }
    users_free(&users);
    rules_close(&rules);
    return rc;
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
    .plan = plan,
};
