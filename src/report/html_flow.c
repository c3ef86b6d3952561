#include <stdio.h>

#include "report/html_sections_private.h"
#include "report/html_svg_private.h"

enum { CLASS_SIZE = 32, BAR = 10 };

static const char *const stage_titles[FLOW_STAGES] = {
    [FLOW_ROWS] = "Source",          [FLOW_OUTCOMES] = "Each row was",
    [FLOW_DOCUMENTS] = "Planned",    [FLOW_STATES] = "Each document was",
    [FLOW_VERDICTS] = "Then it was",
};

static struct span noun_of(enum flow_place place, int64_t count) {
    return html_plural(count, flow_meanings[place].one, flow_meanings[place].many);
}

/* "band good": a shape in the tone of its place. */
static const char *class_of(const char *shape, enum flow_place place, char buffer[CLASS_SIZE]) {
    snprintf(buffer, CLASS_SIZE, "%s %s", shape, flow_meanings[place].tone);
    return buffer;
}

static void put_label(struct html *html, double x, double y, enum flow_place place, int64_t count) {
    svg_figure(html, x, y, html_number(count), noun_of(place, count));
}

/* From left to right; the break is between two stages. */
static const double stage_x[FLOW_STAGES] = {0, 168, 400, 590, 800};

enum { WIDE = 960, WIDE_TOP = 52, WIDE_EXTENT = 250, WIDE_GAP = 22, WIDE_LEAST = 4 };
enum { UNIT_LINE = 13, STAGE_LINE = 36, BREAK_X = 362, BREAK_TOOTH = 5 };

static void draw_units_across(struct html *html) {
    double bottom = WIDE_TOP + WIDE_EXTENT;
    svg_text(html, "unit", "start", 0, UNIT_LINE, span_of("Source rows"));
    svg_text(html, "unit", "start", stage_x[FLOW_DOCUMENTS], UNIT_LINE, span_of("Documents"));
    for (int tooth = 0; UNIT_LINE - 8 + tooth * 4 * BREAK_TOOTH < bottom; tooth++) {
        double y = UNIT_LINE - 8 + tooth * 4 * BREAK_TOOTH;
        double middle = y + 2 * BREAK_TOOTH;
        svg_line(html, "break", BREAK_X, y, BREAK_X + BREAK_TOOTH, middle);
        svg_line(html, "break", BREAK_X + BREAK_TOOTH, middle, BREAK_X, middle + 2 * BREAK_TOOTH);
    }
}

static void draw_bands_across(struct html *html, const struct flow *flow) {
    char class_name[CLASS_SIZE];
    for (size_t i = 0; i < flow->link_count; i++) {
        const struct flow_link *link = &flow->links[i];
        if (flow_is_break(link)) {
            continue;
        }
        svg_band_across(html, class_of("band", link->to, class_name),
                        (struct svg_band){
                            .from_x = stage_x[flow_meanings[link->from].stage] + BAR,
                            .from_y = WIDE_TOP + link->from_offset,
                            .from_size = link->from_size,
                            .to_x = stage_x[flow_meanings[link->to].stage],
                            .to_y = WIDE_TOP + link->to_offset,
                            .to_size = link->to_size,
                        });
    }
}

static void draw_across(struct html *html, struct flow *flow) {
    char class_name[CLASS_SIZE];
    flow_lay_out(flow, (struct flow_room){WIDE_EXTENT, WIDE_GAP, WIDE_LEAST});
    svg_begin(html, "flow wide", WIDE, WIDE_TOP + WIDE_EXTENT + 14,
              "The summary as a flow; the same is below in words");
    draw_units_across(html);
    for (enum flow_stage stage = 0; stage < FLOW_STAGES; stage++) {
        svg_text(html, "stage", "start", stage_x[stage], STAGE_LINE, span_of(stage_titles[stage]));
    }
    draw_bands_across(html, flow);
    for (enum flow_place place = 0; place < FLOW_PLACES; place++) {
        const struct flow_node *node = &flow->nodes[place];
        if (node->count > 0) {
            double x = stage_x[flow_meanings[place].stage];
            svg_rectangle(html, class_of("bar", place, class_name),
                          (struct svg_box){x, WIDE_TOP + node->offset, BAR, node->size});
            put_label(html, x + BAR + 8, WIDE_TOP + node->offset + node->size / 2 + 5, place,
                      node->count);
        }
    }
    svg_end(html);
}

/* Downwards: bars and bands at the left, and next to each stage's bars a line for each of its
 * places. */
enum { NARROW = 340, NARROW_EXTENT = 116, NARROW_GAP = 6, NARROW_LEAST = 4 };
enum { LINE = 24, SWATCH = 10, LABEL_X = NARROW_EXTENT + 24, STAGE_GAP = 40, BREAK_HEIGHT = 34 };

static void draw_stage_down(struct html *html, const struct flow *flow, enum flow_stage stage,
                            double y) {
    char class_name[CLASS_SIZE];
    double line = y + SWATCH;
    for (enum flow_place place = 0; place < FLOW_PLACES; place++) {
        const struct flow_node *node = &flow->nodes[place];
        if (flow_meanings[place].stage != stage || node->count == 0) {
            continue;
        }
        svg_rectangle(html, class_of("bar", place, class_name),
                      (struct svg_box){node->offset, y, node->size, BAR});
        svg_rectangle(html, class_of("bar", place, class_name),
                      (struct svg_box){LABEL_X, line - SWATCH, SWATCH, SWATCH});
        put_label(html, LABEL_X + SWATCH + 8, line, place, node->count);
        line += LINE;
    }
}

/* Where each stage's bars begin; returns where the picture ends. */
static double place_down(const struct flow *flow, double tops[FLOW_STAGES]) {
    double y = 2;
    for (enum flow_stage stage = 0; stage < FLOW_STAGES; stage++) {
        double lines = 0;
        tops[stage] = y;
        for (enum flow_place place = 0; place < FLOW_PLACES; place++) {
            lines += flow_meanings[place].stage == stage && flow->nodes[place].count > 0;
        }
        y += lines > 1 ? LINE * lines + STAGE_GAP - LINE : STAGE_GAP;
        y += stage == FLOW_LAST_OF_ROWS ? BREAK_HEIGHT : 0;
    }
    return y;
}

static void draw_break_down(struct html *html, double y) {
    for (int x = 0; x < NARROW; x += 4 * BREAK_TOOTH) {
        double middle = x + 2 * BREAK_TOOTH;
        svg_line(html, "break", x, y, middle, y + BREAK_TOOTH);
        svg_line(html, "break", middle, y + BREAK_TOOTH, middle + 2 * BREAK_TOOTH, y);
    }
    svg_text(html, "unit", "start", 0, y - 8, span_of("Above: source rows"));
    svg_text(html, "unit", "end", NARROW, y - 8, span_of("Below: documents"));
}

static void draw_down(struct html *html, struct flow *flow) {
    char class_name[CLASS_SIZE];
    double tops[FLOW_STAGES];
    double end = place_down(flow, tops);
    flow_lay_out(flow, (struct flow_room){NARROW_EXTENT, NARROW_GAP, NARROW_LEAST});
    svg_begin(html, "flow narrow", NARROW, end,
              "The summary as a flow; the same is below in words");
    for (size_t i = 0; i < flow->link_count; i++) {
        const struct flow_link *link = &flow->links[i];
        if (flow_is_break(link)) {
            continue;
        }
        svg_band_down(html, class_of("band", link->to, class_name),
                      (struct svg_band){
                          .from_x = link->from_offset,
                          .from_y = tops[flow_meanings[link->from].stage] + BAR,
                          .from_size = link->from_size,
                          .to_x = link->to_offset,
                          .to_y = tops[flow_meanings[link->to].stage],
                          .to_size = link->to_size,
                      });
    }
    for (enum flow_stage stage = 0; stage < FLOW_STAGES; stage++) {
        draw_stage_down(html, flow, stage, tops[stage]);
    }
    draw_break_down(html, tops[FLOW_LAST_OF_ROWS + 1] - 16);
    svg_end(html);
}

static void write_key(struct html *html) {
    static const struct {
        const char *tone, *meaning;
    } tones[] = {{"plain", "counted"},
                 {"good", "on the target as planned"},
                 {"wait", "not complete"},
                 {"bad", "needs attention"},
                 {"quiet", "left out on purpose"}};
    html_markup(html, "<p class=\"key\">");
    for (size_t i = 0; i < sizeof tones / sizeof *tones; i++) {
        html_put(html, "<span class=\"swatch {}\"></span> {} ", span_of(tones[i].tone),
                 span_of(tones[i].meaning));
    }
    html_markup(html, "</p>\n");
}

/* The same in words: one item a stage. */
static void write_words(struct html *html, const struct flow *flow) {
    html_markup(html, "<details class=\"words\"><summary>The picture in words</summary>\n<dl>\n");
    for (enum flow_stage stage = 0; stage < FLOW_STAGES; stage++) {
        html_put(html, "<dt>{}</dt><dd>", span_of(stage_titles[stage]));
        const char *separator = "";
        for (enum flow_place place = 0; place < FLOW_PLACES; place++) {
            if (flow_meanings[place].stage == stage && flow->nodes[place].count > 0) {
                html_put(html, "{}<strong>{}</strong> {}", span_of(separator),
                         html_number(flow->nodes[place].count),
                         noun_of(place, flow->nodes[place].count));
                separator = ", ";
            }
        }
        html_markup(html, *separator == '\0' ? "nothing</dd>\n" : "</dd>\n");
    }
    html_markup(html, "</dl></details>\n");
}

void html_write_flow(struct html *html, const struct html_content *content) {
    struct flow drawn = *content->flow;
    html_markup(html,
                "<p>Every source row ends as used, skipped by a rule, or rejected. The used rows "
                "become documents, and each document ends in exactly one place.</p>\n<figure>\n"
                "<figcaption>Rows and documents are different units: several rows may become one "
                "document. At the break the scale changes. On each side of it widths are true to "
                "the figures; only the smallest are drawn wider, so that they can be seen."
                "</figcaption>\n");
    draw_across(html, &drawn);
    draw_down(html, &drawn);
    write_key(html);
    html_markup(html, "</figure>\n");
    write_words(html, content->flow);
    html_write_figures(html, content->summary);
}
