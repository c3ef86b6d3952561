#include "delivery/choose.h"

#include <string.h>

#include "base/log.h"
#include "base/map.h"
#include "base/noun.h"
#include "base/text.h"
#include "workspace/chosen.h"

enum { MOST_NAMED = 10 };

/* Names that the chosen documents need, and the current kind. */
struct search {
    const struct migration_kind *kind;
    struct map names;
    struct map found; /* the ids of documents that are known by one of them */
};

static json_t *parse(const struct chosen_document *document, struct error *error) {
    json_error_t why;
    json_t *body = json_loadb(document->body.data, document->body.length, JSON_DECODE_ANY, &why);
    if (body == NULL) {
        error_set(error, ERROR_WORKSPACE, "the body of \"%.*s\" is no JSON: %s",
                  (int)document->key.length, document->key.data, why.text);
    }
    return body;
}

static int note_name(void *context, struct span name) {
    struct search *search = context;
    return map_put(&search->names, name, search);
}

static int note_needed(void *context, const struct chosen_document *document, struct error *error) {
    struct search *search = context;
    const struct name_sink sink = {search, note_name};
    json_t *body = parse(document, error);
    if (body == NULL) {
        return -1;
    }
    int rc = search->kind->each_needed(search->kind, body, &sink);
    json_decref(body);
    return rc == 0 ? 0 : error_set_no_memory(error);
}

static int note_known(void *context, const struct chosen_document *document, struct error *error) {
    struct search *search = context;
    json_t *body = parse(document, error);
    if (body == NULL) {
        return -1;
    }
    bool is_needed = map_find(&search->names, search->kind->known_as(search->kind, body)) != NULL;
    const struct span id = {(const char *)&document->id, sizeof document->id};
    int rc = is_needed ? map_put(&search->found, id, search) : 0;
    json_decref(body);
    return rc == 0 ? 0 : error_set_no_memory(error);
}

static int add_found(struct search *search, struct workspace *workspace, struct error *error) {
    for (size_t i = 0; i < map_count(&search->found); i++) {
        int64_t document;
        memcpy(&document, map_key_at(&search->found, i).data, sizeof document);
        if (chosen_add_needed(workspace, document, error) != 0) {
            return -1;
        }
    }
    map_free(&search->found);
    search->found = (struct map){0};
    return 0;
}

static int add_named_of_kind(struct search *search, size_t kind, struct workspace *workspace,
                             struct error *error) {
    if (search->kind->known_as != NULL && map_count(&search->names) > 0 &&
        (chosen_each(workspace, CHOSEN_NOT_OF_KIND, kind, note_known, search, error) != 0 ||
         add_found(search, workspace, error) != 0)) {
        return -1;
    }
    return search->kind->each_needed == NULL
               ? 0
               : chosen_each(workspace, CHOSEN_OF_KIND, kind, note_needed, search, error);
}

/* A name belongs to an earlier kind: the last kind comes first. */
static int add_named(const struct migration *migration, struct workspace *workspace,
                     struct error *error) {
    struct search search = {0};
    int rc = 0;
    for (size_t kind = migration->kind_count; kind > 0 && rc == 0; kind--) {
        search.kind = &migration->kinds[kind - 1];
        rc = add_named_of_kind(&search, kind - 1, workspace, error);
    }
    map_free(&search.names);
    map_free(&search.found);
    return rc;
}

/* The first documents of a list, for a sentence about it. */
struct naming {
    const struct migration *migration;
    const char *noun; /* of all of them, or NULL where there are several */
    int64_t total;
    int64_t named;
    struct text keys;
};

static int name_document(void *context, const struct chosen_document *document,
                         struct error *error) {
    struct naming *naming = context;
    const char *noun = document->kind < naming->migration->kind_count
                           ? naming->migration->kinds[document->kind].noun
                           : "document";
    if (naming->total == 0) {
        naming->noun = noun;
    } else if (naming->noun != NULL && strcmp(naming->noun, noun) != 0) {
        naming->noun = NULL;
    }
    naming->total = document->total;
    if (naming->named < MOST_NAMED) {
        text_append_string(&naming->keys, naming->named == 0 ? "" : ", ");
        text_append(&naming->keys, document->key);
        naming->named++;
    }
    return text_check(&naming->keys, error);
}

/* "3 users", and their keys in `naming->keys`. */
static int name_list(struct naming *naming, enum chosen_list list, struct workspace *workspace,
                     struct text *count, struct error *error) {
    if (chosen_each(workspace, list, 0, name_document, naming, error) != 0) {
        return -1;
    }
    text_append_format(count, "%lld %s%s", (long long)naming->total,
                       naming->noun == NULL ? "document" : naming->noun,
                       noun_of(naming->total, "", "s"));
    if (naming->total > naming->named) {
        text_append_format(&naming->keys, " and %lld more",
                           (long long)(naming->total - naming->named));
    }
    return text_check(&naming->keys, error) == 0 ? text_check(count, error) : -1;
}

/* "--only campaigns --key 12_5_0" */
static void append_choice(const struct choice *choice, struct text *out) {
    const char *const given[][2] = {{"--only", choice->only}, {"--key", choice->key}};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (given[i][1] != NULL) {
            text_append_format(out, "%s%s %s", out->length == 0 ? "" : " ", given[i][0],
                               given[i][1]);
        }
    }
    if (choice->limit > 0) {
        text_append_format(out, "%s--limit %lld", out->length == 0 ? "" : " ",
                           (long long)choice->limit);
    }
}

static int refuse(const struct naming *naming, const struct text *asked, const struct text *count,
                  struct error *error) {
    return error_set(error, ERROR_USAGE,
                     "%s: needs %s first, which the target has refused or which another workspace "
                     "has to send: %s. Nothing was sent. Correct them and use --retry-refused, or "
                     "merge the parts; apply without this option still sends the others",
                     text_string(asked), text_string(count), text_string(&naming->keys));
}

/* What is sent first is logged; what cannot be sent stops it. */
static int explain(const struct migration *migration, const struct choice *choice,
                   enum chosen_list list, struct workspace *workspace, struct error *error) {
    struct naming naming = {.migration = migration};
    struct text asked = {0};
    struct text count = {0};
    append_choice(choice, &asked);
    int rc = text_check(&asked, error);
    if (rc == 0) {
        rc = name_list(&naming, list, workspace, &count, error);
    }
    if (rc == 0 && naming.total > 0 && list == CHOSEN_UNDELIVERABLE) {
        rc = refuse(&naming, &asked, &count, error);
    } else if (rc == 0 && naming.total > 0) {
        log_info("%s: %s %s delivered first: %s", text_string(&asked), text_string(&count),
                 noun_of(naming.total, "is", "are"), text_string(&naming.keys));
    }
    text_free(&asked);
    text_free(&count);
    text_free(&naming.keys);
    return rc;
}

/* Adds what was asked for. */
static int add_asked(const struct migration *migration, const struct choice *choice,
                     struct workspace *workspace, struct error *error) {
    int64_t total = 0;
    for (size_t kind = 0; kind < migration->kind_count; kind++) {
        const struct chosen_rule rule = {
            .kind = kind, .key = span_of(choice->key), .limit = choice->limit};
        bool is_asked =
            choice->only == NULL || strcmp(choice->only, migration->kinds[kind].name) == 0;
        int64_t count = 0;
        if (is_asked && (chosen_add(workspace, &rule, error) != 0 ||
                         chosen_count(workspace, kind, &count, error) != 0)) {
            return -1;
        }
        total += count;
    }
    if (total == 0 && choice->key != NULL) {
        log_warning("--key %s: no document of that key is pending", choice->key);
    }
    return 0;
}

int choose_documents(const struct migration *migration, const struct choice *choice,
                     struct workspace *workspace, struct error *error) {
    return add_asked(migration, choice, workspace, error) == 0 &&
                   chosen_add_referred(workspace, error) == 0 &&
                   add_named(migration, workspace, error) == 0 &&
                   explain(migration, choice, CHOSEN_UNDELIVERABLE, workspace, error) == 0
               ? explain(migration, choice, CHOSEN_NEEDED, workspace, error)
               : -1;
}
