"""What the measurements share: servers of their own, clients, tables."""

import json
import math
import platform
import shutil
import socket
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

NUMBER = "+593999000222"
PUBLIC_URL = "https://crm.example.com"


def say(text=""):
    """Progress goes to stderr, so that stdout carries nothing but results."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def temporary_folder():
    """A folder for servers; it stays behind, and is named, when something fails."""
    folder = Path(tempfile.mkdtemp(prefix="colineal-bench-"))
    try:
        yield folder
    except Exception:
        say(f"The servers' logs are in {folder}")
        raise
    shutil.rmtree(folder)


def percentile(values, share):
    """The smallest value that at least this share of them does not exceed; None when there are none."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * share) - 1)] if ranked else None


def print_table(heads, rows):
    """Right-aligned but for the first column; what is None was not measured."""
    texts = [heads, *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(text[column]) for text in texts) for column in range(len(heads))]
    for first, *others in texts:
        cells = [first.ljust(widths[0]), *(text.rjust(width) for text, width in zip(others, widths[1:], strict=True))]
        print("  ".join(cells).rstrip())


def _cell(value):
    if value is None:
        return "-"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def write_json(path, figures):
    if path:
        Path(path).write_text(json.dumps({"python": platform.python_version(), **figures}, indent=1) + "\n")


class Connection:
    """One client's HTTP connection, kept open where the server lets it; as little work as can be."""

    def __init__(self, url):
        parts = urlsplit(url)
        self._address = parts.hostname, parts.port
        self._socket = None

    def post(self, request):
        """Send the bytes of a whole request; returns the status of the answer."""
        if not self._socket:
            self._socket = socket.create_connection(self._address, 30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._receive()
        head, _, body = answer.partition(b"\r\n\r\n")
        head = head.lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        while len(body) < int(length or 0):
            body += self._receive()
        if b"connection: close" in head or head.startswith(b"http/1.0"):
            self.close()
        return int(head[9:12])

    def _receive(self):
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        return data

    def close(self):
        if self._socket:
            self._socket.close()
            self._socket = None


def request_bytes(url, path, body, headers):
    """A whole POST request."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def load(url, requests, clients, seconds):
    """Clients that post as fast as they are answered; returns (seconds, seconds of each request, unlike 200 by status).

    requests
        an iterator of `request_bytes`, which the clients share.
    """
    times, wrong, lock = [], {}, threading.Lock()
    end = time.perf_counter() + seconds

    def run():
        connection = Connection(url)
        mine, odd = [], {}
        while (begin := time.perf_counter()) < end:
            with lock:
                request = next(requests)
            status = connection.post(request)
            mine.append(time.perf_counter() - begin)
            if status != 200:
                odd[status] = odd.get(status, 0) + 1
        connection.close()
        with lock:
            times.extend(mine)
            for status, count in odd.items():
                wrong[status] = wrong.get(status, 0) + count

    begin = time.perf_counter()
    threads = [threading.Thread(target=run) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin, times, wrong
