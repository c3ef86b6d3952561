#include <string.h>

#include "valdb/campaign_record.h"
#include "valdb/differences.h"
#include "valdb/tables.h"
#include "valdb/tokens.h"
#include "valdb/valdb.h"

enum { TOPIC_CAMPAIGN, TOPIC_GROUP, TOPIC_AUTHOR, TOPIC_COUNT };

static const struct topic topics[TOPIC_COUNT] = {
    [TOPIC_CAMPAIGN] = {.name = "Campaign"},
    [TOPIC_GROUP] = {.name = "Group", .page = "group"},
    [TOPIC_AUTHOR] = {.name = "Author", .page = "author", .is_person = true},
};

static void take(struct topic_values *about, size_t topic, const json_t *object,
                 const char *member) {
    text_append(&about->values[topic],
                span_trim(differences_text(json_object_get(object, member))));
}

/* The address where the row has one, else the login. */
static void take_user(const json_t *row, struct topic_values *about) {
    take(about, TOPIC_AUTHOR, row, "EMAIL");
    if (about->values[TOPIC_AUTHOR].length == 0) {
        take(about, TOPIC_AUTHOR, row, "USER_NAME");
    }
}

/* A word of a group as ValDB2 spells it; as it is in the row where it is not known, and `?` where
 * there is none. */
static void append_raw(struct text *out, struct span word) {
    struct span trimmed = span_trim(word);
    text_append(out, span_is_empty(trimmed) ? span_of("?") : trimmed);
}

static void take_group(const json_t *row, struct topic_values *about) {
    static const char *const columns[] = {"CATEGORY", "SUBCATEGORY", "STATUS_KIND"};
    struct text *out = &about->values[TOPIC_GROUP];
    struct group_id id;
    if (campaign_find_group(row, &id)) {
        token_append_group_id(out, id, NULL, 0);
        return;
    }
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        text_append_string(out, i == 0 ? "" : ".");
        append_raw(out, differences_text(json_object_get(row, columns[i])));
    }
}

static void take_right(const json_t *row, struct topic_values *about) {
    take_group(row, about);
    take(about, TOPIC_AUTHOR, row, "USER_NAME");
}

static void take_release(const json_t *row, struct topic_values *about) {
    take(about, TOPIC_CAMPAIGN, row, "RELEASE_NAME");
    take_group(row, about);
}

static void take_status(const json_t *row, struct topic_values *about) {
    take(about, TOPIC_AUTHOR, row, "USER_NAME");
}

/* How the rows of each table are described, and which table has the other half. */
static const struct {
    void (*take)(const json_t *row, struct topic_values *about);
    bool has_partner;
    enum valdb_table partner;
} descriptions[TABLE_COUNT] = {
    [TABLE_USERS] = {take_user, false, TABLE_COUNT},
    [TABLE_RIGHTS] = {take_right, false, TABLE_COUNT},
    [TABLE_RELEASES] = {take_release, true, TABLE_STATUS},
    [TABLE_STATUS] = {take_status, true, TABLE_RELEASES},
    [TABLE_RELEASES_LV] = {take_release, true, TABLE_STATUS_LV},
    [TABLE_STATUS_LV] = {take_status, true, TABLE_RELEASES_LV},
    [TABLE_ADMINS] = {take_user, false, TABLE_COUNT},
};

static enum valdb_table find_table(struct span name) {
    enum valdb_table table = 0;
    while (table < TABLE_COUNT && !span_equal_string(name, valdb_tables[table].name)) {
        table++;
    }
    return table;
}

static void describe_row(struct span table, const json_t *row, struct topic_values *about) {
    enum valdb_table found = find_table(table);
    if (found < TABLE_COUNT) {
        descriptions[found].take(row, about);
    }
}

static const char *find_partner(struct span table) {
    enum valdb_table found = find_table(table);
    return found < TABLE_COUNT && descriptions[found].has_partner
               ? valdb_tables[descriptions[found].partner].name
               : NULL;
}

/* Users have an address, campaigns a name. */
static void describe_document(struct span kind, const json_t *body, struct topic_values *about) {
    (void)kind;
    take(about, TOPIC_CAMPAIGN, body, "name");
    take(about, TOPIC_AUTHOR, body, "email");
}

/* The name after "**Author:** " (reports.c), which is in the content of a report whose author the
 * people directory does not have. */
static void take_named_author(const json_t *report, struct topic_values *about) {
    static const char mark[] = "\n\n**Author:** ";
    struct span content = differences_text(json_object_get(report, "content"));
    const char *found = span_is_null(content) ? NULL : span_find(content, mark);
    if (found == NULL) {
        return;
    }
    const char *name = found + strlen(mark);
    size_t left = content.length - (size_t)(name - content.data);
    const char *end = memchr(name, '\n', left);
    text_append(&about->values[TOPIC_AUTHOR],
                span_trim((struct span){name, end == NULL ? left : (size_t)(end - name)}));
}

static bool describe_part(struct span kind, const json_t *body, size_t index,
                          struct topic_part *part) {
    (void)kind;
    const json_t *report = json_array_get(json_object_get(body, "reports"), index);
    if (report == NULL) {
        return false;
    }
    const json_t *author = json_array_get(json_object_get(report, "authors"), 0);
    const char *status =
        token_status_name((int)json_integer_value(json_object_get(report, "status")));
    take(&part->about, TOPIC_CAMPAIGN, body, "name");
    take(&part->about, TOPIC_GROUP, report, "group");
    text_append_string(&part->state, status == NULL ? "" : status);
    part->has_no_author = author == NULL;
    if (author == NULL) {
        take_named_author(report, &part->about);
    } else {
        text_append(&part->about.values[TOPIC_AUTHOR], differences_text(author));
    }
    return true;
}

const struct migration_topics valdb_topics = {
    .topics = topics,
    .count = TOPIC_COUNT,
    .part = "report",
    .parts = "reports",
    .describe_document = describe_document,
    .describe_part = describe_part,
    .describe_row = describe_row,
    .find_partner = find_partner,
};
