#include "report/html_command_private.h"
#include "report/html_sections_private.h"

enum { MAX_PERSONS = 500, MOST_OPEN = 20 };

/* What looking somebody up has shown, in words. */
static const char *const outcomes[PERSON_OUTCOME_COUNT] = {
    [PERSON_FOUND] = "found",
    [PERSON_OF_ADDRESSES] = "found with several addresses; the first was taken",
    [PERSON_NOBODY] = "not found",
    [PERSON_SEVERAL] = "found several people; none was taken",
    [PERSON_WITHOUT_ADDRESS] = "found without an address",
    [PERSON_WITHOUT_NAME] = "found without a full name",
};

static struct span outcome_of(enum person_outcome outcome) {
    return span_of(outcome < PERSON_OUTCOME_COUNT ? outcomes[outcome] : "not known");
}

/* A short list is open. On paper every list is. */
static void begin_fold(struct html *html, const char *title, int64_t names) {
    html_markup(html, names <= MOST_OPEN ? "<details class=\"fold paper\" open>\n"
                                         : "<details class=\"fold paper\">\n");
    html_put(html, "<summary><h3>{} <span class=\"count\">{}</span></h3></summary>\n",
             span_of(title), html_number(names));
}

static void write_cut(struct html *html, int64_t total) {
    if (total > MAX_PERSONS) {
        html_put(html, "<p class=\"cut\">The first {} of {} are shown. All of them: ",
                 html_number(MAX_PERSONS), html_number(total));
        html_put_command(html, &(struct html_command){"people", NULL});
        html_markup(html, "</p>\n");
    }
}

/* ---- parts without an author ---- */

struct writing {
    struct html *html;
    const struct summary *summary;
    int64_t count;
};

/* Why a name has given no author. */
static struct span find_why(const struct summary *summary, struct span name) {
    if (span_is_empty(name)) {
        return span_of("the source names nobody that the plan looks up");
    }
    for (size_t i = 0; i < summary->person_count; i++) {
        if (span_equal(summary->persons[i].name, name)) {
            return outcome_of(summary->persons[i].outcome);
        }
    }
    return span_of("not looked up");
}

static int count_name(void *context, const struct mentioned_value *value, struct error *error) {
    (void)value;
    (void)error;
    ++*(int64_t *)context;
    return 0;
}

static int write_name(void *context, const struct mentioned_value *value, struct error *error) {
    (void)error;
    struct writing *writing = context;
    if (writing->count++ < MAX_PERSONS) {
        html_put(writing->html,
                 "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td>{}</td></tr>\n",
                 span_is_empty(value->value) ? span_of("(no name)") : value->value,
                 html_number(value->parts), find_why(writing->summary, value->value));
    }
    return 0;
}

static void write_without_author(struct html *html, const struct html_content *content) {
    const struct migration_topics *topics = html->report->migration->topics;
    struct writing writing = {.html = html, .summary = content->summary};
    struct html_table table = {
        .class_name = "reasons",
        .label = "Without an author",
        .caption = "Without an author, by the name in the source",
        .columns = {"Name", NULL, "Why"},
        .classes = {[1] = "number capital"},
    };
    int64_t names = 0;
    if (topics == NULL || content->parts == 0) {
        return;
    }
    html_put(html, "<p><strong>{}</strong> of {} {} {} no author on the target.</p>\n",
             html_number(content->parts_without_author), html_number(content->parts),
             span_of(topics->parts), html_plural(content->parts_without_author, "has", "have"));
    if (content->parts_without_author == 0) {
        return;
    }
    html_check(html,
               mentions_each_without_author(content->mentions, count_name, &names, &html->error));
    begin_fold(html, "Without an author, by person", names);
    table.columns[1] = topics->parts;
    html_begin_table(html, &table);
    html_check(html,
               mentions_each_without_author(content->mentions, write_name, &writing, &html->error));
    html_end_table(html, &table);
    write_cut(html, writing.count);
    html_markup(html, "</details>\n");
}

/* ---- names that were looked up ---- */

static void write_persons(struct html *html, const struct summary *summary) {
    static const struct html_table table = {
        .class_name = "reasons",
        .label = "Names that were looked up",
        .caption = "What the people directory has for each name or login",
        .columns = {"Name or login", "For", "Uses", "Outcome", "In the directory"},
        .classes = {[2] = "number"},
    };
    if (summary->person_count == 0) {
        return;
    }
    begin_fold(html, "Looked up, and not simply found", (int64_t)summary->person_count);
    html_begin_table(html, &table);
    for (size_t i = 0; i < summary->person_count && i < MAX_PERSONS; i++) {
        const struct summary_person *person = &summary->persons[i];
        html_put(html,
                 "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{}</td><td>{}</td>"
                 "<td>{}</td></tr>\n",
                 person->name, summary->kinds[person->kind].name, html_number(person->uses),
                 outcome_of(person->outcome),
                 span_is_empty(person->found) ? span_of(HTML_DASH) : person->found);
    }
    html_end_table(html, &table);
    write_cut(html, (int64_t)summary->person_count);
    html_markup(html, "</details>\n");
}

bool html_has_people(const struct html_content *content) {
    return content->summary->person_count > 0 || content->parts > 0;
}

void html_write_people(struct html *html, const struct html_content *content) {
    write_without_author(html, content);
    write_persons(html, content->summary);
}
