#include "delivery/existing.h"

#include "base/log.h"
#include "delivery/pages.h"
#include "workspace/journal_records.h"

struct listing_existing {
    const struct migration_existing *existing;
    struct existing_names *names;
    size_t fresh; /* of the page */
    struct error *error;
};

void existing_free(struct existing_names *names) {
    map_free(&names->ids);
    arena_free(&names->arena);
}

static bool are_same(const struct record_id *one, const struct record_id *other) {
    return one->is_number == other->is_number && span_equal(one->text, other->text);
}

/* A record may be on two pages if the list changed between them. */
static int check_known(const struct listing_existing *listing, struct span key,
                       const struct record_id *known, const struct record_id *id) {
    return are_same(known, id)
               ? 0
               : error_set(listing->error, ERROR_TARGET,
                           "the target has two of the name \"%.*s\", %.*s and %.*s; expected each "
                           "name once",
                           (int)key.length, key.length == 0 ? "" : key.data,
                           (int)known->text.length, known->text.data, (int)id->text.length,
                           id->text.data);
}

static int take_record(void *context, struct span key, struct record_id id) {
    struct listing_existing *listing = context;
    struct existing_names *names = listing->names;
    const struct record_id *known = map_find(&names->ids, key);
    if (known != NULL) {
        return check_known(listing, key, known, &id);
    }
    struct record_id *kept = arena_allocate(&names->arena, sizeof *kept);
    if (kept == NULL || map_put(&names->ids, key, kept) != 0) {
        return error_set_no_memory(listing->error);
    }
    *kept = (struct record_id){arena_copy(&names->arena, id.text), id.is_number};
    listing->fresh++;
    return names->arena.failed ? error_set_no_memory(listing->error) : 0;
}

static int build(void *context, size_t page, size_t listed, struct text *path) {
    const struct listing_existing *listing = context;
    return listing->existing->build(listing->existing, page, listed, path);
}

static int take(void *context, const struct kind_answer *answer, size_t *fresh,
                struct error *error) {
    struct listing_existing *listing = context;
    const struct listed_sink sink = {.context = listing, .take = take_record};
    listing->fresh = 0;
    listing->error = error;
    int rc = listing->existing->each(listing->existing, answer, &sink);
    *fresh = listing->fresh;
    return rc;
}

int existing_read(const struct migration_existing *existing, struct session *session,
                  int64_t timeout, struct existing_names *names, struct error *error) {
    struct listing_existing listing = {.existing = existing, .names = names};
    const struct pages pages = {
        .session = session, .timeout = timeout, .context = &listing, .build = build, .take = take};
    return pages_read(&pages, error) == 0 ? 0
                                          : error_add_context(error, "existing %s", existing->name);
}

static int put(const struct migration_existing *existing, const struct existing_names *names,
               struct journal *journal, struct error *error) {
    struct span name = span_of(existing->name);
    int rc = journal_forget_existing(journal, name, error);
    for (size_t i = 0; i < map_count(&names->ids) && rc == 0; i++) {
        const struct record_id *id = map_value_at(&names->ids, i);
        rc = journal_put_existing(journal, name, map_key_at(&names->ids, i), *id, error);
    }
    return rc;
}

static int store(const struct migration_existing *existing, struct session *session,
                 struct workspace *workspace, struct journal *journal, int64_t timeout,
                 struct error *error) {
    struct existing_names names = {0};
    int rc = existing_read(existing, session, timeout, &names, error);
    if (rc == 0) {
        log_info("existing %s: the target has %zu", existing->name, map_count(&names.ids));
        rc = workspace_begin(workspace, error) == 0 && put(existing, &names, journal, error) == 0
                 ? journal_commit(journal, error)
                 : -1;
    }
    existing_free(&names);
    return rc;
}

int existing_store(const struct migration *migration, struct session *session,
                   struct workspace *workspace, int64_t timeout, struct error *error) {
    if (migration->existing_count == 0) {
        return 0;
    }
    struct journal *journal = journal_open(workspace, error);
    int rc = journal == NULL ? -1 : 0;
    for (size_t i = 0; i < migration->existing_count && rc == 0; i++) {
        rc = store(&migration->existing[i], session, workspace, journal, timeout, error);
    }
    journal_close(journal);
    return rc;
}
