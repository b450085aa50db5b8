"""The reader that asks a model, and falls back on the rules within the same turn."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from ..providers import RULES, Reading
from ..rules import understand
from ..schema import Message, Slot, State, Understanding
from ..vocabulary import Vocabulary
from .client import Model, ModelError
from .media import is_audible, is_visible, listen_prompt, look_prompt, read_description, read_transcript
from .reading import VERSION, Example, dictates, make_prompt, merge, validate

#: A photo shows what somebody likes, not what they will buy: a person may confirm it.
_SEEN = 0.5


@dataclass(frozen=True, slots=True)
class ModelReader:
    """Reads one turn with a model.

    provider
        its name in the records.
    seconds
        how long all calls of the turn may take together.
    history, examples
        as in `reading.make_prompt`.
    below
        a turn that the rules read at least as surely, 0 to 1, is not shown to the model.
    """

    slow: ClassVar[bool] = True

    model: Model
    provider: str
    seconds: float
    history: tuple[Mapping[str, str], ...] = ()
    examples: tuple[Example, ...] = ()
    below: float = 1.0

    def abandon(self) -> None:
        """Its time is over, whatever its calls are still doing."""
        self.model.breaker.note(False)

    def interpret(self, messages: Sequence[Message], state: State, vocabulary: Vocabulary) -> Reading:
        deadline = time.monotonic() + self.seconds
        media_text, seen, failure = {}, {}, ""
        try:
            for message in messages:
                for media in message.media:
                    if is_audible(media):
                        media_text[message.id] = read_transcript(self.model.ask(listen_prompt(media), deadline))
                    elif is_visible(media):
                        answer = self.model.ask(look_prompt(media, vocabulary), deadline)
                        media_text[message.id], seen[message.id] = read_description(answer, vocabulary)
        except ModelError as error:
            failure = str(error)
        spoken = [
            replace(message, text="\n".join(filter(None, (message.text, media_text.get(message.id)))))
            if message.id not in seen
            else message
            for message in messages
        ]
        understanding = understand(spoken, state, vocabulary)
        reader = RULES
        try:
            # What was misread before, the model is not asked about again.
            unsure = self.below >= 1 or understanding.turn_confidence < self.below
            worth = unsure and not (failure or understanding.automatic)
            if worth and any(message.text for message in spoken) and not dictates(spoken):
                prompt = make_prompt(spoken, state, vocabulary, self.history, self.examples)
                findings = validate(self.model.ask(prompt, deadline), spoken, vocabulary)
                understanding = merge(understanding, state, findings, vocabulary)
                reader = self.provider
        except ModelError as error:
            failure = str(error)
        if seen:
            understanding = _add_seen(understanding, state, media_text, seen)
            reader = self.provider
        return Reading(
            understanding,
            reader,
            self.model.settings.model if self.model.calls else "",
            VERSION if self.model.calls else "",
            tuple(self.model.calls),
            failure,
            media_text,
        )


def _add_seen(
    understanding: Understanding, state: State, media_text: Mapping[str, str], seen: Mapping[str, Sequence[str]]
) -> Understanding:
    """What photos show becomes the product, where words have not named one."""
    products = tuple(dict.fromkeys(name for names in seen.values() for name in names))
    if not products or understanding.support or "products" in understanding.slots:
        return understanding
    first = next(identity for identity, names in seen.items() if names)
    slot = Slot(products, _SEEN, media_text[first], "model", first)
    return replace(understanding, slots={**understanding.slots, "products": slot})
