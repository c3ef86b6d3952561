#define _DEFAULT_SOURCE /* gethostname, strdup */
#include "oracle/address.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "oracle/descriptor.h"

enum { NAME_SIZE = 256, PORT_MOST = 65535, PORT_DIGITS = 5 };

static const char form[] = "expected HOST[:PORT]/SERVICE, tcps://HOST[:PORT]/SERVICE or "
                           "(DESCRIPTION=...)";

/* What Oracle's own clients can do and this reader does not, and what to do instead. */
static const struct refusal {
    const char *sign; /* stands in the address, case ignored */
    const char *sentence;
} refusals[] = {
    {"wallet_location", "wallets are not read: name the authority's certificate in PEM (--cacert) "
                        "and sign in by user and password, or use Oracle's ODBC driver"},
    {"my_wallet_directory",
     "wallets are not read: name the authority's certificate in PEM (--cacert) "
     "and sign in by user and password, or use Oracle's ODBC driver"},
    {"ldap://", "names are not looked up in a directory: write HOST:PORT/SERVICE or the descriptor "
                "itself, as `tnsping NAME` prints it"},
    {"ldaps://", "names are not looked up in a directory: write HOST:PORT/SERVICE or the "
                 "descriptor itself, as `tnsping NAME` prints it"},
};

static const char *find_ignoring_case(const char *text, const char *part) {
    size_t length = strlen(part);
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, part, length) == 0) {
            return text;
        }
    }
    return NULL;
}

static int check_supported(const char *text, struct oracle_error *error) {
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (find_ignoring_case(text, refusals[i].sign) != NULL) {
            return failure_set(error, ORACLE_UNSUPPORTED, "%s", refusals[i].sentence);
        }
    }
    return 0;
}

static bool is_port(const char *text) {
    char *end = NULL;
    long number = strtol(text, &end, 10);
    return *text >= '0' && *text <= '9' && strlen(text) <= PORT_DIGITS && *end == '\0' &&
           number > 0 && number <= PORT_MOST;
}

/* What stands in a descriptor must not end it. */
static bool is_plain(const char *name) {
    return *name != '\0' && strpbrk(name, "()=\"' \t\r\n") == NULL;
}

static int read_endpoint(const struct parameter *address, struct endpoint *endpoint,
                         struct oracle_error *error) {
    const char *end = address->value + address->value_length;
    struct parameter part;
    char protocol[16] = "TCP";
    *endpoint = (struct endpoint){0};
    if (descriptor_find(address->value, end, "PROTOCOL", &part) &&
        !descriptor_copy(&part, protocol, sizeof protocol)) {
        return failure_set(error, ORACLE_USAGE, "the descriptor's PROTOCOL is too long");
    }
    endpoint->is_encrypted = strcasecmp(protocol, "TCPS") == 0;
    if (!endpoint->is_encrypted && strcasecmp(protocol, "TCP") != 0) {
        return failure_set(error, ORACLE_UNSUPPORTED,
                           "the protocol %s is not spoken here; TCP and TCPS are", protocol);
    }
    if (!descriptor_find(address->value, end, "HOST", &part) ||
        !descriptor_copy(&part, endpoint->host, sizeof endpoint->host)) {
        return failure_set(error, ORACLE_USAGE, "an ADDRESS of the descriptor has no HOST");
    }
    if (!descriptor_find(address->value, end, "PORT", &part) ||
        !descriptor_copy(&part, endpoint->port, sizeof endpoint->port) ||
        !is_port(endpoint->port)) {
        return failure_set(error, ORACLE_USAGE,
                           "an ADDRESS of the descriptor has no PORT of 1 to "
                           "65535");
    }
    return 0;
}

/* Takes every ADDRESS, at any depth, in the order in which they stand. */
static int take_endpoints(const char *text, const char *end, int depth, struct address *address,
                          struct oracle_error *error) {
    struct parameter part;
    for (; depth < 8 && descriptor_next(text, end, &part); text = part.end) {
        if (!descriptor_is(&part, "ADDRESS")) {
            if (take_endpoints(part.value, part.value + part.value_length, depth + 1, address,
                               error) != 0) {
                return -1;
            }
            continue;
        }
        if (address->endpoint_count == ADDRESS_MOST_ENDPOINTS) {
            return failure_set(error, ORACLE_USAGE, "the descriptor has more than %d addresses",
                               ADDRESS_MOST_ENDPOINTS);
        }
        if (read_endpoint(&part, &address->endpoints[address->endpoint_count], error) != 0) {
            return -1;
        }
        address->endpoint_count++;
    }
    return 0;
}

int address_parse_endpoints(const char *descriptor, struct address *address,
                            struct oracle_error *error) {
    address->endpoint_count = 0;
    if (take_endpoints(descriptor, descriptor + strlen(descriptor), 0, address, error) != 0) {
        return -1;
    }
    if (address->endpoint_count == 0) {
        return failure_set(error, ORACLE_USAGE, "the descriptor has no ADDRESS; %s", form);
    }
    return 0;
}

static int parse_descriptor(const char *text, struct address *address, struct oracle_error *error) {
    const char *end = text + strlen(text);
    struct parameter whole;
    if (!descriptor_next(text, end, &whole) || !descriptor_is(&whole, "DESCRIPTION") ||
        whole.end[strspn(whole.end, " \t\r\n")] != '\0') {
        return failure_set(error, ORACLE_USAGE,
                           "the descriptor is not a (DESCRIPTION=...) whose parentheses match");
    }
    if (address_parse_endpoints(text, address, error) != 0) {
        return -1;
    }
    bytes_append(&address->connect_data, text, (size_t)(whole.end - text));
    return address->connect_data.failed ? failure_set_no_memory(error) : 0;
}

/* Splits HOST[:PORT] off, whose host may stand in brackets; leaves `*text` at the slash or the
 * end. */
static int take_host(char **text, struct endpoint *endpoint, struct oracle_error *error) {
    char *host = *text;
    char *end = host + strcspn(host, "/:");
    if (*host == '[') {
        host++;
        end = strchr(host, ']');
        if (end == NULL) {
            return failure_set(error, ORACLE_USAGE, "the address has no closing bracket; %s", form);
        }
        *end++ = '\0';
    }
    char after = *end;
    *end = '\0';
    *text = end + (after != '\0');
    const char *port = endpoint->is_encrypted ? "2484" : "1521";
    if (after == ':') {
        port = *text;
        *text += strcspn(*text, "/");
        after = **text;
        **text = '\0';
        *text += after != '\0';
    }
    if (!is_plain(host) || strlen(host) >= sizeof endpoint->host || !is_port(port) ||
        after != '/') {
        return failure_set(error, ORACLE_USAGE, "the address is not understood; %s", form);
    }
    memcpy(endpoint->host, host, strlen(host) + 1);
    memcpy(endpoint->port, port, strlen(port) + 1);
    return 0;
}

/* What the listener writes into its log beside the connection. */
static void append_client(struct bytes *out, const char *program) {
    char host[NAME_SIZE] = "";
    const char *user = getenv("USER");
    if (gethostname(host, sizeof host - 1) != 0 || !is_plain(host)) {
        memcpy(host, "unknown", sizeof "unknown");
    }
    bytes_append_format(out, "(CID=(PROGRAM=%s)(HOST=%s)(USER=%s))",
                        is_plain(program) ? program : "rowpost", host,
                        user != NULL && is_plain(user) ? user : "unknown");
}

static int write_connect_data(struct address *address, char *service, const char *program,
                              struct oracle_error *error) {
    const struct endpoint *endpoint = &address->endpoints[0];
    struct bytes *out = &address->connect_data;
    char *instance = strchr(service, '/');
    if (instance != NULL) {
        *instance++ = '\0';
    }
    char *server = strchr(service, ':');
    if (server != NULL) {
        *server++ = '\0';
    }
    if (!is_plain(service) || (instance != NULL && !is_plain(instance)) ||
        (server != NULL && !is_plain(server))) {
        return failure_set(error, ORACLE_USAGE, "the address names no service; %s", form);
    }
    bytes_append_format(out, "(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=%s)", service);
    if (instance != NULL) {
        bytes_append_format(out, "(INSTANCE_NAME=%s)", instance);
    }
    if (server != NULL) {
        bytes_append_format(out, "(SERVER=%s)", server);
    }
    append_client(out, program);
    bytes_append_format(out, ")(ADDRESS=(PROTOCOL=%s)(HOST=%s)(PORT=%s)))",
                        endpoint->is_encrypted ? "tcps" : "tcp", endpoint->host, endpoint->port);
    return out->failed ? failure_set_no_memory(error) : 0;
}

static int parse_easy(char *text, const char *program, struct address *address,
                      struct oracle_error *error) {
    struct endpoint *endpoint = &address->endpoints[0];
    *endpoint = (struct endpoint){0};
    if (strncasecmp(text, "tcps://", 7) == 0) {
        endpoint->is_encrypted = true;
        text += 7;
    } else if (strncasecmp(text, "tcp://", 6) == 0) {
        text += 6;
    } else if (strncmp(text, "//", 2) == 0) {
        text += 2;
    }
    if (strpbrk(text, "?,") != NULL) {
        return failure_set(error, ORACLE_UNSUPPORTED,
                           "options and lists of hosts are not read from the short form; write "
                           "them as a (DESCRIPTION=...)");
    }
    if (take_host(&text, endpoint, error) != 0) {
        return -1;
    }
    address->endpoint_count = 1;
    return write_connect_data(address, text, program, error);
}

int address_parse_text(const char *text, const char *program, struct address *address,
                       struct oracle_error *error) {
    *address = (struct address){0};
    if (check_supported(text, error) != 0) {
        return -1;
    }
    if (text[strspn(text, " \t\r\n")] == '(') {
        return parse_descriptor(text, address, error);
    }
    if (strchr(text, '/') == NULL) {
        return failure_set(error, ORACLE_USAGE,
                           "the address has no service, and names are not looked up in "
                           "tnsnames.ora; %s",
                           form);
    }
    char *copy = strdup(text);
    if (copy == NULL) {
        return failure_set_no_memory(error);
    }
    int rc = parse_easy(copy, program, address, error);
    free(copy);
    return rc;
}

void address_release(struct address *address) {
    bytes_free(&address->connect_data);
}
