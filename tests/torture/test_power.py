"""The power is cut at a random moment: what was written and not synced is lost, in part or whole.
The same command then continues from what the disk has kept."""

import unittest

from torture import IS_LONG, USERS, Torture

IMAGES = 2000 if IS_LONG else 200
SPLIT = {"apply": 0.5, "undo": 0.25, "update": 0.25}


class Power(Torture):
    """A disk that forgets what nobody asked it to keep."""

    def cut(self, command, operations):
        """Runs the command until its disk loses power; the status is that of a process that was
        killed, or its own where it ended before."""
        moment = self.random.randint(1, operations)
        seed = self.random.randrange(10**6)
        result = self.under_shim(
            *command,
            ROWPOST_SHIM_FOLDER=str(self.folder),
            ROWPOST_SHIM_CUT=f"{moment}:{seed}",
        )
        for shared in self.folder.glob("*-shm"):
            shared.unlink()
        return f"{moment}:{seed}", result

    def meet(self, share, prepare, command, check):
        prepare()
        operations = self.count_calls(*command)["operation"]
        for _ in self.each(range(int(IMAGES * share))):
            prepare()
            name, result = self.cut(command, operations)
            with self.subTest(cut=name):
                self.assertIn(result.status, (-9, 0), result.err)
                check()

    def test_apply_goes_on_after_a_power_cut(self):
        command = ["apply", *self.target, "-q"]

        def prepare():
            self.empty_target()
            self.put_back(self.planned)

        def check():
            self.assertStatus(self.rowpost(*command), 0)
            self.assertEverythingOnce()

        self.meet(SPLIT["apply"], prepare, command, check)

    def test_undo_goes_on_after_a_power_cut(self):
        command = ["undo", *self.target, "--yes", "-q"]

        def check():
            self.assertIn(self.rowpost(*command).status, (0, 1))
            self.assertEqual(self.standin.state()["users"], [])
            users = {key: row for key, row in self.documents().items() if key[0] in USERS}
            self.assertEqual({row["state"] for row in users.values()}, {"pending"})

        self.meet(SPLIT["undo"], self.fill_target, command, check)

    def test_an_update_of_existing_users_goes_on_after_a_power_cut(self):
        command = ["apply", *self.target, "--update", "--yes", "-q"]
        self.put_back(self.planned)
        users = [body for kind in USERS for body in self.exports(kind).values()]
        other = [{**user, "role": 3, "groups": []} for user in users]

        def prepare():
            self.empty_target()
            self.standin.add_users(*other)
            self.put_back(self.planned)

        def check():
            self.assertStatus(self.rowpost(*command), 0)
            self.assertEverythingOnce()

        self.meet(SPLIT["update"], prepare, command, check)


if __name__ == "__main__":
    unittest.main()
