#include "people.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "catalog.h"

enum {
    ADMINISTRATORS = 4,
    GUESTS = 12,
    NAMESAKES = 2,
    FORMERS = 30,
    MOST_RIGHTS = 3,
    UNLISTED_EVERY = 10,
    SECOND_ADDRESS_EVERY = 12,
    USERS_FOR_A_READER = 20
};

struct person {
    char login[PEOPLE_NAME_SIZE];
    char email[PEOPLE_NAME_SIZE];
    char fullname[PEOPLE_NAME_SIZE];
};

static struct person make_validator(size_t number) {
    struct person person;
    snprintf(person.login, sizeof person.login, "gf%zu", number);
    snprintf(person.email, sizeof person.email, "person%zu@site.example", number);
    snprintf(person.fullname, sizeof person.fullname, "Given%zu Family%zu", number, number);
    return person;
}

static struct person make_administrator(size_t number) {
    struct person person;
    snprintf(person.login, sizeof person.login, "chief%zu", number);
    snprintf(person.email, sizeof person.email, "chief%zu@site.example", number);
    snprintf(person.fullname, sizeof person.fullname, "Chief%zu Steward%zu", number, number);
    return person;
}

static struct person make_reader(size_t number) {
    struct person person;
    snprintf(person.login, sizeof person.login, "rd%zu", number);
    snprintf(person.email, sizeof person.email, "reader%zu@lab.example", number);
    snprintf(person.fullname, sizeof person.fullname, "Reader%zu Family%zu", number, number);
    return person;
}

static struct person make_guest(size_t number) {
    struct person person;
    snprintf(person.login, sizeof person.login, "guest%zu", number);
    snprintf(person.email, sizeof person.email, "guest%zu@institute.example", number);
    snprintf(person.fullname, sizeof person.fullname, "Guest%zu Visitor%zu", number, number);
    return person;
}

/* Two people with one name: `which` is a or b. */
static struct person make_namesake(size_t number, char which) {
    struct person person;
    snprintf(person.login, sizeof person.login, "same%zu%c", number, which);
    snprintf(person.email, sizeof person.email, "same%zu%c@site.example", number, which);
    snprintf(person.fullname, sizeof person.fullname, "Same%zu Name%zu", number, number);
    return person;
}

static int list_person(struct directory *list, const struct person *person, struct error *error) {
    return directory_add(list, person->login, person->email, person->fullname, error);
}

static bool same_group(const struct catalog_cell *a, const struct catalog_cell *b) {
    return strcmp(a->category, b->category) == 0 && strcmp(a->subcategory, b->subcategory) == 0 &&
           strcmp(a->kind, b->kind) == 0;
}

/* One to three different rights. */
static int add_rights(const struct people_crowd *crowd, size_t number, const char *login,
                      struct legacy *legacy, struct error *error) {
    struct random random = random_start(crowd->seed, RANDOM_RIGHTS, number, 0);
    struct catalog_cell groups[MOST_RIGHTS];
    size_t wanted = 1 + random_below(&random, MOST_RIGHTS);
    size_t count = 0;
    while (count < wanted) {
        groups[count] = catalog_pick_group(&random);
        bool repeated = false;
        for (size_t i = 0; i < count; i++) {
            repeated = repeated || same_group(&groups[i], &groups[count]);
        }
        if (repeated) {
            continue;
        }
        struct legacy_right right = {login, groups[count].category, groups[count].subcategory,
                                     groups[count].kind};
        if (legacy_add_right(legacy, &right, error) != 0) {
            return -1;
        }
        count++;
    }
    return 0;
}

static int add_validator(const struct people_crowd *crowd, size_t number, struct legacy *legacy,
                         struct error *error) {
    struct person person = make_validator(number);
    char field[2 * PEOPLE_NAME_SIZE];
    const char *second = number % SECOND_ADDRESS_EVERY == 0 ? ", office@lab.example" : "";
    snprintf(field, sizeof field, "%s%s", person.email, second);
    struct legacy_user user = {person.login, field, 0, 1};
    if (legacy_add_user(legacy, &user, error) != 0) {
        return -1;
    }
    return add_rights(crowd, number, person.login, legacy, error);
}

static int write_validators(const struct people_crowd *crowd, struct legacy *legacy,
                            struct directory *people, struct error *error) {
    for (size_t number = 1; number <= crowd->validators; number++) {
        if (add_validator(crowd, number, legacy, error) != 0) {
            return -1;
        }
        if (crowd->kinds == PEOPLE_EVERY_KIND && number % UNLISTED_EVERY == 0) {
            continue;
        }
        struct person person = make_validator(number);
        if (list_person(people, &person, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Administrators may have rights, too; they have them as administrators. */
static int write_administrators(const struct people_crowd *crowd, struct legacy *legacy,
                                struct directory *admins, struct error *error) {
    for (size_t number = 1; number <= ADMINISTRATORS; number++) {
        struct person person = make_administrator(number);
        struct legacy_user user = {person.login, person.email, 1, number % 2 == 0};
        if (legacy_add_user(legacy, &user, error) != 0 ||
            add_rights(crowd, PEOPLE_MOST_VALIDATORS + number, person.login, legacy, error) != 0 ||
            list_person(admins, &person, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int write_readers(const struct people_crowd *crowd, struct legacy *legacy,
                         struct error *error) {
    for (size_t number = 1; number <= 1 + crowd->validators / USERS_FOR_A_READER; number++) {
        struct person person = make_reader(number);
        struct legacy_user user = {person.login, person.email, 0, 0};
        if (legacy_add_user(legacy, &user, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int write_guests(struct directory *people, struct error *error) {
    for (size_t number = 1; number <= GUESTS; number++) {
        struct person person = make_guest(number);
        if (list_person(people, &person, error) != 0) {
            return -1;
        }
    }
    for (size_t number = 1; number <= NAMESAKES; number++) {
        struct person first = make_namesake(number, 'a');
        struct person second = make_namesake(number, 'b');
        if (list_person(people, &first, error) != 0 || list_person(people, &second, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int people_write(const struct people_crowd *crowd, struct legacy *legacy, struct directory *admins,
                 struct directory *people, struct error *error) {
    if (crowd->kinds == PEOPLE_VALIDATORS_ALONE) {
        return write_validators(crowd, legacy, people, error);
    }
    if (write_administrators(crowd, legacy, admins, error) != 0 ||
        write_validators(crowd, legacy, people, error) != 0 ||
        write_readers(crowd, legacy, error) != 0) {
        return -1;
    }
    return write_guests(people, error);
}

static struct person pick_validator(const struct people_crowd *crowd, struct random *random) {
    return make_validator(1 + random_below(random, crowd->validators));
}

const char *people_pick_author(const struct people_crowd *crowd, struct random *random,
                               char buffer[PEOPLE_NAME_SIZE]) {
    size_t drawn = random_below(random, 100);
    struct person person = {.fullname = "Unknown name"};
    if (crowd->validators > 0 && (drawn < 80 || crowd->kinds == PEOPLE_VALIDATORS_ALONE)) {
        person = pick_validator(crowd, random);
    } else if (crowd->kinds == PEOPLE_EVERY_KIND && drawn < 88) {
        person = make_guest(1 + random_below(random, GUESTS));
    } else if (crowd->kinds == PEOPLE_EVERY_KIND && drawn < 91) {
        person = make_namesake(1 + random_below(random, NAMESAKES), 'a');
    } else if (drawn < 97) {
        size_t number = 1 + random_below(random, FORMERS);
        snprintf(person.fullname, sizeof person.fullname, "Former%zu Member%zu", number, number);
    }
    memcpy(buffer, person.fullname, PEOPLE_NAME_SIZE);
    return buffer;
}
