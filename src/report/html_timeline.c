#include <math.h>
#include <stdio.h>

#include "report/history.h"
#include "report/html_sections_private.h"
#include "report/html_svg_private.h"
#include "report/html_time_private.h"
#include "workspace/attempts.h"

#define SECOND 1e6

/* A picture's measures: the rows share the axis, whose labels are below. */
struct canvas {
    const char *class_name;
    double width;
    size_t ticks; /* at most */
};

static const struct canvas canvases[] = {{"timeline wide", 960, 8}, {"timeline narrow", 340, 3}};

enum { ROW_TOP = 34, RATE_HEIGHT = 96, TIME_HEIGHT = 72, TROUBLE_HEIGHT = 30, BELOW = 26 };
enum { HEIGHT = 3 * ROW_TOP + RATE_HEIGHT + TIME_HEIGHT + TROUBLE_HEIGHT + BELOW };

/* One row of the picture: where its ground is and what its height means. */
struct row {
    double ground, height, top_value;
};

double html_round_up(double most) {
    static const double steps[] = {1, 2, 5, 10};
    if (most <= 0) {
        return 1;
    }
    double power = pow(10, floor(log10(most)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i] * power >= most) {
            return steps[i] * power;
        }
    }
    return 10 * power;
}

static double rate_of(const struct history_sitting *sitting, int64_t count) {
    return (double)count * SECOND / (double)sitting->width;
}

struct peaks {
    double rate, slow, troubles;
};

static struct peaks find_peaks(const struct history_sitting *sitting) {
    struct peaks peaks = {0};
    for (size_t i = 0; i < sitting->slice_count; i++) {
        const struct history_slice *slice = &sitting->slices[i];
        double rate = rate_of(sitting, slice->delivered + slice->read_back);
        peaks.rate = fmax(peaks.rate, rate);
        peaks.slow = fmax(peaks.slow, (double)slice->slow);
        peaks.troubles = fmax(peaks.troubles, (double)slice->troubles);
    }
    return peaks;
}

static void draw_frame(struct html *html, const struct canvas *canvas, const struct row *row,
                       const char *title, struct span top) {
    svg_text(html, "stage", "start", 0, row->ground - row->height - 7, span_of(title));
    svg_text(html, "tick", "end", canvas->width, row->ground - row->height - 7, top);
    svg_line(html, "grid", 0, row->ground - row->height, canvas->width, row->ground - row->height);
    svg_line(html, "ground", 0, row->ground, canvas->width, row->ground);
}

/* A bar of the slice, on top of what is below it; returns where it ends. A value above 0 is seen,
 * however small. */
static double draw_bar(struct html *html, const struct canvas *canvas, const struct row *row,
                       const struct history_sitting *sitting, size_t slice, const char *class_name,
                       double below, double value) {
    if (value <= 0) {
        return below;
    }
    double width = canvas->width / (double)sitting->slice_count;
    double gap = width > 3 ? 1 : 0;
    double height = fmax(row->height * value / row->top_value, 1);
    svg_rectangle(html, class_name,
                  (struct svg_box){width * (double)slice, below - height, width - gap, height});
    return below - height;
}

static void draw_rates(struct html *html, const struct canvas *canvas,
                       const struct history_sitting *sitting, double peak) {
    struct row row = {ROW_TOP + RATE_HEIGHT, RATE_HEIGHT, html_round_up(peak)};
    char top[HTML_NUMBER_SIZE];
    snprintf(top, sizeof top, "%g a second", row.top_value);
    draw_frame(html, canvas, &row, "Documents a second", span_of(top));
    for (size_t i = 0; i < sitting->slice_count; i++) {
        const struct history_slice *slice = &sitting->slices[i];
        double end = draw_bar(html, canvas, &row, sitting, i, "bar good", row.ground,
                              rate_of(sitting, slice->delivered));
        draw_bar(html, canvas, &row, sitting, i, "bar second", end,
                 rate_of(sitting, slice->read_back));
    }
}

static void draw_times(struct html *html, const struct canvas *canvas,
                       const struct history_sitting *sitting, double peak) {
    struct row row = {2 * ROW_TOP + RATE_HEIGHT + TIME_HEIGHT, TIME_HEIGHT, html_round_up(peak)};
    draw_frame(html, canvas, &row, "Answer time", html_duration((int64_t)row.top_value));
    for (size_t i = 0; i < sitting->slice_count; i++) {
        const struct history_slice *slice = &sitting->slices[i];
        draw_bar(html, canvas, &row, sitting, i, "bar late", row.ground, (double)slice->slow);
        draw_bar(html, canvas, &row, sitting, i, "bar answer", row.ground, (double)slice->typical);
    }
}

static void draw_troubles(struct html *html, const struct canvas *canvas,
                          const struct history_sitting *sitting, double peak) {
    struct row row = {3 * ROW_TOP + RATE_HEIGHT + TIME_HEIGHT + TROUBLE_HEIGHT, TROUBLE_HEIGHT,
                      html_round_up(peak)};
    char top[HTML_NUMBER_SIZE];
    snprintf(top, sizeof top, "%g", row.top_value);
    draw_frame(html, canvas, &row, "Requests that went wrong", span_of(peak > 0 ? top : "none"));
    for (size_t i = 0; i < sitting->slice_count; i++) {
        draw_bar(html, canvas, &row, sitting, i, "bar bad", row.ground,
                 (double)sitting->slices[i].troubles);
    }
}

/* When the slice begins; with tenths of a second where slices are shorter than one. */
static struct span clock_at(const struct history_sitting *sitting, size_t slice,
                            struct html_time *time) {
    int64_t moment = sitting->first + (int64_t)slice * sitting->width;
    return sitting->width < (int64_t)SECOND ? html_format_tenths(time, moment)
                                            : html_format_clock(time, moment);
}

/* As many labels as have room, at the beginnings of slices. */
static void draw_axis(struct html *html, const struct canvas *canvas,
                      const struct history_sitting *sitting) {
    double slice_width = canvas->width / (double)sitting->slice_count;
    size_t step = (sitting->slice_count + canvas->ticks - 1) / canvas->ticks;
    double y = HEIGHT - BELOW;
    struct html_time time;
    for (size_t i = 0; i < sitting->slice_count; i += step) {
        double x = slice_width * (double)i;
        if (x > canvas->width - 56) {
            break;
        }
        svg_line(html, "ground", x, y, x, y + 5);
        svg_text(html, "tick", "start", x, y + 19, clock_at(sitting, i, &time));
    }
}

static void draw(struct html *html, const struct canvas *canvas,
                 const struct history_sitting *sitting) {
    struct peaks peaks = find_peaks(sitting);
    svg_begin(html, canvas->class_name, canvas->width, HEIGHT,
              "The delivery over time; the same is below as a table");
    draw_rates(html, canvas, sitting, peaks.rate);
    draw_times(html, canvas, sitting, peaks.slow);
    draw_troubles(html, canvas, sitting, peaks.troubles);
    draw_axis(html, canvas, sitting);
    svg_end(html);
}

static void write_slices(struct html *html, const struct history_sitting *sitting) {
    struct html_time time;
    const struct html_table table = {
        .class_name = "figures",
        .label = "The delivery over time",
        .caption = "Times in UTC; answer times are exact to 5 %; slices of ",
        .note = html_duration(sitting->width).data,
        .columns = {"From", "Delivered", "Read back", "Typical answer", "Nine of ten within",
                    "Went wrong"},
    };
    html_markup(html, "<details class=\"words\"><summary>The picture as a table</summary>\n");
    html_begin_table(html, &table);
    for (size_t i = 0; i < sitting->slice_count; i++) {
        const struct history_slice *slice = &sitting->slices[i];
        bool is_answered = slice->answered > 0;
        html_put(html,
                 "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
                 "<td>{}</td></tr>\n",
                 clock_at(sitting, i, &time), html_number(slice->delivered),
                 html_number(slice->read_back),
                 is_answered ? html_duration(slice->typical) : span_of(HTML_DASH),
                 is_answered ? html_duration(slice->slow) : span_of(HTML_DASH),
                 html_number(slice->troubles));
    }
    html_end_table(html, &table);
    html_markup(html, "</details>\n");
}

static void write_sitting(struct html *html, const struct history_sitting *sitting) {
    html_markup(html, "<figure><figcaption><strong>");
    html_write_moment(html, sitting->begin);
    html_markup(html, "</strong> to ");
    html_write_moment(html, sitting->end);
    html_put(html, ": {} {} in {}. The axis is in UTC.</figcaption>\n",
             html_number(sitting->attempts), html_plural(sitting->attempts, "request", "requests"),
             html_duration(sitting->end - sitting->begin));
    for (size_t i = 0; i < sizeof canvases / sizeof *canvases; i++) {
        draw(html, &canvases[i], sitting);
    }
    html_markup(html, "</figure>\n");
    write_slices(html, sitting);
}

static const char *const purposes[PURPOSE_COUNT] = {[PURPOSE_POST] = "Delivering a document",
                                                    [PURPOSE_LOOK_UP] = "Looking a document up",
                                                    [PURPOSE_VERIFY] = "Reading a document back",
                                                    [PURPOSE_UPDATE] = "Changing a record",
                                                    [PURPOSE_UNDO] = "Removing a record"};

static void write_timing(void *context, const struct timing *timing) {
    struct html *html = context;
    html_put(html, "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td>",
             span_of(purposes[timing->purpose]), html_number(timing->attempts),
             html_number(timing->answered));
    for (size_t i = 0; i < TIMING_RANK_COUNT; i++) {
        html_put(html, "<td>{}</td>",
                 timing->answered > 0 ? html_duration(timing->ranks[i]) : span_of(HTML_DASH));
    }
    html_markup(html, "</tr>\n");
}

static void write_percentiles(struct html *html) {
    static const struct html_table table = {
        .class_name = "figures",
        .labelled_by = "answer-times",
        .caption =
            "The typical answer is the median: half of the answers came sooner. All requests "
            "of all times.",
        .columns = {"For", "Requests", "Answered", "Typical", "90 % within", "99 % within",
                    "Longest"},
    };
    html_markup(html, "<h3 id=\"answer-times\">How quickly the target answered</h3>\n");
    html_begin_table(html, &table);
    html_check(html,
               attempts_each_timing(html->report->workspace, write_timing, html, &html->error));
    html_end_table(html, &table);
}

static void write_sittings(struct html *html, const struct history *history) {
    html_markup(html, "<p class=\"key\"><span class=\"swatch good\"></span> delivered "
                      "<span class=\"swatch second\"></span> read back "
                      "<span class=\"swatch answer\"></span> typical answer "
                      "<span class=\"swatch late\"></span> nine of ten answers within "
                      "<span class=\"swatch bad\"></span> went wrong</p>\n");
    if (history->earlier > 0) {
        html_put(html, "<p>The last {} runs are drawn; there were {} before them.</p>\n",
                 html_number((int64_t)history->count), html_number(history->earlier));
    }
    for (size_t i = 0; i < history->count; i++) {
        write_sitting(html, &history->sittings[i]);
    }
    html_write_faults(html);
    write_percentiles(html);
}

void html_write_timeline(struct html *html, const struct html_content *content) {
    const struct history *history = content->history;
    if (history->count == 0) {
        html_markup(html, "<p>Nothing has been sent yet.</p>\n");
        return;
    }
    html_put(html, "<p>{} {} in {}, with pauses left out.</p>\n", html_number(history->attempts),
             html_plural(history->attempts, "request", "requests"),
             html_duration(history->duration));
    write_sittings(html, history);
}
