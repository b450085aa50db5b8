"""Telling another program by an HTTP request that it can trust, and that reaches nothing of our own network.

Signed by the rules of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, for
which libraries in many languages check what comes: three headers ``webhook-id``, ``webhook-timestamp`` (seconds since
1970) and ``webhook-signature``, which is ``v1,`` and the base64 of the HMAC-SHA256 of the three parts id, time stamp and
body with dots between them.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from urllib.parse import urlsplit

from .safe_http import PrivateAddressError, PublicSession, resolve
from .settings import get_setting

#: Hosts of the own network that programs may be told on, and in clear: with commas between them.
PRIVATE_HOSTS_VARIABLE = "WEBHOOK_HOSTS"

#: Seconds for a whole call: who has more to do answers first.
TIMEOUT = 15

SECRET_PREFIX = "whsec_"
_SECRET_BYTES = 24
#: What the specification asks for.
_FEWEST_SECRET_BYTES, _MOST_SECRET_BYTES = 24, 64


def make_secret():
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def is_secret(text):
    """Whether this is a secret as the specification writes it: ``whsec_`` and 24 to 64 bytes in base64."""
    try:
        key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return text.startswith(SECRET_PREFIX) and _FEWEST_SECRET_BYTES <= len(key) <= _MOST_SECRET_BYTES


def sign(secret, event_id, timestamp, body):
    """The value of ``webhook-signature``.

    timestamp
        seconds since 1970, as a whole number.
    body
        bytes.
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def get_private_hosts():
    """Hosts that the server's administrator lets be private."""
    return {host.strip().lower() for host in (get_setting(PRIVATE_HOSTS_VARIABLE) or "").split(",") if host.strip()}


def is_allowed(url):
    """Whether a URL may be called at all: over TLS, or in clear to a host of our own; without a name and password in it."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None or any(map(str.isspace, url)):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in get_private_hosts())


def call(url, secret, event_id, body):
    """Post a signed body to a program; returns the status of its answer, of which nothing else is read.

    Raises `PrivateAddressError`, and what `requests` raises. It is not led on elsewhere.
    """
    host = urlsplit(url).hostname
    timestamp = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Colineal-WhatsApp-CRM",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, event_id, timestamp, body),
    }
    if not is_allowed(url):
        raise PrivateAddressError(host)
    trusted = resolve(host) if host in get_private_hosts() else ()
    with PublicSession(TIMEOUT, trusted) as session:
        # Neither names and passwords of a file of the server's, nor cookies.
        session.auth = _no_auth
        options = {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
        with session.post(url, data=body, headers=headers, **options) as answer:
            return answer.status_code


def _no_auth(request):
    return request
