"""Real shells at a terminal: what they make of a line when the keys that complete it are pressed."""

import os
import pty
import re
import select
import subprocess
import time

PATIENCE = 600.0  # only stops what hangs
START_OF_LINE = "\x01"
END_OF_LINE = "\x05"
TAB = "\t"


class Shell:
    """An interactive shell on a terminal of its own. Its start-up commands are `lines`."""

    def __init__(self, command, folder, lines, environment):
        self.output = b""
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.count = 0
        for line in lines:
            self.write(line + "\n")
        self.wait_for_prompt()

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def write(self, text):
        os.write(self.master, text.encode())

    def wait_for(self, pattern):
        deadline = time.monotonic() + PATIENCE
        while True:
            found = re.search(pattern, self.output, re.DOTALL)
            if found:
                self.output = self.output[found.end():]
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {pattern!r}:\n{self.output.decode()}")
            if select.select([self.master], [], [], 0.2)[0]:
                self.output += os.read(self.master, 65536)

    def wait_for_prompt(self):
        """Until what was typed so far has been carried out. The echo of the line has the sum not
        yet done."""
        self.count += 1
        self.write(f"echo ready-$(({self.count}+1000))\n")
        self.wait_for(rb"ready-%d\r?\n" % (self.count + 1000))

    def complete(self, text, keys=TAB):
        """The words of the line after `text` was typed and `keys` were pressed: they are handed to
        printf instead of the program."""
        self.write(text + keys + START_OF_LINE + "printf '<%s>\\n' " + END_OF_LINE + "\n")
        self.count += 1
        self.write(f"echo ready-$(({self.count}+1000))\n")
        told = self.wait_for(rb"(.*)ready-%d\r?\n" % (self.count + 1000)).group(1).decode()
        return re.findall(r"^<(.*)>\r?$", told, re.MULTILINE)
