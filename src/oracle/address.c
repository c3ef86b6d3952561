#define _GNU_SOURCE /* strcasestr */
#include "oracle/address.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oracle/descriptor.h"

enum {
    TRANSPORT_LIMIT = 5000,
    LONGEST_LIMIT = 3600000,
    NO_DESCRIPTION = ADDRESS_MOST_DESCRIPTIONS
};

/* What Oracle's own clients can do and this reader does not, and what to do instead. */
static const char no_wallets[] =
    "wallets are not read: name the authority's certificate in PEM (--cacert) and sign in by user "
    "and password, or use Oracle's ODBC driver";
static const char no_directories[] =
    "names are not looked up in a directory: write HOST:PORT/SERVICE or the descriptor itself, as "
    "`tnsping NAME` prints it";

static const struct refusal {
    const char *sign; /* is in the address, case ignored */
    const char *sentence;
} refusals[] = {
    {"wallet_location", no_wallets},
    {"my_wallet_directory", no_wallets},
    {"ldap://", no_directories},
    {"ldaps://", no_directories},
};

static int check_supported(const char *text, struct oracle_error *error) {
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strcasestr(text, refusals[i].sign) != NULL) {
            return failure_set(error, ORACLE_UNSUPPORTED, "%s", refusals[i].sentence);
        }
    }
    return 0;
}

/* A parameter among those from `text` to `end`, not inside of one of them. */
static bool find_here(const char *text, const char *end, const char *name,
                      struct parameter *parameter) {
    for (; descriptor_next(text, end, parameter); text = parameter->end) {
        if (descriptor_is(parameter, name)) {
            return true;
        }
    }
    return false;
}

static bool is_switched_on(const char *text, const char *end, const char *name, bool otherwise) {
    static const char *const words[] = {"on", "yes", "true"};
    struct parameter parameter;
    char value[8] = "";
    if (!find_here(text, end, name, &parameter)) {
        return otherwise;
    }
    descriptor_copy(&parameter, value, sizeof value);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(value, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* A duration in seconds, or with its unit: `5`, `5 sec`, `3000 ms`, `1min`. */
static int read_limit(const char *text, const char *end, const char *name, int *limit,
                      struct oracle_error *error) {
    static const struct unit {
        const char *name;
        long milliseconds;
    } units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"sec", 1000}, {"min", 60000}};
    struct parameter parameter;
    char value[32] = "";
    if (!find_here(text, end, name, &parameter)) {
        return 0;
    }
    char *unit = value;
    bool fits = descriptor_copy(&parameter, value, sizeof value);
    long number = strtol(value, &unit, 10);
    unit += strspn(unit, " \t");
    for (size_t i = 0; fits && i < sizeof units / sizeof *units; i++) {
        if (strcasecmp(unit, units[i].name) == 0 && number > 0 &&
            number <= LONGEST_LIMIT / units[i].milliseconds) {
            *limit = (int)(number * units[i].milliseconds);
            return 0;
        }
    }
    return failure_set(error, ORACLE_USAGE,
                       "%s is %s; expected seconds, or a number with ms, sec or min", name, value);
}

static int read_endpoint(const struct parameter *address, struct endpoint *endpoint,
                         struct oracle_error *error) {
    const char *end = address->value + address->value_length;
    struct parameter part;
    char protocol[16] = "TCP";
    if (find_here(address->value, end, "PROTOCOL", &part) &&
        !descriptor_copy(&part, protocol, sizeof protocol)) {
        return failure_set(error, ORACLE_USAGE, "the descriptor's PROTOCOL is too long");
    }
    endpoint->is_encrypted = strcasecmp(protocol, "TCPS") == 0;
    if (!endpoint->is_encrypted && strcasecmp(protocol, "TCP") != 0) {
        return failure_set(error, ORACLE_UNSUPPORTED,
                           "the protocol %s is not supported here; TCP and TCPS are", protocol);
    }
    if (!find_here(address->value, end, "HOST", &part) ||
        !descriptor_copy(&part, endpoint->host, sizeof endpoint->host)) {
        return failure_set(error, ORACLE_USAGE, "an ADDRESS of the descriptor has no HOST");
    }
    if (!find_here(address->value, end, "PORT", &part) ||
        !descriptor_copy(&part, endpoint->port, sizeof endpoint->port) ||
        !easy_connect_is_port(endpoint->port)) {
        return failure_set(error, ORACLE_USAGE,
                           "an ADDRESS of the descriptor has no PORT of 1 to 65535");
    }
    return 0;
}

/* A descriptor on the way through it. */
struct walk {
    struct address *address;
    uint32_t choice;
    struct endpoint outer; /* what an address has from the description around it */
};

static int take_children(struct walk *walk, const struct parameter *node, bool is_balanced,
                         struct oracle_error *error);

static int take_address(struct walk *walk, const struct parameter *node,
                        struct oracle_error *error) {
    struct address *address = walk->address;
    if (walk->outer.description == NO_DESCRIPTION) {
        return failure_set(error, ORACLE_USAGE,
                           "an ADDRESS of the descriptor is in no DESCRIPTION of its list");
    }
    if (address->endpoint_count == ADDRESS_MOST_ENDPOINTS) {
        return failure_set(error, ORACLE_USAGE, "the descriptor has more than %d addresses",
                           ADDRESS_MOST_ENDPOINTS);
    }
    struct endpoint *endpoint = &address->endpoints[address->endpoint_count];
    *endpoint = walk->outer;
    if (read_endpoint(node, endpoint, error) != 0) {
        return -1;
    }
    address->endpoint_count++;
    return 0;
}

static int take_description(struct walk *walk, const struct parameter *node,
                            struct oracle_error *error) {
    struct address *address = walk->address;
    const char *end = node->value + node->value_length;
    struct endpoint before = walk->outer;
    if (address->description_count == ADDRESS_MOST_DESCRIPTIONS) {
        return failure_set(error, ORACLE_USAGE, "the descriptor has more than %d descriptions",
                           ADDRESS_MOST_DESCRIPTIONS);
    }
    walk->outer.description = address->description_count++;
    struct bytes *data = &address->connect_data[walk->outer.description];
    bytes_append_text(data, "(DESCRIPTION=");
    descriptor_append_compact(node->value, end, data);
    bytes_append_text(data, ")");
    if (data->failed) {
        return failure_set_no_memory(error);
    }
    int rc = read_limit(node->value, end, "TRANSPORT_CONNECT_TIMEOUT", &walk->outer.transport_limit,
                        error);
    if (rc == 0) {
        rc = read_limit(node->value, end, "CONNECT_TIMEOUT", &walk->outer.connect_limit, error);
    }
    if (rc == 0) {
        rc = take_children(walk, node, false, error);
    }
    walk->outer = before;
    return rc;
}

/* What leads to addresses. */
static const struct node_kind {
    const char *name;
    int (*take)(struct walk *walk, const struct parameter *node, struct oracle_error *error);
    bool is_balanced; /* of a list without LOAD_BALANCE */
} node_kinds[] = {
    {"ADDRESS", take_address, false},
    {"ADDRESS_LIST", NULL, false},
    {"DESCRIPTION", take_description, false},
    {"DESCRIPTION_LIST", NULL, true},
};

static const struct node_kind *find_kind(const struct parameter *node) {
    for (size_t i = 0; i < sizeof node_kinds / sizeof *node_kinds; i++) {
        if (descriptor_is(node, node_kinds[i].name)) {
            return &node_kinds[i];
        }
    }
    return NULL;
}

/* Takes what is in a node, in the order in which it is to be tried. */
static int take_children(struct walk *walk, const struct parameter *node, bool is_balanced,
                         struct oracle_error *error) {
    struct parameter children[ADDRESS_MOST_ENDPOINTS];
    struct parameter part;
    size_t count = 0;
    const char *end = node->value + node->value_length;
    for (const char *at = node->value; descriptor_next(at, end, &part); at = part.end) {
        if (find_kind(&part) == NULL) {
            continue;
        }
        if (count == ADDRESS_MOST_ENDPOINTS) {
            return failure_set(error, ORACLE_USAGE, "the descriptor has more than %d addresses",
                               ADDRESS_MOST_ENDPOINTS);
        }
        children[count++] = part;
    }
    size_t first = 0;
    if (count > 0 && is_switched_on(node->value, end, "LOAD_BALANCE", is_balanced)) {
        first = walk->choice % count;
    }
    /* A connection manager chooses the next address itself. */
    if (count > 0 && (!is_switched_on(node->value, end, "FAILOVER", true) ||
                      is_switched_on(node->value, end, "SOURCE_ROUTE", false))) {
        children[0] = children[first];
        first = 0;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        const struct parameter *child = &children[(first + i) % count];
        const struct node_kind *kind = find_kind(child);
        int rc = kind->take == NULL ? take_children(walk, child, kind->is_balanced, error)
                                    : kind->take(walk, child, error);
        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

/* Every descriptor is read as what is in a description list: DESCRIPTION, or what belongs into one.
 */
static int walk_descriptor(const char *text, const struct address_settings *settings,
                           struct address *address, struct oracle_error *error) {
    const char *end = text + strlen(text);
    const char *behind = text;
    struct parameter part;
    bool is_inside = false;
    while (descriptor_next(behind, end, &part)) {
        is_inside = is_inside || descriptor_is(&part, "ADDRESS") ||
                    descriptor_is(&part, "ADDRESS_LIST") || descriptor_is(&part, "CONNECT_DATA");
        behind = part.end;
    }
    if (behind == text || behind[strspn(behind, " \t\r\n")] != '\0') {
        return failure_set(error, ORACLE_USAGE,
                           "the descriptor is not a (DESCRIPTION=...) whose parentheses match");
    }
    const struct parameter whole = {.value = text, .value_length = (size_t)(behind - text)};
    struct walk walk = {
        .address = address,
        .choice = settings->choice,
        .outer = {.transport_limit = TRANSPORT_LIMIT, .description = NO_DESCRIPTION}};
    int rc = is_inside ? take_description(&walk, &whole, error)
                       : take_children(&walk, &whole, false, error);
    if (rc == 0 && address->endpoint_count == 0) {
        rc = failure_set(error, ORACLE_USAGE, "the descriptor has no ADDRESS; %s",
                         easy_connect_form);
    }
    return rc;
}

int address_parse_redirect(const char *descriptor, struct endpoint *endpoint,
                           struct oracle_error *error) {
    const struct address_settings settings = {0};
    struct address address = {0};
    int rc = walk_descriptor(descriptor, &settings, &address, error);
    *endpoint = address.endpoints[0];
    address_release(&address);
    return rc;
}

/* After `NAME =`, as an entry of tnsnames.ora has it before a descriptor. */
static const char *skip_name(const char *text) {
    size_t length = strcspn(text, "=(/");
    if (text[length] != '=') {
        return text;
    }
    const char *behind = text + length + 1;
    behind += strspn(behind, " \t\r\n");
    return *behind == '(' ? behind : text;
}

static int parse_plain(const char *text, const struct address_settings *settings,
                       struct address *address, struct oracle_error *error) {
    text = skip_name(text + strspn(text, " \t\r\n"));
    if (*text == '(') {
        return walk_descriptor(text, settings, address, error);
    }
    struct bytes descriptor = {0};
    int rc = easy_connect_translate(text, &descriptor, error);
    if (rc == 0) {
        rc = walk_descriptor(bytes_text(&descriptor), settings, address, error);
    }
    bytes_free(&descriptor);
    return rc;
}

static int parse_alias(const char *alias, const struct address_settings *settings,
                       struct address *address, struct oracle_error *error) {
    struct bytes found = {0};
    int rc = tns_names_find(settings->tns_admin, alias, &found, error);
    if (rc == 0) {
        rc = check_supported(bytes_text(&found), error);
    }
    if (rc == 0) {
        rc = parse_plain(bytes_text(&found), settings, address, error);
    }
    bytes_free(&found);
    return rc;
}

int address_parse_text(const char *text, const struct address_settings *settings,
                       struct address *address, struct oracle_error *error) {
    *address = (struct address){0};
    if (check_supported(text, error) != 0) {
        return -1;
    }
    return *text != '\0' && strpbrk(text, "(/:=[") == NULL
               ? parse_alias(text, settings, address, error)
               : parse_plain(text, settings, address, error);
}

void address_release(struct address *address) {
    for (size_t i = 0; i < ADDRESS_MOST_DESCRIPTIONS; i++) {
        bytes_free(&address->connect_data[i]);
    }
}
