"""Is this request from Twilio? https://www.twilio.com/docs/usage/webhooks/webhooks-security"""

from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


class SignatureError(Exception):
    """The request is not shown to come from Twilio; the text says why and fits a log."""


def check_signature(url, form, headers, keys):
    """Raise `SignatureError` unless one of `keys` signs this request.

    url
        as Twilio was given it, without the fragment; the validator tries it with and without its port.
    form
        the posted parameters as a MultiDict (a plain dict would lose repeated ones).
    keys
        auth tokens, newest first; two while a token is being rotated.
    """
    signature = headers.get(HEADER)
    if not keys:
        raise SignatureError("the sender has no auth token, so no signature can be checked")
    if not signature:
        raise SignatureError(f"the {HEADER} header is missing")
    if not any(RequestValidator(key).validate(url, form, signature) for key in keys):
        raise SignatureError(
            f"the signature does not match for {url.partition('?')[0]} "
            "(is this the exact URL set at Twilio, and the primary auth token of the account?)"
        )
