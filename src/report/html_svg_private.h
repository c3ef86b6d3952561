/* Shapes of a picture in the page, as inline SVG. Lengths are in the units of the picture's own
 * view box, a CSS pixel at its natural size. A class decides how a shape looks (src/report/html/
 * report.css); nothing here knows a colour. */
#ifndef ROWPOST_REPORT_HTML_SVG_PRIVATE_H
#define ROWPOST_REPORT_HTML_SVG_PRIVATE_H

#include "base/span.h"
#include "report/html_writer_private.h"

struct svg_box {
    double x, y, width, height;
};

/* Begins a picture. A screen reader reads its title; the words next to it have the rest. The class
 * decides on which screens it is shown. */
void svg_begin(struct html *html, const char *class_name, double width, double height,
               const char *title);
void svg_end(struct html *html);

void svg_rectangle(struct html *html, const char *class_name, struct svg_box box);
void svg_line(struct html *html, const char *class_name, double x1, double y1, double x2,
              double y2);

/* The anchor is SVG's: "start", "middle" or "end". */
void svg_text(struct html *html, const char *class_name, const char *anchor, double x, double y,
              struct span text);

/* A figure in bold and what it counts, on one line. */
void svg_figure(struct html *html, double x, double y, struct span figure, struct span words);

/* A band that flows from an edge to an edge: upright edges, from left to right. */
struct svg_band {
    double from_x, from_y, from_size;
    double to_x, to_y, to_size;
};
void svg_band_across(struct html *html, const char *class_name, struct svg_band band);

/* The same with lying edges, from top to bottom: the sizes go along x. */
void svg_band_down(struct html *html, const char *class_name, struct svg_band band);

#endif
