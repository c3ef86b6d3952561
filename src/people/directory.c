#include "people/directory_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/fold.h"
#include "base/log.h"
#include "base/map.h"
#include "people/directory_session_private.h"

/* So many names in one filter: 5 to 10 kilobytes, which every server takes. */
enum { BATCH_NAMES = 50 };

struct finding {
    const struct directory_entry *entry;
    struct finding *next;
};

/* A name that was asked for. */
struct wanted {
    struct span key;      /* fold_key() */
    struct span spelling; /* fold_spelling() */
    bool is_answered;
    bool is_asked; /* in the filter that is under way */
    struct finding *first, *last;
};

struct directory {
    struct directory_place place;
    const struct people_access *access;
    struct directory_session *session; /* NULL until something has to be asked */
    struct arena arena;
    struct map wanted; /* by key: struct wanted */
    struct map found;  /* by DN: struct directory_entry, as it was read last */
    struct text name;  /* under which the cache keeps answers */
    struct text key;
    size_t batch; /* names in one filter: fewer where a size limit is met */
    size_t searches;
};

struct directory *directory_create(const char *location, const struct people_access *access,
                                   struct error *error) {
    struct directory *directory = calloc(1, sizeof *directory);
    if (directory == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    directory->access = access;
    directory->batch = BATCH_NAMES;
    if (directory_place_parse(&directory->place, location, access->attributes, error) != 0) {
        directory_free(directory);
        return NULL;
    }
    /* What a user sees depends on the user. */
    text_append_string(&directory->name, directory->place.name);
    if (access->bind_dn != NULL) {
        text_append_format(&directory->name, " as %s", access->bind_dn);
    }
    return directory;
}

void directory_free(struct directory *directory) {
    if (directory == NULL) {
        return;
    }
    directory_session_close(directory->session);
    directory_place_free(&directory->place);
    map_free(&directory->wanted);
    map_free(&directory->found);
    arena_free(&directory->arena);
    text_free(&directory->name);
    text_free(&directory->key);
    free(directory);
}

const struct directory_place *directory_get_place(const struct directory *directory) {
    return &directory->place;
}

/* The name's spelling, in which the server is asked, and its key. */
static void fold(struct directory *directory, struct span name, struct text *spelling) {
    text_clear(spelling);
    text_clear(&directory->key);
    fold_spelling(name, spelling);
    fold_key(name, &directory->key);
}

static struct wanted *add_wanted(struct directory *directory, struct span spelling) {
    struct wanted *wanted = arena_allocate(&directory->arena, sizeof *wanted);
    if (wanted == NULL) {
        return NULL;
    }
    *wanted = (struct wanted){.key = arena_copy(&directory->arena, text_span(&directory->key)),
                              .spelling = arena_copy(&directory->arena, spelling)};
    if (directory->arena.failed || map_put(&directory->wanted, wanted->key, wanted) != 0) {
        return NULL;
    }
    return wanted;
}

int directory_want(struct directory *directory, struct span name, struct error *error) {
    struct text spelling = {0};
    if (!json_is_utf8(name)) {
        return 0; /* not a name: a directory's names are UTF-8 */
    }
    fold(directory, name, &spelling);
    int rc = text_check(&spelling, error);
    if (rc == 0 && spelling.length > 0 &&
        map_find(&directory->wanted, text_span(&directory->key)) == NULL &&
        add_wanted(directory, text_span(&spelling)) == NULL) {
        rc = error_set_no_memory(error);
    }
    text_free(&spelling);
    return rc;
}

/* The one entry of its DN: what was read last counts. Its DN's copy keys the map. */
static int note_entry(void *context, const struct directory_entry *entry, struct error *error) {
    struct directory *directory = context;
    const struct directory_entry *known = map_find(&directory->found, entry->dn);
    if (known != NULL && span_compare(known->asked, entry->asked) >= 0) {
        return 0;
    }
    struct directory_entry *copy = directory_entry_copy(entry, &directory->arena);
    if (copy == NULL || map_put(&directory->found, copy->dn, copy) != 0) {
        return error_set_no_memory(error);
    }
    return 0;
}

static int remember_finding(struct directory *directory, struct wanted *wanted,
                            const struct directory_entry *entry) {
    for (const struct finding *one = wanted->first; one != NULL; one = one->next) {
        if (one->entry == entry) {
            return 0;
        }
    }
    struct finding *finding = arena_allocate(&directory->arena, sizeof *finding);
    if (finding == NULL) {
        return -1;
    }
    *finding = (struct finding){.entry = entry};
    if (wanted->last == NULL) {
        wanted->first = finding;
    } else {
        wanted->last->next = finding;
    }
    wanted->last = finding;
    return 0;
}

/* An entry of an answer, for each wanted name that is one of its names by our own comparison. */
static int match_entry(void *context, const struct directory_entry *entry, struct error *error) {
    static const enum directory_attribute named[] = {DIRECTORY_LOGIN, DIRECTORY_NAME};
    struct directory *directory = context;
    struct directory_entry *copy = NULL;
    struct text spelling = {0};
    int rc = 0;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        const struct directory_values *values = &entry->values[named[i]];
        for (size_t j = 0; j < values->count && rc == 0; j++) {
            fold(directory, values->items[j], &spelling);
            struct wanted *wanted = map_find(&directory->wanted, text_span(&directory->key));
            if (wanted == NULL || !wanted->is_asked) {
                continue;
            }
            copy = copy == NULL ? directory_entry_copy(entry, &directory->arena) : copy;
            rc = copy == NULL ? -1 : remember_finding(directory, wanted, copy);
        }
    }
    if (copy == NULL && rc == 0) {
        log_verbose("%s: %s answers the search, and has none of the names that were asked for",
                    directory->place.server, entry->dn.data);
    }
    text_free(&spelling);
    return rc == 0 ? 0 : error_set_no_memory(error);
}

static int keep_answer(struct directory *directory, const struct wanted *wanted,
                       struct error *error) {
    const struct people_cache *cache = &directory->access->cache;
    struct text answer = {0};
    char now[DATE_MOMENT_SIZE];
    int rc = 0;
    for (const struct finding *one = wanted->first; one != NULL && rc == 0; one = one->next) {
        rc = note_entry(directory, one->entry, error);
    }
    if (rc != 0 || cache->keep == NULL) {
        return rc;
    }
    date_format_moment(date_now(), now);
    struct json_writer json = json_writer_to(&answer);
    json_begin_object(&json);
    json_member_string(&json, "asked", span_of(now));
    json_write_key(&json, "entries");
    json_begin_array(&json);
    for (const struct finding *one = wanted->first; one != NULL; one = one->next) {
        directory_entry_write(one->entry, &json);
    }
    json_end_array(&json);
    json_end_object(&json);
    rc = text_check(&answer, error);
    if (rc == 0) {
        rc = cache->keep(cache->context, text_span(&directory->name), wanted->key,
                         text_span(&answer), error);
    }
    text_free(&answer);
    return rc;
}

/* What the cache has, unless everything is to be asked again. */
static int recall(struct directory *directory, size_t *recalled, struct error *error) {
    const struct people_cache *cache = &directory->access->cache;
    struct text answer = {0};
    int rc = 0;
    *recalled = 0;
    if (cache->find == NULL || directory->access->refresh) {
        return 0;
    }
    for (size_t i = 0; i < map_count(&directory->wanted) && rc == 0; i++) {
        struct wanted *wanted = map_value_at(&directory->wanted, i);
        text_clear(&answer);
        rc = cache->find(cache->context, text_span(&directory->name), wanted->key, &answer, error);
        if (rc == 1) {
            wanted->is_answered = true;
            (*recalled)++;
            rc = directory_entry_read_answer(text_span(&answer), note_entry, directory, error);
        }
    }
    text_free(&answer);
    return rc;
}

/* The next names that have no answer yet. */
static size_t pick_batch(struct directory *directory, size_t *position, struct wanted **batch) {
    size_t count = 0;
    while (*position < map_count(&directory->wanted) && count < directory->batch) {
        struct wanted *wanted = map_value_at(&directory->wanted, (*position)++);
        if (!wanted->is_answered) {
            wanted->is_asked = true;
            wanted->first = NULL;
            wanted->last = NULL;
            batch[count++] = wanted;
        }
    }
    return count;
}

static enum directory_search search(struct directory *directory, struct wanted **batch,
                                    size_t count, struct error *error) {
    struct span names[BATCH_NAMES];
    struct text filter = {0};
    enum directory_search result = SEARCH_FAILED;
    for (size_t i = 0; i < count; i++) {
        names[i] = batch[i]->spelling;
    }
    directory_place_append_filter(&filter, &directory->place, names, count);
    if (text_check(&filter, error) == 0) {
        directory->searches++;
        result = directory_session_search(directory->session, text_string(&filter), match_entry,
                                          directory, error);
    }
    text_free(&filter);
    return result;
}

static int refuse_limit(const struct directory *directory, const struct wanted *wanted,
                        struct error *error) {
    return error_set(error, ERROR_SOURCE,
                     "the people directory %s: the search: its size limit is too low even for "
                     "\"%.*s\"; bind as somebody who may see more (--ldap-bind), or narrow "
                     "the search by a filter in the URL",
                     directory->place.server, (int)wanted->spelling.length, wanted->spelling.data);
}

/* Asks for one batch. 0, or -1 with the error; `*position` goes back where the batch was too large
 * for the server's size limit, and from then on batches are smaller. */
static int ask_batch(struct directory *directory, size_t *position, struct error *error) {
    struct wanted *batch[BATCH_NAMES];
    size_t start = *position;
    size_t count = pick_batch(directory, position, batch);
    if (count == 0) {
        return 0;
    }
    enum directory_search result = search(directory, batch, count, error);
    if (result == SEARCH_TOO_MANY && count == 1) {
        return refuse_limit(directory, batch[0], error);
    }
    int rc = result == SEARCH_FAILED ? -1 : 0;
    for (size_t i = 0; i < count; i++) {
        batch[i]->is_asked = false;
        if (result == SEARCH_COMPLETE && rc == 0) {
            batch[i]->is_answered = true;
            rc = keep_answer(directory, batch[i], error);
        }
    }
    if (result == SEARCH_TOO_MANY) {
        directory->batch = (count + 1) / 2;
        *position = start;
    }
    return rc;
}

static int ask_the_rest(struct directory *directory, struct error *error) {
    size_t position = 0;
    directory->session = directory_session_open(&directory->place, directory->access, error);
    if (directory->session == NULL) {
        return -1;
    }
    while (position < map_count(&directory->wanted)) {
        if (ask_batch(directory, &position, error) != 0) {
            return -1;
        }
    }
    directory_session_close(directory->session);
    directory->session = NULL;
    return 0;
}

/* By login, then by DN; bytes decide. */
static int compare_entries(const void *left, const void *right) {
    const struct directory_entry *a = *(const struct directory_entry *const *)left;
    const struct directory_entry *b = *(const struct directory_entry *const *)right;
    int order = span_compare(directory_entry_first(a, DIRECTORY_LOGIN),
                             directory_entry_first(b, DIRECTORY_LOGIN));
    return order != 0 ? order : span_compare(a->dn, b->dn);
}

static int hand_on(const struct directory *directory,
                   int (*take)(void *context, const struct directory_entry *entry,
                               struct error *error),
                   void *context, struct error *error) {
    size_t count = map_count(&directory->found);
    const struct directory_entry **entries = calloc(count + 1, sizeof *entries);
    if (entries == NULL) {
        return error_set_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        entries[i] = map_value_at(&directory->found, i);
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = take(context, entries[i], error);
    }
    free(entries);
    return rc;
}

static void report(const struct directory *directory, size_t recalled) {
    size_t wanted = map_count(&directory->wanted);
    if (recalled == wanted) {
        log_info("people: %zu names, all known from before (--people-refresh asks %s again)",
                 wanted, directory->place.server);
    } else {
        log_info("people: %zu names, %zu known from before, the rest asked of %s in %zu "
                 "search%s",
                 wanted, recalled, directory->place.server, directory->searches,
                 directory->searches == 1 ? "" : "es");
    }
}

int directory_ask(struct directory *directory,
                  int (*take)(void *context, const struct directory_entry *entry,
                              struct error *error),
                  void *context, struct error *error) {
    size_t recalled = 0;
    if (text_check(&directory->name, error) != 0 || recall(directory, &recalled, error) != 0) {
        return -1;
    }
    if (recalled < map_count(&directory->wanted) && ask_the_rest(directory, error) != 0) {
        return -1;
    }
    if (map_count(&directory->wanted) > 0) {
        report(directory, recalled);
    }
    return hand_on(directory, take, context, error);
}
