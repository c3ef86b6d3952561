#include "delivery/strangers.h"

#include "base/json_writer.h"
#include "base/log.h"
#include "delivery/pages.h"
#include "workspace/parts.h"
#include "workspace/target_list.h"

struct reading {
    const struct migration_kind *kind;
    struct target_list *list;
    uint64_t records;
    size_t fresh; /* of the page */
    struct error *error;
};

static bool is_listed(const struct migration_kind *kind) {
    return kind_has(kind, KIND_LIST) && kind->each_listed != NULL;
}

static int append_path(const struct migration_kind *kind, size_t page, size_t listed,
                       struct text *path) {
    struct kind_draft draft = {.which = KIND_LIST, .part = page, .listed = listed, .path = path};
    const struct kind_document none = {0}; /* a list is of no document */
    return kind_build(kind, &none, &draft);
}

static int build(void *context, size_t page, size_t listed, struct text *path) {
    const struct reading *reading = context;
    return append_path(reading->kind, page, listed, path);
}

static void mask(void *context, json_t *answer) {
    const struct reading *reading = context;
    if (reading->kind->mask != NULL) {
        reading->kind->mask(reading->kind, answer);
    }
}

static int take_record(void *context, struct span key, struct record_id id) {
    struct reading *reading = context;
    (void)key;
    int rc = target_list_add(reading->list, id.text, reading->error);
    reading->fresh += rc == 1;
    return rc < 0 ? -1 : 0;
}

static int take(void *context, const struct kind_answer *answer, size_t *fresh,
                struct error *error) {
    struct reading *reading = context;
    const struct listed_sink sink = {.context = reading, .take = take_record};
    reading->fresh = 0;
    reading->error = error;
    int rc = reading->kind->each_listed(reading->kind, answer, &sink);
    *fresh = reading->fresh;
    reading->records += reading->fresh;
    return rc;
}

/* Begins a list of what is there now. NULL with the error. */
static struct target_list *read_list(const struct strangers *strangers,
                                     const struct migration_kind *kind, struct error *error) {
    struct reading reading = {.kind = kind, .list = target_list_begin(strangers->workspace, error)};
    const struct pages pages = {.session = strangers->session,
                                .timeout = strangers->timeout,
                                .context = &reading,
                                .build = build,
                                .mask = mask,
                                .take = take};
    if (reading.list == NULL || pages_read(&pages, error) != 0) {
        target_list_end(reading.list);
        error_add_context(error, "the list of %s", kind->name);
        return NULL;
    }
    log_info("%s: the target lists %llu", kind->name, (unsigned long long)reading.records);
    return reading.list;
}

int strangers_list_before(const struct strangers *strangers, size_t kind, struct error *error) {
    const struct migration_kind *listed = &strangers->migration->kinds[kind];
    if (!is_listed(listed)) {
        return 0;
    }
    int rc = parts_is_part(strangers->workspace, error);
    if (rc == 0) {
        rc = target_list_was_read(strangers->workspace, listed->name, error);
    }
    if (rc == 0) {
        rc = target_list_is_late(strangers->workspace, listed->name, error);
    }
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    struct target_list *list = read_list(strangers, listed, error);
    rc = list == NULL ? -1 : target_list_keep_before(list, listed->name, error);
    target_list_end(list);
    return rc;
}

/* The names of all kinds whose list is that of the kind, as a JSON array. */
static int append_companions(const struct strangers *strangers, size_t kind, struct text *out,
                             struct error *error) {
    const struct migration *migration = strangers->migration;
    struct json_writer json = json_writer_to(out);
    struct text own = {0};
    struct text other = {0};
    append_path(&migration->kinds[kind], 0, 0, &own);
    json_begin_array(&json);
    for (size_t i = 0; i < migration->kind_count; i++) {
        text_clear(&other);
        if (is_listed(&migration->kinds[i])) {
            append_path(&migration->kinds[i], 0, 0, &other);
        }
        if (span_equal(text_span(&own), text_span(&other))) {
            json_write_string(&json, span_of(migration->kinds[i].name));
        }
    }
    json_end_array(&json);
    out->failed = out->failed || own.failed || other.failed;
    text_free(&own);
    text_free(&other);
    return text_check(out, error);
}

static int find(const struct strangers *strangers, size_t kind, struct span companions,
                struct error *error) {
    const struct migration_kind *listed = &strangers->migration->kinds[kind];
    int is_settled = target_list_is_settled(strangers->workspace, companions, error);
    if (is_settled != 1) {
        if (is_settled == 0) {
            log_info("%s: not searched for strangers, as some may have arrived or are handed out",
                     listed->name);
        }
        return is_settled;
    }
    struct target_list *list = read_list(strangers, listed, error);
    int rc = list == NULL ? -1 : target_list_keep_strangers(list, listed->name, companions, error);
    target_list_end(list);
    return rc;
}

int strangers_are_lost(const struct migration_kind *kind, struct workspace *workspace,
                       struct error *error) {
    int rc = is_listed(kind) ? target_list_was_read(workspace, kind->name, error) : 1;
    return rc == 0 ? target_list_is_late(workspace, kind->name, error) : (rc < 0 ? -1 : 0);
}

/* A part has nothing to report of it: its workspace has split the kind. */
static int report_lost(const struct strangers *strangers, const struct migration_kind *kind,
                       struct error *error) {
    int rc = parts_is_part(strangers->workspace, error);
    if (rc == 0) {
        rc = strangers_are_lost(kind, strangers->workspace, error);
        if (rc == 1) {
            log_info("%s: not searched for strangers, as the target's list was not read before "
                     "they were sent",
                     kind->name);
        }
    }
    return rc < 0 ? -1 : 0;
}

int strangers_find(const struct strangers *strangers, size_t kind, struct error *error) {
    const struct migration_kind *listed = &strangers->migration->kinds[kind];
    if (!is_listed(listed)) {
        return 0;
    }
    int rc = target_list_was_read(strangers->workspace, listed->name, error);
    if (rc != 1) {
        return rc == 0 ? report_lost(strangers, listed, error) : -1;
    }
    struct text companions = {0};
    rc = append_companions(strangers, kind, &companions, error) == 0
             ? find(strangers, kind, text_span(&companions), error)
             : -1;
    text_free(&companions);
    return rc;
}

int strangers_claim(struct workspace *workspace, const struct task *task, struct error *error) {
    return task->target_id.length > 0 && is_listed(task->kind)
               ? target_list_claim(workspace, task->kind->name, text_span(&task->target_id), error)
               : 0;
}
