#include "valdb/campaign_excerpt.h"

#include "valdb/differences.h"
#include "valdb/releases.h"
#include "valdb/tokens.h"

static struct span field_of(const json_t *row, enum release_field field) {
    return differences_text(json_object_get(row, releases_field_name(field)));
}

/* The group id of the row's report; false where a word is unknown. */
static bool find_group(const json_t *row, struct group_id *id) {
    return token_find_report_group(field_of(row, FIELD_STATUS_KIND), RULES_CORRECTED, &id->group) !=
               TOKEN_UNKNOWN &&
           token_find_category(field_of(row, FIELD_CATEGORY), RULES_CORRECTED, &id->category) !=
               TOKEN_UNKNOWN &&
           token_find_subcategory(field_of(row, FIELD_SUBCATEGORY), RULES_CORRECTED,
                                  &id->subcategory) != TOKEN_UNKNOWN;
}

/* The reports of that group, which are one but for the notebook's rules. */
static json_t *pick_reports(const json_t *body, struct group_id id) {
    struct text name = {0};
    json_t *picked = json_array();
    const json_t *reports = json_object_get(body, "reports");
    token_append_group_id(&name, id, NULL, 0);
    for (size_t i = 0; i < json_array_size(reports); i++) {
        json_t *report = json_array_get(reports, i);
        if (span_equal(differences_text(json_object_get(report, "group")), text_span(&name))) {
            json_array_append(picked, report);
        }
    }
    text_free(&name);
    return picked;
}

json_t *campaign_pick_for_row(const json_t *body, const json_t *row) {
    struct group_id id = {0};
    if (!find_group(row, &id)) {
        return NULL;
    }
    json_t *reports = id.group == GROUP_SUMMARY ? json_array() : pick_reports(body, id);
    if (id.group != GROUP_SUMMARY && json_array_size(reports) == 0) {
        json_decref(reports);
        return NULL;
    }
    json_t *picked = json_copy((json_t *)body); /* shallow: the body itself stays as it is */
    json_object_set_new(picked, "reports", reports);
    if (id.group != GROUP_SUMMARY) {
        json_object_del(picked, "description"); /* the SUMMARY rows' */
    }
    return picked;
}
