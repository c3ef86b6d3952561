#define _DEFAULT_SOURCE /* gethostname, strdup */
#include "oracle/address.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { NAME_SIZE = 256, PORT_MOST = 65535, PORT_DIGITS = 5 };

const char easy_connect_form[] = "expected HOST[:PORT]/SERVICE, tcps://HOST[:PORT]/SERVICE, "
                                 "HOST:PORT:SID or (DESCRIPTION=...)";

/* After the question mark: what belongs into a DESCRIPTION. What concerns TLS does not change how a
 * server is verified. */
static const char *const known_keys[] = {
    "connect_timeout",
    "transport_connect_timeout",
    "retry_count",
    "retry_delay",
    "failover",
    "load_balance",
    "sdu",
    "source_route",
    "expire_time",
};

struct pieces {
    const char *protocol; /* "tcp" or "tcps" */
    char *hosts;
    char *service;
    char *server;   /* NULL: none */
    char *instance; /* NULL: none */
    char *sid;      /* instead of a service; NULL: none */
    char *keys;     /* NULL: none */
};

bool easy_connect_is_port(const char *text) {
    char *end = NULL;
    long number = strtol(text, &end, 10);
    return *text >= '0' && *text <= '9' && strlen(text) <= PORT_DIGITS && *end == '\0' &&
           number > 0 && number <= PORT_MOST;
}

/* What is put into a descriptor must not end it. */
static bool is_plain(const char *name) {
    return *name != '\0' && strpbrk(name, "()=\"' \t\r\n") == NULL;
}

static int refuse(struct oracle_error *error) {
    return failure_set(error, ORACLE_USAGE, "the address is not understood; %s", easy_connect_form);
}

/* Cuts the text at the first of these characters outside of brackets; returns what follows it, or
 * NULL. */
static char *cut_at(char *text, const char *characters) {
    bool is_bracketed = false;
    for (; *text != '\0'; text++) {
        is_bracketed = *text == '[' || (is_bracketed && *text != ']');
        if (!is_bracketed && strchr(characters, *text) != NULL) {
            *text = '\0';
            return text + 1;
        }
    }
    return NULL;
}

/* Cuts the text into its pieces. */
static int split(char *text, struct pieces *pieces, struct oracle_error *error) {
    *pieces = (struct pieces){.protocol = "tcp"};
    if (strncasecmp(text, "tcps://", 7) == 0) {
        pieces->protocol = "tcps";
        text += 7;
    } else if (strncasecmp(text, "tcp://", 6) == 0) {
        text += 6;
    } else if (strncmp(text, "//", 2) == 0) {
        text += 2;
    }
    pieces->hosts = text;
    if (strchr(text, '[') != NULL && strchr(text, ']') == NULL) {
        return failure_set(error, ORACLE_USAGE, "the address has no closing bracket; %s",
                           easy_connect_form);
    }
    pieces->keys = cut_at(text, "?");
    pieces->service = cut_at(text, "/");
    if (pieces->service == NULL) {
        char *port = cut_at(text, ":");
        pieces->sid = port == NULL ? NULL : cut_at(port, ":");
        if (pieces->sid == NULL) {
            return failure_set(error, ORACLE_USAGE, "the address names no service; %s",
                               easy_connect_form);
        }
        port[-1] = ':';
        return is_plain(pieces->sid) ? 0 : refuse(error);
    }
    pieces->instance = cut_at(pieces->service, "/");
    pieces->server = cut_at(pieces->service, ":");
    if (!is_plain(pieces->service) || (pieces->instance != NULL && !is_plain(pieces->instance)) ||
        (pieces->server != NULL && !is_plain(pieces->server))) {
        return failure_set(error, ORACLE_USAGE, "the address names no service; %s",
                           easy_connect_form);
    }
    return 0;
}

static int append_address(struct bytes *out, const struct pieces *pieces, char *host,
                          const char *port, struct oracle_error *error) {
    char *close = *host == '[' ? strchr(host, ']') : NULL;
    if (*host == '[' && (close == NULL || close[1] != '\0')) {
        return refuse(error);
    }
    if (close != NULL) {
        *close = '\0';
        host++;
    }
    if (!is_plain(host) || strlen(host) >= NAME_SIZE || !easy_connect_is_port(port)) {
        return refuse(error);
    }
    bytes_append_format(out, "(ADDRESS=(PROTOCOL=%s)(HOST=%s)(PORT=%s))", pieces->protocol, host,
                        port);
    return 0;
}

/* The port of a host: its own, or the next one that is given after it. */
static const char *find_port(const char *hosts, const struct pieces *pieces, char *room) {
    bool is_bracketed = false;
    for (; *hosts != '\0'; hosts++) {
        is_bracketed = *hosts == '[' || (is_bracketed && *hosts != ']');
        if (!is_bracketed && *hosts == ':') {
            size_t length = strcspn(hosts + 1, ",");
            length = length < PORT_DIGITS + 1 ? length : PORT_DIGITS + 1;
            memcpy(room, hosts + 1, length);
            room[length] = '\0';
            return room;
        }
    }
    return strcmp(pieces->protocol, "tcps") == 0 ? "2484" : "1521";
}

/* HOST[,HOST...][:PORT][,...]: how many there are, or -1. */
static int append_hosts(struct bytes *out, const struct pieces *pieces, char *hosts,
                        struct oracle_error *error) {
    int count = 0;
    for (char *next; hosts != NULL; hosts = next, count++) {
        char port[PORT_DIGITS + 2];
        const char *found = find_port(hosts, pieces, port);
        next = cut_at(hosts, ",");
        cut_at(hosts, ":");
        if (append_address(out, pieces, hosts, found, error) != 0) {
            return -1;
        }
    }
    return count;
}

static int append_addresses(struct bytes *out, const struct pieces *pieces,
                            struct oracle_error *error) {
    char *group = pieces->hosts;
    char *next = cut_at(group, ";");
    if (next == NULL) {
        int count = append_hosts(out, pieces, group, error);
        bytes_append_text(out, count > 1 ? "(LOAD_BALANCE=on)" : "");
        return count < 0 ? -1 : 0;
    }
    for (; group != NULL; group = next, next = group == NULL ? NULL : cut_at(group, ";")) {
        bytes_append_text(out, "(ADDRESS_LIST=(LOAD_BALANCE=on)");
        if (append_hosts(out, pieces, group, error) < 0) {
            return -1;
        }
        bytes_append_text(out, ")");
    }
    return 0;
}

/* What the listener writes into its log for the connection. */
static void append_client(struct bytes *out) {
    char host[NAME_SIZE] = "";
    const char *user = getenv("USER");
    if (gethostname(host, sizeof host - 1) != 0 || !is_plain(host)) {
        memcpy(host, "unknown", sizeof "unknown");
    }
    bytes_append_format(out, "(CID=(PROGRAM=rowpost)(HOST=%s)(USER=%s))", host,
                        user != NULL && is_plain(user) ? user : "unknown");
}

static void append_connect_data(struct bytes *out, const struct pieces *pieces) {
    bytes_append_text(out,
                      pieces->sid != NULL ? "(CONNECT_DATA=(SID=" : "(CONNECT_DATA=(SERVICE_NAME=");
    bytes_append_text(out, pieces->sid != NULL ? pieces->sid : pieces->service);
    bytes_append_text(out, ")");
    if (pieces->instance != NULL) {
        bytes_append_format(out, "(INSTANCE_NAME=%s)", pieces->instance);
    }
    if (pieces->server != NULL) {
        bytes_append_format(out, "(SERVER=%s)", pieces->server);
    }
    append_client(out);
    bytes_append_text(out, ")");
}

static bool is_known_key(const char *key) {
    for (size_t i = 0; i < sizeof known_keys / sizeof *known_keys; i++) {
        if (strcasecmp(known_keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static int append_keys(struct bytes *out, char *keys, struct oracle_error *error) {
    for (char *next; keys != NULL && *keys != '\0'; keys = next) {
        next = cut_at(keys, "&");
        char *value = cut_at(keys, "=");
        if (!is_known_key(keys)) {
            return failure_set(error, ORACLE_USAGE,
                               "%s is not read after an address; write it into a "
                               "(DESCRIPTION=...)",
                               keys);
        }
        if (value == NULL || *value == '\0' || strpbrk(value, "()=\"'") != NULL) {
            return failure_set(error, ORACLE_USAGE, "%s has no value in the address", keys);
        }
        bytes_append_format(out, "(%s=%s)", keys, value);
    }
    return 0;
}

int easy_connect_translate(const char *text, struct bytes *descriptor, struct oracle_error *error) {
    struct pieces pieces;
    char *copy = strdup(text);
    if (copy == NULL) {
        return failure_set_no_memory(error);
    }
    int rc = split(copy, &pieces, error);
    if (rc == 0) {
        bytes_append_text(descriptor, "(DESCRIPTION=");
        rc = append_keys(descriptor, pieces.keys, error);
    }
    if (rc == 0) {
        append_connect_data(descriptor, &pieces);
        rc = append_addresses(descriptor, &pieces, error);
    }
    bytes_append_text(descriptor, ")");
    if (rc == 0 && descriptor->failed) {
        rc = failure_set_no_memory(error);
    }
    free(copy);
    return rc;
}
