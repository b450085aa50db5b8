"""Twilio's status callbacks. https://www.twilio.com/docs/messaging/guides/track-outbound-message-status"""

import heapq
import itertools
import random
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

_POSTERS = 4


@dataclass
class Unreliability:
    """How callbacks travel.

    delay
        seconds, from and to; each callback has a delay of its own, so a wide range puts them out of order.
    lost, duplicated
        share of callbacks that never arrive, or arrive twice.
    """

    delay: tuple[float, float] = (0.0, 0.0)
    lost: float = 0.0
    duplicated: float = 0.0


class Callbacks:
    """Posts callbacks from threads of its own, signed for the URL that was given with the message.

    server
        scheme and host where requests really go; without one, to the URL's own.
    patience
        seconds that an answer may take; Twilio's own are 15.
    posted
        (form, HTTP status or the name of the error), in the order they were answered.
    lost
        forms that were thrown away on purpose.
    """

    def __init__(self, auth_token, seed=0):
        self.server, self.patience = None, 60
        self.unreliability = Unreliability()
        self.posted = []
        self.lost = []
        self._validator = RequestValidator(auth_token)
        self._random = random.Random(seed)
        self._waiting, self._under_way, self._number = [], 0, itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        for _poster in range(_POSTERS):
            threading.Thread(target=self._run, name="twilio callbacks", daemon=True).start()

    def close(self):
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_until_posted(self, seconds=60):
        """Wait until no callback is on its way."""
        with self._changed:
            idle = self._changed.wait_for(lambda: not self._waiting and not self._under_way, seconds)
        assert idle, f"callbacks are still on their way after {seconds} s"

    def schedule(self, url, form, before=lambda: None):
        """Post `form` to `url` in a while, perhaps; `before` is called first, even when it is lost or has no URL."""
        with self._changed:
            plan, chance = self.unreliability, self._random.random
            lost = not url or chance() < plan.lost
            times = 0 if lost else 2 if chance() < plan.duplicated else 1
            if url and lost:
                self.lost.append(form)
            for time_of_it in range(max(times, 1)):
                due = time.monotonic() + self._random.uniform(*plan.delay)
                what = (url if times else None, form, before if time_of_it == 0 else lambda: None)
                heapq.heappush(self._waiting, (due, next(self._number), what))
            self._changed.notify_all()

    def _run(self):
        with requests.Session() as session:
            session.trust_env = False
            while what := self._next():
                url, form, before = what
                before()
                result = self._post(session, url, form) if url else None
                with self._changed:
                    self._under_way -= 1
                    if url:
                        self.posted.append((form, result))
                    self._changed.notify_all()

    def _next(self):
        """The next callback that is due, or None when it is over."""
        with self._changed:
            while not self._closed:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    self._under_way += 1
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(wait)
        return None

    def _post(self, session, url, form):
        url = url.partition("#")[0]
        signature = self._validator.compute_signature(url, MultiDict(form))
        parts = urlsplit(url)
        if self.server:
            real = urlsplit(self.server)
            parts = parts._replace(scheme=real.scheme, netloc=real.netloc)
        headers = {"X-Twilio-Signature": signature, "User-Agent": "TwilioProxy/1.1"}
        try:
            return session.post(parts.geturl(), data=form, headers=headers, timeout=self.patience).status_code
        except requests.RequestException as error:
            return type(error).__name__
