#include "oracle/trace.h"

#include <stdarg.h>
#include <stdio.h>

enum { HEADER = 8, TYPE = 4, SHOWN = 4096, A_LINE = 32, LINE_SIZE = 256 };

static void tell_bytes(const struct trace *trace, const unsigned char *bytes, size_t length) {
    char line[LINE_SIZE];
    size_t used = (size_t)snprintf(line, sizeof line, "   ");
    for (size_t i = 0; i < length; i++) {
        used += (size_t)snprintf(line + used, sizeof line - used, " %02x", bytes[i]);
    }
    trace->tell(trace->context, line);
}

void trace_packet(const struct trace *trace, const char *direction, const unsigned char *packet,
                  size_t length) {
    if (trace->tell == NULL) {
        return;
    }
    trace_note(trace, "%s type %d, %zu bytes%s", direction, packet[TYPE], length,
               trace->is_masked ? ", masked" : "");
    if (trace->is_masked) {
        tell_bytes(trace, packet, HEADER);
        return;
    }
    size_t shown = length > SHOWN ? SHOWN : length;
    for (size_t at = 0; at < shown; at += A_LINE) {
        tell_bytes(trace, packet + at, shown - at > A_LINE ? A_LINE : shown - at);
    }
    if (shown < length) {
        trace_note(trace, "    ... %zu bytes more", length - shown);
    }
}

void trace_note(const struct trace *trace, const char *format, ...) {
    char line[LINE_SIZE];
    va_list arguments;
    if (trace->tell == NULL) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    trace->tell(trace->context, line);
}
