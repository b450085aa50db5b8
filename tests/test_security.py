"""The list of threats in SECURITY.rst names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_threat_has_tests_that_exist():
    threats = (ROOT / "SECURITY.rst").read_text().partition("\nThreats\n")[2].partition("\nKnown limits\n")[0]
    rows = [row for row in threats.split("\n   * - ")[2:] if not row.startswith("**")]
    assert len(rows) > 40
    missing = []
    for row in rows:
        named = re.findall(r"``([\w/]+\.py)::(\w+)``", row)
        assert named, f"no test: {row}"
        for file, test in named:
            path = ROOT / re.sub("^addon/", "colineal_whatsapp_crm/tests/", file)
            if not path.exists() or f"def {test}(" not in path.read_text():
                missing.append(f"{file}::{test}")
    assert missing == []
