#include "report/html_svg_private.h"

/* Numbers are the program's own and need no escaping; a tenth of a pixel is enough. */
#define put_numbers(html, ...) text_append_format(&(html)->out, __VA_ARGS__)

void svg_begin(struct html *html, const char *class_name, double width, double height,
               const char *title) {
    html_put(html, "<svg class=\"{}\" role=\"img\" aria-label=\"{}\"", span_of(class_name),
             span_of(title));
    put_numbers(html, " viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">\n", width, height,
                width, height);
}

void svg_end(struct html *html) {
    html_markup(html, "</svg>\n");
}

void svg_rectangle(struct html *html, const char *class_name, struct svg_box box) {
    html_put(html, "<rect class=\"{}\"", span_of(class_name));
    put_numbers(html, " x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", box.x, box.y,
                box.width, box.height);
}

void svg_line(struct html *html, const char *class_name, double x1, double y1, double x2,
              double y2) {
    html_put(html, "<line class=\"{}\"", span_of(class_name));
    put_numbers(html, " x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", x1, y1, x2, y2);
}

void svg_text(struct html *html, const char *class_name, const char *anchor, double x, double y,
              struct span text) {
    html_put(html, "<text class=\"{}\" text-anchor=\"{}\"", span_of(class_name), span_of(anchor));
    put_numbers(html, " x=\"%.1f\" y=\"%.1f\">", x, y);
    html_put(html, "{}</text>\n", text);
}

void svg_figure(struct html *html, double x, double y, struct span figure, struct span words) {
    put_numbers(html, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">", x, y);
    html_put(html, "<tspan class=\"figure\">{}</tspan> {}</text>\n", figure, words);
}

void svg_band_across(struct html *html, const char *class_name, struct svg_band band) {
    double middle = (band.from_x + band.to_x) / 2;
    html_put(html, "<path class=\"{}\"", span_of(class_name));
    put_numbers(html, " d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", band.from_x, band.from_y,
                middle, band.from_y, middle, band.to_y, band.to_x, band.to_y);
    put_numbers(html, "V%.1fC%.1f %.1f %.1f %.1f %.1f %.1fZ\"/>\n", band.to_y + band.to_size,
                middle, band.to_y + band.to_size, middle, band.from_y + band.from_size, band.from_x,
                band.from_y + band.from_size);
}

void svg_band_down(struct html *html, const char *class_name, struct svg_band band) {
    double middle = (band.from_y + band.to_y) / 2;
    html_put(html, "<path class=\"{}\"", span_of(class_name));
    put_numbers(html, " d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", band.from_x, band.from_y,
                band.from_x, middle, band.to_x, middle, band.to_x, band.to_y);
    put_numbers(html, "H%.1fC%.1f %.1f %.1f %.1f %.1f %.1fZ\"/>\n", band.to_x + band.to_size,
                band.to_x + band.to_size, middle, band.from_x + band.from_size, middle,
                band.from_x + band.from_size, band.from_y);
}
