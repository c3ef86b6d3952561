"""Writes the page's style and script as C arrays, each with the hash by which the page's
Content-Security-Policy names it: embed.py OUTPUT FILE...

`report.css` becomes `report_css`, `report_css_size` and `report_css_hash`."""

import base64
import hashlib
import pathlib
import sys

BYTES_A_LINE = 20


def make_array(path):
    content = path.read_bytes()
    name = path.name.replace(".", "_")
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    yield f"const char {name}[] = {{"
    for start in range(0, len(content), BYTES_A_LINE):
        piece = content[start : start + BYTES_A_LINE]
        yield "    " + " ".join(f"{byte}," for byte in piece)
    yield "};"
    yield f"const size_t {name}_size = sizeof {name};"
    yield f'const char {name}_hash[] = "sha256-{digest}";'


def main():
    output, *paths = map(pathlib.Path, sys.argv[1:])
    lines = ['#include "report/html_assets_private.h"']
    for path in paths:
        if not path.read_bytes().isascii():
            sys.exit(f"embed.py: {path}: expected only ASCII")
        lines.extend(make_array(path))
    output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
