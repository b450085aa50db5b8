#!/usr/bin/env python3
"""Predicts slots, quality and action for each turn of conversations: JSON Lines in, JSON Lines out.

    python bench/predict.py FILE.jsonl > predicted.jsonl

Each line is {"id", "turns": [{"text": ...}]}; anything else in it, labels included, is not looked at.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "colineal_whatsapp_crm"))

from understanding import Budget, Message, State, Vocabulary, advance, decide
from understanding.providers import Reader, RulesReader

SLOTS = ("name", "email", "products", "budget", "city", "urgency")


class BadLine(Exception):
    """A line of a file that is not a conversation."""


def read_conversations(path: str) -> Iterator[dict[str, Any]]:
    """The conversations of a file; raises `BadLine` for the first line that is none."""
    with open(path, "rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            try:
                conversation = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (ValueError, RecursionError) as error:
                raise BadLine(f"{path}:{number}: not JSON: {error}") from None
            problem = _problem(conversation)
            if problem:
                raise BadLine(f"{path}:{number}: {problem}")
            yield conversation


def predict(
    conversation: dict[str, Any], vocabulary: Vocabulary, make_reader: Callable[[], Reader] = RulesReader
) -> dict[str, Any]:
    """The conversation with what is understood and decided after each turn.

    make_reader
        gives what reads a turn.

    Quality and action are those of the labelled conversations, which follow from the slots alone: that the customer ends
    the wish or puts it off takes products away and nothing else.
    """
    state, turns = State(), []
    for turn in conversation["turns"]:
        understanding = make_reader().interpret((Message(turn["text"]),), state, vocabulary).understanding
        decision = decide(understanding, state)
        turns.append(
            {
                "text": turn["text"],
                "slots": {
                    name: _plain(understanding.slots[name].value) for name in SLOTS if name in understanding.slots
                },
                "quality": decision.quality,
                "action": decision.action,
                "support": understanding.support,
                "confidence": decision.confidence,
                "turn_confidence": decision.turn_confidence,
            }
        )
        state = advance(state, understanding, decision)
    return {"id": conversation.get("id"), "turns": turns}


def _plain(value: object) -> object:
    if isinstance(value, Budget):
        return {"min": value.min, "max": value.max}
    return list(value) if isinstance(value, tuple) else value


def _problem(conversation: object) -> str:
    if not isinstance(conversation, dict):
        return "not an object"
    turns = conversation.get("turns")
    if not isinstance(turns, list):
        return "'turns' is not a list"
    for number, turn in enumerate(turns, 1):
        if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
            return f"turn {number} has no 'text'"
    return ""


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: predict.py FILE.jsonl", file=sys.stderr)
        return 2
    vocabulary = Vocabulary.shipped()
    write = sys.stdout.buffer.write
    try:
        for conversation in read_conversations(arguments[0]):
            line = json.dumps(predict(conversation, vocabulary), ensure_ascii=False)
            write(line.encode("utf-8", "surrogatepass" if line.isascii() else "replace") + b"\n")
    except (BadLine, OSError) as error:
        sys.stdout.flush()
        print(f"predict: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
