#include "base/json_scan.h"

#include <stdint.h>
#include <string.h>

#include "base/json_token.h"

/* As the tokens: from the first byte, which is there, to behind the value; or NULL. */
static const char *scan_value(const char *at, const char *end, unsigned depth);

static const char *skip_more_blanks(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) {
        at++;
    }
    return at;
}

/* Mostly there is none. */
static inline const char *skip_blanks(const char *at, const char *end) {
    return at < end && *at <= ' ' ? skip_more_blanks(at, end) : at;
}

static struct json_walk walk_from(const char *bracket, const char *end, unsigned depth) {
    return (struct json_walk){bracket + 1, end, depth, true};
}

/* To the next value of a container, behind the comma; or behind the bracket that ends it. */
static enum json_step step(struct json_walk *walk, char closing) {
    const char *at = skip_blanks(walk->at, walk->end);
    enum json_step found = JSON_STEP_UNKNOWN;
    if (at < walk->end && *at == closing) {
        at++;
        found = JSON_STEP_END;
    } else if (walk->is_beginning) {
        found = JSON_STEP_VALUE;
    } else if (at < walk->end && *at == ',') {
        at = skip_blanks(at + 1, walk->end);
        found = JSON_STEP_VALUE;
    }
    walk->is_beginning = false;
    walk->at = at;
    return found;
}

static enum json_step take_value(struct json_walk *walk, struct span *value) {
    const char *behind =
        walk->at == walk->end ? NULL : scan_value(walk->at, walk->end, walk->depth);
    if (behind == NULL) {
        return JSON_STEP_UNKNOWN;
    }
    *value = (struct span){walk->at, (size_t)(behind - walk->at)};
    walk->at = behind;
    return JSON_STEP_VALUE;
}

static enum json_step step_to_item(struct json_walk *walk, struct span *item) {
    enum json_step found = step(walk, ']');
    return found == JSON_STEP_VALUE ? take_value(walk, item) : found;
}

static enum json_step step_to_member(struct json_walk *walk, struct json_member *member) {
    enum json_step found = step(walk, '}');
    if (found != JSON_STEP_VALUE) {
        return found;
    }
    const char *name = walk->at;
    const char *at = name < walk->end && *name == '"' ? json_token_name(name, walk->end) : NULL;
    if (at == NULL) {
        return JSON_STEP_UNKNOWN;
    }
    member->name = (struct span){name + 1, (size_t)(at - name) - 2};
    at = skip_blanks(at, walk->end);
    if (at == walk->end || *at != ':') {
        return JSON_STEP_UNKNOWN;
    }
    walk->at = skip_blanks(at + 1, walk->end);
    return take_value(walk, &member->value);
}

static const char *scan_array(const char *at, const char *end, unsigned depth) {
    struct json_walk walk = walk_from(at, end, depth);
    struct span item;
    enum json_step found;
    while ((found = step_to_item(&walk, &item)) == JSON_STEP_VALUE) {
    }
    return found == JSON_STEP_END ? walk.at : NULL;
}

static const char *scan_object(const char *at, const char *end, unsigned depth) {
    struct json_walk walk = walk_from(at, end, depth);
    struct json_member member;
    enum json_step found;
    while ((found = step_to_member(&walk, &member)) == JSON_STEP_VALUE) {
    }
    return found == JSON_STEP_END ? walk.at : NULL;
}

static const char *scan_value(const char *at, const char *end, unsigned depth) {
    switch (*at) {
    case '"':
        return json_token_string(at, end);
    case '{':
        return depth < JSON_SCAN_DEPTH ? scan_object(at, end, depth + 1) : NULL;
    case '[':
        return depth < JSON_SCAN_DEPTH ? scan_array(at, end, depth + 1) : NULL;
    case 't':
        return json_token_word(at, end, span_of("true"));
    case 'f':
        return json_token_word(at, end, span_of("false"));
    case 'n':
        return json_token_word(at, end, span_of("null"));
    default:
        return json_token_number(at, end);
    }
}

static bool begin(struct json_walk *walk, struct span text, char bracket) {
    const char *end = text.data + text.length;
    const char *at = span_is_empty(text) ? end : skip_blanks(text.data, end);
    if (at == end || *at != bracket) {
        return false;
    }
    *walk = walk_from(at, end, 1);
    return true;
}

bool json_walk_begin_object(struct json_walk *walk, struct span text) {
    return begin(walk, text, '{');
}

bool json_walk_begin_array(struct json_walk *walk, struct span text) {
    return begin(walk, text, '[');
}

/* Behind the last bracket nothing more may come. */
static enum json_step end_of_text(const struct json_walk *walk, enum json_step found) {
    return found == JSON_STEP_END && skip_blanks(walk->at, walk->end) < walk->end
               ? JSON_STEP_UNKNOWN
               : found;
}

enum json_step json_walk_next_member(struct json_walk *walk, struct json_member *member) {
    return end_of_text(walk, step_to_member(walk, member));
}

enum json_step json_walk_next_item(struct json_walk *walk, struct span *item) {
    return end_of_text(walk, step_to_item(walk, item));
}

bool json_scan_is_object(struct span text) {
    struct json_walk walk;
    struct json_member member;
    enum json_step found = JSON_STEP_UNKNOWN;
    if (!json_walk_begin_object(&walk, text)) {
        return false;
    }
    while ((found = json_walk_next_member(&walk, &member)) == JSON_STEP_VALUE) {
    }
    return found == JSON_STEP_END;
}

bool json_scan_plain_string(struct span value, struct span *string) {
    if (value.data[0] != '"' || memchr(value.data, '\\', value.length) != NULL) {
        return false;
    }
    *string = (struct span){value.data + 1, value.length - 2};
    return true;
}

/* Of what stands between quotation marks. */
static bool have_equal_characters(struct span left, struct span right) {
    const char *l = left.data;
    const char *r = right.data;
    const char *l_end = l + left.length;
    const char *r_end = r + right.length;
    while (l < l_end && r < r_end) {
        uint32_t l_code = 0;
        uint32_t r_code = 0;
        l = json_token_character(l, l_end, &l_code);
        r = json_token_character(r, r_end, &r_code);
        if (l == NULL || r == NULL || l_code != r_code) {
            return false;
        }
    }
    return l == l_end && r == r_end;
}

/* Steps over the strings at both places if they are equal. The same bytes end at the same place, so
 * the second is then not looked through. */
static bool pass_equal_strings(const char **l, const char *l_end, const char **r,
                               const char *r_end) {
    const char *l_behind = json_token_string(*l, l_end);
    if (l_behind == NULL) {
        return false;
    }
    struct span left = {*l + 1, (size_t)(l_behind - *l) - 2};
    *l = l_behind;
    if ((size_t)(r_end - *r) >= left.length + 2 &&
        memcmp(*r + 1, left.data, left.length + 1) == 0) {
        *r += left.length + 2;
        return true;
    }
    const char *r_behind = json_token_string(*r, r_end);
    if (r_behind == NULL) {
        return false;
    }
    struct span right = {*r + 1, (size_t)(r_behind - *r) - 2};
    *r = r_behind;
    return have_equal_characters(left, right);
}

/* Two values that are JSON are the same if their tokens are, in order. What is no string is equal
 * byte by byte: a blank that stood inside such a token would have made it two. */
bool json_scan_equal(struct span left, struct span right) {
    const char *l = left.data;
    const char *r = right.data;
    const char *l_end = l + left.length;
    const char *r_end = r + right.length;
    while (l < l_end && r < r_end && *l == *r) {
        if (*l != '"') {
            l++;
            r++;
        } else if (!pass_equal_strings(&l, l_end, &r, r_end)) {
            return false;
        }
        l = skip_blanks(l, l_end);
        r = skip_blanks(r, r_end);
    }
    return l == l_end && r == r_end;
}
