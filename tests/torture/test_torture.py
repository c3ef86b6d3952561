"""Every call that can fail is made to fail. Whatever the command reports, it ends by itself, and
the same command without the failure leads to where it would have led."""

import unittest

from torture import IS_LONG, USERS, Torture

HOW = {
    "malloc": ("ENOMEM",),
    "read": ("EIO", "EINTR", "short"),
    "write": ("EIO", "ENOSPC", "EINTR", "short"),
    "sync": ("EIO",),
    "open": ("EIO", "EMFILE", "EACCES"),
    "lock": ("EIO", "ENOLCK", "EINTR"),
    "resize": ("ENOSPC", "EINTR"),
    "socket": ("EMFILE", "ETIMEDOUT"),
    "send": ("ECONNRESET", "EPIPE", "EINTR", "short"),
    "receive": ("ECONNRESET", "EINTR", "short"),
    "rename": ("EIO",),
}
POINTS = 60  # of each command, in a run that is not long


class Failures(Torture):
    """A call fails once, the n-th of its class."""

    def choose_points(self, counts):
        """(class, n, how): every one in a long run; else some of each class, by chance."""
        points = [
            (name, n, how)
            for name, count in counts.items()
            for n in range(1, count + 1)
            for how in HOW.get(name, ())
        ]
        if IS_LONG:
            return points
        classes = sorted({name for name, _, _ in points})
        return [
            self.random.choice([point for point in points if point[0] == name])
            for name in (classes * POINTS)[:POINTS]
        ]

    def meet(self, prepare, command, check):
        """`check(result)` receives how the struck command ended, before it runs again."""
        prepare()
        counts = self.count_calls(*command)
        for name, n, how in self.each(self.choose_points(counts)):
            with self.subTest(fault=f"{name}:{n}:{how}"):
                prepare()
                result = self.under_shim(*command, ROWPOST_SHIM_FAIL=f"{name}:{n}:{how}")
                self.assertIn(result.status, range(6), result.err)
                self.assertNotIn("damaged", result.err)
                check(result)

    def test_plan_that_meets_a_failure_is_made_by_the_next_plan(self):
        self.put_back(self.planned)
        expected = self.rowpost("export").out
        command = ["plan", *self.plan, "-q"]

        def check(result):
            if result.status != 0:
                self.assertNotEqual(result.err, "")
                self.assertStatus(self.rowpost(*command), 0)
            self.assertEqual(self.rowpost("export").out, expected)

        self.meet(lambda: self.put_back(None), command, check)

    def test_apply_that_meets_a_failure_is_finished_by_the_next_apply(self):
        command = ["apply", *self.target, "-q"]

        def prepare():
            self.empty_target()
            self.put_back(self.planned)

        def check(result):
            if result.status == 0:
                self.assertTargetHolds()
            self.assertStatus(self.rowpost(*command, "--retry-refused"), 0)
            self.assertEverythingOnce()

        self.meet(prepare, command, check)

    def test_verify_that_meets_a_failure_calls_nothing_equal_that_it_has_not_read(self):
        command = ["verify", *self.target, "--deep", "-q"]
        self.fill_target()
        kept = self.keep("verified")

        def check(result):
            if result.status == 0:
                verdicts = {row["verdict"] for row in self.documents().values()}
                self.assertEqual(verdicts, {"equal"})
            self.assertNotEqual(result.status, 1, "nothing differs, whatever failed\n" + result.err)
            self.assertStatus(self.rowpost(*command), 0)

        self.meet(lambda: self.put_back(kept), command, check)

    def test_undo_that_meets_a_failure_is_finished_by_the_next_undo(self):
        command = ["undo", *self.target, "--yes", "-q"]

        def check(_result):
            self.assertIn(self.rowpost(*command).status, (0, 1))
            self.assertEqual(self.standin.state()["users"], [])
            users = {key: row for key, row in self.documents().items() if key[0] in USERS}
            self.assertEqual({row["state"] for row in users.values()}, {"pending"})

        self.meet(self.fill_target, command, check)

    def test_report_that_meets_a_failure_leaves_no_part_of_a_report(self):
        report = self.folder / "report.json"
        command = ["report", "-o", report, "-q"]
        self.put_back(self.delivered)
        self.assertStatus(self.rowpost(*command), 0)
        expected = report.read_text()

        def prepare():
            self.put_back(self.delivered)
            report.unlink(missing_ok=True)

        def check(result):
            if result.status == 0:
                self.assertEqual(len(report.read_text()), len(expected))
            else:
                self.assertFalse(report.exists(), result.err)
            self.assertStatus(self.rowpost(*command), 0)

        self.meet(prepare, command, check)

    def test_status_that_meets_a_failure_prints_all_or_says_that_it_could_not(self):
        command = ["status", "--json", "-q"]
        self.put_back(self.delivered)
        expected = self.rowpost(*command).out

        def check(result):
            if result.status == 0:
                self.assertEqual(result.out, expected)
            self.assertEqual(self.rowpost(*command).out, expected)

        self.meet(lambda: self.put_back(self.delivered), command, check)


if __name__ == "__main__":
    unittest.main()
