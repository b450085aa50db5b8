"""The provider that needs no model: reads a turn with rules, offline and always the same."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby

from .budget import Expectation, find_budget
from .closing_cues import LOST
from .closings import FoundClosing, find_closing
from .doubts import Signs, doubt
from .emails import email_tokens, find_email
from .guard import injected_spans, is_off_topic, is_spam
from .learned import review
from .machines import fingerprint, is_automatic, is_repeated
from .names import FoundName, find_name
from .places import FoundCity, city_spans, find_city, says_delivery
from .product_cues import DEFINITE, POSSESSIVES, PURCHASE
from .products import Wishes, asks_for, find_wishes, is_plainly_refused
from .questions import find_courtesies, find_questions, inquires, language_of, only_assents, waits
from .schema import Closing, Message, Slot, State, Understanding
from .support import is_complaint
from .text import CLAUSE_ENDS, MAX_TOKENS, Text, Token, clean, fold, tokenize
from .urgency import find_urgency
from .vocabulary import City, Mention, Vocabulary

_NEED_LENGTH = 160
# Nobody lives in the city named before thirty others.
_MOST_CITIES = 30
#: How often the city of a shared place is where the customer is.
_SHARED = 0.9
#: Before a thing that was spoken of: *alguna novedad del sofá*.
_OF_THE = frozenset(("del", "al", "do", "da", "dos", "das", "no", "na"))
#: *me interesa el sofá Milano*, but not *quiero saber del sofá*.
_FANCIES = re.compile(
    r" (?:(?:quiero|quisiera|queria|necesito|busco|deseo|want|need|quero|gostaria)(?! (?:que|saber|hablar|conversar|consultar|to know"
    r"|to talk|you|saber))|(?:me|nos) (?:interes|gust|encant)\w*|interested|i(?:'d)? (?:like|love)|tenho interesse|gostei) "
)
#: A greeting of more words says something beside.
_GREETING_WORDS = 6


def understand(messages: Iterable[Message], state: State, vocabulary: Vocabulary) -> Understanding:
    """What is known after a turn: one new message, or the several that came before an answer was due."""
    messages = tuple(messages)
    texts = [message.text for message in messages if message.text.strip()]
    said = fingerprint(texts)
    if texts and all(map(is_automatic, texts)):
        return _leave(state, said)
    understood = read(messages, state, vocabulary)
    return replace(understood, said=said, repeated=is_repeated(said, state.said))


def read(messages: tuple[Message, ...], state: State, vocabulary: Vocabulary) -> Understanding:
    """One turn as the rules read it, reviewed by what was learned."""
    turn = Turn(messages, state, vocabulary)
    rules = turn.read()
    found = _keep_plain(turn, rules, review(turn, rules))
    if state.support or found.support or found.slots.get("products") != state.slots.get("products"):
        return found
    # What was complained of before somebody gave the customer back, until something is wanted.
    return replace(found, complained=state.complained)


def _keep_plain(turn: "Turn", rules: Understanding, found: Understanding) -> Understanding:
    """What the words say plainly, whatever was learned makes of them.

    Who says that they do not look for a thing does not want it, and a word for after-sales is nobody's name.
    """
    slots = dict(found.slots)
    name, products = slots.get("name"), slots.get("products")
    if (
        name
        and name != turn.state.slots.get("name")
        and name.source != "person"
        and is_complaint(Text(name.value), False)
    ):
        slots.pop("name")
        if "name" in turn.state.slots:
            slots["name"] = turn.state.slots["name"]
    if products and products != rules.slots.get("products") and products.source != "person":
        said = rules.slots["products"].value if "products" in rules.slots else ()
        refused = {mention.interest.name for mention in turn.mentions if is_plainly_refused(turn.readable, mention)}
        left = tuple(each for each in products.value if each in said or each not in refused)
        if set(left) == set(said):
            slots.pop("products")
            if said:
                slots["products"] = rules.slots["products"]
        elif left != products.value:
            slots["products"] = replace(products, value=left)
    if slots == found.slots:
        return found
    return replace(found, slots=slots, withdrawn=turn.find_withdrawn(slots))


def _leave(state: State, said: str) -> Understanding:
    """What an automatic answer says: nothing, whoever and whatever it names."""
    return Understanding(
        slots=state.slots,
        support=state.support,
        inquired=state.inquired,
        language=state.language or "es",
        confidence=state.confidence,
        complained=state.complained,
        withdrawn=state.withdrawn,
        automatic=True,
        said=said,
        closed=state.closed,
    )


class Turn:
    """One reading of one turn."""

    def __init__(self, messages: tuple[Message, ...], state: State, vocabulary: Vocabulary):
        self.messages, self.state, self.vocabulary = messages, state, vocabulary
        self.text, self.starts = _joined(messages)
        self.slots: dict[str, Slot] = dict(state.slots)
        self.mentions: list[Mention] = []
        self.set_aside = False
        #: Whether it is no customer who writes: spam, an offer to the shop, somebody who looks for work.
        self.off_topic = False
        self.wanted: tuple[Mention, ...] = ()
        self.closing: Closing | None = None
        #: The text without what tries to dictate the outcome.
        self.readable = self.text
        self.cities: list[tuple[City, int, int]] = []
        self.name: FoundName | None = None
        #: Whether a place was shared that tells the city.
        self.placed = False
        #: Whether the customer goes on about a complaint that a colleague looked after.
        self.returned = False

    def read(self) -> Understanding:
        whole = self.text
        injected = injected_spans(whole)
        text = self.readable = whole.without(injected) if injected else whole
        mentions = self.mentions = self.vocabulary.find(text)
        if self._returns_to_case(text):
            self.returned = True
            self.state = replace(self.state, support=True)
        things = frozenset(at for m in mentions for at in range(m.first, m.last))
        certain = frozenset(at for m in mentions if m.sure == 1.0 for at in range(m.first, m.last))
        spam = is_spam(text, bool(things))
        email = find_email(text, self.vocabulary.store_domains)
        addresses = email_tokens(text, email)
        cities = self.cities = city_spans(text, self.vocabulary)[-_MOST_CITIES:]
        known = self.slots.get("name")
        name = self.name = find_name(
            text,
            asked=self.state.last_action == "request_contact_info",
            known=known.value if known else None,
            cities=[(first, last) for _city, first, last in cities],
            products=certain | addresses,
        )
        if name:
            self._put(text, "name", name.name, name.sure, name.first, name.last)
        if email:
            self._put(text, "email", email.email, email.sure, email.first, email.last)
        taken = addresses | frozenset(range(name.first, name.last) if name else ())
        if name:
            taken |= _surname_cities(text, name.name, cities)
        self.off_topic = spam or (not things and is_off_topic(text))
        if not self.off_topic:
            self._city(text, cities, taken, things)
        self._place()
        places = frozenset(at for _city, first, last in cities for at in range(first, last))
        complaint = 0.0
        if not spam:
            named = _names_one(text, things)
            wished = any(asks_for(text, mention) for mention in mentions)
            complaint = is_complaint(text, self.state.support, named, self.vocabulary.support_keywords, wished)
        support = self._sales(text, taken, taken | places, self.off_topic, complaint)
        if not (support or spam):
            self._close(text)
        inquired = self.state.inquired or (not support and inquires(whole))
        found = Understanding(
            slots=self.slots,
            support=support,
            inquired=inquired,
            questions=find_questions(text) | self._awaits(text),
            courtesies=find_courtesies(text),
            language=language_of(whole, self.state.language) or "es",
            complained=self._complained() if support else (),
            withdrawn=self.find_withdrawn(self.slots),
            closing=self.closing,
            closed=self.closing or (self.state.closed if self._stays_closed(text) else None),
        )
        signs = Signs(self.set_aside, complaint, things, bool(cities))
        sure = doubt(text, self.state, found, signs)
        return replace(found, confidence=min(self.state.confidence, sure), turn_confidence=sure)

    def _close(self, text: Text) -> None:
        """Reads whether the customer ends the wish or puts it off; what is over is not wanted any more."""
        things = {mention.first: mention.last for mention in self.mentions}
        wanted = tuple(mention.first for mention in self.wanted if not mention.interest.general)
        taught = self.vocabulary.taught and self.vocabulary.taught.closings
        found = find_closing(text, self.state.last_action, things, wanted, taught)
        if not found:
            return
        closing, left = found.closing, "products" in self.slots
        if closing.kind == LOST:
            if left and self._is_about_one(found):
                return
            if found.names and "products" not in self.state.slots:
                # Nothing was wanted here.
                return
            if left and not self._is_persons("products"):
                del self.slots["products"]
        elif self._has_news(("budget",)):
            # Who names a sum goes on.
            return
        self.closing = replace(closing, message=self.message_at(text, found.first))

    def _is_about_one(self, found: FoundClosing) -> bool:
        """Whether only one of several things is given up: *ya no la quiero*, where a table and a sofa are wanted."""
        named = {mention.interest.name for mention in self.mentions} - set(self.vocabulary.general)
        if (found.names and named) or named - set(self.slots["products"].value):
            return True
        return found.points and len(self.slots["products"].value) > 1

    def _has_news(self, names: Iterable[str]) -> bool:
        return any(name in self.slots and self.slots[name] != self.state.slots.get(name) for name in names)

    def _stays_closed(self, text: Text) -> bool:
        """Whether a wish that was ended or put off stays so: nothing is wanted again, and nothing calls for asking."""
        if not self.state.closed or self.wanted or self._has_news(("products", "budget", "urgency")):
            return False
        courtesies, questions = find_courtesies(text), find_questions(text)
        polite = courtesies & {"thanks", "farewell"} or only_assents(text)
        return bool(polite or questions or not text.norms or self._has_news(("name", "email", "city")))

    def _awaits(self, text: Text) -> frozenset[str]:
        """Whether a customer with a lead awaits a word: who asks for one, and who adds what is neither news nor thanks."""
        if not (self.state.lead or self.state.over) or not text.norms:
            return frozenset()
        if waits(text):
            return frozenset(("waiting",))
        if self.closing or self._stays_closed(text):
            # Who will write awaits nothing.
            return frozenset()
        courtesies = find_courtesies(text)
        if self.state.over and courtesies == {"greeting"} and len(text) <= _GREETING_WORDS:
            # Whoever comes back is asked what for.
            return frozenset()
        news = self.slots != self.state.slots
        silent = news or find_questions(text) or courtesies & {"thanks", "farewell"} or only_assents(text)
        return frozenset() if silent else frozenset(("waiting",))

    def _place(self) -> None:
        """The city of a place that was shared, where the customer has not named one."""
        known = self.slots.get("city")
        if known and (known != self.state.slots.get("city") or known.source == "person"):
            return
        for message in self.messages:
            place = Text(clean(message.place)) if message.place else None
            if place and (spans := city_spans(place, self.vocabulary)):
                city = spans[-1][0]
                self.placed = True
                self.slots["city"] = Slot(city.name, _SHARED, " ".join(place.raw.split())[:200], "rule", message.id)

    def _returns_to_case(self, text: Text) -> bool:
        """Whether the turn goes on about what somebody has complained of before a colleague gave the customer back.

        *¿Cuándo vienen por el sofá?* then asks for a person again, and wants no sofa.
        """
        if self.state.support or not self.state.complained or not self.mentions:
            return False
        if PURCHASE.search(text.flat) or _FANCIES.search(text.flat):
            return False
        return all(
            mention.interest.name in self.state.complained
            and mention.first
            and text.norms[mention.first - 1] in DEFINITE | POSSESSIVES | _OF_THE
            and not asks_for(text, mention)
            for mention in self.mentions
        )

    def _complained(self) -> tuple[str, ...]:
        """The products that the complaint is about, as far as they were named."""
        wanted = {mention.interest.name for mention in self.wanted}
        named = [mention.interest.name for mention in self.mentions if mention.interest.name not in wanted]
        return tuple(dict.fromkeys((*(self.state.complained if self.state.support else ()), *named)))

    def find_withdrawn(self, slots: Mapping[str, Slot]) -> tuple[str, ...]:
        """The products last taken off the list, when `slots` are known after the turn."""
        before, after = (each["products"].value if "products" in each else () for each in (self.state.slots, slots))
        gone = tuple(name for name in before if name not in after)
        return gone or tuple(name for name in self.state.withdrawn if name not in after)

    def _sales(self, text: Text, taken: frozenset[int], named: frozenset[int], spam: bool, complaint: float) -> bool:
        """Reads products, budget and urgency where the message may say them; returns whether it is support."""
        known = self.slots["products"].value if "products" in self.slots else ()
        if spam:
            return self.state.support or bool(complaint)
        wishes = find_wishes(
            text,
            self.vocabulary,
            self.mentions,
            known,
            named,
            asked_only=bool(complaint) or self.state.support,
            ongoing=self.state.support and not complaint,
            complained=frozenset(self.state.complained),
            withdrawn=self.state.withdrawn,
        )
        self.wanted = wishes.wanted
        self.set_aside = wishes.doubtful
        support = bool(complaint) or (self.state.support and not wishes.wanted)
        if support and not wishes.wanted:
            return True
        self._products(text, wishes, known)
        self._budget(text, taken)
        city = self.slots["city"].value if "city" in self.slots else ""
        urgency = find_urgency(text, self.day, city)
        # The pressure of a complaint is none of the purchase beside it.
        if urgency and (
            not support or text.sentence[urgency.first] in {text.sentence[mention.first] for mention in wishes.wanted}
        ):
            self._put(text, "urgency", urgency.level, urgency.sure, urgency.first, urgency.last)
        return support

    @property
    def is_keyword(self) -> bool:
        """Whether the shop's own words say that it is after-sales."""
        return any(f" {keyword} " in self.readable.flat for keyword in self.vocabulary.support_keywords)

    @property
    def day(self) -> date | None:
        """The day on which the turn was written."""
        return next((message.day for message in reversed(self.messages) if message.day), None)

    def _products(self, text: Text, wishes: Wishes, known: tuple[str, ...]) -> None:
        if wishes.wanted:
            self._need(text, wishes.wanted[0].first, wishes.wanted[0].last)
        if self._is_persons("products") or wishes.products == tuple(known):
            return
        if not wishes.products:
            self.slots.pop("products", None)
            return
        first = wishes.wanted[0].first if wishes.wanted else 0
        last = wishes.wanted[-1].last if wishes.wanted else min(len(text), 12)
        sure = min([mention.sure for mention in wishes.wanted] or [0.93])
        self._put(text, "products", wishes.products, min(sure, 0.97), first, last)

    def _budget(self, text: Text, taken: frozenset[int]) -> None:
        # Addresses and names are cut out: their figures are no money.
        shown = text.without([(at, at + 1) for at in taken]) if taken else text
        expected = Expectation(
            asked=self.state.last_action == "gather_more_details",
            awaited=self.state.lead and "budget" not in self.slots,
            known="budget" in self.slots,
        )
        mentions = self.vocabulary.find(shown) if taken else self.mentions
        things = frozenset(mention.first for mention in mentions)
        figure = find_budget(shown, expected, things)
        if figure:
            self._put(shown, "budget", figure.budget, figure.sure, figure.first, figure.last)

    def _need(self, text: Text, first: int, last: int) -> None:
        """The clause that asks for the thing, in the customer's words."""
        begin, end = text.clause_range(first)
        while begin < first and text.tokens[begin].kind == "mark":
            begin += 1
        end = max(end, last)
        while end > last and text.tokens[end - 1].kind == "mark":
            end -= 1
        quote = " ".join(text.quote(begin, end).split())
        if len(quote) > _NEED_LENGTH:
            quote = " ".join(text.quote(first, min(end, last + 8)).split())[:_NEED_LENGTH]
        if quote and not self._is_persons("need"):
            self.slots["need"] = Slot(quote, 0.9, quote, "rule", self.message_at(text, first))

    def _city(
        self, text: Text, spans: list[tuple[City, int, int]], taken: frozenset[int], things: frozenset[int]
    ) -> None:
        known = self.slots.get("city")
        found: FoundCity | None = find_city(
            text, spans, taken, things, known_delivers=bool(known) and says_delivery(known.quote if known else "")
        )
        if found:
            begin, end = text.sentence_range(found.first)
            first, last = max(begin, found.first - 9), min(end, found.last + 8) if found.delivers else found.last
            self._put(text, "city", found.city.name, found.sure, first, last)

    def _put(self, text: Text, slot: str, value: object, sure: float, first: int, last: int) -> None:
        """Keeps what was read, unless a person said otherwise."""
        if not self._is_persons(slot):
            quote = self._quote(text, first, last)[:200]
            self.slots[slot] = Slot(value, sure, quote, "rule", self.message_at(text, first))

    def _quote(self, text: Text, first: int, last: int) -> str:
        """The customer's words from one token to another, those of several messages apart."""
        said = groupby(range(first, last), lambda index: self.message_at(text, index))
        parts = (list(indexes) for _message, indexes in said)
        return " / ".join(" ".join(text.quote(part[0], part[-1] + 1).split()) for part in parts)

    def _is_persons(self, slot: str) -> bool:
        return slot in self.slots and self.slots[slot].source == "person"

    def message_at(self, text: Text, index: int) -> str:
        if not self.messages:
            return ""
        position = text.tokens[index].start if index < len(text) else 0
        found = 0
        for number, start in enumerate(self.starts):
            if start <= position:
                found = number
        return self.messages[found].id


def _names_one(text: Text, things: frozenset[int]) -> bool:
    """Whether a certain thing is named: *el reclinable*, *mi cama*, not *un reclinable*."""
    return any(
        at and text.norms[at - 1] in ("el", "la", "los", "las", "mi", "mis", "the", "my", "o", "a", "del")
        for at in things
    )


def _surname_cities(text: Text, name: str, cities: list[tuple[City, int, int]]) -> set[int]:
    """Words of the name that stand alone elsewhere: the first *Salinas* of *Salinas, Diego Salinas*."""
    words = fold(name).split()
    return {
        first
        for _city, first, last in cities
        if last == first + 1 and text.norms[first] in words and (not first or text.norms[first - 1] in CLAUSE_ENDS)
    }


def _joined(messages: tuple[Message, ...]) -> tuple[Text, list[int]]:
    """The messages as one text, a line each, and where each begins."""
    raw, starts = "", []
    for message in messages:
        if len(raw) > MAX_TOKENS * 40:
            break  # no token of what follows is read
        if raw:
            raw += "\n"
        starts.append(len(raw))
        raw += clean(message.text)
    tokens: list[Token] = tokenize(raw)
    return Text(raw, tokens), starts
