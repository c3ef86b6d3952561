"""A real terminal, by tmux on a socket of its own: a shell in a window of 80 by 24, what is typed
there, and what a person sees."""

import subprocess

from harness import environment, wait_until

PACKAGES = ["tmux"]
COLUMNS, LINES = 80, 24
PROMPT = "$ "


class Window:
    """A shell in a window. Its folder has tmux's socket, too."""

    def __init__(self, folder):
        self.socket = folder / "tmux"
        shell = ["env", f"PS1={PROMPT}", "ENV=", "sh"]
        self.tmux("new-session", "-d", "-x", COLUMNS, "-y", LINES, "-c", folder, *shell)
        self.wait_for_prompt()

    def tmux(self, *words):
        command = ["tmux", "-S", self.socket, "-f", "/dev/null", *map(str, words)]
        return subprocess.run(command, env=environment(LC_ALL="C.UTF-8"), check=True,
                              stdout=subprocess.PIPE, text=True).stdout

    def close(self):
        self.tmux("kill-server")

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def press(self, key):
        self.tmux("send-keys", key)

    def enter(self, line):
        self.type(line)
        self.press("Enter")

    def rows(self):
        """The rows of the screen, as they are shown."""
        return self.tmux("capture-pane", "-p").split("\n")[:-1]

    def text(self):
        """The screen, with the rows joined that are one line."""
        return self.tmux("capture-pane", "-p", "-J")

    def cursor(self):
        column, row = self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        return int(column), int(row)

    def before_cursor(self):
        """What is on the cursor's row before it, without blanks at its end."""
        column, row = self.cursor()
        return self.rows()[row][:column].rstrip()

    def resize(self, columns):
        self.tmux("resize-window", "-x", columns, "-y", LINES)

    def wait_for(self, words):
        wait_until(lambda: words in self.text(), f"{words!r} is on the screen")

    def wait_for_prompt(self):
        """Until the shell waits for the next line, and nothing is behind its prompt."""
        prompt = PROMPT.rstrip()
        wait_until(lambda: self.rows()[self.cursor()[1]] == prompt, "the shell waits")
