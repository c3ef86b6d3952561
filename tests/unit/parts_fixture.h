/* A workspace with documents that are handed out in parts, and what a delivery of a part does to
 * it, by hand. */
#ifndef ROWPOST_TESTS_PARTS_FIXTURE_H
#define ROWPOST_TESTS_PARTS_FIXTURE_H

#include "workspace_fixture.h"

#include "workspace/merge.h"
#include "workspace/recall.h"
#include "workspace/split.h"

static struct workspace *parent;

/* Where the part of that number is, of the users in three parts. */
static inline const char *part_path(int number) {
    static char paths[4][96];
    snprintf(paths[number], sizeof paths[number], "%s/users-%d-of-3.rowpost", folder, number);
    return paths[number];
}

/* Twelve users, whose keys go into three parts of four, and into two of six. */
static inline void plan_twelve(void) {
    parent = open_it();
    plan_documents(parent, (struct hand_document[]){{"a", "{1}"},
                                                    {"b", "{2}"},
                                                    {"c", "{3}"},
                                                    {"d", "{4}"},
                                                    {"e", "{5}"},
                                                    {"f", "{6}"},
                                                    {"g", "{7}"},
                                                    {"i", "{8}"},
                                                    {"j", "{9}"},
                                                    {"k", "{10}"},
                                                    {"l", "{11}"},
                                                    {"p", "{12}"},
                                                    {0}});
}

static inline int64_t hand_out(const char *kind, int64_t parts) {
    struct error error = {0};
    struct split_result result;
    const struct split_order order = {.kind = kind, .parts = parts, .folder = folder};
    if (split_hand_out(parent, &order, &result, &error) != 0) {
        fail_msg("%s", error.message);
    }
    split_result_free(&result);
    return result.documents;
}

/* Runs statements on a part, as a program that delivers would. */
static inline void change_part(int number, const char *sql) {
    struct error error = {0};
    struct workspace *part = workspace_open(part_path(number), "apply", &error);
    if (part == NULL) {
        fail_msg("%s", error.message);
    }
    change(part, sql);
    workspace_close(part);
}

/* Every document of the part ends so, by one attempt. */
static inline void deliver_part(int number, const char *state) {
    char sql[256];
    change_part(number, "INSERT INTO attempt (document, purpose, started, duration_us, path,"
                        " outcome) SELECT id, 'post', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),"
                        " abs(random()) % 1000000, '/', 'delivered' FROM document");
    snprintf(sql, sizeof sql, "UPDATE document SET state = '%s', target_id = 'T' || key", state);
    change_part(number, sql);
}

static inline struct merged merge_number(int number) {
    struct error error = {0};
    struct merged merged;
    if (merge_part(parent, part_path(number), &merged, &error) != 0) {
        fail_msg("%s", error.message);
    }
    merged_free(&merged);
    return merged;
}

/* The merge has to be refused with these words. */
static inline void refuse_merge(const char *file, enum error_code code, const char *words) {
    struct error error = {0};
    struct merged merged;
    assert_int_equal(merge_part(parent, file, &merged, &error), -1);
    merged_free(&merged);
    assert_int_equal(error.code, code);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
}

static inline int close_parent(void **state) {
    workspace_close(parent);
    return empty_folder(state);
}

#endif
