#include "journal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *text; /* method, path and key, each with its NUL */
    size_t path_at;
    size_t key_at;
    size_t key_size;
    long long connection;
    unsigned status;
};

/* The posts of one key, found by the hash of path and key: 64 bits, so that no two meet. */
struct tally {
    uint64_t hash;
    long long count;
};

struct journal {
    struct entry *entries;
    long long noted; /* since the last reset; the entry number n is at (n - 1) % JOURNAL_ENTRIES */
    long long arrived;
    long long under_way;
    struct tally *tallies;
    size_t tally_room; /* a power of two */
    size_t tally_count;
    long long most;
};

enum { TALLY_ROOM_FIRST = 1024 };

struct journal *journal_new(void) {
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL) {
        return NULL;
    }
    journal->entries = calloc(JOURNAL_ENTRIES, sizeof *journal->entries);
    journal->tallies = calloc(TALLY_ROOM_FIRST, sizeof *journal->tallies);
    journal->tally_room = TALLY_ROOM_FIRST;
    if (journal->entries == NULL || journal->tallies == NULL) {
        journal_free(journal);
        return NULL;
    }
    return journal;
}

void journal_free(struct journal *journal) {
    if (journal == NULL) {
        return;
    }
    for (int i = 0; journal->entries != NULL && i < JOURNAL_ENTRIES; i++) {
        free(journal->entries[i].text);
    }
    free(journal->entries);
    free(journal->tallies);
    free(journal);
}

void journal_reset(struct journal *journal) {
    for (int i = 0; i < JOURNAL_ENTRIES; i++) {
        free(journal->entries[i].text);
        journal->entries[i] = (struct entry){0};
    }
    memset(journal->tallies, 0, journal->tally_room * sizeof *journal->tallies);
    journal->tally_count = 0;
    journal->most = 0;
    journal->noted = 0;
    journal->arrived = 0;
}

/*
 * The key of a post: the string after `"email":` or `"name":`, found without parsing the body.
 * Where there are several, the first counts; escapes in it stay as they are. */
static struct slice find_key(const struct request *request) {
    static const char users[] = "/api/users";
    const char *label =
        strncmp(request->path.data, users, strlen(users)) == 0 ? "\"email\"" : "\"name\"";
    const char *at = request->body.data == NULL ? NULL : strstr(request->body.data, label);
    if (strcmp(request->method, "POST") != 0 || at == NULL) {
        return (struct slice){0};
    }
    at += strlen(label);
    at += strspn(at, " \t\r\n:");
    if (*at != '"') {
        return (struct slice){0};
    }
    at++;
    size_t size = 0;
    while (at[size] != '\0' && at[size] != '"') {
        size += at[size] == '\\' && at[size + 1] != '\0' ? 2 : 1;
    }
    return (struct slice){at, size};
}

static uint64_t hash_of(const struct text *path, struct slice key) {
    uint64_t hash = 14695981039346656037ULL;
    for (size_t i = 0; i < path->size; i++) {
        hash = (hash ^ (unsigned char)path->data[i]) * 1099511628211ULL;
    }
    for (size_t i = 0; i < key.size; i++) {
        hash = (hash ^ (unsigned char)key.data[i]) * 1099511628211ULL;
    }
    return hash == 0 ? 1 : hash;
}

static struct tally *find_tally(struct tally *tallies, size_t room, uint64_t hash) {
    size_t at = (size_t)hash & (room - 1);
    while (tallies[at].hash != 0 && tallies[at].hash != hash) {
        at = (at + 1) & (room - 1);
    }
    return &tallies[at];
}

static void grow_tallies(struct journal *journal) {
    size_t room = journal->tally_room * 2;
    struct tally *tallies = calloc(room, sizeof *tallies);
    if (tallies == NULL) {
        abort();
    }
    for (size_t i = 0; i < journal->tally_room; i++) {
        if (journal->tallies[i].hash != 0) {
            *find_tally(tallies, room, journal->tallies[i].hash) = journal->tallies[i];
        }
    }
    free(journal->tallies);
    journal->tallies = tallies;
    journal->tally_room = room;
}

void journal_arrive(struct journal *journal, const struct request *request) {
    journal->arrived++;
    journal->under_way++;
    struct slice key = find_key(request);
    if (key.data == NULL) {
        return;
    }
    if (journal->tally_count * 2 >= journal->tally_room) {
        grow_tallies(journal);
    }
    uint64_t hash = hash_of(&request->path, key);
    struct tally *tally = find_tally(journal->tallies, journal->tally_room, hash);
    journal->tally_count += tally->hash == 0 ? 1 : 0;
    tally->hash = hash;
    tally->count++;
    if (tally->count > journal->most) {
        journal->most = tally->count;
    }
}

void journal_end(struct journal *journal) {
    journal->under_way--;
}

void journal_note(struct journal *journal, const struct request *request, unsigned status) {
    struct slice key = find_key(request);
    size_t path_at = strlen(request->method) + 1;
    size_t key_at = path_at + request->path.size + 1;
    char *text = malloc(key_at + key.size + 1);
    if (text == NULL) {
        abort();
    }
    memcpy(text, request->method, path_at);
    memcpy(text + path_at, request->path.data, request->path.size + 1);
    if (key.size > 0) {
        memcpy(text + key_at, key.data, key.size);
    }
    struct entry *entry = &journal->entries[journal->noted++ % JOURNAL_ENTRIES];
    free(entry->text);
    *entry = (struct entry){.text = text,
                            .path_at = path_at,
                            .key_at = key.data == NULL ? 0 : key_at,
                            .key_size = key.size,
                            .connection = request->connection_number,
                            .status = status};
}

static void write_key(const struct entry *entry, struct text *out) {
    struct text quoted = {0};
    text_add_string(&quoted, "\"");
    text_add(&quoted, entry->text + entry->key_at, entry->key_size);
    text_add_string(&quoted, "\"");
    json_t *key = NULL;
    if (entry->key_at > 0) {
        key = json_loadb(quoted.data, quoted.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    }
    text_add_json(out, key);
    json_decref(key);
    text_free(&quoted);
}

void journal_write(const struct journal *journal, long long since, struct text *out) {
    long long oldest = journal->noted > JOURNAL_ENTRIES ? journal->noted - JOURNAL_ENTRIES : 0;
    long long first = since > oldest ? since : oldest;
    text_add_string(out, "[");
    for (long long i = first; i < journal->noted; i++) {
        const struct entry *entry = &journal->entries[i % JOURNAL_ENTRIES];
        text_print(out, "%s{\"n\": %lld, \"method\": \"%s\", \"path\": ", i == first ? "" : ",\n",
                   i + 1, entry->text);
        text_add_quoted(out, slice_of(entry->text + entry->path_at));
        text_add_string(out, ", \"key\": ");
        write_key(entry, out);
        text_print(out, ", \"status\": %u, \"connection\": %lld}", entry->status,
                   entry->connection);
    }
    text_add_string(out, "]\n");
}

long long journal_requests(const struct journal *journal) {
    return journal->arrived;
}

long long journal_under_way(const struct journal *journal) {
    return journal->under_way;
}

long long journal_posts_per_key(const struct journal *journal) {
    return journal->most;
}
