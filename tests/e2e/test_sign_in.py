"""Signing in: what is no session loses nothing, and a session that is renewed continues."""

import contextlib
import http.server
import json
import signal
import socket
import stat
import threading
import time
import unittest

from harness import AS_OF, SETTLE, make_sample, wait_until, write_cookies
from legacy import make_clean
from scene import Scene

LOOKED_UP = 2  # users before they are sent, at least: the first ones
TOKEN_SECONDS = 5  # long enough for a slow machine to send its first posts


class SignIn(Scene):
    """A clean plan of six documents."""

    def setUp(self):
        super().setUp()
        make_clean(self.folder / "legacy.db").close()
        people = self.folder / "people.csv"
        people.write_text("user_name,email,fullname\ngfirst,given@site.example,Given First\n")
        self.plan = ["--from", "legacy.db", "--people", people, "--as-of", AS_OF]
        self.assertStatus(self.rowpost("plan", *self.plan), 0)
        self.number = self.states()["pending"]

    @property
    def url(self):
        return ["--to", self.standin.url, "--settle", SETTLE]

    def with_cookie(self, value):
        return [*self.url, "--cookies", write_cookies(self.folder / "session.txt", value)]

    def with_token_file(self, content):
        path = self.folder / "token"
        path.write_text(content)
        return [*self.url, "--token-file", path]

    def assertNotAccepted(self, result):
        """Nothing was stored, nothing was lost, and the message names what to do."""
        self.assertStatus(result, 4)
        self.assertEqual(self.states(), {"pending": self.number})
        self.assertEqual(self.standin.counts()["users"], 0)
        self.assertIn("the session is not accepted", result.err)
        self.assertIn("nothing was lost", result.err)
        self.next_command(result)

    def assertAllDelivered(self):
        self.assertEqual(self.states(), {"delivered": self.number})
        self.assertTargetHolds()


class Cookie(SignIn):
    def test_an_expired_session_loses_nothing_and_a_good_one_goes_on(self):
        self.assertNotAccepted(self.rowpost("apply", *self.with_cookie("expired-x")))
        self.assertStatus(self.rowpost("apply", *self.with_cookie("good-x")), 0)
        self.assertAllDelivered()

    def test_run_ends_with_4_and_the_same_run_goes_on(self):
        run = ["run", *self.plan]
        self.assertNotAccepted(self.rowpost(*run, *self.with_cookie("expired-x")))
        self.assertStatus(self.rowpost(*run, *self.with_cookie("good-x")), 0)
        self.assertAllDelivered()

    def test_the_message_says_where_it_was_redirected_to(self):
        result = self.rowpost("apply", *self.with_cookie("expired-x"))
        self.assertIn("/oauth2/auth", result.err)

    def test_no_session_at_all_is_not_accepted(self):
        self.assertNotAccepted(self.rowpost("apply", *self.url))

    def test_a_redirect_is_never_followed(self):
        self.rowpost("apply", *self.with_cookie("expired-x"))
        paths = [entry["path"] for entry in self.standin.log()]
        self.assertEqual(paths, ["/api/campaigns/"])

    def test_a_target_that_has_moved_is_no_session_and_the_right_address_is_said(self):
        location = {"Location": "https://other.example/v2/api/campaigns/?x=1"}
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status=status):
                fault = {"kind": "status", "status": status, "headers": location}
                self.standin.faults(fault)
                result = self.rowpost("apply", *self.with_cookie("good-x"))
                self.assertStatus(result, 3)
                self.assertIn("use --to https://other.example/v2", result.err)
                self.assertEqual(self.states(), {"pending": self.number})

    def test_a_login_page_that_answers_200_is_no_session(self):
        self.standin.faults({"kind": "html", "times": -1})
        result = self.rowpost("apply", *self.with_cookie("good-x"))
        self.assertNotAccepted(result)
        self.assertIn("login page", result.err)

    def test_a_session_without_the_role_is_not_accepted(self):
        result = self.rowpost("apply", *self.with_cookie("norole-x"))
        self.assertNotAccepted(result)
        self.assertIn("management role", result.err)

    def test_verify_does_not_take_a_redirect_for_a_missing_record(self):
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.assertStatus(self.rowpost("verify", *self.with_cookie("expired-x")), 4)
        verdicts = {row["verdict"] for row in self.documents().values()}
        self.assertEqual(verdicts, {None})
        self.assertStatus(self.rowpost("verify", *self.target), 0)

    def test_a_session_that_ends_in_the_middle_loses_nothing(self):
        requests = 1 + LOOKED_UP + self.number  # the first asks whether the target is there
        for after in range(1, requests):
            with self.subTest(after=after):
                self.standin.reset()
                self.workspace.unlink()
                self.rowpost("plan", *self.plan)
                self.standin.expire("good-x", after)
                result = self.rowpost("apply", *self.with_cookie("good-x"))
                self.assertStatus(result, 4)
                states = self.states()
                delivered = states.get("delivered", 0)
                self.assertEqual(states["pending"] + delivered, self.number)
                counts = self.standin.counts()
                self.assertEqual(counts["users"] + counts["campaigns"], delivered)
                self.assertIn(f"lost: {delivered} of {self.number} documents delivered", result.err)
                result = self.rowpost("apply", *self.with_cookie("good-y"))
                self.assertStatus(result, 0)
                self.assertAllDelivered()

    def test_a_session_that_ends_while_documents_are_looked_up_loses_nothing(self):
        self.standin.faults({"kind": "drop", "when": "after", "method": "POST"})
        # The target is there, neither of two validators is, and the first was posted.
        self.standin.expire("good-x", 4)
        self.assertStatus(self.rowpost("apply", *self.with_cookie("good-x"), "-j", "1"), 4)
        self.assertEqual(self.states().get("unknown"), 1)
        self.assertStatus(self.rowpost("apply", *self.with_cookie("good-y")), 0)
        self.assertAllDelivered()


class Renewal(SignIn):
    """The server renews a cookie in an answer; the old one is good no more."""

    def test_a_renewed_cookie_is_sent_from_then_on(self):
        self.assertStatus(self.rowpost("apply", *self.with_cookie("renew-1")), 0)
        self.assertAllDelivered()

    def test_a_renewed_cookie_is_sent_on_every_connection(self):
        sample = make_sample(self.folder / "sample", campaigns=20, rows=40, dirty="no")
        self.rowpost("plan", *sample, "-w", "large", "--as-of", AS_OF)
        target = self.with_cookie("renew-1")
        self.assertStatus(self.rowpost("apply", "-w", "large", "-j", "8", *target), 0)

    def test_run_verifies_with_the_renewed_cookie(self):
        result = self.rowpost("run", *self.plan, *self.with_cookie("renew-1"))
        self.assertStatus(result, 0)
        self.assertAllDelivered()

    def test_a_saved_cookie_signs_the_next_command_in(self):
        target = self.with_cookie("renew-1")
        self.assertStatus(self.rowpost("apply", *target, "--save-cookies"), 0)
        self.assertStatus(self.rowpost("verify", *target), 0)

    def test_a_saved_cookie_file_keeps_its_mode_its_comments_and_a_link_to_it(self):
        target = self.with_cookie("renew-1")
        path = self.folder / "session.txt"
        place = self.folder / "kept.txt"
        path.rename(place)
        place.write_text("# of the site\nno cookie\n" + place.read_text())
        place.chmod(0o640)
        path.symlink_to(place)
        result = self.rowpost("apply", *target, "--save-cookies")
        self.assertStatus(result, 0)
        self.assertIn("1 line", result.err)
        self.assertTrue(path.is_symlink())
        self.assertIn("good-renewed-1", place.read_text())
        self.assertTrue(place.read_text().startswith("# of the site\nno cookie\n"))
        self.assertEqual(stat.S_IMODE(place.stat().st_mode), 0o640)

    def test_the_cookie_file_is_only_read_unless_it_is_asked_for(self):
        target = self.with_cookie("renew-1")
        path = self.folder / "session.txt"
        before = path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns
        self.assertStatus(self.rowpost("apply", *target), 0)
        self.assertEqual((path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns), before)

    def test_a_session_that_was_turned_away_is_not_saved(self):
        target = self.with_cookie("expired-x")
        before = (self.folder / "session.txt").read_bytes()
        self.assertStatus(self.rowpost("apply", *target, "--save-cookies"), 4)
        self.assertEqual((self.folder / "session.txt").read_bytes(), before)


class Token(SignIn):
    def test_a_token_from_a_file_signs_in(self):
        self.assertStatus(self.rowpost("apply", *self.with_token_file("good-token\n")), 0)
        self.assertAllDelivered()

    def test_a_token_from_the_environment_signs_in(self):
        result = self.rowpost("apply", *self.url, ROWPOST_TOKEN="good-token")
        self.assertStatus(result, 0)
        self.assertAllDelivered()

    def test_the_file_counts_before_the_environment(self):
        target = self.with_token_file("good-token")
        self.assertStatus(self.rowpost("apply", *target, ROWPOST_TOKEN="expired-token"), 0)

    def test_an_expired_token_is_not_accepted(self):
        self.assertNotAccepted(self.rowpost("apply", *self.with_token_file("expired-token")))

    def test_a_token_of_another_application_stores_nothing(self):
        target = self.with_token_file("audience-token")
        result = self.rowpost("apply", *target, "--give-up-after", "1")
        self.assertIn(result.status, (3, 4))
        self.assertEqual(self.standin.counts()["users"], 0)
        self.assertIn("500", result.err)

    def test_a_token_without_the_role_is_not_accepted(self):
        self.assertNotAccepted(self.rowpost("apply", *self.with_token_file("norole-token")))


class TokenEndpoint(http.server.BaseHTTPRequestHandler):
    """Gives a token that soon ends, and no other."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        is_first = self.server.asked == 1
        if not is_first and self.server.silence is not None:
            self.server.silence.wait()
        token = {"access_token": "good", "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        self.server.end_of_token = time.monotonic() + TOKEN_SECONDS
        answer = json.dumps(token if is_first else {"error": "invalid_client"}).encode()
        self.send_response(200 if is_first else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Logs nothing."""


@contextlib.contextmanager
def token_endpoint():
    with http.server.HTTPServer(("127.0.0.1", 0), TokenEndpoint) as server:
        server.asked = 0
        server.silence = None
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Client(SignIn):
    """A client that fetches its token itself (OAuth 2)."""

    def test_ctrl_c_ends_the_wait_for_the_first_token(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/token"
            client = ["--oauth2-token-url", url, "--client-id", "me"]
            program = self.start("apply", *self.url, *client, ROWPOST_CLIENT_SECRET="s3cret")
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                program.send(signal.SIGINT)
                result = program.end()
        self.assertStatus(result, 1)
        self.assertIn("stopped by Ctrl-C", result.err)
        self.assertEqual(self.states(), {"pending": self.number})

    def test_ctrl_c_ends_the_wait_for_another_token(self):
        with token_endpoint() as server:
            server.silence = threading.Event()
            client = ["--oauth2-token-url", f"http://127.0.0.1:{server.server_port}/token"]
            client += ["--client-id", "me"]
            self.standin.hold(method="POST")
            program = self.start("apply", *self.url, *client, ROWPOST_CLIENT_SECRET="s3cret")
            self.wait_until_held(program)
            wait_until(lambda: time.monotonic() > server.end_of_token, "the token has ended")
            self.standin.faults()
            wait_until(lambda: server.asked == 2, "another one is asked for")
            program.send(signal.SIGINT)
            result = program.end()
            server.silence.set()
        self.assertStatus(result, 1)
        self.assertIn(" apply ", self.next_command(result))
        self.assertLessEqual(set(self.states()), {"delivered", "pending"})

    def test_a_token_that_is_not_renewed_leaves_nothing_to_be_looked_up(self):
        self.standin.hold(method="POST")
        with token_endpoint() as server:
            client = ["--oauth2-token-url", f"http://127.0.0.1:{server.server_port}/token"]
            client += ["--client-id", "me"]
            secret = {"ROWPOST_CLIENT_SECRET": "s3cret-of-mine"}
            program = self.start("apply", *self.url, *client, "--jobs", "2", **secret)
            self.wait_until_held(program, 2)
            wait_until(lambda: time.monotonic() > server.end_of_token, "the token has ended")
            self.standin.faults()
            result = program.end()
            self.assertGreaterEqual(server.asked, 2)
        self.assertStatus(result, 4)
        self.assertNotIn("s3cret", result.err)
        states = self.states()
        self.assertEqual(set(states), {"delivered", "pending"})
        self.assertEqual(self.standin.counts()["users"], states["delivered"])


class Echo(http.server.BaseHTTPRequestHandler):
    """Turns everybody away, and repeats what it received."""

    def do_GET(self):
        self.server.seen.append(dict(self.headers))
        body = json.dumps({"message": " ".join(self.headers.values())}).encode()
        self.send_response(403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Logs nothing."""


class Schemes(SignIn):
    """How other services want a key or a password."""

    def seen(self, *options, token=None):
        """The headers of the first request, and the program's result."""
        environment = {} if token is None else {"ROWPOST_TOKEN": token}
        with http.server.HTTPServer(("127.0.0.1", 0), Echo) as server:
            server.seen = []
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                url = f"http://127.0.0.1:{server.server_port}"
                result = self.rowpost("apply", "--to", url, *options, **environment)
            finally:
                server.shutdown()
                thread.join()
        self.assertStatus(result, 4)
        return server.seen[0], result

    def test_each_service_gets_its_header(self):
        for options, token, header, value in (
            (["--auth-scheme", "bearer"], "s3cret-key", "Authorization", "Bearer s3cret-key"),
            (["--auth-scheme", "token"], "s3cret-key", "Authorization", "token s3cret-key"),
            (["--auth-header", "X-Redmine-API-Key"], "s3cret-key", "X-Redmine-API-Key", "s3cret-key"),
            (["--auth-scheme", "basic"], "me:s3cret two", "Authorization", "Basic bWU6czNjcmV0IHR3bw=="),
        ):
            with self.subTest(options=options):
                headers, result = self.seen(*options, token=token)
                self.assertEqual(headers[header], value)
                self.assertNotIn("s3cret", result.err)
                self.assertNotIn("bWU6czNjcmV0IHR3bw", result.err)
                self.assertNotIn(b"s3cret", self.workspace.read_bytes())

    def test_user_and_password_may_be_in_a_file(self):
        path = self.folder / "password"
        path.write_text("me:s3cret two\n")
        headers, _ = self.seen("--auth-scheme", "basic", "--token-file", path)
        self.assertEqual(headers["Authorization"], "Basic bWU6czNjcmV0IHR3bw==")

    def test_with_cookies_alone_a_token_in_the_environment_stays_here(self):
        cookies = ["--cookies", write_cookies(self.folder / "session.txt", "good-x")]
        headers, _ = self.seen("--auth-scheme", "cookies", *cookies, token="s3cret-key")
        self.assertNotIn("Authorization", headers)
        self.assertIn("good-x", headers["Cookie"])

    def test_what_does_not_go_together_is_said(self):
        for options, words in (
            (["--auth-scheme", "digest"], "expected bearer, basic, token or cookies"),
            (["--auth-scheme", "token"], "there is no token"),
            (["--auth-header", "Host"], "there is no token"),
            (["--auth-scheme", "cookies"], "no cookie file"),
        ):
            with self.subTest(options=options):
                result = self.rowpost("apply", *self.url, *options)
                self.assertStatus(result, 2)
                self.assertIn(words, result.err)


if __name__ == "__main__":
    unittest.main()
