"""Getting Odoo 19 and the Python packages, into the cache."""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from .console import DIES_WITH_US, Problem, Progress, latest, only_one, output_of, run_step, say
from .machine import has_venv, install_packages
from .paths import ROOT, cache

# Odoo 19 comes from Debian's unreleased suite; the libraries that its package links to
# come from the current stable one, because the newest Font Awesome no longer fits.
ODOO_SUITE, ODOO_PACKAGE, ODOO_SERIES = "sid", "odoo-19", "19.0"
LINKED_SUITE = "trixie"
LINKED_PACKAGES = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

REQUIREMENTS = ("requirements.txt", "requirements-odoo.txt", "requirements-dev.txt")
UNDERSTANDING_NEEDS = ("phonenumbers", "python-dateutil", "rapidfuzz", "wordfreq")
PRETTIER = ("prettier@3.10.1", "@prettier/plugin-xml@3.4.2")


class Odoo:
    """An Odoo 19 on disk: its start script, and the folder its Python package is in."""

    def __init__(self, script, library, version):
        self.script, self.library, self.version = Path(script), Path(library), version

    @classmethod
    def at(cls, path):
        """An Odoo the user already has: a source checkout, or an unpacked or installed package."""
        path = Path(path).expanduser().resolve()
        for script, library in (
            (path / "odoo-bin", path),
            (path / "usr/bin/odoo", path / "usr/lib/python3/dist-packages"),
            (path, path.parent),
            (path, path.parent.parent / "lib/python3/dist-packages"),
        ):
            release = library / "odoo/release.py"
            if script.is_file() and release.is_file():
                found = re.search(r"^version_info = \((\d+), *(\d+)", release.read_text(), re.M)
                series = ".".join(found.groups()) if found else "unknown"
                if series != ODOO_SERIES:
                    raise Problem(f"{path} is Odoo {series}; this addon needs Odoo {ODOO_SERIES}.")
                return cls(script, library, f"{ODOO_SERIES}-{short_hash(str(path))}")
        raise Problem(
            f"No Odoo found at {path}. --odoo takes a source checkout (the folder with odoo-bin),"
            " a folder with usr/bin/odoo in it, or the start script itself."
        )

    @classmethod
    def cached(cls, wanted=None):
        """The newest Odoo unpacked earlier (or the wanted version), or None."""
        records = sorted(cache().glob(f"odoo-{wanted or ODOO_SERIES + '*'}/packages.json"), key=os.path.getmtime)
        if not records:
            return None
        folder = records[-1].parent
        return cls(folder / "usr/bin/odoo", folder / "usr/lib/python3/dist-packages", folder.name[len("odoo-") :])


def find_odoo(options):
    """The Odoo to run: the one named, the one fetched before, or a new one."""
    if getattr(options, "odoo", None):
        return Odoo.at(options.odoo)
    wanted = getattr(options, "odoo_version", None)
    if not Odoo.cached(wanted):
        with only_one(cache() / "odoo.lock", "fetching Odoo"):
            if not Odoo.cached(wanted):
                fetch_odoo(getattr(options, "mirror", None) or machine_mirror(), wanted)
    return Odoo.cached(wanted)


def machine_mirror():
    """The Debian mirror that this machine itself is set up to use."""
    if not shutil.which("apt-get"):
        raise Problem("This machine has no apt-get to fetch Odoo with. Give an Odoo 19 with --odoo PATH.")
    names = "$(ORIGIN)|$(LABEL)|$(REPO_URI)"
    for line in output_of(["apt-get", "indextargets", "--format", names, "Created-By: Packages"]).splitlines():
        origin, label, uri = line.split("|")
        if (origin, label) == ("Debian", "Debian"):
            return uri.rstrip("/")
    # Package lists were never read here: take the address from what apt would read.
    for line in output_of(["apt-get", "update", "--print-uris"]).splitlines():
        if match := re.match(r"'([^']*/debian)/dists/", line):
            return match[1]
    raise Problem(
        "apt on this machine names no Debian mirror. Give one with --mirror URL, or an Odoo with --odoo PATH."
    )


def private_apt(mirror):
    """An apt of our own beside the machine's: own sources, lists and cache, same key ring and proxy."""
    root = cache() / "apt"
    for folder in ("etc", "lists/partial", "archives/partial"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "status").write_text("")
    (root / "etc/sources.list").write_text(
        "".join(f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in (ODOO_SUITE, LINKED_SUITE))
    )
    machine = output_of(["apt-config", "dump", "Acquire"])
    (root / "apt.conf").write_text(
        machine
        + f"""
Dir::Etc "{root}/etc"; Dir::Etc::main "/dev/null"; Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "{root}/etc/sources.list"; Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
Dir::State "{root}"; Dir::State::status "{root}/status"; Dir::Cache "{root}";
APT::Sandbox::User ""; APT::Status-Fd "1"; APT::Get::List-Cleanup "true";
Acquire::Languages "none"; Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
// The unreleased suite's Release file may look expired; its signature is verified all the same.
Acquire::Check-Valid-Until "false";
"""
    )
    return {**os.environ, "APT_CONFIG": str(root / "apt.conf"), "LC_ALL": "C.UTF-8"}


def fetch_odoo(mirror, wanted=None):
    """Fetch Debian's Odoo with verified signatures, and unpack it into the cache: nothing is installed."""
    log, downloads = cache() / "log", cache() / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    apt, percent = private_apt(mirror), latest(r"^dlstatus:[^:]*:(\d+)\.", "{0}%")
    run_step(
        "Reading the package lists that have Odoo",
        ["apt-get", "update"],
        env=apt,
        log=log / "lists.log",
        detail=percent,
    )
    offered = [
        line.split("|")[1].strip() for line in output_of(["apt-cache", "madison", ODOO_PACKAGE], env=apt).splitlines()
    ]
    version = next((v for v in offered if (v == wanted if wanted else v.startswith(ODOO_SERIES + "."))), None)
    if not version:
        raise Problem(
            f"Debian {ODOO_SUITE} at {mirror} has no {ODOO_PACKAGE} {wanted or ODOO_SERIES} any more"
            f" (it has: {', '.join(offered) or 'none'}). Use --odoo PATH with an Odoo {ODOO_SERIES} of your own,"
            " --mirror URL with a mirror or snapshot that still has it, or --odoo-version."
        )
    names = [f"{ODOO_PACKAGE}={version}", *(f"{name}/{LINKED_SUITE}" for name in LINKED_PACKAGES)]
    run_step(
        f"Downloading Odoo {version} (about 130 MB)",
        ["apt-get", "download", *names],
        env=apt,
        cwd=downloads,
        log=log / "download.log",
        detail=percent,
    )
    unpack_odoo(version, newest_files(downloads, [ODOO_PACKAGE, *LINKED_PACKAGES]), mirror)
    shutil.rmtree(downloads)
    shutil.rmtree(cache() / "apt")


def newest_files(downloads, packages):
    """Of each package the file fetched last: an interrupted fetch of another day may have left older ones."""
    return [max(downloads.glob(f"{package}_*.deb"), key=os.path.getmtime) for package in packages]


def unpack_odoo(version, files, mirror):
    """Unpack the packages into one folder, and write down what they were; it appears only when complete."""
    target = cache() / f"odoo-{version}"
    for abandoned in cache().glob("unpack-*"):
        shutil.rmtree(abandoned)
    with (
        tempfile.TemporaryDirectory(dir=cache(), prefix="unpack-") as temporary,
        Progress("Unpacking Odoo") as progress,
    ):
        folder = Path(temporary, "odoo")
        for file in files:
            progress.show(file.name)
            output_of([*DIES_WITH_US, "dpkg-deb", "-x", file, folder])
        package = folder / "usr/lib/python3/dist-packages/odoo"
        # Debian leaves this minified file out; without it the web client logs an error and every tour fails.
        stub = package / "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.touch()
        record = {
            "fetched": time.strftime("%Y-%m-%d %H:%M:%S %z"),
            "mirror": mirror,
            "packages": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
            "dangling": sorted(
                str(path.relative_to(folder)) for path in package.rglob("*") if path.is_symlink() and not path.exists()
            ),
        }
        (folder / "packages.json").write_text(json.dumps(record, indent=1))
        folder.rename(target)
    if record["dangling"]:
        say(f"! {len(record['dangling'])} files that Odoo links to are missing; see {target}/packages.json")


def short_hash(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


class Venv:
    """The Python packages, in the cache: one folder for each state of the requirement files.

    It grows in stages, so that `./dev predict` waits for two packages and not for Odoo's fifty.
    """

    STAGES = ("understanding", "odoo", "dev")

    def __init__(self):
        texts = [(ROOT / name).read_text() for name in REQUIREMENTS]
        self.folder = cache() / f"venv-{sys.version_info[0]}.{sys.version_info[1]}-{short_hash(*texts)}"
        self.bin = self.folder / "bin"
        self.python = self.bin / "python"

    def has(self, stage):
        """Is this stage there, or a later one, which holds it?"""
        later = self.STAGES[self.STAGES.index(stage) :] if stage in self.STAGES else (stage,)
        return self.python.exists() and any((self.folder / f"ready-{name}").exists() for name in later)

    def need(self, stage, title, *what):
        """Install `what` (arguments of pip) once."""
        if self.has(stage):
            return
        with only_one(cache() / "venv.lock", "installing Python packages"):
            if self.has(stage):
                return
            if not has_venv():
                install_packages(["python3-venv"])
            # pip leaves its temporary files behind when it is interrupted: keep them where we find them.
            scratch = cache() / "pip"
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
            log, env = cache() / "log" / f"pip-{stage}.log", {**clean_environment(), "TMPDIR": str(scratch)}
            if not self.python.exists() or not (self.bin / "pip").exists():
                run_step(
                    "Making a Python environment",
                    [sys.executable, "-m", "venv", "--clear", self.folder],
                    env=env,
                    log=log,
                )
            pip = [self.python, "-m", "pip", "install", "--progress-bar", "off", *what]
            # An interrupted pip takes half a package for a whole one the next time: have it write all again.
            unfinished = self.folder / "unfinished"
            if unfinished.exists():
                pip.append("--ignore-installed")
            unfinished.touch()
            run_step(
                title, pip, env=env, cwd=ROOT, log=log, detail=latest(r"^\s*(Collecting \S+|Installing collected)")
            )
            (self.folder / f"ready-{stage}").touch()
            unfinished.unlink()
            shutil.rmtree(scratch, ignore_errors=True)

    def need_understanding(self):
        lines = (ROOT / "requirements.txt").read_text().splitlines()
        self.need(
            "understanding", "Installing Python packages", *(x for x in lines if x.startswith(UNDERSTANDING_NEEDS))
        )

    def need_odoo(self):
        self.need("odoo", "Installing Odoo's Python packages", "-r", "requirements.txt", "-r", "requirements-odoo.txt")

    def need_dev(self):
        self.need("dev", "Installing test and lint packages", *(x for name in REQUIREMENTS for x in ("-r", name)))

    def need_training(self):
        """Training tools, beside whatever stage there is."""
        tools = (ROOT / "requirements-train.txt").read_text()
        self.need(f"training-{short_hash(tools)}", "Installing training tools", "-r", "requirements-train.txt")


def clean_environment():
    """The caller's environment without what would leak into a Python, PostgreSQL or Odoo of our own."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("PG")
        and key not in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "ODOO_RC", "VIRTUAL_ENV")
    }


def need_prettier(venv):
    """prettier and its XML plugin, with the node that comes as a Python package: none is needed on the machine."""
    folder = venv.folder / "prettier"
    if not (folder / "ready").exists():
        folder.mkdir(exist_ok=True)
        env = {**clean_environment(), "PATH": f"{venv.bin}:{os.environ['PATH']}"}
        npm = [
            venv.bin / "npm",
            "install",
            "--prefix",
            folder,
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            *PRETTIER,
        ]
        run_step("Installing prettier", npm, env=env, cwd=folder, log=cache() / "log/npm.log")
        (folder / "ready").touch()
    return folder / "node_modules"
