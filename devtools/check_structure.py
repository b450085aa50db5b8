#!/usr/bin/env python3
"""Find what makes a model hard to read: `check_structure.py [ADDON]`, a hook of .pre-commit-config.yaml.

* A model has one room: a folder of its own under `models/`, whose files are its topics, or one file.
* A method or field of a model is written once in the addon: no part of it overrides another part. What happens on an
  event stands as one list where the event happens.
* A test file is in the list of its `__init__.py`, which is all that Odoo's own runner looks at.
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
    yield from _find_unlisted_tests(addon / "tests")
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


def _find_unlisted_tests(folder):
    files = {path.stem: path.relative_to(folder.parent) for path in folder.glob("test_*.py")}
    if not files:
        return
    listed = {
        alias.name
        for node in ast.parse((folder / "__init__.py").read_text()).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for name in sorted(files.keys() - listed):
        yield f"{files[name]}: is not in the list of tests/__init__.py"


def _find_models(tree):
    """(name of the model, class) of each model that a file defines or extends."""
    for cls in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        values = {name: value for name, value, _line in _find_assignments(cls) if name in ("_name", "_inherit")}
        values = {name: ast.literal_eval(value) for name, value in values.items()}
        inherited = values.get("_inherit") or ()
        inherited = [inherited] if isinstance(inherited, str) else list(inherited)
        # Without a name of its own, Odoo takes the only one that it inherits, in a list as well.
        name = values.get("_name") or (inherited[0] if len(inherited) == 1 else None)
        if name:
            yield name, cls


def _find_members(cls):
    """(name, line) of each method and field; of class attributes such as `_order` each part may have its own."""
    for statement in cls.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement.name, statement.lineno
    for name, value, line in _find_assignments(cls):
        if isinstance(value, ast.Call) and _makes_member(value.func):
            yield name, line


def _find_assignments(cls):
    """(name, value, line) of each class attribute, annotated or not."""
    for statement in cls.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and statement.value:
                yield target.id, statement.value, statement.lineno


def _makes_member(called):
    """Whether it is a class of Odoo's or ours: a field, an index or a constraint of any name; not a plain function."""
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name[:1].isupper()


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
