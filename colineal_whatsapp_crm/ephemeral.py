"""Redis, for what may be lost: recent message ids, how fast a customer writes, and the state of open conversations.

PostgreSQL stays the authority for everything; with Redis absent or slow every call answers "don't know" at once, but
for how fast a customer writes: each process then counts what it saw itself.
"""

import json
import logging
import os
import time

import redis

from .floods import Counter
from .lib.settings import get_setting

_logger = logging.getLogger(__name__)

URL_VARIABLE = "REDIS_URL"
#: Twilio's retries come within seconds; a replay after a day meets the unique constraint instead.
SEEN_SECONDS = 24 * 3600
#: How long a customer's messages are counted together.
RATE_SECONDS = 60
#: A look-up that takes longer than this costs more than it saves.
_TIMEOUT = 0.05
#: After a failure Redis is left alone for this long.
_REST_SECONDS = 5

_clients = {}
_own_counts = Counter(RATE_SECONDS)
_resting_until = 0.0


def _client():
    """One client a process: a connection inherited through a fork would be shared."""
    url = get_setting(URL_VARIABLE)
    if not url:
        return None
    key = (os.getpid(), url)
    if key not in _clients:
        _clients.clear()
        _clients[key] = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT, decode_responses=True
        )
    return _clients[key]


def _attempt(command, default=None):
    """`command(client)`, or `default` while Redis cannot be asked."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return default
    try:
        client = _client()
        return default if client is None else command(client)
    except (redis.RedisError, ValueError) as error:  # ValueError: a malformed URL, or what is no JSON
        _resting_until = time.monotonic() + _REST_SECONDS
        _logger.warning("Redis is left alone for %s s: %s", _REST_SECONDS, type(error).__name__)
        return default


def _key(dbname, kind, *names):
    return ":".join(["colineal_whatsapp_crm", dbname, kind, *map(str, names)])


def is_configured():
    return bool(get_setting(URL_VARIABLE))


def get_status():
    """``off``: not configured; ``up``; ``down``: configured, but it did not answer just now."""
    if not is_configured():
        return "off"
    return "up" if _attempt(lambda client: client.ping()) else "down"


def was_seen(dbname, sender_id, sid):
    """True when the message is known to be stored; False also means "don't know"."""
    return _attempt(lambda client: bool(client.exists(_key(dbname, "seen", sender_id, sid))), False)


def note_message(dbname, sender_id, sid, address, new=True):
    """Remember a message, and count a new one for its customer.

    Call it after the commit: a mark that is set before turns a crash into a lost message.
    """
    rate = _key(dbname, "rate", sender_id, address)

    def command(client):
        with client.pipeline(transaction=False) as pipeline:
            pipeline.set(_key(dbname, "seen", sender_id, sid), 1, ex=SEEN_SECONDS)
            if new:
                pipeline.incr(rate)
                pipeline.expire(rate, RATE_SECONDS, nx=True)
            return pipeline.execute()

    if not _attempt(command) and new:
        _own_counts.add(rate)


def count_messages(dbname, sender_id, address):
    """How many messages a customer sent in about the last minute; 0 also means "don't know"."""
    rate = _key(dbname, "rate", sender_id, address)
    counted = _attempt(lambda client: int(client.get(rate) or 0))
    return _own_counts.get(rate) if counted is None else counted


def count_request(dbname, caller, seconds):
    """One more request of a caller within a window of so many seconds: (how many, seconds left), or None: "don't know"."""
    key = _key(dbname, "api", caller)

    def command(client):
        with client.pipeline(transaction=False) as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, seconds, nx=True)
            pipeline.ttl(key)
            count, _new, rest = pipeline.execute()
        return count, rest

    return _attempt(command)


def put_conversation(dbname, sender_id, address, state, seconds):
    """Keep the state of an open conversation, a JSON object, for as long as the conversation may live."""
    key = _key(dbname, "conversation", sender_id, address)
    _attempt(lambda client: client.set(key, json.dumps(state), ex=seconds))


def get_conversation(dbname, sender_id, address):
    """The state of an open conversation, or None, which also means "don't know"."""
    key = _key(dbname, "conversation", sender_id, address)
    return _attempt(lambda client: json.loads(client.get(key) or "null"))


def forget_conversation(dbname, sender_id, address):
    _attempt(lambda client: client.delete(_key(dbname, "conversation", sender_id, address)))
