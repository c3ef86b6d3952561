#define _POSIX_C_SOURCE 200809L /* lstat */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/output_file.h"
#include "report/html_subject_private.h"
#include "report/mentions_private.h"

static const char option[] = "--each-author";

/* Names of files are the same whatever their case: so they are on some systems. */
static const char page_schema[] =
    "CREATE TABLE page (file TEXT PRIMARY KEY COLLATE NOCASE, topic INTEGER, value TEXT,"
    " title TEXT, parts INTEGER, rejected INTEGER)";
static const char page_insert[] = "INSERT OR IGNORE INTO page VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char page_list[] =
    "SELECT file, topic, value, title, parts, rejected FROM page ORDER BY topic, title, file";
enum { PAGE_FILE, PAGE_TOPIC, PAGE_VALUE, PAGE_TITLE, PAGE_PARTS, PAGE_REJECTED };

enum { MOST_NAME = 100 };

struct folder {
    const struct report *report;
    const struct html_content *content;
    const char *path;
    struct statement insert;
    size_t topic;
    struct text name;
    struct text title;
};

/* ---- names of files ---- */

/* Letters, digits and a few marks stay, everything else becomes `-`: a name that no system and no
 * URL gives a meaning to. It does not begin with a full stop, as the topic comes first. */
static void append_safe(struct text *out, struct span value) {
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@";
    for (size_t i = 0; i < value.length && i < MOST_NAME; i++) {
        bool is_safe = value.data[i] != '\0' && strchr(safe, value.data[i]) != NULL;
        text_append(out, is_safe ? (struct span){value.data + i, 1} : span_of("-"));
    }
}

/* Two values may come to one name: the second gets a number. */
static int name_page(struct folder *folder, const struct mentioned_value *value,
                     struct error *error) {
    const struct topic *topic = mentions_topic(folder->content->mentions, folder->topic);
    struct statement *insert = &folder->insert;
    for (int number = 1;; number++) {
        text_clear(&folder->name);
        text_append_format(&folder->name, "%s-", topic->page);
        append_safe(&folder->name, value->value);
        if (number > 1) {
            text_append_format(&folder->name, "-%d", number);
        }
        text_append_string(&folder->name, ".html");
        statement_bind_text(insert, 1, text_span(&folder->name));
        statement_bind_integer(insert, 2, (int64_t)folder->topic);
        statement_bind_text(insert, 3, value->value);
        statement_bind_text(insert, 4, text_span(&folder->title));
        statement_bind_integer(insert, 5, value->parts);
        statement_bind_integer(insert, 6, value->rejected);
        if (text_check(&folder->name, error) != 0 || statement_run(insert, error) != 0) {
            return -1;
        }
        if (sqlite3_changes(insert->database) > 0) {
            return 0;
        }
    }
}

static int add_page(void *context, const struct mentioned_value *value, struct error *error) {
    struct folder *folder = context;
    text_clear(&folder->title);
    if (mentions_topic(folder->content->mentions, folder->topic)->is_person &&
        mentions_append_name(folder->content->mentions, value->value, &folder->title, error) != 0) {
        return -1;
    }
    if (folder->title.length == 0) {
        text_append(&folder->title, value->value);
    }
    return text_check(&folder->title, error) == 0 ? name_page(folder, value, error) : -1;
}

static int list_pages(struct folder *folder, struct error *error) {
    struct mentions *mentions = folder->content->mentions;
    if (statement_execute(mentions->database, page_schema, error) != 0 ||
        statement_prepare(&folder->insert, mentions->database, page_insert, error) != 0) {
        return -1;
    }
    int rc = 0;
    for (size_t i = 0; i < mentions_topic_count(mentions) && rc == 0; i++) {
        folder->topic = i;
        if (mentions_topic(mentions, i)->page != NULL) {
            rc = mentions_each_value(mentions, i, add_page, folder, error);
        }
    }
    statement_finalize(&folder->insert);
    return rc;
}

/* ---- what is in the folder already ---- */

/* 1: a page that was written here before, or what is left of one; 0: somebody else's; -1: there is
 * nothing. */
static int find_owner(const char *path) {
    static const char mark[] = "<meta name=\"rowpost\" content=\"" HTML_PAGES "\">";
    struct stat status;
    char head[1024];
    if (lstat(path, &status) != 0) {
        return errno == ENOENT ? -1 : 0;
    }
    FILE *file = S_ISREG(status.st_mode) ? fopen(path, "re") : NULL;
    if (file == NULL) {
        return 0;
    }
    size_t length = fread(head, 1, sizeof head - 1, file);
    head[length] = '\0';
    fclose(file);
    return length == 0 || strstr(head, mark) != NULL;
}

static int check_path(const char *path, struct error *error) {
    if (find_owner(path) == 0) {
        return error_set(error, ERROR_USAGE,
                         "%s: %s is there and is no page that was written here before: it is not "
                         "replaced; name another folder",
                         option, path);
    }
    return 0;
}

static int append_path(const struct folder *folder, struct span file, struct text *path,
                       struct error *error) {
    text_clear(path);
    text_append_format(path, "%s/", folder->path);
    text_append(path, file);
    return text_check(path, error);
}

/* The file, and the one next to it that is written first (base/output_file.h). */
static int check_file(const struct folder *folder, struct span file, struct text *path,
                      struct error *error) {
    if (append_path(folder, file, path, error) != 0 || check_path(text_string(path), error) != 0) {
        return -1;
    }
    text_append_string(path, ".partial");
    return text_check(path, error) == 0 ? check_path(text_string(path), error) : -1;
}

/* ---- writing ---- */

static int write_file(const struct folder *folder, struct span name, struct text *path,
                      int (*write)(const struct folder *, const struct report *,
                                   const struct statement *, struct error *),
                      const struct statement *page, struct error *error) {
    struct report report = *folder->report;
    struct output_file *file = append_path(folder, name, path, error) == 0
                                   ? output_file_open(option, text_string(path), error)
                                   : NULL;
    if (file == NULL) {
        return -1;
    }
    report.out = output_file_stream(file);
    if (write(folder, &report, page, error) != 0) {
        output_file_discard(file);
        return -1;
    }
    return output_file_publish(file, error);
}

static int write_page(const struct folder *folder, const struct report *report,
                      const struct statement *page, struct error *error) {
    size_t topic = (size_t)statement_integer(page, PAGE_TOPIC);
    const struct subject subject = {
        .page = HTML_PAGES,
        .sort = mentions_topic(folder->content->mentions, topic)->name,
        .topic = topic,
        .value = statement_text(page, PAGE_VALUE),
        .title = statement_text(page, PAGE_TITLE),
    };
    return html_write_subject(report, folder->content, &subject, error);
}

static struct html_table table_of(const struct migration_topics *topics,
                                  const struct topic *topic) {
    struct html_table table = {.class_name = "reasons",
                               .labelled_by = topic->page,
                               .caption = "Each name is a link to its page",
                               .columns = {topic->name, "Address or login"}};
    size_t column = topic->is_person ? 2 : 1;
    table.columns[column] = topics->parts;
    table.classes[column] = "number capital";
    table.columns[column + 1] = "Rows rejected";
    table.classes[column + 1] = "number";
    return table;
}

/* The names of the files are of characters that are safe in a URL. */
static void write_link(struct html *html, const struct topic *topic, const struct statement *page) {
    struct span value = statement_text(page, PAGE_VALUE);
    struct span title = statement_text(page, PAGE_TITLE);
    html_put(html, "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th>",
             statement_text(page, PAGE_FILE), title);
    if (topic->is_person) {
        html_put(html, "<td>{}</td>", span_equal(value, title) ? span_of(HTML_DASH) : value);
    }
    html_put(html, "<td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
             html_number(statement_integer(page, PAGE_PARTS)),
             html_number(statement_integer(page, PAGE_REJECTED)));
}

static void end_topic(struct html *html, const struct topic *topic,
                      const struct html_table *table) {
    if (topic != NULL) {
        html_end_table(html, table);
        html_markup(html, "</section>\n");
    }
}

static int write_links(struct html *html, struct statement *pages, struct error *error) {
    const struct migration_topics *topics = html->report->migration->topics;
    const struct topic *topic = NULL;
    struct html_table table = {0};
    int rc;
    while ((rc = statement_step(pages, error)) == 1) {
        const struct topic *next = &topics->topics[statement_integer(pages, PAGE_TOPIC)];
        if (next != topic) {
            end_topic(html, topic, &table);
            topic = next;
            table = table_of(topics, topic);
            html_begin_section(html, topic->page, topic->name);
            html_begin_table(html, &table);
        }
        write_link(html, topic, pages);
    }
    end_topic(html, topic, &table);
    html_markup(html, topic == NULL ? "<p>There is nobody to write a page for.</p>\n" : "");
    return rc;
}

static int write_index(const struct folder *folder, const struct report *report,
                       const struct statement *page, struct error *error) {
    (void)page;
    struct html html = html_begin(report);
    struct statement pages;
    html_write_head(&html, HTML_PAGES, "Migration report: pages");
    html_markup(&html, "<header class=\"top plain\">\n<p class=\"eyebrow\">Migration report</p>\n"
                       "<h1>A page for each author and each group</h1>\n");
    html_write_origin(&html);
    html_markup(&html, "</header>\n<main id=\"main\">\n");
    int rc = statement_prepare(&pages, folder->content->mentions->database, page_list, &html.error);
    html_check(&html, rc == 0 ? write_links(&html, &pages, &html.error) : -1);
    statement_finalize(&pages);
    html_write_foot(&html, HTML_PAGES);
    return html_end(&html, error);
}

static int check_page(const struct folder *folder, const struct statement *page, struct text *path,
                      struct error *error) {
    return check_file(folder, statement_text(page, PAGE_FILE), path, error);
}

static int publish_page(const struct folder *folder, const struct statement *page,
                        struct text *path, struct error *error) {
    return write_file(folder, statement_text(page, PAGE_FILE), path, write_page, page, error);
}

static int each_page(const struct folder *folder, struct text *path,
                     int (*take)(const struct folder *, const struct statement *, struct text *,
                                 struct error *),
                     struct error *error) {
    struct statement pages;
    if (statement_prepare(&pages, folder->content->mentions->database, page_list, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&pages, error)) == 1) {
        if (take(folder, &pages, path, error) != 0) {
            rc = -1;
            break;
        }
    }
    statement_finalize(&pages);
    return rc;
}

static int write_folder(struct folder *folder, struct error *error) {
    struct text path = {0};
    struct span index = span_of("index.html");
    if (mkdir(folder->path, 0700) != 0 && errno != EEXIST) {
        return error_set(error, ERROR_DISK, "%s %s: the folder cannot be made: %s", option,
                         folder->path, strerror(errno));
    }
    /* Nothing is written before every place has been looked at. */
    int rc = list_pages(folder, error) == 0 && check_file(folder, index, &path, error) == 0 &&
                     each_page(folder, &path, check_page, error) == 0 &&
                     each_page(folder, &path, publish_page, error) == 0
                 ? write_file(folder, index, &path, write_index, NULL, error)
                 : -1;
    text_free(&path);
    text_free(&folder->name);
    text_free(&folder->title);
    return rc;
}

int report_write_folder(const struct report *report, const char *path, struct error *error) {
    struct summary summary;
    struct html_content content = {.summary = &summary};
    if (report->migration->topics == NULL) {
        return error_set(error, ERROR_USAGE,
                         "%s: the migration %s names no topics for pages; --key KEY with "
                         "-o one.html writes a page for one document",
                         option, report->migration->name);
    }
    if (summary_load(report->workspace, &summary, error) != 0) {
        return -1;
    }
    content.mentions = mentions_gather(report, error);
    struct folder folder = {.report = report, .content = &content, .path = path};
    int rc = content.mentions == NULL ? -1 : write_folder(&folder, error);
    mentions_close(content.mentions);
    summary_free(&summary);
    return rc;
}
