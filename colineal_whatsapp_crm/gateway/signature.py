"""Is this request from Twilio? https://www.twilio.com/docs/usage/webhooks/webhooks-security"""

import hmac
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator, add_port, remove_port

from .failure_text import mark as _lt

HEADER = "X-Twilio-Signature"


class SignatureError(Exception):
    """The request is not shown to come from Twilio; the text says why and fits a log."""


def check_signature(url, form, headers, keys):
    """Raise `SignatureError` unless one of `keys` signs this request.

    url
        as Twilio was given it, without the fragment; tried with and without its port.
    form
        the posted parameters as a MultiDict (a plain dict would lose repeated ones).
    keys
        auth tokens, newest first; two while a token is being rotated.
    """
    signature = headers.get(HEADER)
    if not keys:
        raise SignatureError(_lt("the sender has no auth token, so no signature can be checked"))
    if not signature:
        raise SignatureError(_lt("the X-Twilio-Signature header is missing"))
    shown = url.partition("?")[0]
    try:
        genuine = any(_signs(key, url, form, signature) for key in keys)
    except ValueError as error:
        raise SignatureError(_lt("the address is malformed") + f": {shown}") from error
    if not genuine:
        raise SignatureError(
            _lt(
                "the signature does not match (is this the exact URL set at Twilio, and the primary auth token of the "
                "account?)"
            )
            + f": {shown}"
        )


def _signs(key, url, form, signature):
    """Twilio computes with its own validator; the comparison is ours, in constant time."""
    parts, validator = urlsplit(url), RequestValidator(key)
    return any(
        hmac.compare_digest(validator.compute_signature(each, form).encode(), signature.encode())
        for each in (remove_port(parts), add_port(parts))
    )
