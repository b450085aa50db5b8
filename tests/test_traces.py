"""What finds customers in logs does find them."""

import pytest
from traces import Traces

SAID = "Hola, soy Genoveva y busco una litera"


@pytest.fixture
def log(tmp_path):
    log = tmp_path / "odoo.log"
    log.write_text("what was there before: +593987654321\n")
    return log


@pytest.mark.parametrize(
    "line",
    [
        "INFO 1 new message(s) from +593987654321",
        "GET /api/webhook?From=whatsapp%3A%2B593987654321",
        "the number 0987654321 without its country",
        "a lead for Genoveva",
        f"all of it: {SAID}",
    ],
)
def test_customer_in_a_log_is_found(log, line):
    traces = Traces()
    traces.watch(log)
    traces.note("+593987654321", SAID)
    with log.open("a") as file:
        file.write(f"INFO nothing to see\n{line}\n")
    assert traces.find() == [f"{log}: {line}"]


def test_words_are_found_as_bytes_and_as_json(log):
    traces = Traces()
    traces.watch(log)
    traces.note("+593987654321", "¿Qué tal, Íñigo?")
    log.write_text(f"{log.read_text()}{'¿Qué tal, Íñigo?'.encode()!r}\n")
    assert len(traces.find()) == 1


def test_masked_numbers_and_common_words_are_no_traces(log):
    traces = Traces()
    traces.watch(log)
    traces.note("+593987654321", "Hola", SAID)
    with log.open("a") as file:
        file.write("INFO 1 new message(s) from +593…21\nHola, said the server 987654\n")
    assert traces.find() == []
