#!/usr/bin/env python3
"""Learns the reader's decisions from labelled conversations, and measures them on batches they were not learned from.

    python bench/train.py [--folds 5] [--write]

Cross-validates by batch, never by turn; the sealed batches are neither learned from nor looked at. `--write` then learns
from all and writes the addon's weights: the same bytes each time from the same data and code. Needs
`requirements-train.txt`, of which nothing is needed at run time.
"""

import argparse
import gzip
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

# One thread each: sums in another order are other sums.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import pycrfsuite
from evaluate import Score
from predict import predict
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from training_data import FITTED, SAID, SENTENCES, STANCES, fingerprint, load_all
from understanding import Message, Slot, State, Understanding, Vocabulary
from understanding.learned import model, review
from understanding.learned.lessons import NAME_TAGS, Example, Lessons, read_sentence, to_value, yes
from understanding.learned.review import Review
from understanding.learned.view import View
from understanding.providers import Reading
from understanding.rules import Turn

#: As often as each of them counts, which is chosen and says what is meant; and which decisions it teaches.
_SENTENCE_COUNTS = 2
_TAUGHT = {
    "all": ("city", "number", "support", "thing", "urgency"),
    "budget": ("number",),
    "city": ("city",),
    "name": (),
    "products": ("known", "thing"),
    "stances": ("known", "support", "thing"),
    "support": ("support",),
    "urgency": ("urgency",),
}
#: The batch of the single sentences.
_SINGLE = "sentences"
#: A feature that was seen less often says more of its writer than of the language.
_LEAST_SEEN = 3
#: Weights below it change nothing.
_SMALL = 0.02
#: How little each decision is held back (C), and whether its features are brought to one length.
_FITS = {
    "thing": (20, True),
    "known": (20, True),
    "number": (20, True),
    "city": (10, True),
    "urgency": (0.5, False),
    "support": (0.3, False),
    "right": (0.3, False),
}


def read_turns(conversation: Mapping[str, Any]) -> Iterator[tuple[str, State, Mapping[str, Any]]]:
    """Each labelled turn: its text, the state before it as the labels have it, and its labels."""
    state = State()
    for turn in conversation["turns"]:
        if "expect" not in turn:
            return
        expect = turn["expect"]
        yield turn["text"], state, expect
        slots = {name: Slot(to_value(value), 1.0) for name, value in expect["slots"].items()}
        before, after = (each["products"].value if "products" in each else () for each in (state.slots, slots))
        gone = tuple(name for name in before if name not in after)
        state = State(
            slots=slots,
            support=expect["support"],
            last_action=expect["action"],
            lead=state.lead or expect["action"] == "create_lead",
            insisted=int(expect["action"] == "gather_more_details"),
            withdrawn=gone or tuple(name for name in state.withdrawn if name not in after),
        )


def learn_from(conversations: Iterable[Mapping[str, Any]], vocabulary: Vocabulary) -> Lessons:
    """The examples that conversations give. What their labels do not tell is left out."""
    lessons = Lessons()
    for conversation in conversations:
        for text, state, expect in read_turns(conversation):
            turn = Turn((Message(text),), state, vocabulary)
            view = View(turn, turn.read())
            if view.words and not turn.off_topic:
                lessons.add(view, expect)
    return lessons


def learn_sentences(lessons: Lessons, rows: Iterable[Mapping[str, Any]], vocabulary: Vocabulary) -> None:
    """Adds the examples of single sentences, each labelled for one slot; see `sentences.py`."""
    for row in rows:
        messages, state = read_sentence(row)
        turn = Turn(messages, state, vocabulary)
        view = View(turn, turn.read())
        if not view.words or turn.off_topic:
            continue
        own = Lessons()
        own.add(view, row)
        for name in _TAUGHT[row["slot"]]:
            lessons.decisions[name] += own.decisions[name] * _SENTENCE_COUNTS
        if row["slot"] in ("name", "all"):
            lessons.names += own.names * _SENTENCE_COUNTS


def learn_batches(conversations: Iterable[Mapping[str, Any]]) -> dict[str, Lessons]:
    """The examples of each batch, made once; the single sentences are a batch of their own."""
    batches = defaultdict(list)
    for conversation in conversations:
        batches[conversation["batch"]].append(conversation)
    batches[_SINGLE] = []
    with ProcessPoolExecutor(2) as pool:
        return dict(zip(batches, pool.map(_learn_batch, batches, batches.values()), strict=True))


def _learn_batch(batch: str, conversations: Sequence[Mapping[str, Any]]) -> Lessons:
    vocabulary = Vocabulary.shipped()
    lessons = learn_from(conversations, vocabulary)
    if batch == _SINGLE:
        learn_sentences(lessons, map(json.loads, SENTENCES.read_text().splitlines()), vocabulary)
        learn_sentences(lessons, read_written(), vocabulary)
    # The same words over and over: each is kept, and sent to the other process, once.
    for name, examples in lessons.decisions.items():
        lessons.decisions[name] = [([sys.intern(each) for each in described], kind) for described, kind in examples]
    lessons.names = [([[sys.intern(each) for each in row] for row in rows], tags) for rows, tags in lessons.names]
    return lessons


def join(lessons: Iterable[Lessons]) -> Lessons:
    """All of these examples."""
    joined = Lessons()
    for each in lessons:
        for name, examples in each.decisions.items():
            joined.decisions[name] += examples
        joined.names += each.names
    return joined


def read_written() -> Iterator[dict[str, Any]]:
    """Single sentences that were written to teach a decision, as rows of sentences."""
    for line in STANCES.read_text().splitlines():
        before, text, after, support = line.split("\t")
        complains = before == "S"
        known, wanted = ({"products": names.split(", ")} if names not in ("", "S") else {} for names in (before, after))
        asked = "transfer_to_support" if complains else "request_contact_info" if known else None
        row = _row("stances", text, asked, known, wanted, support == "1")
        row["before"]["support"] = complains
        yield row
    for line in SAID.read_text().splitlines():
        slot, asked, value, text = line.split("\t")
        known = {"products": ["sofá"]} if asked else {}
        if slot == "budget" and value:
            value = {
                name: int(end) if end else None for name, end in zip(("min", "max"), value.split("-"), strict=True)
            }
        said = {**known, slot: value} if value else known
        yield _row(slot, text.replace("\\n", "\n"), asked or None, known, said)


def _row(
    slot: str, text: str, asked: str | None, known: Mapping, said: Mapping, support: bool = False
) -> dict[str, Any]:
    before = {"slots": known, "support": False, "last_action": asked, "lead": False, "withdrawn": (), "complained": ()}
    return {"slot": slot, "texts": [text], "days": [None], "before": before, "slots": said, "support": support}


def fit(lessons: Lessons) -> model.Model:
    """The model of these lessons, without the decision ``right``."""
    decisions = {name: _fit_decision(name, examples) for name, examples in sorted(lessons.decisions.items())}
    return model.Model({**decisions, "right": model.Linear(("no", "yes"), (0.0,), {})}, _fit_names(lessons.names), {})


def _fit_decision(name: str, examples: Sequence[Example]) -> model.Linear:
    seen = Counter(feature for described, _class in examples for feature in set(described))
    columns = {feature: at for at, feature in enumerate(sorted(f for f, times in seen.items() if times >= _LEAST_SEEN))}
    ends, indices = [0], []
    for described, _class in examples:
        indices += sorted({columns[feature] for feature in described if feature in columns})
        ends.append(len(indices))
    counts = csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(examples), len(columns)))
    strength, normal = _FITS[name]
    rarity = np.ones(len(columns))
    matrix = counts
    if normal:
        rarity = np.round(np.log(len(examples) / np.asarray(counts.sum(axis=0)).ravel()) + 0.1, 2)
        matrix = normalize(counts.multiply(rarity).tocsr())
    classes = [kind for _described, kind in examples]
    solver = "liblinear" if len(set(classes)) == 2 else "lbfgs"
    fitted = LogisticRegression(C=strength, max_iter=400, solver=solver, random_state=0).fit(matrix, classes)
    weights = {}
    for feature, at in columns.items():
        row = [round(float(weight), 2) for weight in fitted.coef_[:, at]]
        # Those of no weight count in the length of a turn all the same.
        if normal or any(abs(weight) >= _SMALL for weight in row):
            weights[feature] = [float(rarity[at]), *row]
    bias = tuple(round(float(each), 3) for each in fitted.intercept_)
    return model.Linear(tuple(map(str, fitted.classes_)), bias, weights, normal)


def _fit_names(lessons: Sequence[tuple[list[list[str]], list[str]]]) -> model.Tagger:
    trainer = pycrfsuite.Trainer(verbose=False)
    for rows, tags in lessons:
        trainer.append(rows, tags)
    trainer.set_params(
        {"c1": 0.05, "c2": 0.02, "max_iterations": 120, "feature.possible_transitions": True, "feature.minfreq": 2}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/names.crfsuite"
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
    weights: dict[str, list[float]] = {}
    for (feature, tag), weight in sorted(info.state_features.items()):
        if abs(weight) >= _SMALL:
            weights.setdefault(feature, [0.0] * len(NAME_TAGS))[NAME_TAGS.index(tag)] = round(weight, 3)
    steps = [[round(info.transitions.get((a, b), 0.0), 3) for b in NAME_TAGS] for a in NAME_TAGS]
    return model.Tagger(NAME_TAGS, weights, steps)


def learn_right(
    conversations: Iterable[Mapping[str, Any]], vocabulary: Vocabulary, learned: model.Model
) -> list[Example]:
    """For turns that a model did not learn from: what it says of its own reading, and whether that is right."""
    examples = []
    for conversation in conversations:
        for text, state, expect in read_turns(conversation):
            turn = Turn((Message(text),), state, vocabulary)
            reviewed = Review(turn, turn.read(), learned)
            if not reviewed.view.words:
                continue
            found = reviewed.decide()
            right = found.support == expect["support"] and _slots_of(found) == {
                name: _comparable(to_value(value)) for name, value in expect["slots"].items()
            }
            examples.append((reviewed.described, yes(right)))
    return examples


def _slots_of(found: Understanding) -> dict[str, Any]:
    return {name: _comparable(slot.value) for name, slot in found.slots.items() if name != "need"}


def _comparable(value: Any) -> Any:
    return set(value) if isinstance(value, tuple) else value


class _Reader:
    """Reads with one model, as the addon does with its own."""

    def __init__(self, learned: model.Model):
        self._model = learned

    def interpret(self, messages: Sequence[Message], state: State, vocabulary: Vocabulary) -> Reading:
        turn = Turn(tuple(messages), state, vocabulary)
        return Reading(review(turn, turn.read(), self._model))


Sureness = list[tuple[float, bool]]


@dataclass
class Judgement:
    """The scores by batch; for each turn how sure the conversation was and whether it was entirely right; and the same
    of the turn alone, where all before it was right.
    """

    scores: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    sure: Sureness = field(default_factory=list)
    turn_sure: Sureness = field(default_factory=list)


def judge(conversations: Iterable[Mapping[str, Any]], vocabulary: Vocabulary, learned: model.Model) -> Judgement:
    judged = Judgement()
    for conversation in conversations:
        right = True
        predicted = predict(conversation, vocabulary, lambda: _Reader(learned))
        for turn, got in zip(conversation["turns"], predicted["turns"], strict=True):
            if "expect" in turn:
                before, right = right, not judged.scores[conversation["batch"]].add(turn["expect"], got)
                judged.sure.append((got["confidence"], right))
                if before:
                    judged.turn_sure.append((got["turn_confidence"], right))
    return judged


@dataclass
class _Folds:
    """What the processes that cross-validate share."""

    conversations: Sequence[Mapping[str, Any]]
    lessons: Mapping[str, Lessons]
    by_batch: Mapping[str, int]

    def unseen(self, number: int) -> list[Mapping[str, Any]]:
        return [each for each in self.conversations if self.by_batch.get(each["batch"]) == number]

    def run(self, number: int) -> tuple[model.Model, list[Example]]:
        learned = fit(join(each for batch, each in self.lessons.items() if self.by_batch.get(batch) != number))
        return learned, learn_right(self.unseen(number), Vocabulary.shipped(), learned)

    def judge(self, number: int, learned: model.Model) -> Judgement:
        return judge(self.unseen(number), Vocabulary.shipped(), learned)


_shared: _Folds | None = None


def _share(folds: _Folds) -> None:
    # A process that is forked has it without a copy.
    global _shared
    _shared = folds


def _run_fold(number: int) -> tuple[model.Model, list[Example]]:
    return _shared.run(number)


def _judge_fold(number: int, learned: model.Model) -> Judgement:
    return _shared.judge(number, learned)


def cross_validate(
    conversations: Sequence[Mapping[str, Any]], lessons: Mapping[str, Lessons], folds: int
) -> tuple[Judgement, list[Example]]:
    """How the chats are read, each by a model that did not learn from its batch; and what teaches when that is right."""
    batches = sorted({each["batch"] for each in conversations if each["batch"] not in FITTED})
    shared = _Folds(conversations, lessons, {batch: number % folds for number, batch in enumerate(batches)})
    with ProcessPoolExecutor(2, get_context("fork"), _share, (shared,)) as pool:
        ran = list(pool.map(_run_fold, range(folds)))
        models = []
        for number, (learned, _right) in enumerate(ran):
            others = [example for at, (_model, right) in enumerate(ran) if at != number for example in right]
            models.append(_with_right(learned, others))
        total = Judgement()
        for each in pool.map(_judge_fold, range(folds), models):
            total.scores.update(each.scores)
            total.sure += each.sure
            total.turn_sure += each.turn_sure
    return total, [example for _model, right in ran for example in right]


def _with_right(learned: model.Model, examples: Sequence[Example]) -> model.Model:
    return model.Model({**learned.decisions, "right": _fit_decision("right", examples)}, learned.names, learned.about)


def _sum(scores: Iterable[Score]) -> Score:
    total = Score()
    for score in scores:
        total.turns += score.turns
        total.confident += score.confident
        total.confident_right += score.confident_right
        for name in ("right", "hits", "predicted", "expected"):
            getattr(total, name).update(getattr(score, name))
    return total


def _print_figures(judged: Judgement) -> None:
    scores = judged.scores
    figures = _sum(scores.values()).figures()
    for slot, row in figures["slots"].items():
        print(f"  {slot:10} precision {row['precision']:.3f}  recall {row['recall']:.3f}  F1 {row['f1']:.3f}")
    print("  right:", "  ".join(f"{name} {share:.3f}" for name, share in figures["exact"].items()))
    for batch, score in sorted(scores.items()):
        exact = score.figures()["exact"]
        print(f"    {batch} {score.turns:4}  " + "  ".join(f"{name} {share:.3f}" for name, share in exact.items()))
    _print_sureness("confidence", judged.sure)
    _print_sureness("of the turn", judged.turn_sure)


def _print_sureness(title: str, sure: Sureness) -> None:
    print(f"  {title:12} share of turns   entirely right")
    for low, high in ((0, 0.2), (0.2, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        inside = [right for confidence, right in sure if low <= confidence < high]
        if inside:
            print(
                f"  {low:.1f}-{min(high, 1):.1f}      {len(inside) / len(sure):.3f}            {sum(inside) / len(inside):.3f}"
            )


def write(learned: model.Model, figures: Mapping[str, Any]) -> None:
    data = {
        "about": {"made from": fingerprint(), **figures},
        "decisions": {
            name: {"classes": each.classes, "bias": each.bias, "weights": each.weights, "normal": each.normal}
            for name, each in learned.decisions.items()
        },
        "names": {"classes": learned.names.classes, "weights": learned.names.weights, "steps": learned.names.steps},
    }
    raw = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    model.WEIGHTS.write_bytes(gzip.compress(raw, 9, mtime=0))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=5, help="how many models cross-validate")
    parser.add_argument("--write", action="store_true", help="write the addon's weights")
    options = parser.parse_args()
    conversations = load_all()
    lessons = learn_batches(conversations)
    judged, right = cross_validate(conversations, lessons, options.folds)
    print("chats, each batch read by a model that did not learn from it:")
    _print_figures(judged)
    if options.write:
        figures = _sum(judged.scores.values()).figures()
        learned = _with_right(fit(join(lessons.values())), right)
        write(learned, {"cross-validated": figures["exact"], "turns": figures["turns"]})
        print(f"{model.WEIGHTS.name}: {model.WEIGHTS.stat().st_size / 1024:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
