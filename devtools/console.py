"""Talking to the person at the terminal: progress, long steps, problems."""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time


class Terminated(KeyboardInterrupt):
    """We were told to stop, politely, by a signal that nobody else got (Ctrl-C goes to our children too)."""


class Problem(Exception):
    """Something a person can do something about: shown as a paragraph, never as a trace."""


def say(text=""):
    """Progress goes to stderr, so that stdout carries nothing but results."""
    print(text, file=sys.stderr, flush=True)


class Progress:
    """One long step: a line that counts seconds on a terminal, a plain line now and then elsewhere."""

    def __init__(self, title, every=15):
        self.title, self.every = title, every
        self.begin = self.said = time.monotonic()
        self.live = sys.stderr.isatty()

    def __enter__(self):
        self.show("")
        return self

    def show(self, detail):
        now = time.monotonic()
        seconds, detail = f"{now - self.begin:.0f} s", f"  ({detail})" if detail else ""
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            line = f"  {self.title} ... {seconds}{detail}"[:width]
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        elif now - self.said > self.every:
            self.said = now
            say(f"  {self.title} ... {seconds}{detail}")

    def __exit__(self, kind, *_):
        if self.live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        mark = "-" if kind else "+"
        say(f"{mark} {self.title}: {time.monotonic() - self.begin:.1f} s{' (not finished)' if kind else ''}")


def last_lines(log, count=12):
    """The end of a log file, for error messages and progress."""
    try:
        with open(log, "rb") as file:
            file.seek(max(0, os.path.getsize(log) - 20000))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return []


# A command that is prefixed with this dies with us, however we die.
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")


def run_step(title, argv, *, log, env=None, cwd=None, detail=None, own=True, script=os.devnull):
    """Run one long command with its output in `log`; on failure, say what it said last.

    `own` commands die with this script, however it dies: a half-done database must not go
    on being filled by a process that nobody waits for. The package manager is let finish.
    `script` is a file that the command reads as its standard input.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    argv = [str(part) for part in argv]
    if own:
        argv = [*DIES_WITH_US, *argv]
    with Progress(title) as progress, open(log, "wb") as output, open(script) as stdin:
        child = subprocess.Popen(argv, stdin=stdin, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=cwd)
        try:
            while child.poll() is None:
                progress.show(detail(last_lines(log, 60)) if detail else "")
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(0.5)
        except BaseException:
            if own:
                child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5 if own else None)
            child.kill()
            raise
    if child.returncode:
        tail = "\n".join("    " + line for line in last_lines(log))
        raise Problem(f"{title} failed (exit {child.returncode}). The last lines of {log}:\n{tail}")


def latest(pattern, form="{0}"):
    """A `detail` for run_step: the last match of `pattern` in the log's end, put into words."""
    regex = re.compile(pattern)

    def detail(lines):
        for line in reversed(lines):
            if match := regex.search(line):
                return form.format(*match.groups())
        return ""

    return detail


def output_of(argv, **options):
    """What a short command prints; its failure is a Problem with its own words."""
    result = subprocess.run([str(part) for part in argv], capture_output=True, text=True, **options)
    if result.returncode:
        raise Problem(f"`{' '.join(map(str, argv))}` failed: {result.stderr.strip() or result.stdout.strip()}")
    return result.stdout


@contextlib.contextmanager
def only_one(lock_file, what):
    """Two of us in the same folder take turns."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with open(lock_file, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  Another ./dev is {what}; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_program(argv, env, cwd, log=None):
    """Run a test or lint program to its end, its output in `log` if one is named; returns how it ended."""
    return run_counted(argv, env, cwd, log)[0]


def run_counted(argv, env, cwd, log=None):
    """`run_program`, and the seconds that it and what it started have computed: (exit code, seconds).

    When we are interrupted, let it clean up first.
    """
    with open(log, "wb") if log else contextlib.nullcontext() as output:
        child = subprocess.Popen([str(part) for part in argv], env=env, cwd=cwd, stdout=output, stderr=output)
    try:
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return child.returncode, usage.ru_utime + usage.ru_stime
    except BaseException as reason:
        if isinstance(reason, Terminated):
            child.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(30)
        child.kill()
        raise


def stop_on_signals():
    """End in order when asked to, by Ctrl-C or a polite kill, even where a shell had us ignore them."""

    def terminated(*_):
        raise Terminated

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, terminated)
