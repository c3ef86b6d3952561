#define _DEFAULT_SOURCE /* explicit_bzero */
#include "cli/password_prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/interrupt.h"

enum { LONGEST_PASSWORD = 1024 };

/* The terminal itself: standard input may come from elsewhere. */
static int open_terminal(void) {
    return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

bool password_prompt_is_possible(void) {
    int terminal = isatty(STDIN_FILENO) ? open_terminal() : -1;
    if (terminal < 0) {
        return false;
    }
    close(terminal);
    return true;
}

/* A line of the terminal; -1 with the error where there is none. */
static int read_line(int terminal, struct text *password, struct error *error) {
    char line[LONGEST_PASSWORD];
    ssize_t size = read(terminal, line, sizeof line);
    int rc = -1;
    if (interrupt_requested()) {
        interrupt_set_error(error, " at the question for a password");
    } else if (size <= 0 || line[size - 1] != '\n') {
        error_set(error, ERROR_USAGE, "no password was typed");
    } else {
        text_append(password, (struct span){line, (size_t)size - 1});
        rc = text_check(password, error);
    }
    explicit_bzero(line, sizeof line);
    return rc;
}

int password_prompt(const char *question, struct text *password, struct error *error) {
    struct termios before;
    int terminal = open_terminal();
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0) {
            close(terminal);
        }
        return error_set(error, ERROR_USAGE, "there is no terminal to ask for a password: %s",
                         strerror(errno));
    }
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
    silent.c_lflag |= (tcflag_t)(ECHONL | ICANON | ISIG);
    tcsetattr(terminal, TCSAFLUSH, &silent);
    text_reserve(password, LONGEST_PASSWORD);
    int rc = -1;
    if (write(terminal, question, strlen(question)) < 0) {
        error_set(error, ERROR_USAGE, "the terminal cannot be written to: %s", strerror(errno));
    } else {
        rc = read_line(terminal, password, error);
    }
    tcsetattr(terminal, TCSAFLUSH, &before);
    close(terminal);
    return rc;
}
