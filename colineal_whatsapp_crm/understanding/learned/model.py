"""Weighs features: linear decisions and a linear-chain tagger, from one file of numbers. Plain Python, no package."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp, inf, log, sqrt
from pathlib import Path

WEIGHTS = Path(__file__).with_name("weights.json.gz")


@dataclass(frozen=True, slots=True)
class Linear:
    """A decision among `classes`: logistic regression.

    weights
        by feature, first its rarity (inverse document frequency; 1 where that does not matter), then a weight for each
        class; of two classes only the second has one.
    normal
        the features of a turn are brought to length 1, so that long and short ones are alike.
    """

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Sequence[float]]
    normal: bool = False

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """The probability of each class; they add up to 1."""
        sums = [0.0] * len(self.bias)
        square = 0.0
        for feature in set(features):
            row = self.weights.get(feature)
            if row:
                rarity = row[0]
                square += rarity * rarity
                for at in range(len(sums)):
                    sums[at] += rarity * row[at + 1]
        length = (sqrt(square) or 1.0) if self.normal else 1.0
        scores = [bias + each / length for bias, each in zip(self.bias, sums, strict=True)]
        if len(scores) == 1:
            scores = [0.0, scores[0]]
        best = max(scores)
        shares = [exp(score - best) for score in scores]
        total = sum(shares)
        return {name: share / total for name, share in zip(self.classes, shares, strict=True)}


@dataclass(frozen=True, slots=True)
class Tagger:
    """A linear chain over tokens (Lafferty, McCallum and Pereira, 2001): each token's scores, and of each step."""

    classes: tuple[str, ...]
    weights: Mapping[str, Sequence[float]]
    steps: Sequence[Sequence[float]]

    def score(self, rows: Sequence[Iterable[str]]) -> list[list[float]]:
        """Each token's score for each class, from the features of each token."""
        scored = []
        for row in rows:
            scores = [0.0] * len(self.classes)
            for feature in row:
                for at, weight in enumerate(self.weights.get(feature, ())):
                    scores[at] += weight
            scored.append(scores)
        return scored

    def tag(self, scored: Sequence[Sequence[float]]) -> tuple[list[str], float]:
        """The best tags that have a name, and how likely there is one, 0 to 1: by all ways to tag, not the best alone."""
        if not scored:
            return [], 0.0
        # Before the name, its beginning, inside, and after it: each goes on to itself or to what follows it.
        states, goes_on = (0, 1, 2, 0), ((0,), (0, 1, 2, 3), (1, 2), (1, 2, 3))
        best, origins = [scored[0][0], scored[0][1], -inf, -inf], []
        total = list(scored[0])
        for scores in scored[1:]:
            came = [
                max(ways, key=lambda a, b=b: best[a] + self.steps[states[a]][states[b]])
                for b, ways in enumerate(goes_on)
            ]
            origins.append(came)
            best = [best[a] + self.steps[states[a]][states[b]] + scores[states[b]] for b, a in enumerate(came)]
            total = [
                _log_sum([total[a] + self.steps[a][b] for a in range(len(total))]) + score
                for b, score in enumerate(scores)
            ]
        at = max((1, 2, 3), key=best.__getitem__)
        tags = [at]
        for came in reversed(origins):
            at = came[at]
            tags.append(at)
        none = exp(min(0.0, self._along(scored, [0] * len(scored)) - _log_sum(total)))
        return [self.classes[states[at]] for at in reversed(tags)], 1.0 - none

    def share(self, scored: Sequence[Sequence[float]], first: int, last: int) -> float:
        """The share by which a name from token `first` up to `last` beats the tags without any name, 0 to 1."""
        name = [0] * len(scored)
        name[first:last] = [1, *[2] * (last - first - 1)]
        return _share(self._along(scored, name) - self._along(scored, [0] * len(scored)))

    def _along(self, scored: Sequence[Sequence[float]], tags: Sequence[int]) -> float:
        return sum(scores[at] for scores, at in zip(scored, tags, strict=True)) + sum(
            self.steps[a][b] for a, b in pairwise(tags)
        )


def _log_sum(values: Sequence[float]) -> float:
    most = max(values)
    return most + log(sum(exp(value - most) for value in values))


def _share(margin: float) -> float:
    return 1.0 / (1.0 + exp(-max(-50.0, min(50.0, margin))))


@dataclass(frozen=True, slots=True)
class Model:
    """All that was learned. `about` tells of what data and when it was made, see `bench/train.py`."""

    decisions: Mapping[str, Linear]
    names: Tagger
    about: Mapping[str, object]


@cache
def shipped() -> Model:
    """The model that comes with the addon."""
    return load(json.loads(gzip.decompress(WEIGHTS.read_bytes())))


def load(data: Mapping) -> Model:
    """A model from its JSON form, as `bench/train.py` writes it."""
    return Model(
        {
            name: Linear(tuple(each["classes"]), tuple(each["bias"]), each["weights"], each["normal"])
            for name, each in data["decisions"].items()
        },
        Tagger(tuple(data["names"]["classes"]), data["names"]["weights"], data["names"]["steps"]),
        data["about"],
    )
