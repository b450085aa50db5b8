#!/usr/bin/env python3
"""Measures the understanding against labelled conversations.

    python bench/evaluate.py FILE.jsonl... [--summary] [--json FIGURES.json] [--model gemini-3.5-flash]

Prints precision, recall and F1 of each slot, the share of turns whose slots, quality, action and support are right, the
same by tag, how far the confidence can be trusted, and the misses. `--summary` prints figures only, no text.
A turn without labels is read and not scored: the export of reviewed turns has such. `--model` lets Gemini read (the key
in GOOGLE_API_KEY) with the rules behind it, as an assistant does; `--below 80` only what these read with less confidence.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from predict import SLOTS, BadLine, predict, read_conversations
from understanding import Vocabulary
from understanding.llm.breaker import Breaker
from understanding.llm.client import SDKS, Model, Settings
from understanding.llm.gemini import KEY_VARIABLE, URL_VARIABLE
from understanding.llm.reader import ModelReader
from understanding.providers import Reader, RulesReader

MEASURES = ("slots", "quality", "action", "support", "all")
CONFIDENT = 0.9
#: Nobody is waiting for these replies.
PATIENCE = 60


@dataclass
class Score:
    """Counts over turns."""

    turns: int = 0
    right: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    predicted: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    confident: int = 0
    confident_right: int = 0

    def add(self, expect: dict[str, Any], got: dict[str, Any]) -> list[str]:
        """Counts one turn; returns what is wrong about it."""
        wrong = []
        # What a person knows from elsewhere than the text says nothing of how it was read.
        for slot in (slot for slot in SLOTS if slot not in expect.get("unjudged", ())):
            want, have = _units(slot, expect["slots"]), _units(slot, got["slots"])
            self.hits[slot] += len(want & have)
            self.predicted[slot] += len(have)
            self.expected[slot] += len(want)
            if want != have:
                wrong.append(slot)
        # Nor do quality and action, which rest on it.
        left_out = {"quality", "action"} if expect.get("unjudged") else set()
        marks = {
            "slots": not wrong,
            **{key: key in left_out or expect[key] == got[key] for key in ("quality", "action", "support")},
        }
        wrong += [key for key in ("quality", "action", "support") if not marks[key]]
        marks["all"] = not wrong
        self.turns += 1
        self.right.update(key for key, right in marks.items() if right)
        if got["confidence"] >= CONFIDENT:
            self.confident += 1
            self.confident_right += not wrong
        return wrong

    def figures(self) -> dict[str, Any]:
        slots = {slot: _f1(self.hits[slot], self.predicted[slot], self.expected[slot]) for slot in SLOTS}
        slots["micro"] = _f1(self.hits.total(), self.predicted.total(), self.expected.total())
        return {
            "turns": self.turns,
            "slots": slots,
            "exact": {key: round(self.right[key] / max(1, self.turns), 4) for key in MEASURES},
            "confident": {
                "share": round(self.confident / max(1, self.turns), 4),
                "right": round(self.confident_right / max(1, self.confident), 4),
            },
        }


def evaluate(
    conversations: Iterable[dict[str, Any]], vocabulary: Vocabulary, make_reader: Callable[[], Reader] = RulesReader
) -> tuple[Score, dict[str, Score], list[str]]:
    """The scores, in all and by tag, and the misses in readable lines."""
    total, by_tag, misses = Score(), defaultdict(Score), []
    for conversation in conversations:
        predicted = predict(conversation, vocabulary, make_reader)
        for number, (turn, got) in enumerate(zip(conversation["turns"], predicted["turns"], strict=True), 1):
            if "expect" not in turn:
                continue
            wrong = total.add(turn["expect"], got)
            for tag in conversation.get("tags", ()):
                by_tag[tag].add(turn["expect"], got)
            if wrong:
                misses.append(_miss(conversation["id"], number, turn, got, wrong))
    return total, dict(by_tag), misses


def _units(slot: str, slots: dict[str, Any]) -> set[str]:
    if slot not in slots:
        return set()
    if slot == "products":
        return set(slots[slot])
    return {json.dumps(slots[slot], sort_keys=True, ensure_ascii=False)}


def _f1(hits: int, predicted: int, expected: int) -> dict[str, float]:
    precision = hits / predicted if predicted else 1.0
    recall = hits / expected if expected else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _miss(name: str, number: int, turn: dict[str, Any], got: dict[str, Any], wrong: list[str]) -> str:
    lines = [f"{name} turn {number} (confidence {got['confidence']:.2f}): {turn['text']!r}"]
    for key in wrong:
        want, have = turn["expect"], got
        if key in SLOTS:
            want, have = want["slots"], have["slots"]
        lines.append(f"    {key}: expected {want.get(key)!r}, got {have.get(key)!r}")
    return "\n".join(lines)


def _print(title: str, score: Score) -> None:
    figures = score.figures()
    print(f"{title}: {figures['turns']} turns")
    for slot, row in figures["slots"].items():
        print(f"  {slot:10} precision {row['precision']:.3f}  recall {row['recall']:.3f}  F1 {row['f1']:.3f}")
    print("  right:", "  ".join(f"{key} {figures['exact'][key]:.3f}" for key in MEASURES))
    confident = figures["confident"]
    print(
        f"  confidence >= {CONFIDENT}: {confident['share']:.3f} of turns, {confident['right']:.3f} of them entirely right"
    )


def _print_calls(models: list[Model]) -> None:
    calls = [call for model in models for call in model.calls]
    failures = Counter(call.failure for call in calls if call.failure)
    tokens = sum(call.tokens_in + call.tokens_out for call in calls)
    print(f"calls of the model: {len(calls)}, {tokens} tokens; failed: {dict(failures) or 'none'}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", metavar="FILE.jsonl")
    parser.add_argument("--summary", action="store_true", help="figures only: no tags, no misses, no text")
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--model", metavar="NAME", help=f"let this model of Gemini read; the key in {KEY_VARIABLE}")
    parser.add_argument("--below", metavar="PERCENT", type=int, default=100, help="ask it only below this confidence")
    parser.add_argument("--sdk", choices=list(SDKS), default="google-generativeai", help="through this package")
    options = parser.parse_args()
    vocabulary = Vocabulary.shipped()
    models: list[Model] = []

    def make_model_reader() -> Reader:
        models.append(Model(settings, breaker))
        return ModelReader(models[-1], "gemini", PATIENCE, below=options.below / 100)

    make_reader: Callable[[], Reader] = RulesReader
    if options.model:
        key, url = os.environ.get(KEY_VARIABLE), os.environ.get(URL_VARIABLE)
        if not key:
            parser.error(f"--model needs the key in {KEY_VARIABLE}")
        settings, breaker = Settings(options.sdk, options.model, key, url), Breaker()
        make_reader = make_model_reader
    report = {}
    for path in options.files:
        try:
            total, by_tag, misses = evaluate(read_conversations(path), vocabulary, make_reader)
            if not total.turns:
                raise BadLine(
                    f"{path} has no labels: there is nothing to compare with. Turns to be counted say what is expected of "
                    'them, as {"text": "Hola", "expect": {"slots": {}, "quality": "cold", "action": …, "support": false}}. '
                    "./dev predict shows what is understood without them."
                )
        except (BadLine, OSError, KeyError) as error:
            words = f"{path}: a label lacks {error}" if isinstance(error, KeyError) else error
            print(f"evaluate: {words}", file=sys.stderr)
            return 1
        _print(path, total)
        report[path] = {**total.figures(), "tags": {tag: score.figures() for tag, score in sorted(by_tag.items())}}
        if not options.summary:
            print("  by tag (slots, quality, action, support):")
            for tag, score in sorted(by_tag.items()):
                exact = score.figures()["exact"]
                print(f"    {tag:18} {score.turns:4}  " + "  ".join(f"{exact[key]:.3f}" for key in MEASURES[:4]))
            print("\n".join(["  misses:", *misses] if misses else ["  no misses"]))
    if models:
        _print_calls(models)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, ensure_ascii=False, indent=2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
