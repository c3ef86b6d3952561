/* Parses the parts of a kind's annotation. */
#include <ctype.h>
#include <string.h>

#include "migration/sqlfile/file_kind.h"

struct reading {
    struct parsed_file *parsed;
    struct conditions *conditions;
    const struct annotation *owner;
    struct file_kind *kind;
    struct error *error;
};

/* ---- conditions ---- */

/* The id that `match` will show. */
static bool is_from_match(const struct annotation *annotation) {
    return annotation->word == WORD_ID && strcmp(annotation->text, "from match") == 0;
}

static int read_conditions(const struct reading *reading) {
    struct file_kind *kind = reading->kind;
    const struct {
        enum word word;
        enum condition_form form;
        const struct condition **condition;
    } parts[] = {
        {WORD_SUCCESS, CONDITION_TRUTH, &kind->success},
        {WORD_CONFLICT, CONDITION_TRUTH, &kind->conflict},
        {WORD_RETRY, CONDITION_TRUTH, &kind->retry},
        {WORD_REFUSE, CONDITION_TRUTH, &kind->refuse},
        {WORD_ID, CONDITION_VALUE, &kind->id},
        {WORD_MATCH, CONDITION_ROWS, &kind->match},
        {WORD_ACTUAL, CONDITION_VALUE, &kind->actual},
        {WORD_EACH, CONDITION_ROWS, &kind->each},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct annotation *part = parsed_file_part(reading->owner, parts[i].word);
        if (part != NULL && !is_from_match(part) &&
            condition_prepare(reading->conditions, part, parts[i].form, 1, parts[i].condition,
                              reading->error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- requests ---- */

static int read_request(struct parsed_file *parsed, const struct annotation *annotation,
                        const char *methods, unsigned values, struct file_request *request,
                        struct error *error) {
    size_t length = strlen(annotation->name);
    for (const char *at = methods; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == length && strncmp(at, annotation->name, word) == 0) {
            request->method = annotation->name;
            return template_read(parsed, annotation, values, &request->path, error);
        }
        at += word;
    }
    return parsed_file_fail(parsed, annotation->line, error,
                            "%s %s: expected one of the methods %s",
                            annotation_forms[annotation->word].word, annotation->name, methods);
}

int file_request_read_get(struct parsed_file *parsed, const struct annotation *annotation,
                          unsigned values, struct file_request *request, struct error *error) {
    return read_request(parsed, annotation, "GET", values, request, error);
}

static int read_requests(const struct reading *reading) {
    struct file_kind *kind = reading->kind;
    const struct {
        enum word word;
        const char *methods;
        unsigned values;
        struct file_request *request;
    } parts[] = {
        {WORD_CREATE, "POST PUT PATCH", TEMPLATE_DOCUMENT, &kind->create},
        {WORD_FIND, "GET", TEMPLATE_DOCUMENT, &kind->find},
        {WORD_UPDATE, "PUT PATCH POST", TEMPLATE_DOCUMENT | TEMPLATE_ID, &kind->update},
        {WORD_DELETE, "DELETE POST PUT PATCH", TEMPLATE_DOCUMENT | TEMPLATE_ID, &kind->remove},
        {WORD_LIST, "GET", TEMPLATE_PAGE, &kind->list},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct annotation *part = parsed_file_part(reading->owner, parts[i].word);
        if (part != NULL && read_request(reading->parsed, part, parts[i].methods, parts[i].values,
                                         parts[i].request, reading->error) != 0) {
            return -1;
        }
    }
    return 0;
}

static size_t count_parts(const struct annotation *owner, enum word word) {
    size_t count = 0;
    for (size_t i = 1; i <= owner->parts; i++) {
        count += owner[i].word == word;
    }
    return count;
}

static int read_reads(const struct reading *reading) {
    struct file_kind *kind = reading->kind;
    size_t count = count_parts(reading->owner, WORD_READ);
    if (count > FILE_KIND_READS_MOST) {
        return parsed_file_fail(reading->parsed, reading->owner->line, reading->error,
                                "kind %s: it has %zu --@ read; expected %d at most",
                                reading->owner->name, count, FILE_KIND_READS_MOST);
    }
    kind->reads = arena_allocate(&reading->parsed->arena, (count + 1) * sizeof *kind->reads);
    if (kind->reads == NULL) {
        return error_set_no_memory(reading->error);
    }
    for (size_t i = 1; i <= reading->owner->parts; i++) {
        if (reading->owner[i].word == WORD_READ &&
            file_request_read_get(reading->parsed, &reading->owner[i],
                                  TEMPLATE_DOCUMENT | TEMPLATE_ID, &kind->reads[kind->read_count++],
                                  reading->error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- headers ---- */

static bool is_token(const char *name) {
    for (; *name != '\0'; name++) {
        if (!isalnum((unsigned char)*name) && strchr("!#$%&'*+-.^_`|~", *name) == NULL) {
            return false;
        }
    }
    return true;
}

/* The header in which the file sends the secret. */
static bool has_secret(const struct parsed_file *parsed, const char *name) {
    for (size_t i = 0; i < parsed->count; i++) {
        const struct annotation *auth = &parsed->annotations[i];
        if (auth->word == WORD_AUTH && auth->second != NULL &&
            span_equal_ignoring_ascii_case(span_of(auth->second), span_of(name))) {
            return true;
        }
    }
    return false;
}

static int check_header(const struct reading *reading, const struct annotation *header) {
    static const char *const others[] = {"Accept",
                                         "Accept-Encoding",
                                         "Authorization",
                                         "Connection",
                                         "Content-Length",
                                         "Content-Type",
                                         "Cookie",
                                         "Expect",
                                         "Host",
                                         "TE",
                                         "Transfer-Encoding",
                                         "Upgrade",
                                         "User-Agent"};
    if (!is_token(header->name)) {
        return parsed_file_fail(reading->parsed, header->line, reading->error,
                                "header %s: it is not the name of a header; expected letters, "
                                "digits and -",
                                header->name);
    }
    if (has_secret(reading->parsed, header->name)) {
        return parsed_file_fail(reading->parsed, header->line, reading->error,
                                "header %s: the secret is sent in it (--@ auth); expected another",
                                header->name);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (span_equal_ignoring_ascii_case(span_of(header->name), span_of(others[i]))) {
            return parsed_file_fail(reading->parsed, header->line, reading->error,
                                    "header %s: it is the program's own; expected another (--@ "
                                    "auth defines how the secret is sent)",
                                    header->name);
        }
    }
    return 0;
}

static int read_headers(const struct reading *reading) {
    struct file_kind *kind = reading->kind;
    size_t count = count_parts(reading->owner, WORD_HEADER);
    kind->headers = arena_allocate(&reading->parsed->arena, (count + 1) * sizeof *kind->headers);
    if (kind->headers == NULL) {
        return error_set_no_memory(reading->error);
    }
    for (size_t i = 1; i <= reading->owner->parts; i++) {
        const struct annotation *header = &reading->owner[i];
        if (header->word == WORD_HEADER &&
            (check_header(reading, header) != 0 ||
             template_read(reading->parsed, header, TEMPLATE_DOCUMENT,
                           &kind->headers[kind->header_count++], reading->error) != 0)) {
            return -1;
        }
    }
    return 0;
}

/* ---- members, and which parts need each other ---- */

static int read_members(const struct reading *reading) {
    struct file_kind *kind = reading->kind;
    const struct {
        enum word word;
        struct members *members;
    } parts[] = {{WORD_UNORDERED, &kind->unordered},
                 {WORD_IGNORE, &kind->ignored},
                 {WORD_SECRET, &kind->secret},
                 {WORD_UPDATE, &kind->updated}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (members_read(reading->parsed, reading->owner, parts[i].word, parts[i].members,
                         reading->error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_together(const struct reading *reading) {
    const struct file_kind *kind = reading->kind;
    const struct annotation *list = parsed_file_part(reading->owner, WORD_LIST);
    const struct annotation *each = parsed_file_part(reading->owner, WORD_EACH);
    if ((list == NULL) != (each == NULL)) {
        return parsed_file_fail(
            reading->parsed, list == NULL ? each->line : list->line, reading->error,
            "kind %s: --@ list and --@ each go together; expected both, or none",
            reading->owner->name);
    }
    if (kind->read_count > 1 && kind->actual == NULL) {
        return parsed_file_fail(reading->parsed, reading->owner->line, reading->error,
                                "kind %s: it has several --@ read; expected an --@ actual, which "
                                "makes one of :answer, :answer2",
                                reading->owner->name);
    }
    return 0;
}

int file_kind_read(struct parsed_file *parsed, struct conditions *conditions,
                   const struct annotation *annotation, struct file_kind *kind,
                   struct error *error) {
    const struct reading reading = {parsed, conditions, annotation, kind, error};
    *kind = (struct file_kind){.annotation = annotation};
    return read_conditions(&reading) == 0 && read_requests(&reading) == 0 &&
                   read_reads(&reading) == 0 && read_headers(&reading) == 0 &&
                   read_members(&reading) == 0
               ? check_together(&reading)
               : -1;
}

int file_kind_each_column(const struct file_kind *kind,
                          int (*take)(void *context, const struct annotation *annotation,
                                      const char *name, struct error *error),
                          void *context, struct error *error) {
    const struct condition *const conditions[] = {kind->success, kind->conflict, kind->retry,
                                                  kind->refuse,  kind->id,       kind->match,
                                                  kind->actual};
    const struct file_request *const requests[] = {&kind->create, &kind->find, &kind->update,
                                                   &kind->remove};
    int rc = 0;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions && rc == 0; i++) {
        rc = conditions[i] == NULL ? 0 : condition_each_column(conditions[i], take, context, error);
    }
    for (size_t i = 0; i < sizeof requests / sizeof *requests && rc == 0; i++) {
        rc = template_each_column(&requests[i]->path, take, context, error);
    }
    for (size_t i = 0; i < kind->read_count && rc == 0; i++) {
        rc = template_each_column(&kind->reads[i].path, take, context, error);
    }
    for (size_t i = 0; i < kind->header_count && rc == 0; i++) {
        rc = template_each_column(&kind->headers[i], take, context, error);
    }
    return rc;
}
