"""Redis, for what may be lost: a memory of recent message ids that saves PostgreSQL a look-up.

PostgreSQL stays the authority for everything; with Redis absent or slow every call answers "don't know" at once.
"""

import logging
import os
import time

import redis

from .server_settings import get_setting

_logger = logging.getLogger(__name__)

URL_VARIABLE = "REDIS_URL"
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
        _clients[key] = redis.Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)
    return _clients[key]


def _attempt(command, default):
    """`command(client)`, or `default` while Redis cannot be asked."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return default
    try:
        client = _client()
        return default if client is None else command(client)
    except (redis.RedisError, ValueError) as error:  # ValueError: a malformed URL
        _resting_until = time.monotonic() + _REST_SECONDS
        _logger.warning("Redis is left alone for %s s: %s", _REST_SECONDS, type(error).__name__)
        return default


def _key(dbname, sender_id, sid):
    return f"colineal_whatsapp_crm:{dbname}:seen:{sender_id}:{sid}"


def was_seen(dbname, sender_id, sid):
    """True when the message is known to be stored; False also means "don't know"."""
    return _attempt(lambda client: bool(client.exists(_key(dbname, sender_id, sid))), False)


def mark_seen(dbname, sender_id, sid):
    """Remember a message. Call it after the commit: a mark set before turns a crash into a lost message."""
    _attempt(lambda client: client.set(_key(dbname, sender_id, sid), 1, ex=SEEN_SECONDS), None)
