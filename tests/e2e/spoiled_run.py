"""A migration file on its way into a service, through the proxy that spoils what passes: planned,
applied by a program that is killed again and again, and applied to the end."""

import random
import time

from harness import Program, wait_until
from spoiling_proxy import SETTLE, SpoilingProxy

PASSED_MOST = 25  # requests between two kills
APPLIES_MOST = 10


class SpoiledRun:
    """Everything that the seed decides is the same again, but for the order of what is parallel."""

    def __init__(self, folder, url, seed, *sign_in):
        self.folder = folder
        self.random = random.Random(seed)
        self.proxy = SpoilingProxy(url, seed)
        self.target = ["--to", self.proxy.url, *sign_in, "--settle", SETTLE]
        self.workspace = ["-w", "run.rowpost"]

    def rowpost(self, *arguments):
        return Program([*arguments, *self.workspace], self.folder).end()

    def kill_again_and_again(self, kills):
        """A killed program leaves unanswered requests; the proxy has them carried out."""
        for _ in range(kills):
            enough = len(self.proxy.log) + self.random.randint(1, PASSED_MOST)
            program = Program(["apply", *self.target, *self.workspace], self.folder)
            wait_until(lambda: len(self.proxy.log) >= enough or not program.is_running,
                       "requests have passed")
            time.sleep(self.random.uniform(0, 0.1))
            program.kill()
            self.proxy.wait_until_idle()

    def apply_to_the_end(self):
        """A document that was hit too often in a row may have been given up as refused."""
        for _ in range(APPLIES_MOST):
            result = self.rowpost("apply", *self.target, "--retry-refused")
            if result.status == 0:
                break
        self.proxy.be_honest()
        return result

    def apply_again(self):
        """The result, and the methods of the requests that it has sent."""
        passed = len(self.proxy.log)
        result = self.rowpost("apply", *self.target)
        return result, {entry["method"] for entry in self.proxy.log[passed:]}

    def show_log(self):
        print("\n".join(f"# {entry}" for entry in self.proxy.log), flush=True)

    def close(self):
        self.proxy.close()
