/* Hexadecimal digits, of either case. */
#ifndef ROWPOST_BASE_HEX_H
#define ROWPOST_BASE_HEX_H

/* The value of the digit, or -1 if it is not a digit. */
static inline int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    char letter = (char)(digit | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

#endif
