#include "workspace/summary.h"

int64_t summary_add(int64_t sum, int64_t number) {
    int64_t whole;
    return __builtin_add_overflow(sum, number, &whole) ? INT64_MAX : whole;
}

int64_t summary_count_open(const struct summary_kind *kind) {
    int64_t documents = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        documents += standing_meanings[standing].is_due ? kind->standings[standing] : 0;
    }
    return documents;
}

int64_t summary_count_sent(const struct summary_kind *kind) {
    int64_t documents = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (standing_meanings[standing].is_sent) {
            documents += kind->standings[standing];
        }
    }
    return documents;
}

int64_t summary_count_names(const struct summary_kind *kind) {
    int64_t names = 0;
    for (enum person_outcome outcome = 0; outcome < PERSON_OUTCOME_COUNT; outcome++) {
        names = summary_add(names, kind->persons[outcome]);
    }
    return names;
}

int64_t summary_count_standing(const struct summary *summary, enum standing standing) {
    int64_t documents = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        documents += summary->kinds[i].standings[standing];
    }
    return documents;
}

int64_t summary_count_standings(const struct summary *summary, uint32_t standings) {
    int64_t documents = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if ((standings & STANDING_BIT(standing)) != 0) {
            documents += summary_count_standing(summary, standing);
        }
    }
    return documents;
}

int64_t summary_count_class(const struct summary *summary, enum standing_class class) {
    int64_t documents = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (standing_meanings[standing].class == class) {
            documents += summary_count_standing(summary, standing);
        }
    }
    return documents;
}

int64_t summary_count_ever(const struct summary *summary, enum state state) {
    int64_t documents = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        documents += summary->kinds[i].ever[state];
    }
    return documents;
}

int64_t summary_count_strangers(const struct summary *summary) {
    int64_t strangers = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        strangers = summary_add(strangers, summary->kinds[i].strangers);
    }
    return strangers;
}

int64_t summary_count_rows(const struct summary *summary, enum row_outcome outcome) {
    int64_t rows = 0;
    for (size_t i = 0; i < summary->table_count; i++) {
        rows = summary_add(rows, summary->tables[i].outcomes[outcome]);
    }
    return rows;
}

int64_t summary_count_planned(const struct summary *summary) {
    int64_t documents = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        documents = summary_add(documents, summary->kinds[i].documents);
    }
    return documents;
}

int64_t summary_count_there(const struct summary *summary) {
    int64_t documents = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        bool is_there =
            standing_meanings[standing].is_sent && standing_meanings[standing].class == CLASS_WELL;
        documents += is_there ? summary_count_standing(summary, standing) : 0;
    }
    return documents;
}
