#include "valdb/campaign_record.h"

#include <stdio.h>
#include <string.h>

#include "valdb/differences.h"
#include "valdb/user_record.h"

enum { FIELD_NAME_SIZE = 160, DAY_LENGTH = 10 };

int campaign_build_find(const struct migration_kind *kind, const struct kind_document *document,
                        struct kind_draft *draft) {
    (void)kind;
    struct span key = document->key;
    if (memchr(key.data, '/', key.length) != NULL) {
        return 0;
    }
    text_append_string(draft->path, "/api/campaigns/get/");
    text_append_percent_encoded(draft->path, key);
    text_append_char(draft->path, '/');
    return 1;
}

int campaign_build_existence(const struct migration_kind *kind,
                             const struct kind_document *document, struct kind_draft *draft) {
    (void)kind;
    user_append_search(draft->path, "/api/campaigns/", document->key);
    return 1;
}

static bool match(const struct kind_document *document, const json_t *record,
                  struct kind_matches *matches) {
    bool is_it = span_equal(differences_text(json_object_get(record, "name")), document->key);
    if (is_it) {
        kind_matches_add_record(matches, record, "id", "created_at");
    }
    return is_it;
}

bool campaign_find_matches(const struct migration_kind *kind, const struct kind_document *document,
                           const struct kind_answer *answer, struct kind_matches *matches) {
    (void)kind;
    if (answer->to == KIND_CREATE || answer->to == KIND_UPDATE) {
        match(document, answer->json, matches);
        return json_is_object(answer->json);
    }
    if (match(document, json_object_get(answer->json, "campaign"), matches)) {
        return true;
    }
    for (size_t i = 0; i < json_array_size(answer->json); i++) {
        match(document, json_array_get(answer->json, i), matches);
    }
    return json_is_array(answer->json);
}

/* The server stores a day as a moment and answers `YYYY-MM-DD 00:00:00`. */
static size_t compare_deadline(const json_t *body, const json_t *record,
                               const struct difference_sink *differences) {
    const json_t *planned = json_object_get(body, "deadline");
    const json_t *found = json_object_get(record, "deadline");
    struct span day = differences_text(planned);
    struct span moment = differences_text(found);
    if (!span_is_null(day) && !span_is_null(moment) && moment.length >= DAY_LENGTH &&
        span_equal(day, (struct span){moment.data, DAY_LENGTH}) &&
        (moment.length == DAY_LENGTH ||
         span_equal_string((struct span){moment.data + DAY_LENGTH, moment.length - DAY_LENGTH},
                           " 00:00:00"))) {
        return 0;
    }
    return differences_in_value(planned, found, "deadline", differences);
}

/* The answer's authors are user records, the plan's are addresses. */
static size_t compare_authors(const json_t *planned, const json_t *found, const char *field,
                              const struct difference_sink *differences) {
    json_t *emails = json_array();
    for (size_t i = 0; i < json_array_size(found); i++) {
        json_t *author = json_array_get(found, i);
        json_t *email = json_is_object(author) ? json_object_get(author, "email") : author;
        json_array_append(emails, email);
    }
    size_t count = differences_in_set(planned, emails, field, differences);
    json_decref(emails);
    return count;
}

static size_t compare_report(const json_t *planned, const json_t *found, enum comparison comparison,
                             const struct difference_sink *differences) {
    static const char *const fields[] = {"campaign_name", "status", "content"};
    const char *group = json_string_value(json_object_get(planned, "group"));
    char field[FIELD_NAME_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (comparison == COMPARE_READ_BACK && strcmp(fields[i], "content") == 0) {
            continue;
        }
        snprintf(field, sizeof field, "reports[%s].%s", group, fields[i]);
        count += differences_in_value(json_object_get(planned, fields[i]),
                                      json_object_get(found, fields[i]), field, differences);
    }
    snprintf(field, sizeof field, "reports[%s].authors", group);
    return count + compare_authors(json_object_get(planned, "authors"),
                                   json_object_get(found, "authors"), field, differences);
}

/* The report of that group, starting the search where the last one was found: both sides are mostly
 * in the same order. */
static const json_t *find_report(const json_t *reports, const json_t *group, size_t *position) {
    size_t count = json_array_size(reports);
    for (size_t i = 0; i < count; i++) {
        size_t at = (*position + i) % count;
        const json_t *report = json_array_get(reports, at);
        if (json_equal(json_object_get(report, "group"), group)) {
            *position = at + 1;
            return report;
        }
    }
    return NULL;
}

static size_t compare_reports(const json_t *body, const json_t *record, enum comparison comparison,
                              const struct difference_sink *differences) {
    const json_t *planned = json_object_get(body, "reports");
    const json_t *found = json_object_get(record, "reports");
    size_t position = 0;
    size_t count = 0;
    if (json_array_size(planned) != json_array_size(found)) {
        json_t *planned_count = json_integer((json_int_t)json_array_size(planned));
        json_t *found_count =
            json_is_array(found) ? json_integer((json_int_t)json_array_size(found)) : NULL;
        count += differences_add(differences, "number of reports", planned_count, found_count);
        json_decref(planned_count);
        json_decref(found_count);
    }
    for (size_t i = 0; i < json_array_size(planned); i++) {
        const json_t *report = json_array_get(planned, i);
        const json_t *group = json_object_get(report, "group");
        const json_t *counterpart = find_report(found, group, &position);
        count += counterpart == NULL ? differences_add(differences, "report", group, NULL)
                                     : compare_report(report, counterpart, comparison, differences);
    }
    return count;
}

size_t campaign_compare(const struct migration_kind *kind, const struct kind_document *document,
                        const json_t *record, enum comparison comparison,
                        const struct difference_sink *differences) {
    (void)kind;
    const json_t *body = document->body;
    static const char *const fields[] = {"name",   "description", "target_release",
                                         "relmon", "is_open",     "reference_release"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        count += differences_in_value(json_object_get(body, fields[i]),
                                      json_object_get(record, fields[i]), fields[i], differences);
    }
    count += compare_deadline(body, record, differences);
    count +=
        differences_in_set(json_object_get(body, "subcategories"),
                           json_object_get(record, "subcategories"), "subcategories", differences);
    return comparison == COMPARE_LISTED
               ? count
               : count + compare_reports(body, record, comparison, differences);
}

/* The messages of several checks are joined: any of them is a check of the campaign. */
enum kind_reading campaign_read_answer(const struct migration_kind *kind,
                                       const struct kind_document *document,
                                       const struct kind_answer *answer) {
    static const struct {
        const char *words;
        enum kind_reading reading;
    } checks[] = {{"Name is not unique", READING_EXISTS},
                  {"Name has an incorrect format", READING_UNSTORED},
                  {"Subcategories is a required field", READING_UNSTORED}};
    (void)kind;
    (void)document;
    const char *message = json_string_value(json_object_get(answer->json, "message"));
    if (answer->status / 100 != 4 || message == NULL) {
        return READING_NONE;
    }
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (strstr(message, checks[i].words) != NULL) {
            return checks[i].reading;
        }
    }
    return READING_NONE;
}

size_t campaign_count_parts(const struct migration_kind *kind, const struct kind_document *document,
                            enum kind_depth depth) {
    (void)kind;
    return depth == DEPTH_PARTS ? json_array_size(json_object_get(document->body, "reports")) : 0;
}

static const json_t *part_of(const json_t *body, size_t part) {
    return json_array_get(json_object_get(body, "reports"), part);
}

int campaign_build_read(const struct migration_kind *kind, const struct kind_document *document,
                        struct kind_draft *draft) {
    (void)kind;
    const json_t *report = part_of(document->body, draft->part);
    text_append_string(draft->path, "/api/reports/search/");
    text_append_percent_encoded(draft->path, document->key);
    text_append_char(draft->path, '/');
    text_append_percent_encoded(draft->path, differences_text(json_object_get(report, "group")));
    text_append_char(draft->path, '/');
    return 1;
}

size_t campaign_compare_part(const struct migration_kind *kind,
                             const struct kind_document *document, size_t part,
                             const json_t *answers, const struct difference_sink *differences) {
    (void)kind;
    const json_t *planned = part_of(document->body, part);
    const json_t *answer = json_array_get(answers, part);
    if (!json_is_object(answer)) {
        return differences_add(differences, "report", json_object_get(planned, "group"), NULL);
    }
    return compare_report(planned, answer, COMPARE_ANSWER, differences);
}

int campaign_each_author(const struct migration_kind *kind, const json_t *body,
                         const struct name_sink *sink) {
    size_t index;
    size_t place;
    json_t *report;
    json_t *author;
    (void)kind;
    json_array_foreach(json_object_get(body, "reports"), index, report) {
        json_array_foreach(json_object_get(report, "authors"), place, author) {
            if (sink->take(sink->context, differences_text(author)) != 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* The corrected rules find every word of the notebook. */
bool campaign_find_group(const json_t *row, struct group_id *id) {
    const struct {
        const char *column;
        enum token_list list;
        unsigned char *value;
    } words[] = {{"STATUS_KIND", TOKENS_REPORT_GROUP, &id->group},
                 {"CATEGORY", TOKENS_CATEGORY, &id->category},
                 {"SUBCATEGORY", TOKENS_SUBCATEGORY, &id->subcategory}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct token found;
        struct span word = differences_text(json_object_get(row, words[i].column));
        if (!token_find(words[i].list, word, RULES_CORRECTED, &found)) {
            return false;
        }
        *words[i].value = (unsigned char)found.value;
    }
    return true;
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
    if (!campaign_find_group(row, &id)) {
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
