"""Who the customers of the tests are and what they say, so that in the end no log has any of it."""

import json
import re
from pathlib import Path
from urllib.parse import quote, quote_plus

#: Shorter texts, such as «Hola», are in logs for other reasons; longer ones are made up by machines.
_SHORTEST, _LONGEST = 8, 300

#: Names of customers are written with a capital within a sentence; these are places, companies and weekdays.
_NAME = re.compile(r"(?<=[^\W\d_.!?¡¿:] )[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{4,}")
_NO_NAMES = {"WhatsApp", "Quito", "Cuenca", "Guayaquil", "America", "Odoo", "Twilio", "Gemini", "Colineal"}

_DIGITS = re.compile(r"\d{9,}")
#: A number without its country, as people of that country write it.
_NATIONAL = 9


class Traces:
    """The customers' numbers, names and texts, and the logs that must not have them."""

    def __init__(self):
        self._numbers, self._texts, self._logs, self._kept = set(), set(), {}, {}

    def note(self, number, *texts):
        """A customer with this number (or scoped id) says these texts."""
        digits = re.sub(r"\D", "", number)
        if len(digits) >= _NATIONAL:
            self._numbers |= {digits, digits[-_NATIONAL:], "0" + digits[-_NATIONAL:]}
        for text in texts:
            self._texts |= set(_NAME.findall(text)) - _NO_NAMES
            if _SHORTEST <= len(text) <= _LONGEST:
                self._texts.add(text)

    def watch(self, log):
        """From here on, this file must not have any of it."""
        log = Path(log)
        self._logs.setdefault(log, log.stat().st_size if log.exists() else 0)

    def keep(self, log):
        """Look at a file that will be gone in the end."""
        if Path(log).exists():
            self._kept[str(log)] = Path(log).read_text(errors="replace")

    def find(self):
        """The lines of logs that tell of a customer, with the log's name."""
        logs = dict(self._kept)
        for log, begin in self._logs.items():
            if log.exists():
                logs[str(log)] = log.read_bytes()[begin:].decode(errors="replace")
        return [f"{name}: {line}" for name, log in logs.items() for line in self._find_in(log)]

    def _find_in(self, log):
        found = {number for number in _DIGITS.findall(log) if number in self._numbers}
        found |= {form for text in self._texts for form in _get_forms(text) if form in log}
        return [line for line in log.splitlines() if any(trace in line for trace in found)] if found else []


def _get_forms(text):
    """A text as it stands in logs of queries, requests and bytes."""
    text = text.splitlines()[0]
    return {text, repr(text.encode())[2:-1], json.dumps(text)[1:-1], quote(text), quote_plus(text)} - {""}


#: Of this run of the tests.
TRACES = Traces()
