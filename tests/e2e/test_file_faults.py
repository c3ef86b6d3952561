"""Faults of a migration file or of its target that could stall a delivery, or leave a document
without a reason: each is named, and costs no more than the documents that it is about."""

import unittest

from desk import Delivery


class Order(Delivery):
    """All tickets under one ordering key."""

    def setUp(self):
        super().setUp()
        self.write(("'person ' || person AS ordering_key", "'desk' AS ordering_key"))

    def test_a_child_before_its_parent_is_not_planned(self):
        self.file.write_text(self.file.read_text().replace(
            "'title', title,", "'title', title, 'after', iif(row = 10, new_id('tickets', 12), "
            "NULL),"))
        result = self.rowpost("plan", "--from", self.folder / "desk.db", "--migration", self.file)
        self.assertStatus(result, 2)
        self.assertRegex(result.err, r"desk.sql, line \d+: kind tickets: no document of this cycle "
                                     r"can be sent first: 10 refers to 12, 12 comes after 10 under "
                                     r"the ordering key desk; expected a document after those to "
                                     r"which it refers")

    def test_what_comes_after_a_waiting_document_waits_with_a_reason(self):
        self.server.faults[1] = (422, {"errors": ["no such name"]})
        self.deliver(1, "--jobs", "1")
        self.assertEqual([self.state_of("tickets", key) for key in (10, 11, 12)], ["waiting"] * 3)
        self.assertNotIn("tickets", self.server.records)
        for verb in (["show", "11"], ["findings"], ["report", "--format", "csv"],
                     ["report", "--format", "html"]):
            self.assertIn("waits for tickets 10, before it under its ordering key, which waits "
                          "itself", self.rowpost(*verb).out, verb)

    def test_they_leave_in_order_when_it_is_there(self):
        self.server.faults[1] = (422, {"errors": ["no such name"]})
        self.deliver(1, "--jobs", "1")
        self.assertStatus(self.rowpost("apply", *self.target, "--retry-refused"), 0)
        self.assertEqual([body["legacy"] for _, body in self.changes_to("tickets")],
                         ["10", "11", "12"])
        self.assertEqual(self.rowpost("findings").out.strip(), "")


class Unwritten(Delivery):
    """The path that reads a ticket back lacks a value for one of them."""

    def setUp(self):
        super().setUp()
        self.write(("--@ actual  :answer -> '$[0]'\n",
                    "--@ read    GET /tickets/{id}/{title}\n"),
                   ("SELECT row AS key, 'person", "SELECT row AS key, title, 'person"))
        self.change_source("UPDATE ticket SET title = '' WHERE id = 11")
        get = self.server.get
        self.server.get = lambda path, query: get("/".join(path.split("/")[:2]), query)

    REASON = "a part of it cannot be read back: a value of the path is missing or empty"

    def test_a_document_that_cannot_be_looked_up_has_a_reason(self):
        self.deliver(1)
        self.assertEqual([self.state_of("tickets", key) for key in (10, 11, 12)],
                         ["delivered", "unknown", "delivered"])
        for verb in (["show", "11"], ["findings"], ["report", "--format", "csv"],
                     ["report", "--format", "html"]):
            self.assertIn(self.REASON, self.rowpost(*verb).out, verb)

    def test_a_document_that_cannot_be_read_back_is_not_verified(self):
        self.write(("--@ id      from match", "--@ id      :answer ->> '$.id'"),
                   ("--@ actual  :answer -> '$[0]'\n", "--@ read    GET /tickets/{id}/{title}\n"),
                   ("SELECT row AS key, 'person", "SELECT row AS key, title, 'person"))
        self.deliver()
        self.verify(1)
        self.assertEqual(self.documents()["tickets", "11"]["verdict"], "different")
        self.assertIn(self.REASON, self.rowpost("findings").out)


class Pages(Delivery):
    """A page for people, with the status 200, instead of the API's answer."""

    def test_one_page_costs_one_more_request(self):
        self.server.faults[1] = "page"
        self.server.pages = {"queues": 1, "users?page=1": 1, "users?mail=ann@x.example": 1}
        self.deliver()
        self.assertEqual(self.there("users", "mail"), ["ann@x.example", "bob@x.example"])
        self.verify()

    def test_a_list_that_is_a_page_ends_the_run_soon(self):
        self.server.pages = {"users?page=1": 1000}
        result = self.deliver(3)
        self.assertIn("the list of users: GET /users?page=1: 200 with text/html instead of JSON",
                      result.err)
        self.assertEqual(self.server.reads.count("users?page=1"), 6)
        self.assertEqual(self.server.changes, [])

    def test_a_page_does_not_show_that_a_record_was_made(self):
        self.write(("--@ success :status = 201\n", "--@ success :status / 100 = 2\n"))
        self.server.faults[3] = "page"
        self.deliver()
        self.assertEqual(self.there("tickets", "legacy"), ["10", "11", "12"])


if __name__ == "__main__":
    unittest.main()
