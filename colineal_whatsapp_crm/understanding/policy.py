"""From what is known to what to do: a pure function of an `Understanding`, a `State` and the configured `Criteria`.

No text gets here, so no text can choose the quality, the action or the lead.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from .closing_cues import LOST
from .machines import REMEMBERED
from .schema import SLOT_NAMES, Budget, Closing, Decision, Reason, Slot, State, Understanding

REQUIRED = ("name", "products", "need")
OPTIONAL = ("email", "city", "budget", "urgency")
#: What is true of the customer, whatever they buy.
WHO = ("name", "email", "city")
_REQUIRED_WEIGHT, _OPTIONAL_WEIGHT = 0.7, 0.3


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a shop asks of a lead. The defaults are the rules of the house.

    contact
        any of these makes the customer reachable: ``name``, ``email``, ``phone`` (WhatsApp always gives one).
    interest
        the least that counts as an interest: a ``specific`` product, ``any`` product, or a stated ``need``.
    clear_intent
        whether a reachable customer with an interest is asked about budget and urgency before a lead is made of them.
    hot
        any of these, beside name and specific product, makes a lead hot: ``budget``, ``urgency`` (high only).
    hot_needs_all
        all of `hot` are needed instead of any.
    hot_budget, hot_budgets
        the least budget of a hot lead, of any product and by the name of one; 0 where any budget will do. A budget that
        is known and below it keeps a lead from being hot; of several products, the lowest minimum counts.
    warm
        any of these makes a lead warm: slots, and ``inquiry`` (a city with a specific question).
    insist
        how many times in a row to ask for more details before the warm lead is made anyway.
    closings
        a customer who ends the wish or puts it off is cold and asked nothing more, until something is wanted again.
        The labelled conversations know slots alone, which is why it is off by default.
    """

    contact: Collection[str] = ("name",)
    interest: str = "specific"
    clear_intent: bool = True
    hot: Collection[str] = ("budget", "urgency")
    hot_needs_all: bool = False
    hot_budget: int = 0
    hot_budgets: Mapping[str, int] = field(default_factory=dict)
    warm: Collection[str] = ("name", "email", "products", "budget", "inquiry")
    insist: int = 1
    general: Collection[str] = ("mueble",)
    closings: bool = False


def decide(understanding: Understanding, state: State, criteria: Criteria | None = None) -> Decision:
    """The quality of the lead and the one action that follows this turn; the first rule that applies."""
    criteria = criteria or Criteria()
    slots = understanding.slots
    closed = understanding.closed if criteria.closings else None
    quality = _quality(understanding, criteria)
    action, reasons = _action(understanding, state, quality, criteria)
    if too_low := _find_low_budget(slots, criteria):
        reasons = (*reasons, Reason("budget_below", too_low[0], str(too_low[1])))
    if closed:
        quality = "cold"
        if not (understanding.automatic or understanding.support):
            action, reasons = _after_closing(action, reasons, closed)
    insisted = state.insisted + 1 if action == "gather_more_details" else 0
    if understanding.automatic:
        # Nobody has answered what was asked.
        insisted = state.insisted
    elif understanding.repeated:
        reasons = (Reason("repeated"), *reasons)
    known = tuple(Reason("known", name, as_text(slots[name])) for name in SLOT_NAMES if name in slots)
    # What was given up was said, and is not asked for.
    over = ("products",) if closed and closed.kind == LOST else ()
    missing = tuple(Reason("missing", name) for name in SLOT_NAMES if name not in slots and name not in over)
    return Decision(
        quality=quality,
        completeness=_completeness(slots),
        confidence=_confidence(understanding, closed),
        action=action,
        turn_confidence=round(understanding.turn_confidence, 3),
        reasons=(*reasons, Reason("quality", quality), *known, *missing),
        insisted=insisted,
    )


def advance(state: State, understanding: Understanding, decision: Decision) -> State:
    """The state before the next turn."""
    return State(
        slots=understanding.slots,
        support=understanding.support,
        inquired=understanding.inquired,
        last_action=decision.action,
        lead=state.lead or decision.action == "create_lead",
        insisted=decision.insisted,
        confidence=understanding.confidence,
        language=understanding.language,
        complained=understanding.complained,
        withdrawn=understanding.withdrawn,
        over=state.over and "products" not in understanding.slots,
        said=(*state.said, understanding.said)[-REMEMBERED:] if understanding.said else state.said,
        automatic=state.automatic + 1 if understanding.automatic else 0,
        closed=understanding.closed,
    )


def begin_anew(state: State) -> State:
    """The state after a sale that was won or lost: who the customer is stays, what was wanted is bought or given up."""
    return State(
        slots={name: slot for name, slot in state.slots.items() if name in WHO},
        support=state.support,
        language=state.language,
        complained=state.complained,
        over=True,
        said=state.said,
        automatic=state.automatic,
    )


def as_text(slot: Slot) -> str:
    """A slot's value in one line, for reasons and records."""
    value = slot.value
    if isinstance(value, Budget):
        return f"{'' if value.min is None else value.min}-{'' if value.max is None else value.max}"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _specific(slots: Mapping[str, Slot], criteria: Criteria) -> bool:
    return "products" in slots and any(name not in criteria.general for name in slots["products"].value)


def _find_low_budget(slots: Mapping[str, Slot], criteria: Criteria) -> tuple[str, int] | None:
    """The product whose minimum the budget comes nearest to and does not reach, and that minimum."""
    if "budget" not in slots or not _specific(slots, criteria):
        return None
    budget = slots["budget"].value
    most = budget.min if budget.max is None else budget.max
    wanted = [name for name in slots["products"].value if name not in criteria.general]
    least, product = min((criteria.hot_budgets.get(name) or criteria.hot_budget, name) for name in wanted)
    return (product, least) if most is not None and most < least else None


def _quality(understanding: Understanding, criteria: Criteria) -> str:
    slots = understanding.slots
    tests = [(name in slots and (name != "urgency" or slots["urgency"].value == "high")) for name in criteria.hot]
    pressing = bool(tests) and (all(tests) if criteria.hot_needs_all else any(tests))
    if "name" in slots and _specific(slots, criteria) and pressing and not _find_low_budget(slots, criteria):
        return "hot"
    inquiry = "inquiry" in criteria.warm and "city" in slots and understanding.inquired
    if inquiry or any(name in slots for name in criteria.warm):
        return "warm"
    return "cold"


def _action(
    understanding: Understanding, state: State, quality: str, criteria: Criteria
) -> tuple[str, tuple[Reason, ...]]:
    slots = understanding.slots
    if understanding.automatic:
        about = (Reason("lead_exists"),) if state.lead else ()
        return state.last_action or "ask_clarifying_question", (Reason("automatic"), *about)
    if understanding.support:
        return "transfer_to_support", (Reason("support"),)
    if state.over and "products" not in slots:
        return "ask_clarifying_question", (Reason("sale_over"),)
    if state.lead:
        return "create_lead", (Reason("lead_exists"),)
    if quality == "hot":
        return "create_lead", ()
    if not any(name in slots for name in ("products", "name", "email")):
        return "ask_clarifying_question", (Reason("minimum_not_met"),)
    if not _interested(slots, criteria):
        return "ask_about_interest", (Reason("minimum_not_met"),)
    if "phone" not in criteria.contact and not any(name in slots for name in criteria.contact):
        return "request_contact_info", (Reason("minimum_not_met"),)
    if not criteria.clear_intent or _find_low_budget(slots, criteria):
        # Nothing is left to ask of who has said how much.
        return "create_lead", ()
    if state.last_action == "gather_more_details" and max(1, state.insisted) >= criteria.insist:
        return "create_lead", (Reason("insisted"),)
    if criteria.insist < 1:
        return "create_lead", ()
    return "gather_more_details", ()


def _after_closing(action: str, reasons: tuple[Reason, ...], closed: Closing) -> tuple[str, tuple[Reason, ...]]:
    """The action for a wish that is over or put off.

    A lead that there is, or that what is known suffices for, is made: whoever puts it off may be written to when the
    time has come. Any other action would ask for something in particular; the open question is the only one that neither
    does that nor calls a person, and what is said with it is a farewell.
    """
    told = Reason("closed", closed.kind, closed.reason)
    if action == "create_lead":
        return action, (told, *reasons)
    return "ask_clarifying_question", (told, *(reason for reason in reasons if reason.code != "minimum_not_met"))


def _interested(slots: Mapping[str, Slot], criteria: Criteria) -> bool:
    if criteria.interest == "need":
        return "need" in slots or "products" in slots
    if criteria.interest == "any":
        return "products" in slots
    return _specific(slots, criteria)


def _completeness(slots: Mapping[str, Slot]) -> float:
    required = sum(name in slots for name in REQUIRED) / len(REQUIRED)
    optional = sum(name in slots for name in OPTIONAL) / len(OPTIONAL)
    return round(_REQUIRED_WEIGHT * required + _OPTIONAL_WEIGHT * optional, 4)


def _confidence(understanding: Understanding, closed: Closing | None) -> float:
    """As sure as the least sure of what the turn rests on; what a person said is certain."""
    doubts = [
        slot.confidence for name, slot in understanding.slots.items() if slot.source != "person" and name != "need"
    ]
    if closed:
        doubts.append(closed.confidence)
    return round(min([understanding.confidence, *doubts]), 3)
