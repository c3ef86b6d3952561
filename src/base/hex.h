/* Hexadecimal digits, of either case. */
#ifndef ROWPOST_BASE_HEX_H
#define ROWPOST_BASE_HEX_H

/* What the digit stands for, or -1 where it is none. */
static inline int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    char letter = (char)(digit | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

#endif
