"""The last line of a run that fails or is stopped: how long it took, where the documents are, why
the exit status is what it is, and the command that continues, which is pasted into a shell here."""

import json
import re
import signal
import unittest

from harness import AS_OF, PATIENCE, Standin, write_cookies
from legacy import make_clean
from scene import Scene
from volume import open_volume

BEFORE = 3  # requests: whether the target is there, and whether it has the validators
DURATION = r"(\d+\.\d s|\d+ s|\d+ min \d+ s)"


class Failing(Scene):
    """A workspace with a blank in its name; two validators, an administrator and two campaigns."""

    def setUp(self):
        super().setUp()
        self.workspace = self.folder / "the site.rowpost"
        make_clean(self.folder / "legacy.db").close()
        self.plan = ["plan", "-w", self.workspace, "--from", "legacy.db", "--as-of", AS_OF]

    def deliver(self):
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.assertStatus(self.call("apply"), 0)

    def call(self, verb, *more):
        return self.rowpost(verb, "-w", self.workspace, *self.target, *more)

    def stop(self, number, verb, method, skip, *more):
        """The signal comes while a request is under way, after so many others."""
        self.standin.hold(method=method, skip=skip)
        words = [verb, "-w", self.workspace, *self.target, "-j", "1", *more]
        program = self.start(*words)
        self.wait_until_held(program)
        self.interrupt(program, number)
        self.standin.faults()
        result = program.end()
        self.assertStatus(result, 1)
        return result

    def assertEnds(self, result, standing, reason):
        """The last line, without the command."""
        line = result.err.splitlines()[-1]
        place = f", and nothing was lost: {standing}" if standing else ""
        pattern = rf"^Ended after {DURATION}{re.escape(place)}\. "
        because = f"Exit status {result.status}, because {reason}"
        self.assertRegex(line, pattern + re.escape(because))


class Stopped(Failing):
    def test_apply_stopped_by_ctrl_c_shows_what_is_delivered(self):
        self.assertStatus(self.rowpost(*self.plan), 0)
        result = self.stop(signal.SIGINT, "apply", "POST", 1)
        self.assertIn("rowpost: stopped by Ctrl-C\n", result.err)
        standing = "2 of 5 documents delivered, 0 read back and equal"
        self.assertEnds(result, standing, "the run was stopped. Next: ")
        self.assertPastes(result)
        self.assertEqual(self.states(), {"delivered": 5})

    def test_apply_stopped_by_sigterm_names_the_signal(self):
        self.assertStatus(self.rowpost(*self.plan), 0)
        result = self.stop(signal.SIGTERM, "apply", "POST", 1)
        self.assertIn("rowpost: stopped by SIGTERM\n", result.err)
        self.assertPastes(result)
        self.assertEqual(self.states(), {"delivered": 5})

    def test_verify_stopped_by_ctrl_c_shows_what_was_read_back(self):
        self.deliver()
        result = self.stop(signal.SIGINT, "verify", "GET", 2)
        standing = "5 of 5 documents delivered, 2 read back and equal"
        self.assertEnds(result, standing, "the run was stopped. Next: ")
        self.assertPastes(result)

    def test_undo_stopped_by_ctrl_c_shows_what_is_left(self):
        self.deliver()
        result = self.stop(signal.SIGINT, "undo", "DELETE", 0, "--yes")
        standing = "4 of 5 documents delivered, 0 read back and equal, 1 to be looked up first"
        self.assertEnds(result, standing, "the run was stopped. Next: ")
        self.assertPastes(result)
        self.assertEqual(self.standin.counts()["users"], 0)

    def test_run_stopped_by_ctrl_c_goes_on(self):
        result = self.stop(signal.SIGINT, "run", "POST", 1, *self.plan[3:])
        self.assertPastes(result)
        self.assertEqual(self.standin.counts()["posts_per_key"], 1)


class Away(Failing):
    def test_a_target_that_is_gone_is_waited_for(self):
        standin = Standin(self.folder)
        self.addCleanup(standin.close)
        self.assertStatus(self.rowpost(*self.plan), 0)
        standin.stop()
        where = ["--to", standin.url, *self.target[2:]]
        result = self.rowpost("apply", "-w", self.workspace, *where)
        self.assertStatus(result, 3)
        standing = "0 of 5 documents delivered, 0 read back and equal"
        reason = "the target gave no usable answer. Next, once it answers: "
        self.assertEnds(result, standing, reason)
        standin.start()
        self.assertPastes(result)
        self.assertEqual(self.states(), {"delivered": 5})

    def test_a_session_that_has_ended_is_renewed_in_its_file(self):
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.standin.expire("good-x", BEFORE + 1)
        result = self.call("apply", "-j", "1")
        self.assertStatus(result, 4)
        self.assertEnds(result, "1 of 5 documents delivered, 0 read back and equal",
                        "the sign-in was not accepted. Next, with one that is: ")
        write_cookies(self.cookies, "good-y")
        self.assertPastes(result)
        self.assertEqual(self.states(), {"delivered": 5})

    def test_a_source_that_is_not_there_is_waited_for(self):
        (self.folder / "legacy.db").rename(self.folder / "away.db")
        result = self.rowpost(*self.plan)
        self.assertStatus(result, 3)
        reason = "a source could not be read. Next, once it can be read: "
        self.assertEnds(result, "", reason)
        (self.folder / "away.db").rename(self.folder / "legacy.db")
        self.assertPastes(result)
        self.assertEqual(self.states(), {"pending": 5})

    def test_a_full_disk_is_waited_for(self):
        volume = open_volume(self.folder / "the volume")
        self.addCleanup(volume.close)
        self.workspace = volume.path / "site.rowpost"
        self.plan[2] = self.workspace
        self.assertStatus(self.rowpost(*self.plan), 0)
        volume.fill()
        result = self.call("apply")
        self.assertStatus(result, 5)
        self.assertIn("a file could not be written or read. Next, once it can be: ", result.err)
        volume.make_room()
        self.assertPastes(result)
        self.assertEqual(self.states(), {"delivered": 5})


class Command(Failing):
    """The command is that of the run."""

    def fail(self, *words):
        """What is printed as the next command, from its verb on."""
        result = self.rowpost(*words)
        self.assertStatus(result, 3)
        return self.next_command(result).split(" ", 1)[1]

    def test_the_workspace_is_named_where_it_was_not(self):
        self.assertEqual(self.fail("plan", "-f", "no.db"),
                         "plan -w valdb.rowpost --from no.db")

    def test_each_value_of_an_option_that_may_be_repeated_is_kept(self):
        words = ["plan", "--from", "no.db", "-v", "--alias", "Susy=NPS", "-v", "--alias=Tau=HIG"]
        self.assertEqual(self.fail(*words), "plan -w valdb.rowpost --from no.db --verbose "
                         "--alias Susy=NPS --verbose --alias Tau=HIG")

    def test_an_argument_that_looks_like_an_option_stays_an_argument(self):
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.change("UPDATE document SET key = '-first' WHERE key = 'first'")
        words = ["show", "-w", self.workspace, "--from", "no.db", "--", "-first"]
        self.assertEqual(self.fail(*words), f"show -w '{self.workspace}' --from no.db -- -first")

    def test_a_password_in_the_address_of_the_source_is_left_out(self):
        address = "oracle+cx_oracle://me:hunter2@127.0.0.1:1/?service_name=site"
        self.assertEqual(self.fail("plan", "--from", address),
                         "plan -w valdb.rowpost --from oracle://me@127.0.0.1:1/site")


class Otherwise(Failing):
    def test_a_mistake_on_the_command_line_has_no_such_line(self):
        result = self.call("apply", "--jobs", "none")
        self.assertStatus(result, 2)
        self.assertNotIn("Ended after", result.err)

    def test_in_a_json_log_the_line_is_members_of_the_error(self):
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.standin.expire("good-x", BEFORE + 1)
        result = self.call("apply", "-j", "1", "--log-format", "json")
        error = json.loads(result.err.splitlines()[-1])
        self.assertEqual(error["because"], "the sign-in was not accepted")
        self.assertTrue(0 < error["microseconds"] < PATIENCE * 1e6)
        figures = (error["planned"], error["delivered"], error["unclear"])
        self.assertEqual(figures, (5, 1, 0))
        write_cookies(self.cookies, "good-y")
        self.assertStatus(self.paste(error["next"]), 0)
        self.assertEqual(self.states(), {"delivered": 5})

    def test_json_results_stay_empty_and_the_line_is_on_stderr(self):
        self.assertStatus(self.rowpost(*self.plan), 0)
        self.standin.expire("good-x")
        result = self.call("apply", "--json")
        self.assertEqual(result.out, "")
        self.next_command(result)


if __name__ == "__main__":
    unittest.main()
