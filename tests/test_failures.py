"""What a run tells of the tests that fail, and of those of pages that fail once: all are named."""

import os
import subprocess

from devtools.paths import ROOT
from devtools.testing import read_failures

#: What is counted here outlives a test, as a server does that many tests share.
TESTS = """
import pytest

@pytest.fixture(scope="session")
def attempts():
    return []

@pytest.fixture
def browser():
    return None

def test_late(browser, attempts):
    attempts.append(1)
    assert len(attempts) == 2, "it was not there yet"

def test_never(browser):
    raise AssertionError("it is not there")

def test_without_a_page(attempts):
    assert attempts == [1, 1]
    attempts.append(1)
    raise AssertionError("no second attempt is made of this")
"""


def test_who_failed_and_who_passed_only_at_the_second_attempt_is_named(tmp_path):
    report = tmp_path / "report.xml"
    file = tmp_path / "test_pages.py"
    file.write_text(TESTS)
    plugins = ("no:cacheprovider", "xdist", "rerunfailures", "devtools.second_attempt")
    options = (
        *(f"-p{name}" for name in plugins),
        f"--rootdir={tmp_path}",
        "-n2",
        "--dist=loadfile",
        f"--junit-xml={report}",
    )
    command = [os.environ["COLINEAL_PYTHON"], "-m", "pytest", *options, file]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert "2 failed, 1 passed, 2 rerun" in run.stdout, run.stdout
    _all, told = run.stdout.split("passed only at the second attempt; look at it")
    named = told.partition("short test summary")[0]
    assert "test_pages.py::test_late (call)" in named and "it was not there yet" in named
    assert "test_never" not in named and "test_without_a_page" not in named
    failed = dict(line.split(": ", 1) for line in read_failures(report))
    assert {name.partition("::")[2]: why for name, why in failed.items()} == {
        "test_never": "AssertionError: it is not there",
        "test_without_a_page": "AssertionError: no second attempt is made of this",
    }
