#include "campaigns.h"

#include "listing.h"
#include "record.h"
#include "reports.h"

#include <string.h>

struct reports_walk {
    struct standin *standin;
    json_t *reports;
};

static int take_report(const struct row *row, void *context) {
    struct reports_walk *walk = context;
    json_array_append_new(walk->reports, reports_load(walk->standin, row));
    return 0;
}

json_t *campaigns_load(struct standin *standin, const struct row *row) {
    json_t *campaign = json_loadb(row->record.data, row->record.size, JSON_ALLOW_NUL, NULL);
    record_set_mail_ids(campaign);
    if (row->mark != 0) {
        struct reports_walk walk = {standin, json_array()};
        storage_each_owned(standin->storage, row->n, take_report, &walk);
        json_object_set_new(campaign, "reports", walk.reports);
    }
    return campaign;
}

/* A list shows campaigns without reports and, as the real server has it, without their identifier.
 */
static int list_row(const struct row *row, void *context) {
    struct listing *listing = context;
    if (!listing_wants(listing, row->name, (struct slice){0})) {
        return 0;
    }
    struct text text = {0};
    json_t *campaign = json_loadb(row->record.data, row->record.size, JSON_ALLOW_NUL, NULL);
    json_object_set_new(campaign, "id", json_null());
    text_add_json(&text, campaign);
    int full = listing_add(listing, (struct slice){text.data, text.size});
    json_decref(campaign);
    text_free(&text);
    return full;
}

enum outcome campaigns_list(struct standin *standin, struct request *request) {
    struct listing listing;
    if (listing_open(&listing, request, LISTING_BY_NUMBERS) != 0 ||
        storage_each(standin->storage, CAMPAIGNS, list_row, &listing) != 0) {
        answer_error(&request->answer, 500);
    } else {
        listing_write(&listing, answer_json(&request->answer, 200));
    }
    listing_close(&listing);
    return OUTCOME_ANSWERED;
}

/* The names of the groups that have a report of this campaign name, linked or not, but begun. */
static int take_group(const struct row *row, void *context) {
    if (row->mark != REPORT_NOT_YET_DONE && row->detail.size > 0) {
        json_array_append_new(context, json_stringn(row->detail.data, row->detail.size));
    }
    return 0;
}

/* The report of a group, the last one where there are several; NULL if there is none. */
static json_t *report_of(const json_t *reports, const char *path) {
    for (size_t i = json_array_size(reports); i > 0; i--) {
        json_t *report = json_array_get(reports, i - 1);
        const char *group = json_string_value(json_object_get(report, "group"));
        if (group != NULL && strcmp(group, path) == 0) {
            return report;
        }
    }
    return NULL;
}

static void add_group(json_t *groups, const json_t *reports, const char *path) {
    size_t i;
    json_t *group;
    json_array_foreach(groups, i, group) {
        if (strcmp(json_string_value(json_object_get(group, "path")), path) == 0) {
            return;
        }
    }
    json_t *report = report_of(reports, path);
    group = json_object();
    json_object_set_new(group, "path", json_string(path));
    json_object_set_new(group, "report", report == NULL ? json_null() : json_deep_copy(report));
    json_array_append_new(groups, group);
}

/* Whether the first two parts of a group's path are `subcategory`. */
static bool stands_under(const char *path, const char *subcategory) {
    size_t size = strcspn(path, ".");
    if (path[size] == '.') {
        size += 1 + strcspn(path + size + 1, ".");
    }
    return strlen(subcategory) == size && strncmp(path, subcategory, size) == 0;
}

/* The entry of a category in the tree, made if it is not there yet. */
static json_t *category_of(json_t *tree, const char *name) {
    size_t i;
    json_t *category;
    json_array_foreach(tree, i, category) {
        if (strcmp(json_string_value(json_object_get(category, "name")), name) == 0) {
            return json_object_get(category, "subcategories");
        }
    }
    json_t *subcategories = json_array();
    category = json_object();
    json_object_set_new(category, "name", json_string(name));
    json_object_set_new(category, "subcategories", subcategories);
    json_array_append_new(tree, category);
    return subcategories;
}

/* A campaign taken apart for its tree of groups. */
struct tree {
    enum groups edition;
    const json_t *reports;
    const json_t *written; /* the paths of the groups with a report */
    json_t *categories;
};

static json_t *groups_of(const struct tree *tree, const char *path, struct group_list list) {
    json_t *groups = json_array();
    struct text group = {0};
    for (int i = 0; i < list.count; i++) {
        text_clear(&group);
        text_print(&group, "%s.%s", path, list.names[i]);
        add_group(groups, tree->reports, group.data);
    }
    size_t i;
    json_t *written;
    json_array_foreach(tree->written, i, written) {
        if (stands_under(json_string_value(written), path)) {
            add_group(groups, tree->reports, json_string_value(written));
        }
    }
    text_free(&group);
    return groups;
}

/* -1: the real server stops on such a subcategory. */
static int add_subcategory(struct tree *tree, const json_t *value) {
    const char *path = json_string_value(value);
    const char *dot = path == NULL ? NULL : strchr(path, '.');
    if (dot == NULL) {
        return -1;
    }
    struct text category = {0};
    struct text name = {0};
    struct group_list list;
    int rc = -1;
    text_add(&category, path, (size_t)(dot - path));
    text_add(&name, dot + 1, strcspn(dot + 1, "."));
    enum groups_found found = groups_find(tree->edition, category.data, name.data, &list);
    if (found == GROUPS_NO_CATEGORY) {
        goto done;
    }
    json_t *subcategories = category_of(tree->categories, category.data);
    if (found == GROUPS_FOUND) {
        json_t *entry = json_object();
        json_object_set_new(entry, "name", json_string(name.data));
        json_object_set_new(entry, "groups", groups_of(tree, path, list));
        json_array_append_new(subcategories, entry);
    }
    rc = 0;
done:
    text_free(&category);
    text_free(&name);
    return rc;
}

static int add_subcategories(struct tree *tree, const json_t *subcategories) {
    if (!json_is_array(subcategories)) {
        return -1;
    }
    size_t i;
    json_t *subcategory;
    json_array_foreach(subcategories, i, subcategory) {
        if (add_subcategory(tree, subcategory) != 0) {
            return -1;
        }
    }
    return 0;
}

static void answer_campaign(struct standin *standin, struct request *request,
                            const struct row *row) {
    struct slice name = {request->arguments[0].data, request->arguments[0].size};
    json_t *campaign = campaigns_load(standin, row);
    json_t *written = json_array();
    json_t *answer = json_object();
    struct tree tree = {.edition = standin->groups,
                        .reports = json_object_get(campaign, "reports"),
                        .written = written,
                        .categories = json_array()};
    size_t i;
    json_t *report;
    json_array_foreach(tree.reports, i, report) {
        json_object_set_new(report, "content", json_string(""));
    }
    storage_each_named(standin->storage, name, take_group, written);
    if (add_subcategories(&tree, json_object_get(campaign, "subcategories")) != 0) {
        answer_error(&request->answer, 500);
    } else {
        json_object_set(answer, "campaign", campaign);
        json_object_set(answer, "groups", tree.categories);
        answer_value(&request->answer, answer);
    }
    json_decref(tree.categories);
    json_decref(answer);
    json_decref(written);
    json_decref(campaign);
}

enum outcome campaigns_get(struct standin *standin, struct request *request) {
    struct slice name = {request->arguments[0].data, request->arguments[0].size};
    struct row row;
    int found = storage_find(standin->storage, CAMPAIGNS, name, &row);
    if (found < 0 || (found > 0 && row.mark == 0)) {
        answer_error(&request->answer, 500);
    } else if (found > 0) {
        answer_campaign(standin, request, &row);
    } else {
        struct text message = {0};
        text_print(&message, "Campaign '%s' not found", name.data);
        answer_message(&request->answer, 404, (struct slice){message.data, message.size});
        text_free(&message);
    }
    return OUTCOME_ANSWERED;
}
