#include "base/fold.h"
#include "report/mentions_private.h"

/* ?1 is the sort, ?2 the folded value or null, ?3 the limit. */
#define COLUMNS                                                                                    \
    "SELECT document, standing, place, name, note, content, no_author, t0, t1, t2 FROM mention"
#define COUNT "SELECT count(*) FROM mention"
#define ALL " WHERE sort = ?1"
#define OF_TOPIC(n) " WHERE sort = ?1 AND f" #n " = ?2"
#define OF_ANY " WHERE sort = ?1 AND ?2 IN (found, f0, f1, f2)"
#define IN_ORDER " ORDER BY id LIMIT ?3"

enum { FIRST_TOPIC = 7, SELECTIONS = TOPIC_MOST + 2, ALL_MENTIONS = TOPIC_MOST + 1 };

static const char *const selections[SELECTIONS] = {
    COLUMNS OF_TOPIC(0) IN_ORDER,          COLUMNS OF_TOPIC(1) IN_ORDER,
    COLUMNS OF_TOPIC(2) IN_ORDER,          [MENTION_ANY_TOPIC] = COLUMNS OF_ANY IN_ORDER,
    [ALL_MENTIONS] = COLUMNS ALL IN_ORDER,
};

static const char *const counts[SELECTIONS] = {
    COUNT OF_TOPIC(0),          COUNT OF_TOPIC(1),
    COUNT OF_TOPIC(2),          [MENTION_ANY_TOPIC] = COUNT OF_ANY,
    [ALL_MENTIONS] = COUNT ALL,
};

/* The value as it is found by: a person's name by the address that it has. */
static int fold_value(struct mentions *mentions, struct span value, struct text *folded,
                      struct error *error) {
    fold_key(value, folded);
    return text_check(folded, error) == 0 ? mentions_resolve_person(mentions, folded, NULL, error)
                                          : -1;
}

static int prepare(struct mentions *mentions, const char *const *statements, enum mention_of sort,
                   const struct mention_filter *filter, struct text *folded,
                   struct statement *statement, struct error *error) {
    bool is_filtered = !span_is_null(filter->value);
    const char *sql = statements[is_filtered ? filter->topic : ALL_MENTIONS];
    if ((is_filtered && fold_value(mentions, filter->value, folded, error) != 0) ||
        statement_prepare(statement, mentions->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(statement, 1, sort);
    if (is_filtered) {
        statement_bind_text(statement, 2, text_span(folded));
    }
    if (statements == selections) {
        statement_bind_integer(statement, 3, filter->limit > 0 ? filter->limit : -1);
    }
    return 0;
}

static struct mention read_mention(const struct statement *row, int64_t number) {
    struct mention mention = {.number = number,
                              .document = statement_integer(row, 0),
                              .standing = (enum standing)statement_integer(row, 1),
                              .place = statement_text(row, 2),
                              .name = statement_text(row, 3),
                              .note = statement_text(row, 4),
                              .content = statement_text(row, 5),
                              .has_no_author = statement_integer(row, 6) != 0};
    for (int i = 0; i < TOPIC_MOST; i++) {
        mention.about[i] = statement_text(row, FIRST_TOPIC + i);
    }
    return mention;
}

int mentions_each(struct mentions *mentions, enum mention_of sort,
                  const struct mention_filter *filter, mention_taker *take, void *context,
                  struct error *error) {
    struct statement rows = {0};
    struct text folded = {0};
    int rc = prepare(mentions, selections, sort, filter, &folded, &rows, error);
    if (rc == 0) {
        int64_t number = 0;
        while ((rc = statement_step(&rows, error)) == 1) {
            struct mention mention = read_mention(&rows, ++number);
            rc = take(context, &mention, error);
            if (rc != 0) {
                break;
            }
        }
    }
    statement_finalize(&rows);
    text_free(&folded);
    return rc < 0 ? -1 : 0;
}

int mentions_count(struct mentions *mentions, enum mention_of sort,
                   const struct mention_filter *filter, int64_t *count, struct error *error) {
    struct statement rows = {0};
    struct text folded = {0};
    *count = 0;
    int rc = prepare(mentions, counts, sort, filter, &folded, &rows, error);
    if (rc == 0) {
        rc = statement_step(&rows, error);
        *count = rc == 1 ? statement_integer(&rows, 0) : 0;
    }
    statement_finalize(&rows);
    text_free(&folded);
    return rc < 0 ? -1 : 0;
}

static int each_value(struct mentions *mentions, const char *sql, mentioned_value_taker *take,
                      void *context, struct error *error) {
    struct statement rows = {0};
    int rc = statement_prepare(&rows, mentions->database, sql, error);
    if (rc == 0) {
        while ((rc = statement_step(&rows, error)) == 1) {
            const struct mentioned_value value = {.value = statement_text(&rows, 0),
                                                  .parts = statement_integer(&rows, 1),
                                                  .rejected = statement_integer(&rows, 2)};
            rc = take(context, &value, error);
            if (rc != 0) {
                break;
            }
        }
    }
    statement_finalize(&rows);
    return rc < 0 ? -1 : 0;
}

/* A caller that asks for the values asks for the mentions of each one next: an index is made for
 * that. */
int mentions_each_value(struct mentions *mentions, size_t topic, mentioned_value_taker *take,
                        void *context, struct error *error) {
    struct text sql = {0};
    text_append_format(&sql, "CREATE INDEX IF NOT EXISTS mention_f%zu ON mention (f%zu)", topic,
                       topic);
    int rc = text_check(&sql, error) == 0
                 ? statement_execute(mentions->database, text_string(&sql), error)
                 : -1;
    text_clear(&sql);
    text_append_format(&sql,
                       "SELECT min(t%zu), sum(sort = %d), sum(sort = %d) FROM mention"
                       " WHERE f%zu IS NOT NULL AND sort IN (%d, %d) GROUP BY f%zu ORDER BY f%zu",
                       topic, MENTION_PART, MENTION_REJECTED, topic, MENTION_PART, MENTION_REJECTED,
                       topic, topic);
    if (rc == 0 && text_check(&sql, error) == 0) {
        rc = each_value(mentions, text_string(&sql), take, context, error);
    }
    text_free(&sql);
    return rc;
}

int mentions_each_without_author(struct mentions *mentions, mentioned_value_taker *take,
                                 void *context, struct error *error) {
    struct text sql = {0};
    const char *person = "NULL";
    char column[8];
    for (size_t i = 0; i < mentions_topic_count(mentions); i++) {
        if (mentions_topic(mentions, i)->is_person) {
            column[0] = 't';
            column[1] = (char)('0' + i);
            column[2] = '\0';
            person = column;
        }
    }
    text_append_format(&sql,
                       "SELECT %s, count(*), 0 FROM mention WHERE sort = %d AND no_author"
                       " GROUP BY %s ORDER BY 2 DESC, 1",
                       person, MENTION_PART, person);
    int rc = text_check(&sql, error) == 0
                 ? each_value(mentions, text_string(&sql), take, context, error)
                 : -1;
    text_free(&sql);
    return rc;
}

int mentions_count_without_author(struct mentions *mentions, int64_t *count, struct error *error) {
    return statement_query_integer(mentions->database,
                                   "SELECT count(*) FROM mention WHERE no_author", 0, count, error);
}

int mentions_append_name(struct mentions *mentions, struct span who, struct text *out,
                         struct error *error) {
    struct statement rows = {0};
    struct text folded = {0};
    fold_key(who, &folded);
    int rc = text_check(&folded, error) == 0
                 ? statement_prepare(
                       &rows, mentions->database,
                       "SELECT shown FROM person WHERE address = ?1 COLLATE NOCASE OR name = ?2"
                       " ORDER BY shown DESC LIMIT 1",
                       error)
                 : -1;
    if (rc == 0) {
        statement_bind_text(&rows, 1, who);
        statement_bind_text(&rows, 2, text_span(&folded));
        rc = statement_step(&rows, error);
        text_append(out, rc == 1 ? statement_text(&rows, 0) : span_of(""));
    }
    statement_finalize(&rows);
    text_free(&folded);
    return rc < 0 ? -1 : 0;
}
