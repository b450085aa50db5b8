"""What the commands say to who asks for what cannot be."""

import json
import os
import subprocess
import sys

import pytest

from devtools.paths import ROOT


def run(*command):
    """The exit status of a command, and what it says of its failure."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in result.stderr
    return result.returncode, result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "99999"), "99999 is no port that can be used: choose one from"),
        (("--port", "65535"), "65535 is no port"),
        (("--port", "0"), "0 is no port"),
        (("--port", "-1"), "-1 is no port"),
        (("--workers", "-1"), "--workers is how many"),
    ],
)
def test_up_says_what_it_cannot_use(arguments, words):
    status, said = run(sys.executable, "dev", "up", *arguments)
    assert status == 1
    assert f"./dev up: {words}" in said
    assert len(said.strip().splitlines()) == 1


def test_evaluate_asks_for_labels(tmp_path):
    file = tmp_path / "chats.jsonl"
    file.write_text(json.dumps({"id": "1", "turns": [{"text": "Hola"}, {"text": "Busco sofás"}]}))
    status, said = run(os.environ["COLINEAL_PYTHON"], "bench/evaluate.py", str(file))
    assert status == 1
    assert "has no labels" in said
    file.write_text(json.dumps({"id": "1", "turns": [{"text": "Hola", "expect": {"slots": {}}}]}))
    status, said = run(os.environ["COLINEAL_PYTHON"], "bench/evaluate.py", str(file))
    assert (status, "a label lacks 'quality'" in said) == (1, True)
