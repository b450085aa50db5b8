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
import re
import sys
from collections import defaultdict
from pathlib import Path

_ADDON = ("odoo", "addons", "colineal_whatsapp_crm")

#: Odoo's classes that make a model of each that inherits from them.
_BASES = ("Model", "AbstractModel", "TransientModel")

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
        inherited = values.get("_inherit")
        if values.get("_name"):
            yield values["_name"], cls
        elif isinstance(inherited, str):
            yield inherited, cls
        elif inherited or any(_get_last_name(base) in _BASES for base in cls.bases):
            # Odoo makes a name of the class's, whatever a list says that it inherits.
            yield re.sub(r"(?<=[^_])([A-Z])", r".\1", cls.name).lower(), cls


def _find_members(cls):
    """(name, line) of each method and field; of class attributes such as `_order` each part may have its own."""
    for statement in _find_statements(cls):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement.name, statement.lineno
    for name, value, line in _find_assignments(cls):
        if isinstance(value, ast.Lambda) or (isinstance(value, ast.Call) and _makes_member(value.func)):
            yield name, line


def _find_statements(block):
    """Those of a class, also under an `if` or `try` of its body."""
    for statement in block.body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            yield from _find_statements(statement)
            for name in ("orelse", "finalbody"):
                yield from getattr(statement, name, ())


def _find_assignments(cls):
    """(name, value, line) of each class attribute, annotated or not."""
    for statement in _find_statements(cls):
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and statement.value:
                yield target.id, statement.value, statement.lineno


def _makes_member(called):
    """Whether it is a class of Odoo's or ours: a field, an index or a constraint of any name; or a decorated function."""
    decorates = isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "api"
    return decorates or _get_last_name(called)[:1].isupper()


def _get_last_name(node):
    """`Model` of `models.Model`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _find_arrows_up(file, tree):
    levels = {folder: number for number, level in enumerate(_LEVELS) for folder in level}
    here = levels.get(file.parts[0])
    if here is None:
        return
    for node in ast.walk(tree):
        for module in _find_imported(file, node):
            there = levels.get(next(iter(module), ""))
            if there is not None and there < here:
                yield f"{file}:{node.lineno}: {file.parts[0]} imports {'.'.join(module)}"


def _find_imported(file, node):
    """The addon's own modules that a statement imports, as names of folders and file from the addon's folder on."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        package = file.parent.parts[: len(file.parent.parts) - node.level + 1]
        names = [".".join((*_ADDON, *package, *filter(None, [node.module]), alias.name)) for alias in node.names]
    else:
        names = []
    for parts in (name.split(".") for name in names):
        if tuple(parts[: len(_ADDON)]) == _ADDON:
            yield parts[len(_ADDON) :]


def main(argv):
    faults = list(check(Path(argv[1] if argv[1:] else Path(__file__).parents[1] / "colineal_whatsapp_crm")))
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults of structure")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
