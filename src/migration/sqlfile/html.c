/* HTML of a legacy site as text: what a person would read, even if the markup has errors. */
#include <ctype.h>
#include <string.h>

#include "migration/sqlfile/functions.h"

/* ---- tags ---- */

enum { NAME_MOST = 16 };

struct tag {
    char name[NAME_MOST]; /* in lower case; "" for a comment or a declaration */
    bool is_end;
    struct span whole;
};

/* The tag at the start of the text, which has `<` there. False where it is none. */
static bool read_tag(struct span text, struct tag *tag) {
    *tag = (struct tag){0};
    if (text.length >= 4 && memcmp(text.data, "<!--", 4) == 0) {
        const char *end = span_find((struct span){text.data + 4, text.length - 4}, "-->");
        tag->whole =
            (struct span){text.data, end == NULL ? text.length : (size_t)(end - text.data) + 3};
        return true;
    }
    size_t at = 1;
    tag->is_end = at < text.length && text.data[at] == '/';
    at += tag->is_end;
    bool is_tag = at < text.length && (isalpha((unsigned char)text.data[at]) ||
                                       text.data[at] == '!' || text.data[at] == '?');
    for (size_t i = 0; is_tag && at + i < text.length && isalnum((unsigned char)text.data[at + i]);
         i++) {
        if (i + 1 < NAME_MOST) {
            tag->name[i] = (char)tolower((unsigned char)text.data[at + i]);
        }
    }
    char quote = '\0';
    for (; is_tag && at < text.length; at++) {
        char c = text.data[at];
        if (quote == '\0' && c == '>') {
            tag->whole = (struct span){text.data, at + 1};
            return true;
        }
        if (quote != '\0') {
            quote = (char)(c == quote ? '\0' : quote);
        } else if ((c == '"' || c == '\'') && text.data[at - 1] == '=') {
            quote = c;
        }
    }
    return false;
}

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

/* The value of an attribute, unescaped; nothing where it has none. */
static void append_attribute(const struct tag *tag, const char *name, struct text *out) {
    size_t length = strlen(name);
    struct span whole = tag->whole;
    for (size_t i = 1; i + length + 1 < whole.length; i++) {
        if (!isspace((unsigned char)whole.data[i - 1]) || whole.data[i + length] != '=' ||
            !span_equal_ignoring_ascii_case((struct span){whole.data + i, length}, span_of(name))) {
            continue;
        }
        size_t begin = i + length + 1;
        char quote = whole.data[begin];
        bool is_quoted = quote == '"' || quote == '\'';
        begin += is_quoted;
        size_t end = begin;
        while (end < whole.length &&
               (is_quoted ? whole.data[end] != quote : strchr(" \t\n>", whole.data[end]) == NULL)) {
            end++;
        }
        html_append_unescaped((struct span){whole.data + begin, end - begin}, out);
        return;
    }
}

/* ---- writing ---- */

enum html_form { FORM_TEXT, FORM_MARKDOWN };

enum { LIST_MOST = 8 };

struct writer {
    struct text *out;
    enum html_form form;
    int breaks;       /* line ends that are due before the next text */
    bool is_blank;    /* a blank is due */
    int preformatted; /* <pre> that are open */
    int quotes;       /* <blockquote> that are open */
    int lists;        /* that are open; a number for each, 0: without numbers */
    int numbers[LIST_MOST];
    struct text link; /* where the open link leads */
};

static void break_lines(struct writer *writer, int lines) {
    writer->breaks = writer->breaks < lines ? lines : writer->breaks;
    writer->is_blank = false;
}

static void start_text(struct writer *writer) {
    bool is_first = writer->out->length == 0;
    for (int i = 0; i < writer->breaks && !is_first; i++) {
        text_append_char(writer->out, '\n');
        for (int q = 0; q < writer->quotes && writer->form == FORM_MARKDOWN; q++) {
            text_append_string(writer->out, "> ");
        }
    }
    if (is_first && writer->form == FORM_MARKDOWN) {
        for (int q = 0; q < writer->quotes; q++) {
            text_append_string(writer->out, "> ");
        }
    }
    if (writer->is_blank && !is_first && writer->breaks == 0) {
        text_append_char(writer->out, ' ');
    }
    writer->breaks = 0;
    writer->is_blank = false;
}

static void put(struct writer *writer, const char *mark) {
    start_text(writer);
    text_append_string(writer->out, mark);
}

/* A mark at the end of a word is put before the blank that follows. */
static void put_behind(struct writer *writer, const char *mark) {
    text_append_string(writer->out, mark);
}

/* Whether Markdown would read the character as markup: as a mark of its own, or with the next one
 * as a tag or a character reference (CommonMark 0.30, 6.6 and 2.5). */
static bool is_markup(char c, struct span rest) {
    char next = '\0';
    if (rest.length > 0) {
        next = rest.data[0];
    }
    bool is_word = isalpha((unsigned char)next) != 0;
    switch (c) {
    case '<':
        return is_word || next == '/' || next == '!' || next == '?';
    case '&':
        return is_word || next == '#';
    default:
        return c != '\0' && strchr("\\*_`[]", c) != NULL;
    }
}

static void put_text(struct writer *writer, struct span escaped) {
    struct text text = {0};
    html_append_unescaped(escaped, &text);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (writer->preformatted > 0) {
            start_text(writer);
            text_append_char(writer->out, c);
        } else if (isspace((unsigned char)c)) {
            writer->is_blank = true;
        } else {
            start_text(writer);
            struct span rest = {text.data + i + 1, text.length - i - 1};
            if (writer->form == FORM_MARKDOWN && is_markup(c, rest)) {
                text_append_char(writer->out, '\\');
            }
            text_append_char(writer->out, c);
        }
    }
    writer->out->failed = writer->out->failed || text.failed;
    text_free(&text);
}

static void put_item(struct writer *writer) {
    break_lines(writer, 1);
    start_text(writer);
    for (int i = 1; i < writer->lists; i++) {
        text_append_string(writer->out, "  ");
    }
    int place = writer->lists > 0 && writer->lists <= LIST_MOST ? writer->lists - 1 : -1;
    if (place >= 0 && writer->numbers[place] > 0) {
        text_append_format(writer->out, "%d. ", writer->numbers[place]++);
    } else {
        text_append_string(writer->out, "- ");
    }
}

static void change_list(struct writer *writer, const struct tag *tag) {
    if (tag->is_end) {
        writer->lists -= writer->lists > 0;
    } else {
        writer->lists++;
        if (writer->lists <= LIST_MOST) {
            writer->numbers[writer->lists - 1] = strcmp(tag->name, "ol") == 0;
        }
    }
    break_lines(writer, writer->lists > 0 ? 1 : 2);
}

static void put_link(struct writer *writer, const struct tag *tag) {
    if (!tag->is_end) {
        text_clear(&writer->link);
        append_attribute(tag, "href", &writer->link);
        if (writer->link.length > 0) {
            put(writer, "[");
        }
    } else if (writer->link.length > 0) {
        put_behind(writer, "](");
        text_append(writer->out, text_span(&writer->link));
        text_append_char(writer->out, ')');
        text_clear(&writer->link);
    }
}

static const struct {
    const char *name, *mark;
} marks[] = {{"b", "**"}, {"strong", "**"}, {"i", "*"}, {"em", "*"}, {"code", "`"}};

static void put_mark(struct writer *writer, const struct tag *tag) {
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strcmp(marks[i].name, tag->name) == 0 && writer->preformatted == 0) {
            (tag->is_end ? put_behind : put)(writer, marks[i].mark);
        }
    }
    bool is_heading =
        tag->name[0] == 'h' && tag->name[1] >= '1' && tag->name[1] <= '6' && tag->name[2] == '\0';
    if (is_heading && !tag->is_end) {
        start_text(writer);
        for (char c = '0'; c < tag->name[1]; c++) {
            text_append_char(writer->out, '#');
        }
        text_append_char(writer->out, ' ');
    }
    if (strcmp(tag->name, "a") == 0) {
        put_link(writer, tag);
    }
}

static void change_block(struct writer *writer, const struct tag *tag) {
    static const char *const paragraphs[] = {"p",  "h1", "h2",         "h3",    "h4", "h5",
                                             "h6", "hr", "blockquote", "table", NULL};
    static const char *const lines[] = {"br", "div", "tr", "dt", "dd", "section", NULL};
    if (is_one_of(tag->name, paragraphs)) {
        break_lines(writer, 2);
    } else if (is_one_of(tag->name, lines)) {
        bool is_break = strcmp(tag->name, "br") == 0;
        break_lines(writer, is_break && writer->breaks > 0 ? writer->breaks + 1 : 1);
    } else if (strcmp(tag->name, "td") == 0 || strcmp(tag->name, "th") == 0) {
        writer->is_blank = true;
    }
}

static void put_pre(struct writer *writer, const struct tag *tag) {
    if (tag->is_end) {
        writer->preformatted -= writer->preformatted > 0;
        break_lines(writer, writer->form == FORM_MARKDOWN ? 1 : 2);
    } else {
        break_lines(writer, 2);
    }
    if (writer->form == FORM_MARKDOWN) {
        put(writer, "```");
        break_lines(writer, tag->is_end ? 2 : 1);
    }
    writer->preformatted += !tag->is_end;
}

static void put_tag(struct writer *writer, const struct tag *tag) {
    change_block(writer, tag);
    if (strcmp(tag->name, "pre") == 0) {
        put_pre(writer, tag);
    } else if (strcmp(tag->name, "blockquote") == 0) {
        writer->quotes += tag->is_end ? -(writer->quotes > 0) : 1;
    } else if (strcmp(tag->name, "ul") == 0 || strcmp(tag->name, "ol") == 0) {
        change_list(writer, tag);
    } else if (strcmp(tag->name, "li") == 0 && !tag->is_end) {
        put_item(writer);
    } else if (writer->form == FORM_MARKDOWN) {
        put_mark(writer, tag);
    }
}

/* The content of a script or a style is not for people. */
static size_t find_hidden_end(struct span rest, const struct tag *tag) {
    struct tag end = {0};
    for (size_t at = tag->whole.length; at < rest.length; at++) {
        struct span from = {rest.data + at, rest.length - at};
        if (*from.data == '<' && read_tag(from, &end) && end.is_end &&
            strcmp(end.name, tag->name) == 0) {
            return at;
        }
    }
    return rest.length;
}

static void write_html(struct span html, enum html_form form, struct text *out) {
    static const char *const hidden[] = {"script", "style", "head", NULL};
    struct writer writer = {.out = out, .form = form};
    for (size_t at = 0; at < html.length;) {
        struct span rest = {html.data + at, html.length - at};
        struct tag tag;
        if (*rest.data == '<' && read_tag(rest, &tag)) {
            put_tag(&writer, &tag);
            at += !tag.is_end && is_one_of(tag.name, hidden) ? find_hidden_end(rest, &tag)
                                                             : tag.whole.length;
            continue;
        }
        const char *next = memchr(rest.data + 1, '<', rest.length - 1);
        size_t length = next == NULL ? rest.length : (size_t)(next - rest.data);
        put_text(&writer, (struct span){rest.data, length});
        at += length;
    }
    text_free(&writer.link);
}

void html_append_text(struct span html, struct text *out) {
    write_html(html, FORM_TEXT, out);
}

void html_append_markdown(struct span html, struct text *out) {
    write_html(html, FORM_MARKDOWN, out);
}
