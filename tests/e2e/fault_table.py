"""The fault matrix as data: what goes wrong with a post, and how the document has to end.

A fault strikes before the record is stored or after it. `Ends` has what must be true when the
program has ended: the outcomes of the attempts in order, the document's state, the exit status
and how many records the target has. `phrase` is in what the workspace keeps of the struck attempt."""

import dataclasses
import datetime
import email.utils


@dataclasses.dataclass(frozen=True)
class Ends:
    outcomes: tuple
    state: str
    status: int
    stored: int


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    fault: dict
    phrase: str
    before: Ends = None
    after: Ends = None
    campaign_after: Ends = None  # where a campaign ends otherwise than a user

    @property
    def retry_after(self):
        """What the target answers to the next attempt, or None."""
        return self.fault.get("headers", {}).get("Retry-After")


AT_ONCE = Ends(("delivered",), "delivered", 0, 1)
# What was sent again is counted afterwards.
SENT_AGAIN = Ends(("uncertain", "missing", "delivered", "equal"), "delivered", 0, 1)
FOUND = Ends(("uncertain", "equal"), "delivered", 0, 1)
LATER = Ends(("not taken", "delivered"), "delivered", 0, 1)
LATER_PRESENT = Ends(("not taken", "exists", "equal"), "present", 0, 1)
REFUSED = Ends(("refused", "missing"), "refused", 1, 0)
REFUSED_STORED = Ends(("refused", "equal"), "delivered", 0, 1)
SIGN_IN = Ends(("session not accepted",), "pending", 4, 0)
SIGN_IN_STORED = Ends(("session not accepted",), "pending", 4, 1)
ASTRAY = Ends(("not the API",), "pending", 3, 0)
ASTRAY_STORED = Ends(("not the API",), "pending", 3, 1)


def uncertain(name, fault, phrase):
    """What may have been carried out is looked up, and sent again only if it is not there."""
    return Fault(name, fault, phrase, SENT_AGAIN, FOUND)


def refused(name, fault, phrase):
    """A refusal that does not show that it was decided before storing: the record is looked for."""
    return Fault(name, fault, phrase, REFUSED, REFUSED_STORED)


def slow(name, fault):
    """An answer that takes its time is an answer; one that the fault itself makes is a 503."""
    return Fault(name, {**fault, "delay_ms": 400}, "", SENT_AGAIN, AT_ONCE)


def not_taken(name, headers):
    fault = {"kind": "status", "status": 429, "headers": headers}
    return Fault(name, fault, "too many requests", LATER, LATER, LATER_PRESENT)


def answer(status, body=None, **headers):
    fault = {"kind": "status", "status": status}
    if body is not None:
        fault["body"] = body
    if headers:
        fault["headers"] = {name.replace("_", "-"): value for name, value in headers.items()}
    return fault


def json_answer(status, body):
    return answer(status, body, Content_Type="application/json")


def http_date(seconds):
    """So many seconds from now, as headers write it: the whole second before."""
    moment = datetime.datetime.now(datetime.timezone.utc)
    return email.utils.format_datetime(moment + datetime.timedelta(seconds=seconds), usegmt=True)


def make_faults():
    """The table; it holds dates of the near future, so it is made again for each test."""
    return [
        uncertain("drop", {"kind": "drop"}, "no whole answer"),
        uncertain("reset", {"kind": "reset"}, "no whole answer"),
        uncertain("truncate", {"kind": "truncate"}, "no whole answer"),
        uncertain("wrong_length", {"kind": "wrong-length"}, "no whole answer"),
        slow("slow_headers", {"kind": "slow-headers"}),
        slow("slow_body", {"kind": "slow-body"}),
        Fault("delay", {"kind": "delay", "delay_ms": 400}, "", AT_ONCE, AT_ONCE),
        uncertain("500_page", answer(500), "500"),
        uncertain("500_json", json_answer(500, '{"message": "Internal Server Error"}'), "500"),
        uncertain("502_page", answer(502), "502: bad gateway"),
        uncertain("503_page", answer(503), "503: service unavailable"),
        uncertain("504_page", answer(504), "504: gateway timed out"),
        uncertain("503_retry_after", answer(503, Retry_After="1"), "503"),
        Fault("503_date", answer(503, Retry_After=http_date(3)), "503", SENT_AGAIN),
        uncertain("408", answer(408), "408"),
        uncertain("400_page", answer(400), "400"),
        uncertain("unheard_of_status", answer(599), "599"),
        not_taken("429", {}),
        not_taken("429_retry_after", {"Retry-After": "1"}),
        not_taken("429_date", {"Retry-After": http_date(3)}),
        not_taken("429_senseless", {"Retry-After": "soon"}),
        uncertain("200_page", {"kind": "html"}, "login page?"),
        uncertain("200_other_record", {"kind": "other-record"}, ""),
        uncertain("200_null", {"kind": "null"}, ""),
        uncertain("200_empty_object", json_answer(200, "{}"), ""),
        uncertain("200_list", json_answer(200, "[]"), ""),
        uncertain("200_broken_json", json_answer(200, '{"id": "64'), "broken JSON"),
        uncertain("200_no_json_type", answer(200, "{}", Content_Type="text/plain"), "text/plain"),
        uncertain("201_pointer", json_answer(201, '{"_url": "/api/users/7/"}'), ""),
        uncertain("201_empty", answer(201, "", Location="/api/users/7/"), "201"),
        uncertain("202", json_answer(202, '{"status": "accepted"}'), "202"),
        uncertain("204", answer(204, ""), "204"),
        refused("400_json", json_answer(400, '{"message": "Some words"}'), "Some words"),
        refused("409_json", json_answer(409, '{"message": "Some words"}'), "Some words"),
        refused("413_page", answer(413), "larger than the server accepts"),
        refused("422_json", json_answer(422, '{"message": "Some words"}'), "Some words"),
        refused("418_page", answer(418), "418"),
        refused("412_json", json_answer(412, '{"errors": {"name": ["is taken"]}}'), "is taken"),
        refused("403", answer(403), "forbidden"),
        refused("404_page", answer(404), "not found"),
        refused("404_json", json_answer(404, '{"message": "Some words"}'), "Some words"),
        refused("405", answer(405), "not allowed"),
        Fault("redirect", {"kind": "login-redirect"}, "redirected", SIGN_IN, SIGN_IN_STORED),
        Fault("401", answer(401), "not signed in", SIGN_IN, SIGN_IN_STORED),
        Fault("301", answer(301, Location="https://other.example/"), "redirected", ASTRAY),
        Fault("308", answer(308, Location="/api/users"), "redirected", ASTRAY, ASTRAY_STORED),
    ]


# What goes wrong again and again, with everything after the first question whether the target is
# there: the program gives up, and what it does not know is `unknown`. (name, fault, state)
PERMANENT = [
    ("drop", {"kind": "drop"}, "unknown"),
    ("reset", {"kind": "reset"}, "unknown"),
    ("truncate", {"kind": "truncate"}, "unknown"),
    ("500_page", answer(500), "unknown"),
    ("503_page", answer(503), "unknown"),
    ("200_page", {"kind": "html"}, "unknown"),
    ("200_null", {"kind": "null"}, "unknown"),
    ("429", answer(429), "pending"),
]
