"""A file of --metrics, read."""

import re

SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """The value of each sample, by its name and its labels as (name, value) pairs."""
    samples = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        key = (name, *sorted(LABEL.findall(labels or "")))
        assert key not in samples, f"{key} stands there twice"
        samples[key] = float(value)
    return samples


def find(samples, name, **labels):
    return samples[(name, *sorted(labels.items()))]


def add_up(samples, name, **labels):
    wanted = set(labels.items())
    return sum(value for key, value in samples.items() if key[0] == name and wanted <= set(key[1:]))
