"""Looks for regular expressions of the addon whose time grows faster than the text they read: a program for `test_slow_texts`.

Found are all that are compiled in modules or kept in their tables, and all that are written in place. Each gets texts
made of its own parts, repeated: what its repetitions repeat, what stands before them, and both. What counts is how the
processor's time grows from 8 to 64 and 100 kB, not how long it takes.
"""

import ast
import importlib
import json
import re
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random
from re import _constants as sre
from re import _parser as parser
from types import ModuleType
from typing import Any

ADDON = Path(__file__).resolve().parents[2] / "colineal_whatsapp_crm"

#: Characters of the texts. With the second and third, time in proportion grows 8 and 12.5 times, quadratic 64 and 156.
SIZES = (8_000, 64_000, 100_000)
MOST_GROWTH = (1, 24, 48)
#: Growth is looked at so often before it counts, and the same text read for at least so many seconds each time.
_ROUNDS, _LEAST_SECONDS = 4, 0.001
#: Seconds of the processor that one reading may take at all: what is exponential would not come back.
_MOST_SECONDS = 10
_UNITS, _SLOWEST = 60, 2
#: Characters of the texts that tell which units are the slowest.
_PROBE = 1_500
#: Where patterns are read that are only known when the code runs: their results are found in the modules, or are names
#: letter by letter.
_MAKERS = {
    "understanding/aftersales.py",
    "understanding/llm/drafting.py",
    "lib/errors.py",
    "lib/accent_insensitive.py",
}
_CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


#: Patterns that are looked for at the beginning of a text only.
_ONLY_AT_BEGIN: set[re.Pattern] = set()


class TooLongError(Exception):
    """A reading took more than `_MOST_SECONDS`."""


def find_patterns() -> tuple[dict[re.Pattern, str], list[str]]:
    """All patterns, with where each is from; and the places whose pattern is not known."""
    found: dict[re.Pattern, str] = {}
    unknown = []
    trees = {
        path.relative_to(ADDON).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ADDON.rglob("*.py"))
    }
    trees = {name: tree for name, tree in trees.items() if not name.startswith(("tests/", "migrations/"))}
    uses = _find_uses(trees.values())
    for name, tree in trees.items():
        module = _import(name) if name.startswith("understanding/") else None
        names = vars(module) if module else _constants(tree)
        for known, value in names.items():
            for pattern in _inside(value):
                found.setdefault(pattern, name)
            if isinstance(value, re.Pattern) and uses.get(known) and uses[known] <= {"match", "fullmatch"}:
                _ONLY_AT_BEGIN.add(value)
        for call in ast.walk(tree):
            if not _is_of_re(call):
                continue
            place = f"{name}:{call.lineno}"
            try:
                pattern = _evaluate(call, names)
            except Exception:
                if name not in _MAKERS:
                    unknown.append(place)
            else:
                found.setdefault(pattern, place)
                if call.func.attr in ("match", "fullmatch"):
                    _ONLY_AT_BEGIN.add(pattern)
    for pattern in _inside(_import("understanding/vocabulary.py").Vocabulary.shipped()):
        found.setdefault(pattern, "the vocabulary")
    return found, unknown


def _find_uses(trees: Iterable[ast.AST]) -> dict[str, set[str]]:
    """With which methods each name is used."""
    uses: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                uses.setdefault(node.value.id, set()).add(node.attr)
    return uses


def _import(name: str) -> Any:
    return importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))


def _inside(value: Any, depth: int = 4) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, Mapping):
        for each in (*value.keys(), *value.values()):
            yield from _inside(each, depth - 1)
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _inside(each, depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _inside(getattr(value, each.name, None), depth - 1)
    elif (
        depth == 4 and hasattr(value, "__dict__") and not isinstance(value, (type, ModuleType)) and not callable(value)
    ):
        for each in vars(value).values():
            yield from _inside(each, depth - 1)


def _constants(tree: ast.Module) -> dict[str, Any]:
    """What a module that only Odoo can import names and knows without it."""
    names: dict[str, Any] = {"re": re}
    for line in tree.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            try:
                names[line.targets[0].id] = eval(compile(ast.Expression(line.value), "", "eval"), dict(names))
            except Exception:
                continue
    return names


def _is_of_re(call: ast.AST) -> bool:
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and call.func.attr in _CALLS
    )


def _evaluate(call: ast.Call, names: Mapping[str, Any]) -> re.Pattern:
    def value(node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), "", "eval"), dict(names))

    flags = next((value(each.value) for each in call.keywords if each.arg == "flags"), 0)
    if call.func.attr == "compile" and len(call.args) > 1:
        flags = value(call.args[1])
    pattern = value(call.args[0])
    return pattern if isinstance(pattern, re.Pattern) else re.compile(pattern, flags)


def make_units(pattern: re.Pattern) -> list[tuple[str, str]]:
    """What to repeat: (before, again) pairs, made of the parts of a pattern."""
    chance = Random(pattern.pattern)
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.TEMPLATE if hasattr(re, "TEMPLATE") else pattern.flags)
    whole = [_sample(tree, chance) for _time in range(6)]
    units = [("", each) for each in whole] + [("", each[:-1]) for each in whole] + [("", each[1:]) for each in whole]
    parts = sorted(_repetitions(tree, "", chance), key=lambda part: (-part[2], chance.random()))
    for before, again, _most in parts[:_UNITS]:
        units += [(before, again), ("", before + again), ("", before), ("", again)]
    units += [("", each) for each in ("a", " ", "a ", "1", "1 ", "a.", "/", "(", "-", "\u00b6", " a \u00b6")]
    return [unit for unit in dict.fromkeys(units) if unit[1]]


def _repetitions(tree: Any, before: str, chance: Random) -> Iterator[tuple[str, str, int]]:
    """(a text that leads to it, one that it repeats, how often at most) for each repetition in a pattern."""
    for kind, value in tree:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _low, high, body = value
            if high > 1:
                yield before, _sample(body, chance), int(high)
            yield from _repetitions(body, before, chance)
        elif kind is sre.BRANCH:
            for each in value[1]:
                yield from _repetitions(each, before, chance)
        elif kind is sre.SUBPATTERN:
            yield from _repetitions(value[3], before, chance)
        elif kind is sre.ATOMIC_GROUP:
            yield from _repetitions(value, before, chance)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repetitions(value[1], before, chance)
        before += _sample([(kind, value)], chance)


def _sample(tree: Any, chance: Random) -> str:
    """A text that a pattern matches, or nearly."""
    text = ""
    for kind, value in tree:
        if kind is sre.LITERAL:
            text += chr(value)
        elif kind is sre.NOT_LITERAL:
            text += "b" if value == ord("a") else "a"
        elif kind is sre.ANY:
            text += chance.choice("a 1")
        elif kind is sre.IN:
            text += _one_of(value, chance)
        elif kind is sre.BRANCH:
            text += _sample(chance.choice(value[1]), chance)
        elif kind is sre.SUBPATTERN:
            text += _sample(value[3], chance)
        elif kind is sre.ATOMIC_GROUP:
            text += _sample(value, chance)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, body = value
            text += "".join(
                _sample(body, chance) for _time in range(max(low, min(int(high), chance.choice((0, 1, 2)))))
            )
    return text


_OF_CATEGORY = {sre.CATEGORY_DIGIT: "7", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_SPACE: "a",
                sre.CATEGORY_NOT_DIGIT: "a", sre.CATEGORY_NOT_WORD: "."}  # fmt: skip


def _one_of(items: Any, chance: Random) -> str:
    items = list(items)
    if items[0][0] is sre.NEGATE:
        taken = {value for kind, value in items if kind is sre.LITERAL}
        return next(char for char in "a1 .-\u00e9\u00b6x" if ord(char) not in taken)
    kind, value = chance.choice(items)
    if kind is sre.RANGE:
        return chr(chance.randint(*value))
    return _OF_CATEGORY.get(value, "a") if kind is sre.CATEGORY else chr(value)


def make_text(unit: tuple[str, str], size: int) -> str:
    before, again = unit
    return before + again * ((size - len(before)) // len(again)) + "\x00\n\x00"


def read(pattern: re.Pattern, text: str) -> None:
    if pattern not in _ONLY_AT_BEGIN:
        for _found in pattern.finditer(text):
            pass
    pattern.match(text)
    pattern.fullmatch(text)


def measure(pattern: re.Pattern, text: str, least: float = _LEAST_SECONDS) -> float:
    """Seconds of this thread that one reading takes."""
    signal.setitimer(signal.ITIMER_VIRTUAL, _MOST_SECONDS)
    try:
        times, begin = 0, time.thread_time()
        while True:
            read(pattern, text)
            times += 1
            if (taken := time.thread_time() - begin) >= least:
                return taken / times
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def find_fault(pattern: re.Pattern) -> str:
    """Why a pattern is not linear; empty when it is."""
    units = make_units(pattern)
    try:
        slowest = sorted(units, key=lambda unit: -measure(pattern, make_text(unit, _PROBE), 0))[:_SLOWEST]
        for unit in slowest:
            for _round in range(_ROUNDS):
                least = measure(pattern, make_text(unit, SIZES[0]))
                for size, most in zip(SIZES[1:], MOST_GROWTH[1:], strict=True):
                    growth = measure(pattern, make_text(unit, size)) / least
                    if growth > most:
                        break
                else:
                    break
            else:
                return f"{unit!r} grows by {growth:.0f}"
    except TooLongError:
        return "does not come back"
    return ""


def _give_up(_number: int, _frame: Any) -> None:
    raise TooLongError


def main() -> None:
    """Prints {"patterns": how many, "unknown": places, "faults": {where: why}}. Argument: only patterns with this in them."""
    sys.path.insert(0, str(ADDON))
    signal.signal(signal.SIGVTALRM, _give_up)
    resource.setrlimit(resource.RLIMIT_CPU, (1200, 1200))
    patterns, unknown = find_patterns()
    wanted = [(pattern, place) for pattern, place in patterns.items() if not sys.argv[1:] or sys.argv[1] in place]
    faults = {}
    for pattern, place in wanted:
        if isinstance(pattern.pattern, str) and (fault := find_fault(pattern)):
            faults[f"{place} {pattern.pattern[:60]}"] = fault
    print(json.dumps({"patterns": len(wanted), "unknown": unknown, "faults": faults}, ensure_ascii=False))


if __name__ == "__main__":
    main()
