"""Oracle's own driver for node: fetched once, into the build folder, and run as it is."""

import fcntl
import json
import os
import pathlib
import shutil
import subprocess

PACKAGES = ["nodejs", "npm"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "node-oracledb"
PACKAGE = "oracledb@26.0.0"
CLIENT = pathlib.Path(__file__).with_name("node") / "client.js"
PATIENCE = 600


def find_driver():
    """The folder of node's modules in which the driver is; fetches it with npm the first time."""
    modules = CACHE / "node_modules"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (modules / "oracledb" / "package.json").exists():
            if shutil.which("npm") is None:
                raise AssertionError("npm is not there: ./run test installs it")
            subprocess.run(
                ["npm", "install", "--prefix", CACHE, "--cache", CACHE / "npm", "--no-audit",
                 "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error", PACKAGE],
                check=True, stdout=subprocess.DEVNULL, cwd=CACHE)
    return modules


def run_client(jobs, *preload, **changes):
    """What came of each job, in order. `preload` are scripts that node reads first."""
    environment = {**os.environ, "NODE_PATH": str(find_driver()), "TZ": "UTC", **changes}
    words = [word for script in preload for word in ("--require", str(script))]
    ended = subprocess.run(["node", *words, CLIENT], input=json.dumps(jobs).encode(),
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
                           timeout=PATIENCE)
    if ended.returncode != 0:
        raise AssertionError(f"node ended with {ended.returncode}\n{ended.stderr.decode()}")
    return json.loads(ended.stdout)


def make_job(emulator, *queries, host="127.0.0.1", **changes):
    """Signs in where the emulator listens, and asks. `changes` are other ways to sign in."""
    settings = emulator.settings
    protocol = "tcps://" if settings.tls else ""
    call_timeout = changes.pop("call_timeout", 0)
    sign_in = {
        "user": settings.user, "password": settings.password,
        "connectString": f"{protocol}{host}:{emulator.port}/emulated", **changes,
    }
    asked = [query if isinstance(query, dict) else {"sql": query} for query in queries]
    return {"sign_in": sign_in, "queries": asked, "call_timeout": call_timeout}
