"""A file system of a test's own that fills up: a small tmpfs, or, where nothing may be mounted, a
limit on the size of the files that the program writes."""

import os
import pathlib
import subprocess
import unittest.mock

import harness

SIZE = 4 << 20
PIECE = 4096

# What a limit has to leave for the program's messages, which go to files, too.
MESSAGES = 16 << 10
BLOCK = 512

LIMITED = """#!/bin/sh
trap '' XFSZ
[ ! -e '{limit}' ] || ulimit -f "$(cat '{limit}')"
exec '{program}' "$@"
"""


def run_mount(*words):
    """True if it is done."""
    if os.geteuid() != 0:
        return False
    command = [str(word) for word in words]
    try:
        return subprocess.run(command, stderr=subprocess.DEVNULL, timeout=harness.PATIENCE).returncode == 0
    except FileNotFoundError:
        return False


class Volume:
    """A mounted tmpfs at the folder `path`, which is made."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.filler = self.path / "filler"

    def mount(self):
        self.path.mkdir()
        options = ("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs")
        return run_mount("mount", *options, self.path)

    def close(self):
        subprocess.run(["umount", "-l", str(self.path)], check=True, timeout=harness.PATIENCE)

    def fill(self, left=0):
        """Takes all the room but `left` bytes, whether the program is running or not."""
        with open(self.filler, "wb", buffering=0) as file:
            try:
                while file.write(bytes(PIECE)) == PIECE:
                    pass
            except OSError:
                pass
            file.truncate(max(0, file.tell() - left))

    def make_room(self):
        self.filler.unlink()

    def make_read_only(self):
        run_mount("mount", "-o", "remount,ro", self.path)

    def make_writable(self):
        run_mount("mount", "-o", "remount,rw", self.path)


class Limit:
    """A folder next to a program whose files cannot grow beyond a few pages."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.limit = self.path.with_name("limit")
        wrapper = self.path.with_name("limited-rowpost")
        wrapper.write_text(LIMITED.format(limit=self.limit, program=harness.ROWPOST))
        wrapper.chmod(0o700)
        self.patch = unittest.mock.patch.object(harness, "ROWPOST", str(wrapper))
        self.patch.start()

    def close(self):
        self.make_writable()
        self.patch.stop()

    def fill(self, left=0):
        self.limit.write_text(str(max(left, MESSAGES) // BLOCK))

    def make_room(self):
        self.limit.unlink()

    def make_read_only(self):
        for path in (*self.path.iterdir(), self.path):
            path.chmod(0o555)

    def make_writable(self):
        for path in (self.path, *self.path.iterdir()):
            path.chmod(0o755)


def open_volume(path):
    """The best that is available here; the caller closes it."""
    volume = Volume(path)
    return volume if volume.mount() else Limit(path)
