"""Redis, for what may be lost: recent message ids and the state of open conversations; rates are in `rate_limit`.

PostgreSQL stays the authority for everything; with Redis absent or slow every call answers "don't know" at once.
"""

import json
import logging
import os
import time

import redis

from .settings import get_setting

_logger = logging.getLogger(__name__)

URL_VARIABLE = "REDIS_URL"
#: Of every key; the database's name follows.
PREFIX = "colineal_whatsapp_crm"
#: Twilio's retries come within seconds; a replay after a day meets the unique constraint instead.
SEEN_SECONDS = 24 * 3600
#: A look-up that takes longer than this costs more than it saves.
_TIMEOUT = 0.05
#: After a failure Redis is left alone for this long.
_REST_SECONDS = 5

_clients = {}
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


def attempt(command, default=None):
    """`command(client)`, or `default` while Redis cannot be asked.

    What the command raises of `redis.RedisError` has Redis left alone for a while.
    """
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
    return ":".join([PREFIX, dbname, kind, *map(str, names)])


def is_configured():
    return bool(get_setting(URL_VARIABLE))


def get_status():
    """``off``: not configured; ``up``; ``down``: configured, but it did not answer just now."""
    if not is_configured():
        return "off"
    return "up" if attempt(lambda client: client.ping()) else "down"


def was_seen(dbname, sender_id, sid):
    """True when the message is known to be stored; False also means "don't know"."""
    return attempt(lambda client: bool(client.exists(_key(dbname, "seen", sender_id, sid))), False)


def mark_seen(dbname, sender_id, sid):
    """Remember a message.

    Call it after the commit: a mark that is set before turns a crash into a lost message.
    """
    attempt(lambda client: client.set(_key(dbname, "seen", sender_id, sid), 1, ex=SEEN_SECONDS))


def put_conversation(dbname, sender_id, address, state, seconds):
    """Keep the state of an open conversation, a JSON object, for as long as the conversation may live."""
    key = _key(dbname, "conversation", sender_id, address)
    attempt(lambda client: client.set(key, json.dumps(state), ex=seconds))


def forget_conversation(dbname, sender_id, address):
    attempt(lambda client: client.delete(_key(dbname, "conversation", sender_id, address)))
