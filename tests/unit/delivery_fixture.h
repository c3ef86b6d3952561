/* A migration by hand, as a migration file makes one: tickets, comments and people, whose records
 * refer to each other; a workspace with a plan of them, and a target (record_target.h). */
#ifndef ROWPOST_TEST_DELIVERY_FIXTURE_H
#define ROWPOST_TEST_DELIVERY_FIXTURE_H

#include "workspace_fixture.h"

#include "base/clock.h"
#include "base/json_memory.h"
#include "delivery/amend.h"
#include "delivery/apply.h"
#include "delivery/verify.h"
#include "record_target.h"
#include "workspace/journal_records.h"

/* ---- the kinds ---- */

static inline void append_value(const struct kind_document *document, const char *name,
                                struct text *out) {
    const json_t *value = json_object_get(document->values, name);
    if (json_is_integer(value)) {
        text_append_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else {
        text_append_string(out, json_string_value(value));
    }
}

/* /KIND/, and under it the record that the values name as `under`; a header of the value `user`. */
static inline int hand_create(const struct migration_kind *kind,
                              const struct kind_document *document, struct kind_draft *draft) {
    text_append_format(draft->path, "/%s/", kind->name);
    append_value(document, "under", draft->path);
    if (json_object_get(document->values, "user") != NULL) {
        text_append_string(draft->headers, "X-Switch-User: ");
        append_value(document, "user", draft->headers);
        text_append_char(draft->headers, '\n');
    }
    return 1;
}

static inline int hand_find(const struct migration_kind *kind, const struct kind_document *document,
                            struct kind_draft *draft) {
    text_append_format(draft->path, "/%s/?key=", kind->name);
    text_append_percent_encoded(draft->path, document->key);
    return 1;
}

static inline int hand_update(const struct migration_kind *kind,
                              const struct kind_document *document, struct kind_draft *draft) {
    char *body = json_dumps(document->body, JSON_COMPACT);
    text_append_format(draft->path, "/%s/", kind->name);
    text_append(draft->path, document->id.text);
    text_append_string(draft->body, body);
    json_memory_free(body);
    return 1;
}

static inline enum kind_reading hand_read_answer(const struct migration_kind *kind,
                                                 const struct kind_document *document,
                                                 const struct kind_answer *answer) {
    (void)kind;
    (void)document;
    if (answer->status == 422) {
        return READING_UNSTORED;
    }
    return answer->status / 100 == 2 ? READING_DONE : READING_NONE;
}

static inline bool hand_find_matches(const struct migration_kind *kind,
                                     const struct kind_document *document,
                                     const struct kind_answer *answer,
                                     struct kind_matches *matches) {
    (void)kind;
    (void)document;
    if (answer->to == KIND_CREATE && !span_is_null(answer->location) &&
        answer->location.length > 0) {
        struct text place = {0};
        text_append(&place, answer->location);
        json_t *id = json_integer(atoi(strrchr(text_string(&place), '/') + 1));
        kind_matches_add_id(matches, id);
        json_decref(id);
        text_free(&place);
        return true;
    }
    if (answer->to == KIND_CREATE && json_object_get(answer->json, "id") != NULL) {
        kind_matches_add_id(matches, json_object_get(answer->json, "id"));
    }
    for (size_t i = 0; i < json_array_size(answer->json); i++) {
        const json_t *one = json_array_get(answer->json, i);
        kind_matches_add_id(matches, json_object_get(one, "id"));
        matches->record = json_object_get(json_array_get(answer->json, 0), "record");
    }
    return answer->json != NULL;
}

/* Member by member; one that is a secret is skipped. */
static inline size_t hand_compare(const struct migration_kind *kind,
                                  const struct kind_document *document, const json_t *record,
                                  enum comparison comparison,
                                  const struct difference_sink *differences) {
    const char *name;
    json_t *planned;
    size_t count = 0;
    (void)kind;
    (void)comparison;
    if (record == NULL) {
        return 0;
    }
    json_object_foreach((json_t *)(uintptr_t)document->body, name, planned) {
        if (json_object_get(planned, "$secret") == NULL &&
            !json_equal(planned, json_object_get(record, name))) {
            differences->add(differences->context, name, span_of("planned"), span_of("another"));
            count++;
        }
    }
    return count;
}

#define HAND_KIND(kind, singular)                                                                  \
    {                                                                                              \
        .name = (kind), .noun = (singular), .post_path = "/", .build[KIND_CREATE] = hand_create,   \
        .build[KIND_FIND] = hand_find, .build[KIND_UPDATE] = hand_update,                          \
        .read_answer = hand_read_answer, .find_matches = hand_find_matches,                        \
        .compare = hand_compare                                                                    \
    }

static const struct migration_kind hand_migration_kinds[] = {HAND_KIND("tickets", "ticket"),
                                                             HAND_KIND("comments", "comment")};
static const struct migration hand_migration = {
    .name = "by hand", .kinds = hand_migration_kinds, .kind_count = 2, .probe_path = "/probe"};

enum { TICKETS, COMMENTS };

/* ---- the plan ---- */

static struct workspace *workspace;
static struct target target;

/* Plans these documents, of which an empty key is the end. */
static inline void plan_hand(const struct plan_document *documents) {
    static const struct planning_kind kinds[] = {{"tickets", "/tickets/"},
                                                 {"comments", "/comments/"}};
    struct error error = {0};
    struct planning *planning = planning_begin(workspace, kinds, 2, &error);
    assert_non_null(planning);
    for (const struct plan_document *one = documents; one->key.length > 0; one++) {
        put(planning, (struct plan_entry){.kind = PLAN_DOCUMENT, .document = *one});
    }
    if (planning_finish(planning, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

#define DOCUMENT(of, name, text)                                                                   \
    { .kind = (of), .key = SPAN(name), .body = SPAN(text) }
#define DOCUMENT_WITH(of, name, text, more)                                                        \
    { .kind = (of), .key = SPAN(name), .body = SPAN(text), .values = SPAN(more) }
#define SPAN(words)                                                                                \
    { (words), sizeof(words) - 1 }

/* ---- the delivery ---- */

static inline struct session *open_target(void) {
    struct error error = {0};
    struct session *session = session_open(
        &(struct session_settings){.url = target.url, .answer_timeout_ms = 60000}, &error);
    if (session == NULL) {
        fail_msg("%s", error.message);
    }
    return session;
}

static inline void apply_with(const struct apply_settings *settings) {
    struct error error = {0};
    struct session *session = open_target();
    if (apply_run(&hand_migration, settings, session, workspace, &error) != 0) {
        fail_msg("%s", error.message);
    }
    session_close(session);
}

static inline void apply_all(void) {
    apply_with(&(struct apply_settings){.loop = {.jobs = 4,
                                                 .give_up_after = 60 * CLOCK_SECOND,
                                                 .settle = 300 * CLOCK_MILLISECOND}});
}

static inline void update_all(void) {
    struct error error = {0};
    struct session *session = open_target();
    const struct amend_settings settings = {
        .loop = {.jobs = 4, .give_up_after = 60 * CLOCK_SECOND, .settle = 300 * CLOCK_MILLISECOND}};
    if (amend_update(&hand_migration, &settings, session, workspace, &error) != 0) {
        fail_msg("%s", error.message);
    }
    session_close(session);
}

static inline void put_existing(const char *name, const char *key, struct record_id id) {
    struct error error = {0};
    struct journal *journal = journal_open(workspace, &error);
    assert_non_null(journal);
    assert_int_equal(workspace_begin(workspace, &error), 0);
    assert_int_equal(journal_put_existing(journal, span_of(name), span_of(key), id, &error), 0);
    assert_int_equal(journal_commit(journal, &error), 0);
    journal_close(journal);
}

static inline void begin_delivery(struct target_rule *rules) {
    struct error error = {0};
    workspace = open_it();
    assert_int_equal(workspace_use_wal(workspace, &error), 0);
    target_start(&target, rules);
}

static inline int end_delivery(void **state) {
    if (target.daemon != NULL) {
        target_stop(&target);
    }
    workspace_close(workspace);
    workspace = NULL;
    return empty_folder(state);
}

/* The line of the log that has these words, up to its end; fails where there is none. */
static inline void assert_logged(const char *line) {
    if (strstr(text_string(&target.log), line) == NULL) {
        fail_msg("\"%s\" is not among\n%s", line, text_string(&target.log));
    }
}

static inline void assert_states(const char *expected) {
    assert_rows(workspace, "SELECT key, state, target_id FROM document ORDER BY id", expected);
}

#endif
