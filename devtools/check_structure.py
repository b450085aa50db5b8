#!/usr/bin/env python3
"""Find what makes a model hard to read: `check_structure.py [ADDON]`, a hook of .pre-commit-config.yaml.

* A model has one room: a folder of its own under `models/`, whose files are its topics, or one file.
* A method or field of a model is written once in the addon: no part of it overrides another part. What happens on an
  event stands as one list where the event happens.
* Arrows go down: `controllers`, `wizards` → `report` → `models` → `jobs` → `gateway`, `understanding` → `lib`.

`super()` into Odoo, or into one of the addon's mixins, is Odoo's own way and none of this.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

#: What may import from which: each from those after it and from itself.
_LEVELS = (("controllers", "wizards"), ("report",), ("models",), ("jobs",), ("gateway", "understanding"), ("lib",))

#: Folders that hold several models, a file each.
_FLAT = ("models", "models/inherited", "models/mixins", "jobs", "report", "wizards", "controllers", "")


def check(addon):
    """What is wrong with an addon's Python, each a line of text that begins with a path."""
    rooms, places = defaultdict(set), defaultdict(list)
    for path in sorted(addon.rglob("*.py")):
        file = path.relative_to(addon)
        if file.parts[0] in ("migrations", "tests"):
            continue
        tree = ast.parse(path.read_text())
        yield from _find_arrows_up(file, tree)
        for model, cls in _find_models(tree):
            folder = file.parent.as_posix().removeprefix(".")
            rooms[model].add(file.as_posix() if folder in _FLAT else folder)
            for name, line in _find_members(cls):
                places[model, name].append(f"{file}:{line}")
    for model, found in sorted(rooms.items()):
        if len(found) > 1 and any(not room.startswith("report/") for room in found):
            yield f"{min(found)}: {model} is written in {len(found)} rooms: {', '.join(sorted(found))}"
    for (model, name), found in sorted(places.items()):
        if len(found) > 1:
            yield f"{found[0]}: {model}.{name} is written again in {', '.join(found[1:])}"


def _find_models(tree):
    """(name of the model, class) of each model that a file defines or extends."""
    for cls in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        values = {
            statement.targets[0].id: ast.literal_eval(statement.value)
            for statement in cls.body
            if isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and statement.targets[0].id in ("_name", "_inherit")
        }
        inherited = values.get("_inherit")
        name = values.get("_name") or (inherited if isinstance(inherited, str) else None)
        if name:
            yield name, cls


def _find_members(cls):
    """(name, line) of each method and field; of class attributes such as `_order` each part may have its own."""
    for statement in cls.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name, statement.lineno
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            called = statement.value.func
            if isinstance(called, ast.Attribute) and getattr(called.value, "id", "") in ("fields", "models"):
                yield statement.targets[0].id, statement.lineno


def _find_arrows_up(file, tree):
    levels = {folder: number for number, level in enumerate(_LEVELS) for folder in level}
    here = levels.get(file.parts[0])
    if here is None:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        package = file.parent.parts[: len(file.parent.parts) - node.level + 1]
        modules = [(*package, *(node.module or "").split(".")), *((*package, alias.name) for alias in node.names)]
        for module in modules if not package and not node.module else modules[:1]:
            there = levels.get(next(filter(None, module), ""))
            if there is not None and there < here:
                yield f"{file}:{node.lineno}: {file.parts[0]} imports {'.'.join(filter(None, module))}"


def main(argv):
    faults = list(check(Path(argv[1] if argv[1:] else Path(__file__).parents[1] / "colineal_whatsapp_crm")))
    for fault in faults:
        print(fault)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
