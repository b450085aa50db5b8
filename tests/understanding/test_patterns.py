"""The check that finds quantifiers which are none."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from devtools.check_patterns import find_in_javascript, find_in_python, main


@pytest.mark.parametrize(
    "source",
    [
        r'WORD = "a"; re.compile(rf"{WORD} (?:\w+ ){1, 2}$")',
        r'rf"(?:\w+ ){1,2}{WORD}"',
        r'f"[0-9]{4}{WORD}"',
        'rf"""\n\\d{{1, 2}}{WORD}"""',
        r're.compile(r"\d{1, 3}")',
        r're.compile(r"\d{2, }")',
    ],
)
def test_quantifier_that_is_none(source):
    assert list(find_in_python(source))


@pytest.mark.parametrize(
    "source",
    [
        r'rf"(?:\w+ ){{1,2}}{WORD}"',
        r're.compile(r"\d{1,3}\w{2,}{2}")',
        'f"{value} {(1, name)} {value:02} {0:032}"',
        "{1, 2}",
        '"a set {1, 2}"',
    ],
)
def test_what_is_right(source):
    assert not list(find_in_python(source))


def test_javascript():
    assert list(find_in_javascript(r"const DIGITS = /^\d{1, 3}$/;"))
    assert not list(find_in_javascript("const range = {1, 2}; const DIGITS = /^\\d{1,3}$/; // {1, 2}"))


def test_command_names_the_line(tmp_path, capsys):
    file = tmp_path / "cues.py"
    file.write_text('A = 1\nB = rf"{A}{1, 2}"\n')
    assert main([str(file)]) == 1
    assert f"{file}:2:" in capsys.readouterr().out
