/* A password asked for at the terminal, without echo. */
#ifndef ROWPOST_CLI_PASSWORD_PROMPT_H
#define ROWPOST_CLI_PASSWORD_PROMPT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* True where there is a terminal. */
bool password_prompt_is_possible(void);

/* Writes `question` to the terminal and appends the line that is typed there to `password`, which
 * the caller ends with text_wipe(). ERROR_INTERRUPTED after Ctrl-C. */
int password_prompt(const char *question, struct text *password, struct error *error);

#endif
