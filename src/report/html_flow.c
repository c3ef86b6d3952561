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

/* From left to right. */
static const double stage_x[FLOW_STAGES] = {0, 158, 376, 560, 786};

enum { WIDE = 960, WIDE_TOP = 30, WIDE_EXTENT = 250, WIDE_GAP = 22, WIDE_LEAST = 4 };

static void draw_across(struct html *html, struct flow *flow) {
    char class_name[CLASS_SIZE];
    flow_lay_out(flow, (struct flow_room){WIDE_EXTENT, WIDE_GAP, WIDE_LEAST});
    svg_begin(html, "flow wide", WIDE, WIDE_TOP + WIDE_EXTENT + 14,
              "The summary as a flow; the same is below in words");
    for (enum flow_stage stage = 0; stage < FLOW_STAGES; stage++) {
        svg_text(html, "stage", "start", stage_x[stage], 13, span_of(stage_titles[stage]));
    }
    for (size_t i = 0; i < flow->link_count; i++) {
        const struct flow_link *link = &flow->links[i];
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

/* Downwards: below each stage's bars a line for each of its places. */
enum { NARROW = 340, NARROW_GAP = 6, NARROW_LEAST = 4, LINE = 24, SWATCH = 10 };

static double draw_stage_down(struct html *html, const struct flow *flow, enum flow_stage stage,
                              double y) {
    char class_name[CLASS_SIZE];
    double line = y + BAR + LINE - 4;
    for (enum flow_place place = 0; place < FLOW_PLACES; place++) {
        const struct flow_node *node = &flow->nodes[place];
        if (flow_meanings[place].stage != stage || node->count == 0) {
            continue;
        }
        svg_rectangle(html, class_of("bar", place, class_name),
                      (struct svg_box){node->offset, y, node->size, BAR});
        svg_rectangle(html, class_of("bar", place, class_name),
                      (struct svg_box){4, line - SWATCH, SWATCH, SWATCH});
        put_label(html, 4 + SWATCH + 8, line, place, node->count);
        line += LINE;
    }
    return line;
}

static void draw_down(struct html *html, struct flow *flow) {
    char class_name[CLASS_SIZE];
    double tops[FLOW_STAGES];
    double y = 0;
    for (enum flow_stage stage = 0; stage < FLOW_STAGES; stage++) {
        tops[stage] = y;
        y += BAR + 14;
        for (enum flow_place place = 0; place < FLOW_PLACES; place++) {
            y += flow_meanings[place].stage == stage && flow->nodes[place].count > 0 ? LINE : 0;
        }
    }
    flow_lay_out(flow, (struct flow_room){NARROW, NARROW_GAP, NARROW_LEAST});
    svg_begin(html, "flow narrow", NARROW, y, "The summary as a flow; the same is below in words");
    for (size_t i = 0; i < flow->link_count; i++) {
        const struct flow_link *link = &flow->links[i];
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
    svg_end(html);
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

void html_write_flow(struct html *html, const struct flow *flow) {
    struct flow drawn = *flow;
    html_markup(html, "<section aria-labelledby=\"summary\">\n"
                      "<h2 id=\"summary\">What became of every row</h2>\n"
                      "<p>Every source row ends as used, skipped by a rule, or rejected. The used "
                      "rows become documents, and each document ends in exactly one place. Widths "
                      "are true to the figures, but for the smallest, which are drawn large enough "
                      "to be seen; several rows may become one document.</p>\n<figure>\n");
    draw_across(html, &drawn);
    draw_down(html, &drawn);
    html_markup(html, "</figure>\n");
    write_words(html, flow);
}
