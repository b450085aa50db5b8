"""What this machine has, and installing what it lacks."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from .console import Problem, latest, output_of, run_step
from .paths import cache


def postgres_bin():
    """The newest PostgreSQL server on this machine, or None."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    versions = {float(path.parts[-3]): path.parent for path in found}
    return versions[max(versions)] if versions else None


def redis_server():
    """Debian's redis-tools holds the server under another name, and installs no service."""
    return shutil.which("redis-server") or shutil.which("redis-check-rdb")


def has_library(name):
    return name in output_of(["/sbin/ldconfig", "-p"])


def has_venv():
    try:
        import ensurepip  # noqa: F401 (Debian leaves it out of python3 itself)
    except ImportError:
        return False
    return True


def need_packages(browser=False):
    """Install the Debian packages that are missing; ask for root rights for nothing else."""
    missing = []
    if not has_venv():
        missing.append("python3-venv")
    if not postgres_bin():
        missing.append("postgresql")
    if not redis_server():
        missing.append("redis-tools")
    if not has_library("libmagic.so.1"):
        missing.append("libmagic1")
    if browser and not shutil.which("chromium"):
        missing += ["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"]
    if missing:
        install_packages(missing)


def install_packages(names):
    """apt-get install, without a database cluster for the machine.

    Debian's postgresql makes a "main" cluster when it is installed. We bring our own, so for
    the time of the installation a program that does nothing stands in for the one that makes it:
    nothing on the machine is configured for that, and nothing is left behind.
    """
    if not shutil.which("apt-get"):
        raise Problem(f"This machine has no apt-get; please install what these packages hold: {' '.join(names)}.")
    install = ["install", "--no-install-recommends", *names]
    as_root = []
    if os.geteuid():
        if not shutil.which("sudo") or subprocess.run(["sudo", "-v"]).returncode:
            raise Problem(f"Debian packages are missing. Please run, as root:\n    apt-get {' '.join(install)}")
        as_root = ["sudo"]
    with tempfile.TemporaryDirectory(prefix="colineal-shim-") as folder:
        os.chmod(folder, 0o755)
        shim = Path(folder, "pg_createcluster")
        shim.write_text("#!/bin/sh\nexit 0\n")
        shim.chmod(0o755)
        options = ["-y", "-o", "APT::Status-Fd=1", "-o", "DPkg::Lock::Timeout=300"]
        options += ["-o", f"DPkg::Path={folder}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *options]
        shown = latest(r"^(?:dl|pm)status:[^:]*:(\d+)[.\d]*:(.*)", "{0}% {1}")
        log = cache() / "log/packages.log"
        run_step("Reading Debian's package lists", [*apt, "update"], log=log, detail=shown, own=False)
        run_step(f"Installing {' '.join(names)}", [*apt, *install], log=log, detail=shown, own=False)


def identity(pid):
    """What tells this process from a later one with the same number; None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (OSError, ValueError):
        return None
    return None if fields[0] in "ZX" else f"{boot}:{fields[19]}"


def computed(pid):
    """The seconds that a process and what it has waited for have computed until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def who_listens(port):
    """The name and number of the process that has a TCP port, as far as we may see it."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(os.readlink(file) in inodes for file in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()}, process {process.name}"
    return "another program"
