"""Who wrote a message, as far as Twilio says it.

Who has a username may be shown to a business without a phone number: then ``From`` is a scoped user id, and
``ExternalUserId`` and ``ParentExternalUserId`` repeat it or stand beside the number. The username may change at any
time, and is nobody's name for good. https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from dataclasses import dataclass

from .address import CHANNEL, Address, bound_address, parse_address, strip_channel
from .display_text import clean
from .inbound import first

_LONGEST_USERNAME = 64


@dataclass(frozen=True, slots=True)
class Identity:
    """Who wrote.

    address
        where the answer goes.
    addresses
        all that tells who it is, what is surest first: scoped id, parent id, number.
    profile_name, username
        what the person calls themselves; never trusted.
    """

    address: str
    addresses: tuple[Address, ...]
    profile_name: str = ""
    username: str = ""

    @property
    def phone(self):
        """The number in E.164, of WhatsApp or of an SMS, or None."""
        return next((each.phone for each in self.addresses if each.phone), None)


#: The parameters that tell who somebody is, beside ``From``.
PERSONAL = ("ProfileName", "ProfileUsername", "Username", "WaId", "ExternalUserId", "ParentExternalUserId")

_ORDER = ("scoped", "parent", "number", "other")


def identify(address, parameters=None, profile_name=""):
    """The `Identity` of who wrote from an address, by the raw parameters of the message."""
    parameters = parameters or {}
    found = {}
    for text in (address, *list_ids(parameters)):
        each = parse_address(text)
        # What is no id in any known form is kept with the message, and tells nobody apart: it may be everybody's.
        if text == address or each.kind in ("scoped", "parent"):
            found.setdefault(each.key, each)
    if parse_address(address).kind in ("scoped", "parent") and (digits := _get_digits(parameters)):
        # Answers go to the id all the same.
        each = parse_address(f"{CHANNEL}+{digits}")
        if each.phone:
            found.setdefault(each.key, each)
    return Identity(
        bound_address(address),
        tuple(sorted(found.values(), key=lambda each: _ORDER.index(each.kind))),
        clean(first(parameters, "ProfileName") or profile_name) or "",
        (clean(first(parameters, "ProfileUsername") or first(parameters, "Username")) or "").lstrip("@")[
            :_LONGEST_USERNAME
        ],
    )


def _get_digits(parameters):
    """The digits of the sender's number where ``WaId`` has them, else an empty text."""
    digits = first(parameters, "WaId").strip().lstrip("+")
    return digits if digits.isdecimal() and digits.isascii() else ""


def list_ids(parameters):
    """The user ids that a message's or a receipt's parameters name, as addresses; surest first."""
    for name in ("ExternalUserId", "ParentExternalUserId"):
        if bare := strip_channel(first(parameters, name)):
            yield f"{CHANNEL}{bare}"


def address_of(form):
    """The address of a message's sender as it is stored, or None where Twilio names none.

    form
        Twilio's parameters. An odd, empty or missing address refuses no message: what else names the sender stands in
        for it. Where nothing does, and the address is there and empty, it is one of somebody whom nobody knows.
    """
    address = form.get("From")
    if strip_channel(address or ""):
        return bound_address(address)
    if found := next(list_ids(form), None):
        return bound_address(found)
    if digits := _get_digits(form):
        return bound_address(f"{CHANNEL}+{digits}")
    if address is None:
        return None
    return bound_address(f"{CHANNEL}unknown-{form.get('MessageSid') or form.get('SmsMessageSid', '')}")
