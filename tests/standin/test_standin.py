"""Tests of the ValDB2 stand-in: one behaviour a test."""

import base64
import contextlib
import datetime
import email.utils
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

BUILDS = ["tests/standin/rowpost-standin"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get(
    "ROWPOST_STANDIN", str(ROOT / "build" / "tests" / "standin" / "rowpost-standin")
)
JSON = "application/json"
GOOD = {"Cookie": "session=good"}
MIGRATE = "/api/campaigns/migrate/"
INTERNAL = {"message": "Internal Server Error"}
NAME = "12_0_0_pre1"
PATIENCE = 300.0  # only stops what hangs: a slow machine needs no other


def wait_until(is_so, what):
    """Polls until `is_so()` is true."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain until {what}")
        time.sleep(0.005)


class Answer:
    """An answer, read whole."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def type(self):
        return self.headers.get("Content-Type", "")

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """A running stand-in."""

    def __init__(self, *options, folder=None):
        self.folder = tempfile.TemporaryDirectory() if folder is None else None
        port_file = os.path.join(folder or self.folder.name, "port")
        with contextlib.suppress(FileNotFoundError):
            os.remove(port_file)
        self.process = subprocess.Popen(
            [BINARY, "--port-file", port_file, *options], stdout=subprocess.PIPE, text=True
        )
        self.greeting = self.process.stdout.readline() if "--quiet" not in options else ""
        is_there = lambda: os.path.exists(port_file)
        wait_until(lambda: is_there() or self.process.poll() is not None, "the stand-in listens")
        with open(port_file, encoding="ascii") as file:
            self.port = int(file.read())

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        if self.folder is not None:
            self.folder.cleanup()
        return code

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def send(self, method, path, body=None, headers=None, type_=JSON):
        with contextlib.closing(self.connect()) as connection:
            return self.send_on(connection, method, path, body, headers, type_)

    def send_on(self, connection, method, path, body=None, headers=None, type_=JSON):
        headers = dict(GOOD if headers is None else headers)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None and type_ is not None:
            headers["Content-Type"] = type_
        connection.request(method, path, body, headers)
        return Answer(connection.getresponse())

    def send_raw(self, method, path, body=None, headers=GOOD):
        """Sends a request; gives the socket, to be read from."""
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Type: {JSON}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(data)}", "", ""]
        client = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        client.sendall("\r\n".join(lines).encode() + data)
        return client

    def raw(self, method, path, body=None, headers=GOOD):
        """Sends a request and gives every byte until the end."""
        with self.send_raw(method, path, body, headers) as client:
            return read_to_end(client)

    def control(self, method, path, body=None):
        answer = self.send(method, "/control/" + path, body, headers={})
        assert answer.status == 200, answer.body
        return answer.json

    def faults(self, *faults):
        self.control("PUT", "faults", list(faults))

    def state(self):
        return self.control("GET", "state")

    def counts(self):
        return self.control("GET", "counts")

    def post_user(self, body, **more):
        return self.send("POST", "/api/users/", body, **more)

    def post_campaign(self, body, **more):
        return self.send("POST", MIGRATE, body, **more)

    def get_campaign(self, name):
        return self.send("GET", f"/api/campaigns/get/{urllib.parse.quote(name, safe='')}/")


def read_to_end(client):
    return b"".join(iter(lambda: client.recv(65536), b""))


def user(email="one@cern.ch", role=2, fullname=None, groups=()):
    return {"role": role, "email": email, "fullname": fullname, "groups": list(groups)}


def report(group="Reconstruction.Data.Tracker", status=1, name=NAME, **more):
    fields = {"authors": [], "group": group, "campaign_name": name, "status": status}
    return {**fields, "content": "text of " + str(group), **more}


def campaign(reports=None, name=NAME, **more):
    return {
        "name": name,
        "description": "",
        "deadline": "2021-05-06",
        "target_release": name,
        "reference_release": name,
        "relmon": "http://relmon",
        "subcategories": ["Reconstruction.Data"],
        "is_open": False,
        "reports": [report(name=name)] if reports is None else reports,
        **more,
    }


def token(**payload):
    parts = [{"alg": "RS256"}, payload]
    words = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return {"Authorization": "Bearer " + ".".join(words + ["c2lnbmF0dXJl"])}


def bearer(word):
    return {"Authorization": "Bearer " + word}


def cookie(word):
    return {"Cookie": "session=" + word}


class Case(unittest.TestCase):
    """One server a class, emptied before each test."""

    options = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.options)

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def setUp(self):
        self.server.control("POST", "reset")

    def assert_message(self, answer, status, message):
        self.assertEqual(answer.type, JSON)
        self.assertEqual((answer.status, answer.json), (status, {"message": message}))

    def assert_internal(self, answer):
        self.assert_message(answer, 500, INTERNAL["message"])

    def assert_page(self, answer, status):
        self.assertEqual(answer.status, status)
        self.assertTrue(answer.type.startswith("text/html"))
        self.assertIn(b"<html>", answer.body)

    def assert_signed_out(self, answer):
        self.assert_page(answer, 302)
        self.assertEqual(answer.headers["Location"], "/oauth2/auth")


class Users(Case):
    WRONG = "Email has an incorrect format. The example correct format is: example@cern.ch"
    MISSING = "Email is a required field, " + WRONG

    def test_new_address_answers_the_stored_record(self):
        answer = self.server.post_user(user(fullname="Ana Ñ", groups=["HLT.Data.B"]))
        self.assertEqual(answer.status, 200)
        record = answer.json
        keys = ["id", "created_at", "updated_at", "role", "email", "fullname", "groups"]
        self.assertEqual(sorted(record), sorted(keys))
        self.assertRegex(record["id"], "^[0-9a-f]{24}$")
        self.assertRegex(record["created_at"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$")
        self.assertEqual(record["fullname"], "Ana Ñ")
        self.assertEqual(record["groups"], ["HLT.Data.B"])
        self.assertEqual(self.server.state()["users"], [record])

    def test_role_1_gets_every_group(self):
        groups = self.server.post_user(user(role=1)).json["groups"]
        self.assertEqual(len(groups), 21 * 3 + 17 * 2 + 9 * 3 + 5 * 2 + 1)
        self.assertIn("PAGs.Data.Susy", groups)
        self.assertNotIn("PAGs.Data.NPS", groups)

    def test_role_3_loses_its_groups(self):
        self.assertEqual(self.server.post_user(user(role=3, groups=["A.B.C"])).json["groups"], [])

    def test_unknown_groups_are_stored(self):
        answer = self.server.post_user(user(groups=["No.Such.Group"]))
        self.assertEqual(answer.json["groups"], ["No.Such.Group"])

    def test_existing_address_answers_the_old_record(self):
        old = self.server.post_user(user(fullname="Old", groups=["HLT.Data.B"])).json
        answer = self.server.post_user(user(role=1, fullname="New"))
        self.assertEqual((answer.status, answer.json), (200, old))
        self.assertEqual(self.server.state()["users"], [old])

    def test_existing_address_wins_over_an_invalid_role(self):
        old = self.server.post_user(user()).json
        self.assertEqual(self.server.post_user(user(role=9)).json, old)

    def test_other_case_is_another_user(self):
        self.server.post_user(user("a@cern.ch"))
        answer = self.server.post_user(user("A@cern.ch"))
        self.assertEqual((answer.status, answer.json["email"]), (200, "A@cern.ch"))
        self.assertEqual(self.server.counts()["users"], 2)

    def test_empty_address_is_refused(self):
        self.assert_message(self.server.post_user(user("")), 400, self.MISSING)

    def test_null_address_is_refused(self):
        self.assert_message(self.server.post_user(user(None)), 400, self.MISSING)

    def test_absent_address_is_refused(self):
        self.assert_message(self.server.post_user({"role": 2}), 400, self.MISSING)

    def test_malformed_addresses_are_refused(self):
        bad = ["x", "x@y", "x@y.", "@y.z", "x@.z", "a b@y.z", "x@y.z ", "x@y.z,u@v.w", "é@y.z"]
        for email in bad + ["x@y.z\n", "x@y_z.w"]:
            with self.subTest(email=email):
                self.assert_message(self.server.post_user(user(email)), 400, self.WRONG)
        self.assertEqual(self.server.counts()["users"], 0)

    def test_odd_but_fitting_addresses_are_taken(self):
        for email in ["a.b+c-d_e@x-y.z", "1@2.3", "x@y..", "x@y.-"]:
            with self.subTest(email=email):
                self.assertEqual(self.server.post_user(user(email)).status, 200)

    def test_address_that_is_no_string_is_an_error(self):
        self.assert_internal(self.server.post_user(user(5)))

    def test_role_out_of_range_is_an_error_and_stored(self):
        for role in [0, 4, -1, "2", "x"]:
            with self.subTest(role=role):
                self.server.control("POST", "reset")
                self.assert_internal(self.server.post_user(user(role=role)))
                self.assertEqual(self.server.state()["users"][0]["role"], role)
                self.assert_internal(self.server.post_user(user(role=role)))

    def test_null_role_is_stored(self):
        answer = self.server.post_user(user(role=None))
        self.assertEqual((answer.status, answer.json["role"]), (200, None))

    def test_broken_json_is_refused(self):
        self.assertEqual(self.server.post_user(b'{"email": ').status, 400)

    def test_body_that_is_no_object_is_an_error(self):
        self.assert_internal(self.server.post_user(b"[]"))

    def test_body_without_the_json_type_is_an_error(self):
        self.assert_internal(self.server.post_user(user(), type_="text/plain"))
        self.assert_internal(self.server.post_user(user(), type_=None))

    def test_json_type_may_have_parameters(self):
        answer = self.server.post_user(user(), type_="Application/JSON; charset=utf-8")
        self.assertEqual(answer.status, 200)

    def test_put_changes_role_and_groups(self):
        old = self.server.post_user(user(fullname="Ana")).json
        path = f"/api/users/{old['id']}/"
        answer = self.server.send("PUT", path, {"role": 2, "groups": ["A.B.C"]})
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json["groups"], ["A.B.C"])
        self.assertEqual(answer.json["fullname"], "Ana")
        self.assertEqual(answer.json["created_at"], old["created_at"])
        self.assertEqual(self.server.send("GET", path).json, answer.json)

    def test_put_of_role_1_fills_the_groups(self):
        old = self.server.post_user(user()).json
        answer = self.server.send("PUT", f"/api/users/{old['id']}/", {"role": 1})
        self.assertEqual(len(answer.json["groups"]), 135)

    def test_put_of_a_bad_role_is_an_error_and_stored(self):
        old = self.server.post_user(user()).json
        self.assert_internal(self.server.send("PUT", f"/api/users/{old['id']}/", {"role": 8}))
        self.assertEqual(self.server.state()["users"][0]["role"], 8)

    def test_delete_removes(self):
        old = self.server.post_user(user()).json
        answer = self.server.send("DELETE", f"/api/users/{old['id']}/")
        self.assertEqual((answer.status, answer.json), (200, "ok"))
        self.assertEqual(self.server.counts()["users"], 0)

    def test_malformed_identifier_is_an_error(self):
        self.assert_internal(self.server.send("GET", "/api/users/zz/"))

    def test_identifiers_are_not_used_again(self):
        old = self.server.post_user(user()).json["id"]
        self.server.send("DELETE", f"/api/users/{old}/")
        self.assertNotEqual(self.server.post_user(user()).json["id"], old)


class UserList(Case):
    def setUp(self):
        super().setUp()
        for email, name in [("a.b@cern.ch", "Zoë Last"), ("axb@cern.ch", None), ("c@x.org", "Bob")]:
            self.server.post_user(user(email, fullname=name))

    def emails(self, query):
        answer = self.server.send("GET", "/api/users/?" + query)
        self.assertEqual((answer.status, answer.type), (200, JSON))
        return [u["email"] for u in answer.json]

    def test_without_sort_is_an_error(self):
        self.assert_internal(self.server.send("GET", "/api/users/"))
        self.assert_internal(self.server.send("GET", "/api/users/?search=a"))

    def test_empty_sort_lists_all_in_order_of_creation(self):
        self.assertEqual(self.emails("sort="), ["a.b@cern.ch", "axb@cern.ch", "c@x.org"])

    def test_search_is_a_regular_expression_over_the_address(self):
        self.assertEqual(self.emails("search=a.b%40&sort="), ["a.b@cern.ch", "axb@cern.ch"])

    def test_escaped_search_finds_one(self):
        query = urllib.parse.urlencode({"search": r"^a\.b@cern\.ch$", "sort": ""})
        self.assertEqual(self.emails(query), ["a.b@cern.ch"])

    def test_search_ignores_case_and_looks_at_the_fullname(self):
        self.assertEqual(self.emails("search=zo%C3%8B&sort="), ["a.b@cern.ch"])

    def test_bad_expression_is_an_error(self):
        self.assert_internal(self.server.send("GET", "/api/users/?search=(&sort="))

    def test_skip_and_limit(self):
        self.assertEqual(self.emails("sort=&skip=1&limit=1"), ["axb@cern.ch"])
        self.assertEqual(self.emails("sort=&limit=0&skip=9"), [])
        self.assertEqual(len(self.emails("sort=&limit=0")), 3)

    def test_limit_that_is_no_number_is_an_error(self):
        self.assert_internal(self.server.send("GET", "/api/users/?sort=&limit=x"))

    def test_sort_by_fields(self):
        self.assertEqual(self.emails("sort=email:desc&limit=1"), ["c@x.org"])
        self.assertEqual(self.emails("sort=role:asc,fullname:asc")[1], "c@x.org")

    def test_bad_sort_is_an_error(self):
        for sort in ["email", "email:up"]:
            self.assert_internal(self.server.send("GET", "/api/users/?sort=" + sort))


class Campaigns(Case):
    FORMAT = "Name has an incorrect format"
    UNIQUE = "Name is not unique"
    SUBCATEGORIES = "Subcategories is a required field"

    def assert_partial(self, body, status, stored, message=INTERNAL["message"]):
        """The post fails with that message and leaves `stored` reports."""
        self.assert_message(self.server.post_campaign(body), status, message)
        state = self.server.state()
        self.assertEqual([c["complete"] for c in state["campaigns"]], [False])
        self.assertEqual(state["campaigns"][0]["reports"], [])
        self.assertEqual(len(state["orphans"]), stored)
        self.assert_internal(self.server.get_campaign(body["name"]))
        self.assert_message(self.server.post_campaign(campaign()), 400, self.UNIQUE)

    def test_good_campaign_is_echoed_with_its_reports(self):
        self.server.post_user(user())
        answer = self.server.post_campaign(campaign([report(authors=["one@cern.ch"])]))
        self.assertEqual(answer.status, 200)
        echo = answer.json
        for key, value in campaign().items():
            if key not in ("reports", "deadline"):
                self.assertEqual(echo[key], value)
        self.assertEqual(echo["deadline"], "2021-05-06 00:00:00")
        sent = report()
        stored = echo["reports"][0]
        for key in ("group", "campaign_name", "status", "content"):
            self.assertEqual(stored[key], sent[key])
        self.assertEqual(stored["authors"][0]["email"], "one@cern.ch")
        self.assertEqual(stored["authors"][0]["role"], 2)

    def test_records_have_the_fields_of_the_real_server(self):
        self.server.post_user(user())
        echo = self.server.post_campaign(campaign([report(authors=["one@cern.ch"])])).json
        common = {"id", "created_at", "updated_at", "reference_email_id", "channel_email_id"}
        self.assertEqual(set(echo), common | set(campaign()) | {"latest_activities"})
        fields = {"activities", "attachments"}
        self.assertEqual(set(echo["reports"][0]), common | set(report()) | fields)
        self.assertEqual(set(echo["reports"][0]["authors"][0]), common | set(user()))

    def test_unknown_fields_are_dropped(self):
        echo = self.server.post_campaign(campaign([report(colour="red")], colour="red")).json
        self.assertNotIn("colour", echo)
        self.assertNotIn("colour", echo["reports"][0])

    def test_existing_name_is_refused(self):
        self.server.post_campaign(campaign())
        self.assert_message(self.server.post_campaign(campaign()), 400, self.UNIQUE)

    def test_malformed_names_are_refused(self):
        for name in ["x", "1_2", "1_2_", "1234_5_6", "1_2345_6", " 1_2_3", "v1_2_3"]:
            with self.subTest(name=name):
                answer = self.server.post_campaign(campaign(name=name))
                self.assert_message(answer, 400, self.FORMAT)

    def test_names_that_begin_well_pass(self):
        for name in ["1_2_3", "1_2_3456", "1_2_3 x/y z", "12_3_4_" + "x" * 200]:
            with self.subTest(name=name):
                self.assertEqual(self.server.post_campaign(campaign(name=name)).status, 200)

    def test_no_subcategory_is_refused(self):
        for value in [[], None]:
            answer = self.server.post_campaign(campaign(subcategories=value))
            self.assert_message(answer, 400, self.SUBCATEGORIES)

    def test_several_messages_are_joined(self):
        self.server.post_campaign(campaign())
        answer = self.server.post_campaign(campaign(subcategories=[]))
        self.assert_message(answer, 400, f"{self.UNIQUE}, {self.SUBCATEGORIES}")
        answer = self.server.post_campaign(campaign(name="", subcategories=[]))
        expected = f"Name is a required field, {self.FORMAT}, {self.SUBCATEGORIES}"
        self.assert_message(answer, 400, expected)

    def test_refused_campaign_leaves_nothing(self):
        self.server.post_campaign(campaign(subcategories=[]))
        self.assertEqual(self.server.counts()["campaigns"], 0)

    def test_unknown_category_is_stored_and_cannot_be_read(self):
        answer = self.server.post_campaign(campaign(subcategories=["Nothing.Data"]))
        self.assertEqual(answer.status, 200)
        self.assert_internal(self.server.get_campaign(NAME))

    def test_unknown_subcategory_of_a_category_can_be_read(self):
        self.server.post_campaign(campaign(subcategories=["HLT.FastSim"]))
        answer = self.server.get_campaign(NAME)
        self.assertEqual(answer.json["groups"], [{"name": "HLT", "subcategories": []}])

    def test_null_deadline_is_stored(self):
        answer = self.server.post_campaign(campaign(deadline=None))
        self.assertEqual((answer.status, answer.json["deadline"]), (200, None))

    def test_deadline_with_a_time_is_a_partial_write(self):
        self.assert_partial(campaign(deadline="2021-05-06 10:00:00"), 500, 1)

    def test_deadline_that_is_no_day_is_a_partial_write(self):
        self.assert_partial(campaign(deadline="2021-02-29"), 500, 1)

    def test_report_status_out_of_range_is_a_partial_write(self):
        for status in [7, -1, "1", "OK"]:
            with self.subTest(status=status):
                self.server.control("POST", "reset")
                reports = [report(), report("HLT.Data.B", status), report("HLT.Data.Fwd")]
                self.assert_partial(campaign(reports), 500, 1)

    def test_empty_report_group_is_a_partial_write(self):
        body = campaign([report(), report(), report("")])
        self.assert_partial(body, 400, 2, "Group is a required field")

    def test_report_status_null_or_0_is_a_partial_write(self):
        for status in [None, 0]:
            with self.subTest(status=status):
                self.server.control("POST", "reset")
                body = campaign([report(status=status)])
                self.assert_partial(body, 400, 0, "Status is a required field")

    def test_report_without_campaign_name_is_a_partial_write(self):
        lacking = report()
        del lacking["campaign_name"]
        body = campaign([report(), lacking])
        self.assert_partial(body, 400, 1, "Campaign Name is a required field")

    def test_several_report_messages_are_joined(self):
        message = "Group is a required field, Campaign Name is a required field, "
        body = campaign([{"authors": []}])
        self.assert_partial(body, 400, 0, message + "Status is a required field")

    def test_report_without_authors_field_is_a_partial_write(self):
        self.assert_partial(campaign([report(), {"group": "A.B.C"}]), 500, 1)

    def test_campaign_without_reports_field_is_an_error_that_stores_nothing(self):
        body = campaign()
        del body["reports"]
        self.assert_internal(self.server.post_campaign(body))
        self.assertEqual(self.server.counts()["campaigns"], 0)

    def test_two_reports_for_one_group_are_both_stored(self):
        body = campaign([report(content="a"), report(content="b")])
        self.assertEqual(len(self.server.post_campaign(body).json["reports"]), 2)

    def test_unknown_author_is_left_out(self):
        self.server.post_user(user())
        authors = ["who@cern.ch", "ONE@cern.ch", "one@cern.ch", None]
        answer = self.server.post_campaign(campaign([report(authors=authors)]))
        self.assertEqual(answer.status, 200)
        found = [a["email"] for a in answer.json["reports"][0]["authors"]]
        self.assertEqual(found, ["one@cern.ch"])

    def test_campaign_without_reports_is_stored(self):
        answer = self.server.post_campaign(campaign([]))
        self.assertEqual((answer.status, answer.json["reports"]), (200, []))

    def test_broken_json_is_refused(self):
        self.assertEqual(self.server.post_campaign(b"{").status, 400)

    def test_body_without_the_json_type_is_an_error(self):
        self.assert_internal(self.server.post_campaign(campaign(), type_="text/plain"))

    def test_large_campaign_is_stored_whole(self):
        groups = [f"Reconstruction.Data.G{i}" for i in range(200)]
        body = campaign([report(g, content="ü" * 20000) for g in groups])
        echo = self.server.post_campaign(body).json
        self.assertEqual([r["group"] for r in echo["reports"]], groups)
        self.assertTrue(all(r["content"] == "ü" * 20000 for r in echo["reports"]))


class Reading(Case):
    def test_campaign_is_read_without_contents(self):
        self.server.post_campaign(campaign())
        answer = self.server.get_campaign(NAME)
        self.assertEqual(answer.status, 200)
        read = answer.json["campaign"]
        self.assertEqual(read["deadline"], "2021-05-06 00:00:00")
        self.assertEqual([r["content"] for r in read["reports"]], [""])

    def test_groups_form_a_tree(self):
        reports = [report(), report("Reconstruction.Data.Extra")]
        self.server.post_campaign(campaign(reports, subcategories=["Reconstruction.Data"]))
        tree = self.server.get_campaign(NAME).json["groups"]
        self.assertEqual([c["name"] for c in tree], ["Reconstruction"])
        self.assertEqual([s["name"] for s in tree[0]["subcategories"]], ["Data"])
        groups = tree[0]["subcategories"][0]["groups"]
        self.assertEqual(len(groups), 22)
        self.assertEqual(groups[0]["path"], "Reconstruction.Data.Tracker")
        self.assertEqual(groups[0]["report"]["status"], 1)
        self.assertIsNone(groups[1]["report"])
        self.assertEqual(groups[21]["path"], "Reconstruction.Data.Extra")

    def test_unknown_campaign_is_not_found(self):
        answer = self.server.get_campaign("1_2_3 'é")
        self.assert_message(answer, 404, "Campaign '1_2_3 'é' not found")

    def test_name_is_percent_decoded(self):
        name = "1_2_3 ü+%?#&"
        self.server.post_campaign(campaign(name=name))
        self.assertEqual(self.server.get_campaign(name).json["campaign"]["name"], name)

    def test_name_with_a_slash_finds_no_route(self):
        self.server.post_campaign(campaign(name="1_2_3/4"))
        self.assertEqual(self.server.get_campaign("1_2_3/4").status, 404)

    def test_report_is_read_with_its_content(self):
        self.server.post_campaign(campaign())
        answer = self.server.send("GET", f"/api/reports/search/{NAME}/{report()['group']}/")
        self.assertEqual((answer.status, answer.json["content"]), (200, report()["content"]))

    def test_absent_report_is_null(self):
        answer = self.server.send("GET", f"/api/reports/search/{NAME}/A.B.C/")
        self.assertEqual((answer.status, answer.json), (200, None))

    def test_unlinked_report_is_found_by_search(self):
        self.server.post_campaign(campaign(deadline="x"))
        answer = self.server.send("GET", f"/api/reports/search/{NAME}/{report()['group']}/")
        self.assertEqual(answer.json["status"], 1)

    def test_campaigns_are_listed_without_reports(self):
        self.server.post_campaign(campaign())
        answer = self.server.send("GET", "/api/campaigns/?limit=1&sort=")
        self.assertEqual((answer.status, len(answer.json)), (200, 1))
        listed = answer.json[0]
        self.assertEqual((listed["name"], listed["reports"], listed["id"]), (NAME, None, None))

    def test_campaign_list_without_sort_is_an_error(self):
        self.assert_internal(self.server.send("GET", "/api/campaigns/"))

    def test_campaigns_are_searched_by_name(self):
        for name in ["1_2_3_PRE", "1_2_4"]:
            self.server.post_campaign(campaign(name=name))
        answer = self.server.send("GET", "/api/campaigns/?search=pre$&sort=")
        self.assertEqual([c["name"] for c in answer.json], ["1_2_3_PRE"])

    def test_campaigns_sort_digits_as_numbers(self):
        for name in ["10_0_0", "9_4_0", "9_10_0"]:
            self.server.post_campaign(campaign(name=name))
        answer = self.server.send("GET", "/api/campaigns/?sort=name:asc")
        self.assertEqual([c["name"] for c in answer.json], ["9_4_0", "9_10_0", "10_0_0"])


class Routing(Case):
    def test_missing_slash_redirects_with_the_query(self):
        answer = self.server.send("GET", "/api/users?sort=")
        self.assert_page(answer, 308)
        expected = f"http://127.0.0.1:{self.server.port}/api/users/?sort="
        self.assertEqual(answer.headers["Location"], expected)

    def test_missing_slash_of_a_post_stores_nothing(self):
        answer = self.server.send("POST", "/api/users", user())
        self.assertEqual(answer.status, 308)
        self.assertEqual(self.server.counts()["users"], 0)

    def test_unknown_path_is_not_found(self):
        self.assertEqual(self.server.send("GET", "/api/nothing/").status, 404)

    def test_wrong_method_is_not_allowed(self):
        self.assertEqual(self.server.send("DELETE", "/api/campaigns/").status, 405)

    def test_pipelined_requests_are_all_answered(self):
        one = b"GET /control/counts HTTP/1.1\r\nHost: x\r\n"
        with socket.create_connection(("127.0.0.1", self.server.port), 10) as client:
            client.sendall(one + b"\r\n" + one + b"Connection: close\r\n\r\n")
            got = b"".join(iter(lambda: client.recv(65536), b""))
        self.assertEqual(got.count(b'"users"'), 2)

    def test_connection_is_kept_open(self):
        with contextlib.closing(self.server.connect()) as connection:
            for number in range(3):
                body = user(f"u{number}@cern.ch")
                answer = self.server.send_on(connection, "POST", "/api/users/", body)
                self.assertEqual(answer.status, 200)
        self.assertEqual(len({e["connection"] for e in self.server.control("GET", "log")}), 1)


class SignIn(Case):
    def probe(self, headers):
        return self.server.send("GET", "/api/campaigns/?limit=1&sort=", headers=headers)

    def test_good_credentials_sign_in(self):
        for headers in [cookie("good"), cookie("good-x"), bearer("good"), token(exp=9e9)]:
            with self.subTest(headers=headers):
                self.assertEqual(self.probe(headers).status, 200)

    def test_credentials_that_are_not_good_redirect(self):
        for headers in [{}, cookie("expired"), bearer("expired"), cookie("x"), token(exp=1)]:
            with self.subTest(headers=headers):
                self.assert_signed_out(self.probe(headers))
                self.assert_signed_out(self.server.post_user(user(), headers=headers))
        self.assertEqual(self.server.counts()["users"], 0)

    def test_sign_in_comes_before_the_slash(self):
        self.assert_signed_out(self.server.send("GET", "/api/users", headers={}))

    def test_redirect_leads_to_a_login_page(self):
        answer = self.server.send("GET", "/oauth2/auth", headers={})
        self.assertEqual((answer.status, answer.headers["Location"]), (302, "/login"))
        answer = self.server.send("GET", "/login", headers={})
        self.assert_page(answer, 200)
        self.assertIn(b"password", answer.body)

    def test_login_page_answers_posts_too(self):
        self.assert_page(self.server.send("POST", "/login", user(), headers={}), 200)

    def test_without_the_role_writing_is_forbidden(self):
        for headers in [cookie("norole"), bearer("norole"), token(exp=9e9, cern_roles=["user"])]:
            with self.subTest(headers=headers):
                for answer in [
                    self.server.post_user(user(), headers=headers),
                    self.server.post_campaign(campaign(), headers=headers),
                ]:
                    self.assertEqual((answer.status, answer.type), (403, JSON))
        self.assertEqual(self.server.counts()["users"], 0)

    def test_without_the_role_listing_users_is_forbidden(self):
        answer = self.server.send("GET", "/api/users/?sort=", headers=cookie("norole"))
        self.assertEqual(answer.status, 403)

    def test_without_the_role_campaigns_are_readable(self):
        self.server.post_campaign(campaign())
        self.assertEqual(self.probe(cookie("norole")).status, 200)
        path = f"/api/campaigns/get/{NAME}/"
        self.assertEqual(self.server.send("GET", path, headers=cookie("norole")).status, 200)

    def test_another_audience_is_an_error(self):
        for headers in [cookie("audience"), bearer("audience"), token(exp=9e9, aud="other")]:
            with self.subTest(headers=headers):
                self.assert_internal(self.probe(headers))

    def test_token_for_this_audience_signs_in(self):
        self.assertEqual(self.probe(token(aud="valdb2", cern_roles=["management"])).status, 200)
        self.assertEqual(self.probe(token(aud=["account", "valdb2"])).status, 200)

    def test_cookie_helps_out_an_expired_token(self):
        self.assertEqual(self.probe({**bearer("expired"), **GOOD}).status, 200)

    def test_session_is_found_among_other_cookies(self):
        self.assertEqual(self.probe({"Cookie": "a=b; session=good; c=d"}).status, 200)

    def test_renewed_cookie_is_set_and_good(self):
        answer = self.server.post_user(user(), headers=cookie("renew-7"))
        self.assertEqual(answer.status, 200)
        expected = "session=good-renewed-7; Path=/; HttpOnly"
        self.assertEqual(answer.headers["Set-Cookie"], expected)
        self.assertEqual(self.probe(cookie("good-renewed-7")).status, 200)

    def test_spent_cookie_is_expired(self):
        self.probe(cookie("renew-7"))
        answer = self.probe(cookie("renew-7"))
        self.assert_signed_out(answer)
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(self.probe(cookie("renew-8")).status, 200)

    def test_control_expires_a_credential_at_once(self):
        self.server.control("POST", "expire", {"credential": "good-1"})
        self.assert_signed_out(self.probe(cookie("good-1")))
        self.assert_signed_out(self.probe(bearer("good-1")))
        self.assertEqual(self.probe(cookie("good-2")).status, 200)

    def test_control_expires_a_credential_after_requests(self):
        self.server.control("POST", "expire", {"credential": "good-1", "after": 2})
        statuses = [self.probe(cookie("good-1")).status for _ in range(4)]
        self.assertEqual(statuses, [200, 200, 302, 302])


class Faults(Case):
    def strike(self, kind, **more):
        self.server.faults({"kind": kind, **more})

    def stored(self):
        return self.server.counts()["users"]

    def test_status_before_answers_as_a_proxy_and_stores_nothing(self):
        self.strike("status", status=502, headers={"Retry-After": "3"})
        answer = self.server.post_user(user())
        self.assert_page(answer, 502)
        self.assertEqual(answer.headers["Retry-After"], "3")
        self.assertEqual(self.stored(), 0)
        self.assertEqual(self.server.post_user(user()).status, 200)

    def test_status_after_stores(self):
        self.strike("status", when="after")
        self.assert_page(self.server.post_user(user()), 503)
        self.assertEqual(self.stored(), 1)

    def test_status_with_a_body_and_a_type_of_its_own(self):
        self.strike("status", status=429, body='{"a": 1}', headers={"Content-Type": JSON})
        answer = self.server.post_user(user())
        self.assertEqual((answer.status, answer.type, answer.json), (429, JSON, {"a": 1}))

    def strike_late(self, kind="late"):
        """The work waits until the list of faults is set again."""
        self.strike(kind, status=504, delay_ms=-1)

    def finish_late_work(self):
        self.server.faults()
        wait_until(lambda: self.server.counts()["late"] == 0, "the late work is done")

    def test_late_work_is_carried_out_after_its_answer(self):
        self.strike_late()
        self.assert_page(self.server.post_user(user()), 504)
        counts = self.server.counts()
        self.assertEqual((counts["users"], counts["late"]), (0, 1))
        self.finish_late_work()
        self.assertEqual(self.stored(), 1)

    def test_late_work_goes_on_when_the_connection_is_closed(self):
        self.strike_late("late-drop")
        with self.assertRaises(http.client.RemoteDisconnected):
            self.server.post_user(user())
        self.assertEqual(self.stored(), 0)
        self.finish_late_work()
        self.assertEqual(self.stored(), 1)

    def test_late_work_is_carried_out_so_many_milliseconds_later(self):
        self.strike("late", delay_ms=50)
        self.server.post_user(user())
        wait_until(lambda: self.server.counts()["late"] == 0, "the late work is done")
        self.assertEqual(self.stored(), 1)

    def test_a_campaign_that_is_sent_again_before_the_late_one_is_stored_is_there_twice(self):
        self.strike_late()
        self.assert_page(self.server.post_campaign(campaign()), 504)
        self.assertEqual(self.server.post_campaign(campaign()).status, 200)
        self.finish_late_work()
        self.assertEqual(self.server.counts()["duplicates"], 1)

    def test_a_campaign_that_is_repeated_is_answered_once_and_there_twice(self):
        self.strike("repeat")
        self.assertEqual(self.server.post_campaign(campaign()).status, 200)
        self.finish_late_work()
        counts = self.server.counts()
        self.assertEqual((counts["campaigns"], counts["duplicates"]), (2, 1))

    def test_a_user_that_is_repeated_is_there_once(self):
        self.strike("repeat")
        self.assertEqual(self.server.post_user(user()).status, 200)
        self.finish_late_work()
        self.assertEqual(self.stored(), 1)

    def test_late_work_needs_the_sign_in_too(self):
        self.strike_late()
        self.server.post_user(user(), headers={})
        self.finish_late_work()
        self.assertEqual(self.stored(), 0)

    def test_delay_takes_its_time(self):
        self.strike("delay", delay_ms=400)
        start = time.monotonic()
        self.assertEqual(self.server.post_user(user()).status, 200)
        self.assertGreaterEqual(time.monotonic() - start, 0.4)

    @contextlib.contextmanager
    def held(self, body, **more):
        """A post of the user whose connection a fault holds, until the list is set again."""
        self.strike(delay_ms=-1, **more)
        thread = threading.Thread(target=self.server.post_user, args=[body])
        thread.start()
        wait_until(lambda: self.server.control("GET", "faults")[0]["struck"] == 1, "it is held")
        yield
        self.assertTrue(thread.is_alive())
        self.server.faults()
        thread.join()

    def test_delay_holds_up_its_own_connection_only(self):
        with self.held(user("slow@cern.ch"), kind="delay", match="slow@"):
            self.assertEqual(self.server.post_user(user("fast@cern.ch")).status, 200)
            self.assertEqual(self.stored(), 1)
        self.assertEqual(self.stored(), 2)

    def test_delay_after_has_stored_already(self):
        with self.held(user(), kind="delay", when="after"):
            self.assertEqual(self.stored(), 1)

    def test_what_is_held_is_under_way_until_the_list_is_set_again(self):
        with self.held(user(), kind="delay"):
            self.assertEqual(self.server.counts()["under_way"], 1)
        self.assertEqual(self.server.counts()["under_way"], 0)

    def test_a_reset_drops_what_is_held(self):
        self.strike("delay", delay_ms=-1)
        with self.server.send_raw("POST", "/api/users/", user()) as client:
            wait_until(lambda: self.server.counts()["under_way"] == 1, "it is held")
            self.server.control("POST", "reset")
            self.assertEqual(read_to_end(client), b"")
        self.assertEqual(self.server.counts()["users"], 0)

    def test_drop_closes_without_an_answer(self):
        for when, stored in [("before", 0), ("after", 1)]:
            with self.subTest(when=when):
                self.strike("drop", when=when)
                self.assertEqual(self.server.raw("POST", "/api/users/", user()), b"")
                self.assertEqual(self.stored(), stored)

    def test_reset_is_felt_as_a_reset(self):
        for when, stored in [("before", 0), ("after", 1)]:
            with self.subTest(when=when):
                self.strike("reset", when=when)
                with self.assertRaises(ConnectionResetError):
                    self.server.raw("POST", "/api/users/", user())
                self.assertEqual(self.stored(), stored)

    def test_html_answers_200_with_a_page(self):
        self.strike("html")
        self.assert_page(self.server.post_user(user()), 200)
        self.assertEqual(self.stored(), 0)

    def test_login_redirect_answers_as_an_expired_session(self):
        self.strike("login-redirect")
        self.assert_signed_out(self.server.post_user(user()))
        self.assertEqual(self.stored(), 0)

    def test_null_answers_200_with_null(self):
        self.strike("null", when="after")
        answer = self.server.post_user(user())
        self.assertEqual((answer.status, answer.type, answer.json), (200, JSON, None))
        self.assertEqual(self.stored(), 1)

    def test_other_record_answers_with_somebody_else(self):
        self.strike("other-record", times=-1)
        answer = self.server.post_user(user())
        self.assertEqual(answer.status, 200)
        self.assertNotEqual(answer.json["email"], "one@cern.ch")
        self.assertNotEqual(self.server.post_campaign(campaign()).json["name"], NAME)
        self.assertNotEqual(self.server.get_campaign(NAME).json["campaign"]["name"], NAME)
        self.assertNotEqual(self.server.send("GET", "/api/users/?sort=").json[0]["email"], "")
        path = f"/api/reports/search/{NAME}/A.B.C/"
        self.assertNotEqual(self.server.send("GET", path).json["campaign_name"], NAME)

    def split(self, answer):
        head, _, body = answer.partition(b"\r\n\r\n")
        length = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")]
        return head, body, int(length[0].split(b":")[1])

    def test_truncate_sends_half_the_body(self):
        self.strike("truncate")
        _, body, length = self.split(self.server.raw("POST", "/api/users/", user()))
        self.assertEqual(len(body), length // 2)
        self.assertIn(b'{"id"', body)
        self.assertEqual(self.stored(), 1)

    def test_truncate_before_sends_half_of_the_faults_own_answer(self):
        self.strike("truncate", when="before", status=200, body="x" * 100)
        head, body, length = self.split(self.server.raw("POST", "/api/users/", user()))
        self.assertIn(b" 200 ", head)
        self.assertEqual((body, length), (b"x" * 50, 100))
        self.assertEqual(self.stored(), 0)

    def test_wrong_length_promises_more_than_it_sends(self):
        self.strike("wrong-length")
        _, body, length = self.split(self.server.raw("POST", "/api/users/", user()))
        self.assertEqual(json.loads(body)["email"], "one@cern.ch")
        self.assertEqual(length, len(body) + 64)

    def test_truncate_of_a_large_answer(self):
        self.strike("truncate", path=MIGRATE)
        body = campaign([report(content="x" * 3000000)])
        _, got, length = self.split(self.server.raw("POST", MIGRATE, body))
        self.assertEqual(len(got), length // 2)

    def read_in_two(self, kind):
        """What comes before such an answer stops, and what comes when it continues."""
        self.strike(kind, delay_ms=-1)
        with self.server.send_raw("POST", "/api/users/", user()) as client:
            first = client.recv(65536)
            self.server.faults()
            return first, read_to_end(client)

    def test_slow_headers_stop_within_the_headers(self):
        first, rest = self.read_in_two("slow-headers")
        self.assertNotIn(b"\r\n\r\n", first)
        _, body, length = self.split(first + rest)
        self.assertEqual(len(body), length)

    def test_slow_body_stops_within_the_body(self):
        first, rest = self.read_in_two("slow-body")
        self.assertIn(b"\r\n\r\n", first)
        self.assertNotEqual(rest, b"")
        _, body, length = self.split(first + rest)
        self.assertEqual(len(body), length)

    def test_a_slow_answer_takes_its_time(self):
        for kind in ("slow-headers", "slow-body"):
            self.strike(kind, delay_ms=300)
            start = time.monotonic()
            self.server.raw("POST", "/api/users/", user())
            self.assertGreaterEqual(time.monotonic() - start, 0.3)

    def test_partial_stores_half_of_the_reports_unlinked(self):
        self.strike("partial")
        self.assertEqual(self.server.post_user(user()).status, 200)
        reports = [report(group) for group in ("A.B.C", "A.B.D", "A.B.E", "A.B.F")]
        self.assert_internal(self.server.post_campaign(campaign(reports)))
        state = self.server.state()
        self.assertEqual([r["group"] for r in state["orphans"]], ["A.B.C", "A.B.D"])
        self.assert_internal(self.server.get_campaign(NAME))
        answer = self.server.post_campaign(campaign(reports))
        self.assert_message(answer, 400, "Name is not unique")

    def test_skip_and_times_choose_the_requests(self):
        self.strike("status", skip=1, times=2)
        statuses = [self.server.post_user(user()).status for _ in range(5)]
        self.assertEqual(statuses, [200, 503, 503, 200, 200])

    def test_times_minus_1_is_for_ever(self):
        self.strike("status", times=-1)
        self.assertEqual({self.server.post_user(user()).status for _ in range(5)}, {503})

    def test_method_path_and_match_choose_the_requests(self):
        self.strike("status", method="POST", path="/api/users/", match="two@", times=-1)
        self.assertEqual(self.server.post_user(user()).status, 200)
        self.assertEqual(self.server.post_user(user("two@cern.ch")).status, 503)
        self.assertEqual(self.server.post_campaign(campaign(relmon="two@")).status, 200)
        self.assertEqual(self.server.send("GET", "/api/users/?sort=&search=two@").status, 200)

    def test_match_looks_at_the_query(self):
        self.strike("status", match="search=two")
        self.assertEqual(self.server.send("GET", "/api/users/?sort=&search=two").status, 503)

    def test_first_fault_that_is_left_strikes(self):
        self.server.faults({"kind": "status", "status": 502}, {"kind": "status", "status": 504})
        statuses = [self.server.post_user(user()).status for _ in range(3)]
        self.assertEqual(statuses, [502, 504, 200])

    def test_list_is_shown_with_its_hits(self):
        self.strike("status", skip=1)
        self.server.post_user(user())
        shown = self.server.control("GET", "faults")
        self.assertEqual(shown, [{"kind": "status", "skip": 1, "hits": 1, "struck": 0}])

    def test_unknown_kind_is_refused_and_the_list_stays(self):
        self.strike("null")
        answer = self.server.send("PUT", "/control/faults", [{"kind": "no"}], headers={})
        self.assertEqual(answer.status, 400)
        self.assertEqual(self.server.control("GET", "faults")[0]["kind"], "null")

    def test_pause_goes_before_another_kind(self):
        self.strike("drop", delay_ms=200)
        start = time.monotonic()
        self.assertEqual(self.server.raw("POST", "/api/users/", user()), b"")
        self.assertGreaterEqual(time.monotonic() - start, 0.2)


class Control(Case):
    def test_state_shows_users_campaigns_and_reports(self):
        self.server.post_user(user())
        self.server.post_campaign(campaign([report(authors=["one@cern.ch"])]))
        state = self.server.state()
        self.assertEqual([u["email"] for u in state["users"]], ["one@cern.ch"])
        self.assertEqual(state["campaigns"][0]["reports"][0]["content"], report()["content"])
        self.assertEqual(state["counts"]["reports"], 1)

    def test_log_shows_each_request(self):
        self.server.post_user(user("ü\"@cern.ch"))
        self.server.post_campaign(campaign())
        self.server.get_campaign("1_2_3 x")
        log = self.server.control("GET", "log")
        self.assertEqual([e["n"] for e in log], [1, 2, 3])
        self.assertEqual([e["key"] for e in log], ['ü"@cern.ch', NAME, None])
        self.assertEqual([e["status"] for e in log], [400, 200, 404])
        self.assertEqual([e["method"] for e in log], ["POST", "POST", "GET"])
        self.assertEqual(log[2]["path"], "/api/campaigns/get/1_2_3 x/")
        self.assertEqual(self.server.control("GET", "log?since=2"), log[2:])

    def test_log_shows_requests_without_an_answer(self):
        self.server.faults({"kind": "drop"})
        self.server.raw("POST", "/api/users/", user())
        self.assertEqual(self.server.control("GET", "log")[0]["status"], 0)

    def test_counts_show_how_often_a_key_was_posted(self):
        for email in ["a@cern.ch", "b@cern.ch", "a@cern.ch", "a@cern.ch"]:
            self.server.post_user(user(email))
        counts = self.server.counts()
        self.assertEqual((counts["requests"], counts["posts_per_key"]), (4, 3))
        self.assertEqual((counts["users"], counts["duplicates"]), (2, 0))

    def test_users_are_seeded_as_given(self):
        self.server.control("POST", "users", [user(role=9, groups=["x"]), user(role=1)])
        users = self.server.state()["users"]
        self.assertEqual([(u["role"], u["groups"]) for u in users], [(9, ["x"]), (1, [])])
        self.assertEqual(self.server.counts()["duplicates"], 1)

    def test_seeds_that_are_no_array_are_refused(self):
        answer = self.server.send("POST", "/control/users", user(), headers={})
        self.assertEqual(answer.status, 400)

    def test_reset_empties_everything(self):
        self.server.post_user(user())
        self.server.post_campaign(campaign())
        self.server.faults({"kind": "status", "times": -1})
        self.server.control("POST", "expire", {"credential": "good"})
        self.server.control("POST", "reset")
        self.assertEqual(set(self.server.counts().values()), {0})
        self.assertEqual(self.server.control("GET", "log"), [])
        self.assertEqual(self.server.post_user(user()).status, 200)

    def test_unknown_control_path_is_not_found(self):
        self.assertEqual(self.server.send("GET", "/control/nothing").status, 404)


class Options(unittest.TestCase):
    @contextlib.contextmanager
    def server(self, *options, **more):
        server = Server(*options, **more)
        try:
            yield server
        finally:
            server.stop()

    def send_at_once(self, server, count):
        """Sockets over which so many campaigns were sent while the server was stopped: when it
        continues it finds all of them, however slow the test is."""
        server.process.send_signal(signal.SIGSTOP)
        clients = [server.send_raw("POST", MIGRATE, campaign()) for _ in range(count)]
        server.process.send_signal(signal.SIGCONT)
        return clients

    def post_at_once(self, server, count):
        answers = []
        for client in self.send_at_once(server, count):
            with client:
                response = http.client.HTTPResponse(client)
                response.begin()
                answers.append(response.status)
        return sorted(answers)

    def test_greeting_names_the_address(self):
        with self.server() as server:
            expected = f"listening on http://127.0.0.1:{server.port}\n"
            self.assertEqual(server.greeting, expected)

    def test_signals_stop_it_cleanly(self):
        for number in [signal.SIGTERM, signal.SIGINT]:
            self.assertEqual(Server().stop(number), 0)

    def test_signal_stops_it_while_requests_wait(self):
        server = Server("--latency", "3600000", "--workers", "2")
        server.faults({"kind": "delay", "delay_ms": 3600000, "match": "two@"})
        clients = [server.connect() for _ in range(5)]
        for number, client in enumerate(clients):
            body = json.dumps(user("two@x.y" if number == 0 else "one@x.y"))
            client.request("POST", "/api/users/", body, {"Content-Type": JSON, **GOOD})
        wait_until(lambda: server.counts()["under_way"] == 5, "they wait")
        self.assertEqual(server.stop(), 0)
        for client in clients:
            client.close()

    def test_usage_errors(self):
        for options in [["--port", "x"], ["--workers", "0"], ["--groups", "new"], ["more"]]:
            done = subprocess.run([BINARY, *options], stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"usage:", done.stderr)

    def test_chosen_port_is_used(self):
        with self.server() as first:
            port = first.port
        with self.server("--port", str(port), "--quiet") as server:
            self.assertEqual(server.port, port)

    def test_data_survives_a_kill(self):
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, "data.db")
            with self.server("--data", data, folder=folder) as server:
                server.post_user(user())
                server.post_campaign(campaign([report(authors=["one@cern.ch"])]))
                server.post_campaign(campaign(name="1_2_3", deadline="x"))
                before = server.state()
                server.stop(signal.SIGKILL)
            with self.server("--data", data, folder=folder) as server:
                after = server.state()
                self.assertEqual(after["users"], before["users"])
                self.assertEqual(after["campaigns"], before["campaigns"])
                self.assertEqual(after["orphans"], before["orphans"])
                self.assertEqual(after["counts"]["reports"], 2)
                self.assertEqual(server.post_user(user()).json, before["users"][0])
                self.assertEqual(server.post_user(user("two@cern.ch")).status, 200)

    def test_current_groups_have_nps(self):
        with self.server("--groups", "current") as server:
            groups = server.post_user(user(role=1)).json["groups"]
            self.assertIn("HLT.Data.NPS", groups)
            self.assertNotIn("HLT.Data.Susy", groups)

    def test_without_authentication_everything_is_allowed(self):
        with self.server("--require-auth", "no") as server:
            self.assertEqual(server.post_user(user(), headers={}).status, 200)
            answer = server.send("GET", "/api/users/?sort=", headers=cookie("expired"))
            self.assertEqual(answer.status, 200)

    def test_records_and_answers_have_clocks_of_their_own(self):
        with self.server("--clock-skew", "-7200", "--date-skew", "3600") as server:
            answer = server.post_user(user())
        made = datetime.datetime.fromisoformat(answer.json["created_at"] + "+00:00")
        date = email.utils.parsedate_to_datetime(answer.headers["Date"])
        hours = (date - made) / datetime.timedelta(hours=1)
        self.assertAlmostEqual(hours, 3, delta=0.5)

    def test_several_workers_race_to_duplicates(self):
        with self.server("--workers", "3", "--race-window", "1000") as server:
            self.assertEqual(self.post_at_once(server, 5), [200, 200, 200, 400, 400])
            counts = server.counts()
            self.assertEqual((counts["campaigns"], counts["duplicates"]), (3, 2))

    def test_one_worker_does_not_race(self):
        with self.server("--race-window", "50") as server:
            self.assertEqual(self.post_at_once(server, 3), [200, 400, 400])
            self.assertEqual(server.counts()["duplicates"], 0)

    def test_one_worker_takes_one_after_the_other(self):
        with self.server("--latency", "100") as server:
            start = time.monotonic()
            self.post_at_once(server, 3)
            self.assertGreaterEqual(time.monotonic() - start, 0.3)

    def test_as_many_are_worked_on_at_once_as_there_are_workers(self):
        for workers in (1, 3):
            with self.server("--latency", "3600000", "--workers", str(workers)) as server:
                clients = self.send_at_once(server, 5)
                wait_until(lambda: server.counts()["under_way"] == 5, "all have arrived")
                self.assertEqual(server.counts()["busy"], workers)
                for client in clients:
                    client.close()


if __name__ == "__main__":
    unittest.main()
