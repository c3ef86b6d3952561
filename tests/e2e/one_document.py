"""Scenes about one document, a user or a campaign, on its way to the target."""

import pathlib
import shutil
import tempfile

from harness import AS_OF, Program
from legacy import make_campaign, make_user
from scene import Scene

PATHS = {"user": "/api/users/", "campaign": "/api/campaigns/migrate/"}
MAKERS = {"user": make_user, "campaign": make_campaign}


def plan_one(folder, thing):
    """A workspace with one document, the thing."""
    MAKERS[thing](folder / f"{thing}.db").close()
    options = ["--from", f"{thing}.db", "--as-of", AS_OF, "-w", f"{thing}.rowpost"]
    result = Program(["plan", *options], folder).end()
    if result.status != 0:
        raise AssertionError(result.err)


class OneDocument(Scene):
    """Workspaces with one document each are planned once and copied for each test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.plans = pathlib.Path(folder.name)
        for thing in PATHS:
            plan_one(cls.plans, thing)

    def take_plan(self, thing):
        shutil.copyfile(self.plans / f"{thing}.rowpost", self.workspace)

    def body(self, thing):
        """What is planned to be sent."""
        (body,) = self.exports("validators" if thing == "user" else "campaigns").values()
        return body

    def apply(self, *more):
        return self.rowpost("apply", *self.target, *more)

    def attempts(self):
        """From the first post on, if there was one: a user is looked up before it is sent."""
        attempts = self.read().rows("SELECT * FROM attempt ORDER BY id")
        posts = [at for at, attempt in enumerate(attempts) if attempt["purpose"] == "post"]
        return attempts[posts[0] :] if posts else attempts

    def outcomes(self):
        """Without the steps of one look-up, which reads a campaign's reports one by one; and
        without the looks at a missing record that came before the request was settled."""
        outcomes = [attempt["outcome"] for attempt in self.attempts()]
        outcomes = [outcome for outcome in outcomes if outcome != "equal so far"]
        pairs = zip(outcomes, [*outcomes[1:], None])
        return tuple(one for one, following in pairs if (one, following) != ("missing", "missing"))

    def findings(self):
        return self.rowpost("findings", "--json").lines

    def assertStored(self, thing, number):
        counts = self.standin.counts()
        self.assertEqual(counts["users"] + counts["campaigns"], number, counts)
        self.assertEqual(counts["reports"], 2 * number if thing == "campaign" else 0)
        self.assertEqual(self.standin.state()["orphans"], [])

    def assertGoesOn(self, thing):
        """Without the fault the same command ends well, and the record is there once."""
        self.standin.faults()
        result = self.apply()
        self.assertStatus(result, 0)
        self.assertStored(thing, 1)
        (state,) = self.states()
        self.assertIn(state, ("delivered", "present"))
        self.assertStatus(self.rowpost("verify", *self.target, "--deep"), 0)
