/* The command line: each line of the input is an argument. */
#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"
#include "cli/options.h"
#include "fuzz.h"

enum { MOST_ARGUMENTS = 200 };

static void check_options(const struct options *options) {
    const struct verb *verb = option_find_verb(options->verb);

    CHECK(verb != NULL && options->workspace != NULL);
    CHECK(options->argument == NULL || verb->argument != NULL);
    CHECK(options->argument != NULL || !verb->needs_argument || options->help);
    CHECK(options->jobs >= 0 && options->jobs <= MAX_JOBS);
    CHECK(options->give_up_after >= 1 && options->give_up_after <= 24L * 3600);
    CHECK(options->migration != NULL && options->value_count <= MAX_VALUES);
    for (size_t i = 0; i < options->value_count; i++) {
        CHECK(options->values[i].value != NULL);
        CHECK(options_has_option(options, options->values[i].name));
    }
}

static void check_help(const struct options *options) {
    struct text help = {0};

    CHECK(options_append_help(options->verb, options->migration, &help) == 0 && help.length > 0);
    text_free(&help);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *arguments[MOST_ARGUMENTS + 2] = {"rowpost"};
    int count = 1;
    struct options options;
    struct error error = {0};
    struct span rest = fuzz_span(data, size);

    while (rest.length > 0 && count <= MOST_ARGUMENTS) {
        struct span line = fuzz_take(&rest, '\n');
        char *copy = calloc(line.length + 1, 1);
        CHECK(copy != NULL);
        memcpy(copy, line.data, line.length);
        arguments[count++] = copy;
    }
    if (options_parse(count, arguments, &options, &error) == 0) {
        check_options(&options);
        check_help(&options);
    } else {
        CHECK(error.code == ERROR_USAGE && error.message[0] != '\0');
    }
    options_free(&options);
    for (int i = 1; i < count; i++) {
        free(arguments[i]);
    }
    return 0;
}
