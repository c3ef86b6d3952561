"""Through nginx and TLS: what is between the program and its target in real life."""

import tempfile
import unittest

from harness import write_cookies
from nginx_server import Nginx
from scene import Scene

PORTIONS = 7  # requests that a connection carries
ENDED = 1  # all went well, but for rows that were rejected when it was planned


class BehindNginx(Scene):
    settings = ""
    has_http2 = False

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.nginx = Nginx(folder.name, self.standin.port, self.settings, self.has_http2)
        self.addCleanup(self.nginx.stop)
        self.assertStatus(self.rowpost("plan", *self.source("backup-dirty")), ENDED)

    @property
    def target(self):
        return ["--to", self.nginx.url, "--cacert", self.nginx.authority, *super().target[2:]]

    def outcomes(self):
        return {row["outcome"] for row in self.read().rows("SELECT DISTINCT outcome FROM attempt")}

    def assertAllDeliveredOnce(self):
        self.assertEqual(set(self.states()), {"delivered"})
        self.assertTargetHolds()


class Connections(BehindNginx):
    settings = f"keepalive_requests {PORTIONS};"

    def test_a_connection_that_is_closed_after_a_few_requests_costs_nothing(self):
        self.assertStatus(self.rowpost("apply", "--jobs", "4", *self.target), 0)
        self.assertAllDeliveredOnce()
        self.assertEqual(self.outcomes() - {"missing"}, {"delivered"})
        connections = [request[0] for request in self.nginx.requests()]
        for connection in set(connections):
            self.assertLessEqual(connections.count(connection), PORTIONS)
        self.assertLess(len(set(connections)), len(connections) / 2)
        self.assertEqual(
            {request[3:] for request in self.nginx.requests()}, {("TLSv1.3", "HTTP/1.1")}
        )

    def test_everything_is_read_back(self):
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.assertStatus(self.rowpost("verify", "--deep", *self.target), 0)
        verdicts = {row["verdict"] for row in self.documents().values()}
        self.assertEqual(verdicts, {"equal"})


class Reload(BehindNginx):
    def test_new_workers_in_the_middle_lose_and_double_nothing(self):
        self.standin.hold(method="POST", skip=2)
        program = self.start("apply", "--jobs", "4", *self.target)
        for _ in range(5):
            self.wait_until_held(program)
            self.nginx.reload()
            self.standin.hold(method="POST", skip=2)
        self.standin.faults()
        self.assertStatus(program.end(), 0)
        self.assertAllDeliveredOnce()


class Pages(BehindNginx):
    settings = "client_max_body_size 400;"

    def test_a_document_that_is_too_large_for_it_is_refused(self):
        self.assertStatus(self.rowpost("apply", *self.target), 1)
        self.assertEqual(set(self.states()), {"delivered", "refused"})
        rows = self.read().rows("SELECT * FROM attempt WHERE status = 413")
        self.assertEqual({row["outcome"] for row in rows}, {"refused"})
        self.assertIn("larger than the server accepts", rows[0]["excerpt"])

    def test_a_target_that_is_gone_behind_it_is_waited_for(self):
        self.standin.stop()
        result = self.rowpost("apply", "--give-up-after", "1", *self.target)
        self.assertStatus(result, 3)
        self.assertIn("502", result.err)
        self.assertNotIn("delivered", self.states())
        self.standin.start()


class Http2(BehindNginx):
    """One connection carries all that is under way."""

    has_http2 = True

    def test_everything_is_delivered_over_one_connection(self):
        self.assertStatus(self.rowpost("apply", "--jobs", "4", *self.target), 0)
        self.assertAllDeliveredOnce()
        self.assertEqual(self.outcomes() - {"missing"}, {"delivered"})
        requests = self.nginx.requests()
        self.assertEqual({request[3:] for request in requests}, {("TLSv1.3", "HTTP/2.0")})
        # The session is looked at over one, and the documents go over another or the same.
        self.assertLessEqual(len({request[0] for request in requests}), 2)

    def test_everything_is_read_back(self):
        self.assertStatus(self.rowpost("apply", *self.target), 0)
        self.assertStatus(self.rowpost("verify", "--deep", *self.target), 0)

    def test_a_session_that_is_renewed_goes_on(self):
        self.cookies = write_cookies(self.folder / "session.txt", "renew-1")
        self.assertStatus(self.rowpost("apply", "--jobs", "4", *self.target), 0)
        self.assertAllDeliveredOnce()

    def test_an_expired_session_stores_nothing(self):
        self.cookies = write_cookies(self.folder / "session.txt", "expired-x")
        result = self.rowpost("apply", *self.target)
        self.assertStatus(result, 4)
        self.assertEqual([request[1:3] for request in self.nginx.requests()], [("GET", "302")])
        self.assertEqual(set(self.states()), {"pending"})


class Http2GoingAway(BehindNginx):
    """A connection takes a few requests, then nginx announces that it goes away. What had left by
    then may be refused: it is looked up."""

    has_http2 = True
    settings = f"keepalive_requests {PORTIONS};"

    def test_nothing_is_lost_or_doubled(self):
        self.assertStatus(self.rowpost("apply", "--jobs", "4", *self.target), 0)
        self.assertAllDeliveredOnce()
        self.assertEqual({request[4] for request in self.nginx.requests()}, {"HTTP/2.0"})


class Http2Reload(Reload):
    has_http2 = True


class Http2Pages(Pages):
    has_http2 = True


class Trust(BehindNginx):
    def test_without_its_authority_nothing_is_sent(self):
        result = self.rowpost("apply", "--to", self.nginx.url, "--cookies", self.cookies)
        self.assertStatus(result, 3)
        self.assertIn("certificate", result.err)
        self.assertEqual(self.nginx.requests(), [])
        self.assertEqual(set(self.states()), {"pending"})

    def test_insecure_is_warned_of_and_delivers(self):
        target = ["--to", self.nginx.url, "--cookies", self.cookies, "--insecure"]
        result = self.rowpost("apply", *target)
        self.assertStatus(result, 0)
        self.assertIn("--insecure", result.err)
        self.assertAllDeliveredOnce()


if __name__ == "__main__":
    unittest.main()
