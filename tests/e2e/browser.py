"""A real Chromium without a window, driven through chromedriver by the WebDriver protocol.

What a page does that it should not (errors on its console, requests to any host) is kept by the
browser's own logs, which a test asks for."""

import base64
import http.client
import json
import pathlib
import subprocess
import tempfile

from harness import PATIENCE, find_free_port, wait_until

PACKAGES = ["chromium", "chromium-driver", "fonts-dejavu-core"]

CHROMEDRIVER = "/usr/bin/chromedriver"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Space": " ", "End": "\ue010"}


class BrowserError(AssertionError):
    """The driver's error."""


class Browser:
    """One browser with one window and an empty profile of its own."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.port = find_free_port()
        self.session = None
        log = open(pathlib.Path(self.folder.name) / "driver.log", "wb")
        self.driver = subprocess.Popen(
            [CHROMEDRIVER, f"--port={self.port}"], stdout=log, stderr=log
        )
        log.close()
        try:
            wait_until(self._is_ready, "chromedriver listens")
            self._begin()
        except BaseException:
            self.close()
            raise

    def _is_ready(self):
        try:
            return self._ask("GET", "/status")["ready"]
        except OSError:
            return False

    def _begin(self):
        profile = pathlib.Path(self.folder.name) / "profile"
        capabilities = {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {
                "binary": CHROMIUM,
                "args": [*FLAGS, f"--user-data-dir={profile}"],
            },
        }
        answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = answer["sessionId"]

    def close(self):
        try:
            if self.session is not None:
                self._ask("DELETE", f"/session/{self.session}")
        finally:
            self.driver.terminate()
            self.driver.wait(PATIENCE)
            self.folder.cleanup()

    def _ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value and "stacktrace" in value:
            raise BrowserError(f"{value['error']}: {value['message']}")
        return value

    def ask(self, method, path, body=None):
        return self._ask(method, f"/session/{self.session}{path}", body)

    def command(self, name, **parameters):
        """A command of the DevTools protocol."""
        return self.ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def open(self, path, fragment=""):
        """Opens a file; what was logged before is forgotten."""
        self.ask("POST", "/url", {"url": "about:blank"})
        self.log("browser"), self.log("performance")
        self.ask("POST", "/url", {"url": pathlib.Path(path).as_uri() + fragment})

    def log(self, kind):
        return self.ask("POST", "/se/log", {"type": kind})

    def requested(self):
        """The addresses that were asked for since the page was opened; what the page's own policy
        has stopped never left."""
        messages = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        events = [(message["method"], message["params"]) for message in messages]
        stopped = {
            event["requestId"]
            for method, event in events
            if method == "Network.loadingFailed" and event.get("blockedReason") == "csp"
        }
        return [
            event["request"]["url"]
            for method, event in events
            if method == "Network.requestWillBeSent" and event["requestId"] not in stopped
        ]

    def run(self, script, *arguments):
        """Runs a script in the page and returns what it returns."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, css):
        return self.ask("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.ask("POST", f"/element/{self.find(css)}/click", {})

    def type(self, css, text):
        """In the place of what stands in the field."""
        element = self.find(css)
        self.ask("POST", f"/element/{element}/clear", {})
        self.ask("POST", f"/element/{element}/value", {"text": text})

    def press(self, *keys):
        """On the keyboard, wherever the focus is."""
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.ask("POST", "/actions", {"actions": [source]})

    def resize(self, width, height, scale=1):
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    def emulate(self, scheme="light", media=""):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.command("Emulation.setEmulatedMedia", media=media, features=features)

    def set_zone(self, name):
        """The reader's time zone, for pages that are opened from now on."""
        self.command("Emulation.setTimezoneOverride", timezoneId=name)

    def allow_scripts(self, value):
        self.command("Emulation.setScriptExecutionDisabled", value=not value)

    def picture(self):
        """The whole page, as PNG."""
        options = {"format": "png", "captureBeyondViewport": True}
        return base64.b64decode(self.command("Page.captureScreenshot", **options)["data"])

    def paper(self):
        """The page as it is printed, as PDF."""
        return base64.b64decode(self.command("Page.printToPDF")["data"])
