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
        self.server.pages = {"queues": 1, "users?page=1": 1, "users?mail=ann%40x.example": 1}
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


class Finding(Delivery):
    """How a record is found is tried with the first one that is made."""

    def find_tickets_at(self, path, *changes):
        self.write(("--@ find    GET /tickets?legacy={key}", f"--@ find    GET {path}"),
                   ("--@ id      from match", "--@ id      :answer ->> '$.id'"), *changes)

    def stops(self, words, *options):
        """The second ticket is not sent."""
        result = self.deliver(2, *options)
        self.assertRegex(result.err, words)
        self.assertEqual(self.there("tickets", "legacy"), ["10"])
        return result

    def test_a_path_that_finds_nothing_stops_before_a_second_record_is_made(self):
        self.find_tickets_at("/issues/{key}")
        result = self.stops(r'ticket "10": the target has made it, and GET /issues/10 does not '
                            r'find it \(status 404\)\. Nothing more was sent')
        self.assertIn("--@ find, --@ match", result.err)
        self.assertIn("a look-up does not find it", self.rowpost("show", "10").out)

    def test_an_id_from_match_is_tried_too(self):
        self.write(("--@ find    GET /tickets?legacy={key}", "--@ find    GET /issues/{key}"))
        self.stops("GET /issues/10 does not find it")

    def test_a_match_that_proves_another_record_stops_it(self):
        theirs = self.server.add("notes", legacy="10")
        self.find_tickets_at("/notes?legacy={key}")
        self.stops(rf"GET /notes\?legacy=10 finds {theirs['id']} instead of \d+")

    def forbid_look_ups(self):
        get = self.server.get
        self.server.get = lambda path, query: (
            (403, {"message": "no"}, {}) if path == "tickets" else get(path, query))

    def test_a_session_that_may_not_look_up_stops_it_without_a_wait(self):
        self.forbid_look_ups()
        self.find_tickets_at("/tickets?legacy={key}")
        self.stops(r"does not find it \(status 403\)", "--settle", "3600")

    def test_it_also_stops_it_where_the_id_is_from_match(self):
        self.forbid_look_ups()
        self.stops(r"does not find it \(status 403\)")

    def test_a_record_that_is_shown_late_is_found(self):
        find, asked = self.server.get, []

        def find_late(path, query):
            if path == "tickets" and not asked:
                asked.append(query)
                return 200, [], {}
            return find(path, query)

        self.server.get = find_late
        self.find_tickets_at("/tickets?legacy={key}")
        self.deliver(0, "--settle", "20")
        self.assertEqual(self.there("tickets", "legacy"), ["10", "11", "12"])

    def test_a_lost_request_that_may_arrive_yet_does_not_block_the_others(self):
        self.server.faults[1] = "dropped"
        self.deliver(0, "--settle", "5")
        self.assertEqual([body["mail"] for _, body in self.changes_to("users")],
                         ["ann@x.example", "bob@x.example", "ann@x.example"])

    def test_one_record_of_each_kind_is_looked_up(self):
        self.find_tickets_at("/tickets?legacy={key}")
        self.deliver()
        found = [path for path in self.server.reads if "=" in path and "page" not in path]
        self.assertEqual(found, ["users?mail=ann%40x.example", "tickets?legacy=10"])

    def test_what_is_found_counts_as_its_answer_has_shown(self):
        self.server.silent = {"title"}
        self.find_tickets_at("/tickets?legacy={key}")
        self.deliver()
        self.assertEqual(self.state_of("tickets", 10), "delivered")
        self.verify(1)


class TurnedAway(Delivery):
    """Five in a row, and none accepted in between."""

    def setUp(self):
        super().setUp()
        for number in range(20, 24):
            self.change_source(f"INSERT INTO person VALUES({number}, '{number}@x.example', 'Cy')")
        self.server.faults = {number: (403, {"message": "not this one"})
                              for number in range(1, 20)}

    def test_what_to_write_into_the_file_is_said(self):
        result = self.deliver(4)
        self.assertRegex(result.err, r"POST /users: 403: not this one; so were 5 users in a row, "
                                     r"with none accepted in between\. If the target is to refuse "
                                     r"each of them by itself, write --@ refuse :status = 403 into "
                                     r"the kind users of \S*desk.sql and plan again")
        self.assertIn("--retry-refused", result.err)

    def test_with_it_each_is_refused_by_itself(self):
        self.write(("--@ refuse   :status = 422", "--@ refuse   :status IN (403, 422)"))
        self.deliver(1)
        self.assertEqual({self.state_of("users", key) for key in (1, 2, 20, 21, 22, 23)},
                         {"refused"})


if __name__ == "__main__":
    unittest.main()
