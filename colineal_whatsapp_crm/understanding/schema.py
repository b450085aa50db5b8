"""The plain values that travel through the understanding: messages in, slots and a decision out.

Nothing here knows Odoo, a database or the network. All values are immutable, and those that outlive a turn
(`Slot`, `State`) convert to and from plain JSON so that a caller can keep them anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

#: The slots a lead is made of, in the order in which they are shown.
SLOT_NAMES = ("name", "email", "products", "budget", "city", "urgency", "need")

#: The six actions of the assistant; exactly one follows each turn.
ACTIONS = (
    "create_lead",
    "ask_clarifying_question",
    "request_contact_info",
    "ask_about_interest",
    "transfer_to_support",
    "gather_more_details",
)

QUALITIES = ("hot", "warm", "cold")
URGENCIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Media:
    """A voice note, a photo or another file, as it came. `mime_type` without parameters."""

    mime_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One thing the customer wrote or sent. `id` is the caller's name for it and comes back as `Slot.message`.

    place
        the address of a place that was shared. It is no word of the customer's: only its city is read.
    day
        when it was written, in the shop's time zone: how far off Christmas is. None: not known.
    """

    text: str
    id: str = ""
    media: tuple[Media, ...] = ()
    place: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What the customer means to spend, in whole US dollars; an open end is None."""

    min: int | None
    max: int | None


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing known about the customer or the purchase, and why it is believed.

    value
        `str` for name, email, city, urgency and need; `tuple[str, ...]` of canonical names for products;
        `Budget` for budget.
    confidence
        0 to 1: how often a value found this way is right.
    quote
        the customer's own words that said it.
    source
        who says so: ``rule``, ``model``, ``person``, or one of `exact`: ``button``, ``order``, ``place``, ``card``,
        ``advertisement``. A person's value is never replaced by a machine's.
    message
        `Message.id` of the message that said it.
    known_otherwise
        a person knows it, and not from the messages: from a telephone call, say. It counts for all that is decided, and
        says nothing of how the messages were read.
    """

    value: Any
    confidence: float
    quote: str = ""
    source: str = "rule"
    message: str = ""
    known_otherwise: bool = False

    def to_json(self) -> dict[str, Any]:
        value = self.value
        if isinstance(value, Budget):
            value = {"min": value.min, "max": value.max}
        elif isinstance(value, tuple):
            value = list(value)
        return {
            "value": value,
            "confidence": self.confidence,
            "quote": self.quote,
            "source": self.source,
            "message": self.message,
            **({"known_otherwise": True} if self.known_otherwise else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Slot":
        value = data["value"]
        if isinstance(value, Mapping):
            value = Budget(value.get("min"), value.get("max"))
        elif isinstance(value, list):
            value = tuple(value)
        return cls(
            value,
            data["confidence"],
            data.get("quote", ""),
            data.get("source", "rule"),
            data.get("message", ""),
            data.get("known_otherwise", False),
        )


@dataclass(frozen=True, slots=True)
class Closing:
    """The customer's own words that nothing is wanted any more, or not now.

    kind
        ``lost`` or ``postponed``.
    reason
        why: for what is lost ``elsewhere`` (bought there), ``no_need``, ``not_interested`` or ``too_dear``; for what is
        postponed ``thinking``, ``consulting`` (somebody else), ``will_write`` or ``not_now``.
    confidence, quote, source, message
        as in `Slot`.
    """

    kind: str
    reason: str
    quote: str = ""
    confidence: float = 1.0
    source: str = "rule"
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "reason": self.reason,
            "quote": self.quote,
            "confidence": self.confidence,
            "source": self.source,
            "message": self.message,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Closing":
        return cls(
            data["kind"],
            data["reason"],
            data.get("quote", ""),
            data.get("confidence", 1.0),
            data.get("source", "rule"),
            data.get("message", ""),
        )


@dataclass(frozen=True, slots=True)
class State:
    """What a conversation knows before a turn (and, returned by a provider, after it).

    support
        the conversation is about after-sales.
    inquired
        a specific question about a product, the delivery or the price was asked outside support.
    last_action
        the action of the turn immediately before, which tells what the assistant asked last.
    lead
        a ``create_lead`` happened earlier in the conversation.
    insisted
        how many turns in a row, up to and including the one before, asked for more details.
    confidence
        how sure it is that nothing of the turns before was misread.
    language
        ``es``, ``en`` or ``pt``, what the turn before was answered in; None before the first turn.
    withdrawn
        the products last taken off the list, which a pronoun may put back.
    complained
        while `support`, and from when a colleague gives the customer back until something is wanted: the products that
        the complaint names, which are not wanted by being named again.
    over
        the sale is won or lost, and nothing new is wanted yet.
    said
        fingerprints of the last turns, oldest first, see `machines.fingerprint`.
    automatic
        how many turns in a row, up to and including the one before, were automatic answers.
    closed
        the customer has ended or put off the wish, and nothing was wanted since.
    """

    slots: Mapping[str, Slot] = field(default_factory=dict)
    support: bool = False
    inquired: bool = False
    last_action: str | None = None
    lead: bool = False
    insisted: int = 0
    confidence: float = 1.0
    language: str | None = None
    complained: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    over: bool = False
    said: tuple[str, ...] = ()
    automatic: int = 0
    closed: Closing | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "slots": {name: slot.to_json() for name, slot in self.slots.items()},
            "support": self.support,
            "inquired": self.inquired,
            "last_action": self.last_action,
            "lead": self.lead,
            "insisted": self.insisted,
            "confidence": self.confidence,
            "language": self.language,
            "complained": list(self.complained),
            "withdrawn": list(self.withdrawn),
            "over": self.over,
            "said": list(self.said),
            "automatic": self.automatic,
            "closed": self.closed.to_json() if self.closed else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "State":
        return cls(
            slots={name: Slot.from_json(slot) for name, slot in (data.get("slots") or {}).items()},
            support=bool(data.get("support")),
            inquired=bool(data.get("inquired")),
            last_action=data.get("last_action"),
            lead=bool(data.get("lead")),
            insisted=int(data.get("insisted") or 0),
            confidence=float(data.get("confidence", 1.0)),
            language=data.get("language") or None,
            complained=tuple(data.get("complained") or ()),
            withdrawn=tuple(data.get("withdrawn") or ()),
            over=bool(data.get("over")),
            said=tuple(data.get("said") or ()),
            automatic=int(data.get("automatic") or 0),
            closed=Closing.from_json(data["closed"]) if data.get("closed") else None,
        )


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one turn said, as a provider read it.

    slots
        everything known after the turn (cumulative).
    support, inquired, complained, withdrawn
        as in `State`, after the turn.
    questions
        what the customer asked that deserves an answer: any of ``price``, ``hours``, ``address``, ``delivery``,
        ``payment``, ``warranty``, ``photos``, ``human``; and ``waiting``, once there is a lead: who awaits a word.
    courtesies
        any of ``greeting``, ``thanks``, ``farewell``, when the turn has them.
    language
        ``es``, ``en`` or ``pt``: that of the turn, or of the conversation where the turn does not tell.
    confidence
        how sure it is that nothing was misread or missed, in this turn and those before.
    turn_confidence
        the same of this turn alone.
    automatic
        no person wrote this: it is the automatic answer of a business's phone, and says nothing.
    said, repeated
        the turn's fingerprint, and whether it has been said too often.
    closing
        what this turn says of the wish's end; None where it says nothing of it.
    closed
        as in `State`, after the turn.
    """

    slots: Mapping[str, Slot]
    support: bool = False
    inquired: bool = False
    questions: frozenset[str] = frozenset()
    courtesies: frozenset[str] = frozenset()
    language: str = "es"
    confidence: float = 1.0
    turn_confidence: float = 1.0
    complained: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    automatic: bool = False
    said: str = ""
    repeated: bool = False
    closing: Closing | None = None
    closed: Closing | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a decision, as data, so that each reader gets it in their own language.

    code
        ``known`` (subject: slot name, detail: its value as text), ``missing`` (subject: slot name),
        ``support``, ``lead_exists``, ``insisted`` (the question was already asked once), ``quality`` (subject: the
        quality), ``minimum_not_met``, ``automatic`` (no person wrote), ``repeated`` (said too often before),
        ``sale_over`` (won or lost, and nothing new is wanted), ``closed`` (subject: `Closing.kind`, detail:
        `Closing.reason`).
    """

    code: str
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do after a turn, and why.

    confidence
        how sure it is that nothing was misread, in this turn and those before; never above the least sure slot.
    turn_confidence
        how sure it is that nothing was misread in this turn, whatever was before.
    insisted
        for `State`: how many turns in a row, with this one, ask for more details.

    completeness and both confidences are between 0 and 1.
    """

    quality: str
    completeness: float
    confidence: float
    action: str
    turn_confidence: float = 1.0
    reasons: tuple[Reason, ...] = ()
    insisted: int = 0
