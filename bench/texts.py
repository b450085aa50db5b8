#!/usr/bin/env python3
"""Milliseconds that the rules and the masks take for a text: what people write, and 100 kB of what is dearest to read.

    ./dev bench texts [--rounds 5] [--json FIGURES.json]

Each text is read so many times, and its best time counts: what else the machine does only adds to it. 50 ms is what a
message may take, whatever is in it. That work does not grow with the text is counted by `tests/understanding`.
"""

import argparse
import sys
import time

from _common import ROOT, percentile, print_table, say, write_json

sys.path[:0] = [str(ROOT / "colineal_whatsapp_crm"), str(ROOT / "tests/understanding")]

from pattern_fuzz import make_text  # noqa: E402
from predict import read_conversations  # noqa: E402
from test_slow_texts import UNITS  # noqa: E402
from understanding import Message, State, Vocabulary, understand  # noqa: E402
from understanding.llm.masking import mask  # noqa: E402

CONVERSATIONS = ROOT / "tests/understanding/data/heldout.jsonl"
SIZE = 100_000


def measure(work, text, rounds):
    """Milliseconds, at best."""
    times = []
    for _round in range(rounds):
        begin = time.perf_counter()
        work(text)
        times.append(time.perf_counter() - begin)
    return min(times) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each text is read (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    vocabulary = Vocabulary.shipped()
    kinds = {
        "what people write": [
            turn["text"] for conversation in read_conversations(str(CONVERSATIONS)) for turn in conversation["turns"]
        ],
        "100 kB of one thing": [make_text(("", unit), SIZE) for unit in UNITS],
    }

    def read(text):
        understand((Message(text),), State(last_action="gather_more_details"), vocabulary)

    figures = []
    for work, name in ((read, "rules"), (mask, "masks")):
        work("hola")  # what is read once is not counted
        for kind, texts in kinds.items():
            say(f"{name}: {len(texts)} texts, {kind}")
            times = {text: measure(work, text, options.rounds) for text in texts}
            dearest = max(times, key=times.get)
            values = [percentile(times.values(), share) for share in (0.5, 0.95, 1)]
            figures.append({"work": name, "kind": kind, "texts": len(texts), "ms": values, "dearest": dearest[:40]})
    rows = [(f"{row['work']}, {row['kind']}", row["texts"], *row["ms"], ascii(row["dearest"][:9])) for row in figures]
    print_table(("", "texts", "p50 ms", "p95 ms", "most ms", "dearest"), rows)
    write_json(options.json, {"texts": figures})


if __name__ == "__main__":
    main()
