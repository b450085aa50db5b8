"""What the reader learns from: labelled conversations, and single sentences."""

import hashlib
from pathlib import Path
from typing import Any

from predict import read_conversations

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests/understanding/data"
LEARNED = ROOT / "colineal_whatsapp_crm/understanding/learned"
#: For judging alone, see tests/understanding/data/chats/README.rst.
SEALED = frozenset("c04 c09 c16 c22 c27 c31".split())
#: Conversations written with the rules at hand: they are learned from, and measure nothing.
FITTED = "dev dev2 lifelike tuning tuning2 tuning3a tuning3b heldout heldout2 heldout3 heldout4 heldout5".split()
#: Single sentences of the tests, each labelled for one slot.
SENTENCES = DATA / "sentences/tests.jsonl"
#: Single sentences, each with what is wanted before and after it.
STANCES = DATA / "sentences/stances.tsv"
#: Single sentences, each with what was asked before it and what it says of one slot.
SAID = DATA / "sentences/said.tsv"


def list_files() -> list[Path]:
    """The files of conversations that are learned from; a batch is a file."""
    chats = sorted((DATA / "chats").glob("c*.jsonl"))
    return [DATA / f"{name}.jsonl" for name in FITTED] + [path for path in chats if path.stem not in SEALED]


def load_all() -> list[dict[str, Any]]:
    """All conversations to learn from, each with its batch."""
    return [{**each, "batch": path.stem} for path in list_files() for each in read_conversations(str(path))]


def fingerprint() -> str:
    """SHA-256 of the data and the code that make the weights."""
    digest = hashlib.sha256()
    code = [*LEARNED.glob("*.py"), Path(__file__).with_name("train.py")]
    for path in sorted([*list_files(), SENTENCES, STANCES, SAID, *code]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
