"""./dev lint: the hooks of .pre-commit-config.yaml, on a copy."""

import os
import shutil
import tempfile
from pathlib import Path

from .console import output_of, run_program, say
from .odoo import Venv, clean_environment, need_prettier
from .paths import ROOT, cache


def lint(options):
    """Run every hook of .pre-commit-config.yaml on a copy of the files, so that only --fix changes yours.

    The copy holds new files too, which pre-commit would pass over until they are added to git.
    """
    venv = Venv()
    venv.need_dev()
    modules = need_prettier(venv)
    listed = output_of(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT).split("\0")
    files = sorted({name for name in listed if name and os.path.lexists(ROOT / name)})
    env = {
        **clean_environment(),
        "PATH": f"{venv.bin}:{modules / '.bin'}:{os.environ['PATH']}",
        "PRETTIER_XML": str(modules / "@prettier/plugin-xml/src/plugin.js"),
        "PRE_COMMIT_HOME": str(cache() / "pre-commit"),
        "RUFF_NO_CACHE": "true",
        "PYLINTHOME": str(cache() / "pylint"),
    }
    with tempfile.TemporaryDirectory(prefix="colineal-lint-") as copy:
        copy = Path(copy)
        for name in files:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name, follow_symlinks=False)
        for command in (["git", "init", "-q"], ["git", "add", "-Af"]):
            output_of(command, cwd=copy)
        run = [venv.bin / "pre-commit", "run", "--all-files", *options.args]
        code = run_program(run, env, cwd=copy)
        if options.fix and code:
            for name in files:
                changed = not (copy / name).is_symlink() and (copy / name).read_bytes() != (ROOT / name).read_bytes()
                if changed:
                    say(f"  mended {name}")
                    (ROOT / name).write_bytes((copy / name).read_bytes())
            output_of(["git", "add", "-A"], cwd=copy)
            say("\nAnd once more, to see what is left:")
            code = run_program(run, env, cwd=copy)
    return code
