"""The reader in C, by the program of client.c, which uses it and nothing else."""

import json
import os
import pathlib
import subprocess

BUILDS = ["tests/oracle/rowpost-oracle-client"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 600

USAGE, UNREACHABLE, TIMEOUT, SIGN_IN, SERVER, PROTOCOL, UNSUPPORTED = range(1, 8)


def find_client():
    beside = [ROOT / build / "tests" / "oracle" / "rowpost-oracle-client"
              for build in ("build-asan", "build")]
    chosen = next((path for path in beside if path.exists()), beside[-1])
    return os.environ.get("ROWPOST_ORACLE_CLIENT", str(chosen))


def run_reader_raw(emulator, *statements, address=None, user=None, client=None, environment=None,
                   **options):
    """The program after one session. `options` are its own."""
    settings = emulator.settings
    options.setdefault("password", settings.password)
    words = []
    for name, value in options.items():
        words.append(f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}"))
    protocol = "tcps://" if settings.tls else ""
    address = address or f"{protocol}127.0.0.1:{emulator.port}/emulated"
    command = [client or find_client(), *words, address, user or settings.user, *statements]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=PATIENCE, env={**os.environ, **(environment or {})})
    if ended.returncode != 0:
        raise AssertionError(f"status {ended.returncode}\n{ended.stderr.decode()}")
    return ended


def run_reader(emulator, *statements, **options):
    """What came of one session, as the program prints it."""
    return json.loads(run_reader_raw(emulator, *statements, **options).stdout)
