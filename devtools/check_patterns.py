#!/usr/bin/env python3
"""Find quantifiers of regular expressions that are none: `check_patterns.py FILE...`, a hook of .pre-commit-config.yaml.

In an f-string, `{1,2}` is a replacement field and becomes the text `(1, 2)`, as `{2}` becomes `2`: double the braces. In
any pattern, `{1, 2}` with a blank is taken letter by letter, by Python and by JavaScript alike.
"""

import ast
import re
import sys
from pathlib import Path

_SPACED = re.compile(r"\{\d+,[ \t]+\d*\}|\{\d*[ \t]+,\d*\}")
#: A regular expression of JavaScript: a slash where no division can be, up to the slash that ends it.
_JS_PATTERN = re.compile(r"(?<=[=(,:\[!&|?{};])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/")
_FIELD = "a quantifier in an f-string is a replacement field; double its braces"
_BLANK = "a quantifier with a blank is no quantifier"


def find_in_python(source):
    """(line, what is wrong) of each quantifier in Python source that is none."""
    tree = ast.parse(source)
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and not node.format_spec and _is_quantifier(node.value):
            yield node.value.lineno, _FIELD
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            if _SPACED.search(node.value) and _is_raw(source, node):
                yield node.lineno, _BLANK
        elif isinstance(node, ast.JoinedStr) and _is_raw(source, node):
            texts = (part.value for part in node.values if isinstance(part, ast.Constant))
            if any(_SPACED.search(text) for text in texts):
                yield node.lineno, _BLANK


def _is_quantifier(value):
    """`{2}`, `{1,2}`, `{1,}`: what nobody writes to format something."""
    numbers = value.elts if isinstance(value, ast.Tuple) else [value]
    return all(isinstance(number, ast.Constant) and type(number.value) is int for number in numbers)


def _is_raw(source, node):
    written = ast.get_source_segment(source, node) or ""
    return "r" in written[: written.find(written.strip("rRbBfFuU")[:1])].lower()


def find_in_javascript(source):
    for number, line in enumerate(source.splitlines(), 1):
        if any(_SPACED.search(found.group()) for found in _JS_PATTERN.finditer(line)):
            yield number, _BLANK


def main(files):
    """Print what is wrong; returns how many files have something wrong."""
    faulty = 0
    for file in map(Path, files):
        find = find_in_javascript if file.suffix == ".js" else find_in_python
        found = list(find(file.read_text(encoding="utf-8")))
        for line, what in found:
            print(f"{file}:{line}: {what}")
        faulty += bool(found)
    return min(faulty, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
