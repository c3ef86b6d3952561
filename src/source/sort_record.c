#include "source/sort_record.h"

#include <string.h>

#include "source/sort_key.h"

enum { MOST_FIXED = 1 + sizeof(uint64_t) + 1 }; /* kind, number or length, end of a text */

size_t sort_record_room(const struct sort_record_shape *shape, const struct value *row) {
    size_t room = sizeof(struct sort_record_head) + shape->column_count * MOST_FIXED;
    for (size_t i = 0; i < shape->key_count; i++) {
        room += sort_key_room(&row[shape->keys[i]]);
    }
    for (size_t i = 0; i < shape->column_count; i++) {
        room += row[i].text.length;
    }
    return room;
}

static char *write_bytes(char *room, const void *bytes, size_t length) {
    if (length > 0) { /* an empty text may have no bytes to point at */
        memcpy(room, bytes, length);
    }
    return room + length;
}

static char *write_value(char *room, const struct value *value) {
    *room++ = (char)value->kind;
    switch (value->kind) {
    case VALUE_INTEGER:
        return write_bytes(room, &value->integer, sizeof value->integer);
    case VALUE_REAL:
        return write_bytes(room, &value->real, sizeof value->real);
    case VALUE_TEXT:
    case VALUE_BLOB:
        room = write_bytes(room, &value->text.length, sizeof value->text.length);
        room = write_bytes(room, value->text.data, value->text.length);
        *room++ = '\0';
        return room;
    case VALUE_NULL:
        break;
    }
    return room;
}

size_t sort_record_write(const struct sort_record_shape *shape, const struct value *row,
                         char *room) {
    char *at = room + sizeof(struct sort_record_head);
    for (size_t i = 0; i < shape->key_count; i++) {
        at = sort_key_write(at, &row[shape->keys[i]]);
    }
    size_t key_length = (size_t)(at - room) - sizeof(struct sort_record_head);
    for (size_t i = 0; i < shape->column_count; i++) {
        at = write_value(at, &row[i]);
    }
    size_t length = (size_t)(at - room);
    if (length > UINT32_MAX) {
        return 0;
    }
    struct sort_record_head head = {(uint32_t)length, (uint32_t)key_length};
    memcpy(room, &head, sizeof head);
    return length;
}

struct sort_record_head sort_record_head(const char *record) {
    struct sort_record_head head;
    memcpy(&head, record, sizeof head);
    return head;
}

uint64_t sort_record_prefix(const char *record) {
    size_t length = sort_record_head(record).key_length;
    uint64_t prefix = 0;
    for (size_t i = 0; i < sizeof prefix; i++) {
        unsigned char byte =
            i < length ? (unsigned char)record[sizeof(struct sort_record_head) + i] : 0;
        prefix = prefix << 8 | byte;
    }
    return prefix;
}

/* No key is the beginning of another one, so the shorter one's bytes tell. */
int sort_record_compare(const char *a, const char *b) {
    size_t length = sort_record_head(a).key_length;
    size_t other = sort_record_head(b).key_length;
    return memcmp(a + sizeof(struct sort_record_head), b + sizeof(struct sort_record_head),
                  length < other ? length : other);
}

static const char *read_value(const char *at, struct value *value) {
    *value = (struct value){.kind = (enum value_kind)(unsigned char)*at++};
    switch (value->kind) {
    case VALUE_INTEGER:
        memcpy(&value->integer, at, sizeof value->integer);
        return at + sizeof value->integer;
    case VALUE_REAL:
        memcpy(&value->real, at, sizeof value->real);
        return at + sizeof value->real;
    case VALUE_TEXT:
    case VALUE_BLOB:
        memcpy(&value->text.length, at, sizeof value->text.length);
        value->text.data = at + sizeof value->text.length;
        return value->text.data + value->text.length + 1;
    case VALUE_NULL:
        break;
    }
    return at;
}

void sort_record_read(const struct sort_record_shape *shape, const char *record,
                      struct value *row) {
    const char *at = record + sizeof(struct sort_record_head) + sort_record_head(record).key_length;
    for (size_t i = 0; i < shape->column_count; i++) {
        at = read_value(at, &row[i]);
    }
}
