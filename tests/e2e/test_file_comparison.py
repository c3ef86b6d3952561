"""Documents of a migration file whose kind does not define how a record is compared: they are found
again, and are not called equal."""

import unittest

from desk import Delivery

WARNING = ("the kind has no --@ actual and no --@ read: verify finds whether a record is there, and "
           "compares nothing of it")


class NotCompared(Delivery):
    def setUp(self):
        super().setUp()
        self.write(("--@ actual  :answer -> '$[0]'\n", ""))

    def test_plan_and_check_warn(self):
        line = 1 + self.file.read_text().splitlines().index("--@ kind tickets from used")
        self.plan()
        warned = self.rowpost("status", "--json").json["warnings"]
        self.assertEqual(warned, [{"kind": "tickets", "key": "tickets",
                                   "text": f"line {line}: {WARNING}"}])
        result = self.rowpost("check", "--migration", self.file)
        self.assertStatus(result, 0)
        self.assertIn(f"tickets: line {line}: {WARNING}", result.err)

    def test_verify_does_not_call_them_equal(self):
        self.deliver()
        self.ticket("11")["title"] = "Changed by somebody"
        result = self.verify()
        self.assertIn("2 of 5 documents read back and equal, 3 found there and not compared",
                      result.out)
        self.assertEqual({self.documents()["tickets", key]["verdict"] for key in ("10", "11", "12")},
                         {"not compared"})

    def test_every_report_counts_them(self):
        self.deliver()
        self.verify()
        kinds = self.rowpost("status", "--json").json["kinds"]
        self.assertEqual([(kind["verified"]["equal"], kind["verified"]["not_compared"])
                          for kind in kinds], [(2, 0), (0, 3)])
        self.assertIn("2 read back and equal, 3 found there and not compared",
                      self.rowpost("status").out)
        for form, words in (("text", "3 not compared"), ("csv", "not compared"),
                            ("json", '"not_compared":3'),
                            ("html", "Everything is delivered, but not everything can be compared"),
                            ("html", "documents are on the target, but the migration does not "
                                     "define how to compare them")):
            self.assertIn(words, self.rowpost("report", "--format", form).out, form)
        metrics = self.folder / "metrics.prom"
        self.rowpost("verify", *self.target, "--metrics", metrics)
        self.assertIn('rowpost_verified_documents{kind="tickets",verdict="not compared"} 3',
                      metrics.read_text())

    def test_a_record_that_is_gone_is_missing(self):
        self.deliver()
        self.server.records["tickets"].remove(self.ticket("11"))
        self.assertIn("2 found there and not compared", self.verify(1).out)

    def test_a_look_up_is_noted_as_found(self):
        self.server.faults[4] = "lost"
        self.deliver(0, "--jobs", "1")
        outcomes = self.read().rows(
            "SELECT a.outcome FROM attempt a JOIN document d ON d.id = a.document"
            " JOIN kind k ON k.position = d.kind WHERE k.name = 'tickets' AND a.purpose = 'look up'")
        self.assertEqual({row["outcome"] for row in outcomes}, {"found"})

    def test_update_does_not_overwrite_what_nobody_has_compared(self):
        self.write(("--@ actual  :answer -> '$[0]'\n", "--@ update PUT /tickets/{id}\n"))
        self.deliver()
        self.ticket("11")["title"] = "Changed by somebody"
        self.change_source("UPDATE ticket SET title = 'Planned otherwise' WHERE id = 11")
        self.plan()
        result = self.rowpost("apply", *self.target, "--update", "--yes")
        self.assertIn("1 tickets are planned otherwise than they were delivered, and nothing shows "
                      "what the target has in them by now: change them there by hand", result.err)
        self.assertEqual(self.ticket("11")["title"], "Changed by somebody")


if __name__ == "__main__":
    unittest.main()
