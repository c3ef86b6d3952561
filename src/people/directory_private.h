/* The parts of a people directory that is asked by name: an LDAP server with a cache.
 *
 * First every name that will matter is given to directory_want(), then directory_ask() finds them
 * all: from the cache what was asked before, the rest by filters for many names at once, never a
 * request for each. A name finds each person that has it as login or as full name. Names are
 * compared here, too, by fold_key(): a server may be looser than that. The cache also has the names
 * that were asked for and not found. */
#ifndef ROWPOST_PEOPLE_DIRECTORY_PRIVATE_H
#define ROWPOST_PEOPLE_DIRECTORY_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json_writer.h"
#include "base/span.h"
#include "base/text.h"
#include "people/people.h"

/* Where a directory of people is, and what is read there: an LDAP URL (RFC 4516) and the names of
 * three attributes.
 *
 * `ldap://HOST[:PORT]/BASE` or `ldaps://...`; the base DN is percent-encoded. As in the RFC, a
 * scope (`one`; else the whole subtree is searched) and a filter that narrows down the search may
 * follow: `ldap://host/dc=example??one?(employeeType=Primary)`. Attributes in the URL and
 * extensions are refused. A place owns its texts: start from `{0}`, end with
 * directory_place_free(). */

enum directory_attribute {
    DIRECTORY_LOGIN,
    DIRECTORY_NAME,
    DIRECTORY_MAIL,
    DIRECTORY_ATTRIBUTE_COUNT
};

enum directory_scope { DIRECTORY_SUBTREE, DIRECTORY_ONE_LEVEL };

struct directory_place {
    bool is_tls;        /* ldaps */
    const char *server; /* "ldap://host:389": what is connected to */
    const char *host;
    const char *port;
    const char *base;   /* a DN, decoded; never empty */
    const char *filter; /* or NULL */
    enum directory_scope scope;
    const char *attributes[DIRECTORY_ATTRIBUTE_COUNT + 1]; /* ended by NULL */
    const char *name;                                      /* the URL without what is optional */
    struct arena arena;
};

/* True where the location is of one of the schemes, whatever its case. */
bool directory_place_is_one(const char *location);

/* `attributes` is `login=NAME,name=NAME,mail=NAME`, any of which may be left out, or NULL; the
 * defaults are those of CERN's directory: cn, displayName, mail. ERROR_USAGE names what was
 * expected. */
int directory_place_parse(struct directory_place *place, const char *location,
                          const char *attributes, struct error *error);
void directory_place_free(struct directory_place *place);

/* A value as it is written in a filter: what has a meaning there, and every byte beyond ASCII, is
 * written as a backslash and two hexadecimal digits (RFC 4515, section 3). */
void directory_place_append_value(struct text *out, struct span value);

/* The filter for each person that has one of the names as login or as full name, within the place's
 * own filter. */
void directory_place_append_filter(struct text *out, const struct directory_place *place,
                                   const struct span *names, size_t count);

/* A person as a directory has them: a distinguished name, and any number of logins, full names and
 * addresses (an attribute of RFC 4511 is a set of values). And the form in which answers are kept:
 *
 *     {"asked": "2026-11-24T04:53:58.373Z", "entries": [{"dn": ..., "login": [...], "name": [...],
 *      "mail": [...]}]}
 *
 * An entry owns nothing. */

struct directory_values {
    const struct span *items;
    size_t count;
};

struct directory_entry {
    struct span dn;
    struct directory_values values[DIRECTORY_ATTRIBUTE_COUNT];
    struct span asked; /* when it was read, as date_format_moment() writes it */
};

/* The first value that is not empty, or null. A directory's order carries no meaning by the RFC;
 * servers give the values in the order in which they were entered. */
struct span directory_entry_first(const struct directory_entry *entry,
                                  enum directory_attribute attribute);

/* A copy that lives as long as the arena; NULL where memory ran out. */
struct directory_entry *directory_entry_copy(const struct directory_entry *entry,
                                             struct arena *arena);

/* Writes the entry as an object. */
void directory_entry_write(const struct directory_entry *entry, struct json_writer *json);

/* Reads an answer that was kept and hands its entries on, each for the call only. 0, -1 with the
 * error of `take`, or -1 with ERROR_WORKSPACE where it is not of the form above. */
int directory_entry_read_answer(struct span answer,
                                int (*take)(void *context, const struct directory_entry *entry,
                                            struct error *error),
                                void *context, struct error *error);

/* The directory itself. directory_create() gives one that the caller frees; `access` and what it
 * points to are borrowed. Entries live as long as the directory. */
struct directory;

/* Only parses the location; nothing is asked yet. NULL with the error. */
struct directory *directory_create(const char *location, const struct people_access *access,
                                   struct error *error);
void directory_free(struct directory *directory);

/* Notes a name or a login; an empty one belongs to nobody. */
int directory_want(struct directory *directory, struct span name, struct error *error);

/* Finds everybody, then hands each entry on once, in the order of logins, so that it does not
 * matter what the cache had. */
int directory_ask(struct directory *directory,
                  int (*take)(void *context, const struct directory_entry *entry,
                              struct error *error),
                  void *context, struct error *error);

/* "ldap://host:389/dc=example": for people. */
const struct directory_place *directory_get_place(const struct directory *directory);

#endif
