#include "valdb/reports.h"

#include <stdlib.h>
#include <string.h>

#include "base/noun.h"
#include "valdb/texts.h"

void reports_free(struct reports *reports) {
    free(reports->gathered);
    text_free(&reports->content);
    text_free(&reports->group);
}

static struct campaign_row **head_of(struct reports *reports, struct group_id id) {
    return &reports->heads[(id.category * SUBCATEGORY_COUNT + id.subcategory) * GROUP_COUNT +
                           id.group];
}

/* Puts a list into the gathered array; returns its length, or -1 where memory ran out. The lists
 * are linked by `older` or by `history`; `next` follows the link. */
static long gather(struct reports *reports, struct campaign_row *first,
                   struct campaign_row *(*next)(const struct campaign_row *), struct error *error) {
    size_t count = 0;
    for (struct campaign_row *row = first; row != NULL; row = next(row)) {
        if (count == reports->gathered_capacity) {
            size_t capacity = count == 0 ? 16 : 2 * count;
            struct campaign_row **grown =
                realloc(reports->gathered, capacity * sizeof *reports->gathered);
            if (grown == NULL) {
                return error_set_no_memory(error);
            }
            reports->gathered = grown;
            reports->gathered_capacity = capacity;
        }
        reports->gathered[count++] = row;
    }
    return (long)count;
}

static struct campaign_row *next_older(const struct campaign_row *row) {
    return row->older;
}

static struct campaign_row *next_history(const struct campaign_row *row) {
    return row->history;
}

/* Newest first: by date, then by id; rows are in the campaign in the order of their ids. */
static int compare_newest_first(const void *left, const void *right) {
    const struct campaign_row *a = *(struct campaign_row *const *)left;
    const struct campaign_row *b = *(struct campaign_row *const *)right;
    if (a->moment != b->moment) {
        return a->moment > b->moment ? -1 : 1;
    }
    return a > b ? -1 : a < b;
}

/* Makes the newest of the rows linked from `first` the report, and the others its past. */
static int settle_group(struct reports *reports, struct campaign_row *first, struct error *error) {
    long count = gather(reports, first, next_older, error);
    if (count < 0) {
        return -1;
    }
    struct campaign_row **rows = reports->gathered;
    qsort(rows, (size_t)count, sizeof *rows, compare_newest_first);
    for (long i = 0; i < count; i++) {
        rows[i]->older = i + 1 < count ? rows[i + 1] : NULL;
        rows[i]->is_in_newer = i > 0;
        if (i > 0) {
            rules_count(reports->rules, KIND_CAMPAIGNS, CORRECTION_REPORT_SINGLE);
        }
    }
    *head_of(reports, first->group) = rows[0];
    return 0;
}

static int choose_newest(struct reports *reports, struct campaign *campaign, struct error *error) {
    for (size_t i = 0; i < campaign->row_count; i++) {
        struct campaign_row *row = &campaign->rows[i];
        if (row->use != ROW_REPORT) {
            continue;
        }
        struct campaign_row **head = head_of(reports, row->group);
        if (*head == NULL) {
            *head = row;
        } else {
            row->older = (*head)->older;
            (*head)->older = row;
        }
    }
    for (size_t i = 0; i < campaign->row_count; i++) {
        struct campaign_row *row = &campaign->rows[i];
        bool is_first = row->use == ROW_REPORT && *head_of(reports, row->group) == row;
        bool is_open = is_first && row->older != NULL && !row->older->is_in_newer;
        if (is_open && settle_group(reports, row, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static void hang_history(struct reports *reports, struct campaign *campaign) {
    for (size_t i = 0; i < campaign->row_count; i++) {
        struct campaign_row *row = &campaign->rows[i];
        if (row->use != ROW_HISTORY) {
            continue;
        }
        struct campaign_row *head = *head_of(reports, row->group);
        if (head == NULL) {
            row->use = ROW_SKIPPED;
            row->skip = SKIP_HISTORY_WITHOUT_REPORT;
        } else {
            row->history = head->history;
            head->history = row;
        }
    }
}

int reports_choose(struct reports *reports, struct campaign *campaign, struct error *error) {
    if (!rules_allow(reports->rules, CORRECTION_REPORT_SINGLE)) {
        return 0;
    }
    memset(reports->heads, 0, sizeof reports->heads);
    if (choose_newest(reports, campaign, error) != 0) {
        return -1;
    }
    hang_history(reports, campaign);
    return 0;
}

/* Finds and registers who wrote the row; `*author` stays NULL where nobody is named. */
static int find_author(struct reports *reports, const struct campaign_row *row,
                       const struct author **author, struct error *error) {
    struct span name = row->source.status[STATUS_USER_NAME];
    if (!rules_allow(reports->rules, CORRECTION_AUTHORS_RESOLVED) ||
        span_is_empty(span_trim(name))) {
        return 0;
    }
    *author = authors_find(reports->authors, reports->rules, name, error);
    if (*author == NULL) {
        return -1;
    }
    if ((*author)->person == NULL) {
        return 0;
    }
    rules_count(reports->rules, KIND_CAMPAIGNS, CORRECTION_AUTHORS_RESOLVED);
    return authors_register(*author, reports->rules, reports->users, error);
}

static void append_earlier(struct text *content, const struct campaign_row *row) {
    text_append_string(content, "\n\n");
    texts_begin_earlier(content);
    for (const struct campaign_row *older = row->older; older != NULL; older = older->older) {
        const struct span *fields = older->source.status;
        texts_append_earlier(content,
                             &(struct earlier_row){.moment = older->moment,
                                                   .status = fields[STATUS_VALIDATION_STATUS],
                                                   .comments = fields[STATUS_COMMENTS]});
    }
}

/* A version's number; one that is none comes before all. */
static long long number_of(const struct campaign_row *row) {
    struct span version = row->source.release[RELEASES_VERSION];
    return span_is_empty(version) ? -1 : strtoll(version.data, NULL, 10);
}

static int compare_oldest_first(const void *left, const void *right) {
    const struct campaign_row *a = *(struct campaign_row *const *)left;
    const struct campaign_row *b = *(struct campaign_row *const *)right;
    long long version_a = number_of(a);
    long long version_b = number_of(b);
    if (version_a != version_b) {
        return version_a < version_b ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

static struct history_row version_of(const struct release_row *row) {
    return (struct history_row){.version = row->release[RELEASES_VERSION],
                                .has_moment = row->has_moment,
                                .moment = row->moment,
                                .status = row->status[STATUS_VALIDATION_STATUS],
                                .comments = row->status[STATUS_COMMENTS],
                                .links = row->status[STATUS_LINKS],
                                .who = row->status[STATUS_USER_NAME]};
}

static int append_history(struct reports *reports, const struct campaign_row *row,
                          struct error *error) {
    struct history_row versions[2]; /* this one and the one before it, in turn */
    long count = gather(reports, row->history, next_history, error);
    if (count < 0) {
        return -1;
    }
    qsort(reports->gathered, (size_t)count, sizeof *reports->gathered, compare_oldest_first);
    text_append_string(&reports->content, "\n\n");
    texts_begin_history(&reports->content);
    for (long i = 0; i < count; i++) {
        versions[i % 2] = version_of(&reports->gathered[i]->source);
        texts_append_version(&reports->content, &versions[i % 2],
                             i == 0 ? NULL : &versions[(i + 1) % 2]);
    }
    return 0;
}

static int write_content(struct reports *reports, const struct campaign_row *row,
                         const struct author *author, struct error *error) {
    struct rules *rules = reports->rules;
    struct text *content = &reports->content;
    const struct span *fields = row->source.status;
    text_clear(content);
    if (!rules_allow(rules, CORRECTION_CONTENT_MARKDOWN)) {
        texts_append_notebook_content(content, fields[STATUS_COMMENTS]);
        return 0;
    }
    rules_count(rules, KIND_CAMPAIGNS, CORRECTION_CONTENT_MARKDOWN);
    texts_append_comments_and_links(content, rules->patterns, fields[STATUS_COMMENTS],
                                    fields[STATUS_LINKS]);
    if (!span_is_empty(span_trim_blanks(fields[STATUS_LINKS]))) {
        rules_count(rules, KIND_CAMPAIGNS, CORRECTION_LINKS_KEPT);
    }
    if (author != NULL && author->person == NULL) {
        text_append_string(content, "\n\n**Author:** ");
        texts_append_clean(content, fields[STATUS_USER_NAME], LAYOUT_BLOCK);
    }
    if (row->older != NULL) {
        append_earlier(content, row);
    }
    if (row->history != NULL && append_history(reports, row, error) != 0) {
        return -1;
    }
    return text_check(content, error);
}

static int write_report(struct reports *reports, const struct campaign *campaign,
                        const struct campaign_row *row, struct json_writer *json,
                        struct error *error) {
    const struct author *author = NULL;
    if (find_author(reports, row, &author, error) != 0 ||
        write_content(reports, row, author, error) != 0) {
        return -1;
    }
    text_clear(&reports->group);
    rules_note_group(reports->rules, row->group);
    rules_append_group_id(reports->rules, row->group, &reports->group);
    json_begin_object(json);
    json_write_key(json, "authors");
    json_begin_array(json);
    if (author != NULL && author->person != NULL) {
        json_write_string(json, author->email);
    }
    json_end_array(json);
    reports->count++;
    reports->unfound += author != NULL && author->person == NULL;
    json_member_string(json, "group", text_span(&reports->group));
    json_member_string(json, "campaign_name", campaign->name);
    json_member_integer(json, "status", row->status);
    json_member_string(json, "content", text_span(&reports->content));
    json_end_object(json);
    return text_check(&reports->group, error);
}

int reports_write(struct reports *reports, const struct campaign *campaign,
                  struct json_writer *json, struct error *error) {
    json_begin_array(json);
    for (size_t i = 0; i < campaign->row_count; i++) {
        const struct campaign_row *row = &campaign->rows[i];
        if (row->use == ROW_REPORT && !row->is_in_newer &&
            write_report(reports, campaign, row, json, error) != 0) {
            return -1;
        }
    }
    json_end_array(json);
    return 0;
}

/* The target takes a campaign only once. The key sorts before the names of groups. */
int reports_warn_of_authors(const struct reports *reports, struct error *error) {
    struct text warning = {0};
    if (reports->rules->settings->people != NULL || reports->unfound == 0) {
        return 0;
    }
    text_append_format(&warning,
                       "%lld of %lld %s will have no author; after `apply` this cannot be repaired",
                       (long long)reports->unfound, (long long)reports->count,
                       noun_of(reports->count, "report", "reports"));
    int rc = text_check(&warning, error) == 0
                 ? rules_warn(reports->rules, KIND_CAMPAIGNS, span_of("(no --people)"),
                              text_span(&warning), error)
                 : -1;
    text_free(&warning);
    return rc;
}
