"""The terminal chat, as a person runs it."""

import argparse

import pytest

from devtools import chat, product


def run(shop, *argv):
    """Chat with the demonstration's sender, which like a new installation's is in simulation."""
    return chat.main([*argv, "--timeout", "60"], shop.server.url, shop.server.database)


def test_demo_plays_maria(shop, capsys):
    assert run(shop, "--demo") == 0
    output = capsys.readouterr().out
    assert "¿En qué puedo ayudarte hoy?" in output
    assert "¡Perfecto, María!" in output
    assert "hot · create_lead" in output
    assert "name: María" in output


def test_script(shop, capsys, tmp_path):
    script = tmp_path / "script.txt"
    script.write_text("# a customer\nHola\n\nBusco sofás\n")
    assert run(shop, "--script", str(script)) == 0
    assert capsys.readouterr().out.count("customer") == 2


SCRIPT = """
# what is expected stands below the message
\\> Hola
= quality cold
Busco un sofá, hasta 2 mil quinientos
> TU NOMBRE
>! presupuesto
= action request_contact_info
= quality warm
= products sofá
= budget up to $2500
= no city
= no lead
Soy Elena Paz
= action create_lead
= quality hot
= lead
BAJA
hola?
= silence
"""


def test_script_is_an_acceptance_test(shop, capsys, tmp_path):
    script = tmp_path / "script.txt"
    script.write_text(SCRIPT)
    code = run(shop, "--script", str(script))
    assert code == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("expectation", "it_is"),
    [
        ("> mándame una foto", "en qué puedo ayudarte"),
        (">! ayudarte", "en qué puedo ayudarte"),
        ("= silence", "1 answers"),
        ("= action create_lead", "action ask_clarifying_question"),
        ("= quality hot", "quality cold"),
        ("= budget up to $1", "nothing is known of budget"),
        ("= lead", "no lead"),
        ("= person", "no person"),
    ],
)
def test_script_tells_what_did_not_come_true(shop, capsys, tmp_path, expectation, it_is):
    script = tmp_path / "script.txt"
    script.write_text(f"Hola\n{expectation}\n")
    assert run(shop, "--script", str(script)) == 1
    told = capsys.readouterr().err
    assert f"line 2: {expectation}" in told and it_is.casefold() in told.casefold()


@pytest.mark.parametrize(
    "script", ["> Hola", "Hola\n= nonsense", "Hola\n= action", "Hola\n= budget", "Hola\n=", "# none"]
)
def test_script_that_cannot_be_understood(tmp_path, script):
    file = tmp_path / "script.txt"
    file.write_text(script)
    with pytest.raises(chat.ChatError):
        chat.parse_script(file)


def test_script_fails_when_a_reply_does_not_come(shop, capsys, tmp_path, customer):
    script = tmp_path / "script.txt"
    script.write_text("Hola\n")
    conversations = "whatsapp.conversation"
    assert run(shop, "--script", str(script), "--number", customer) == 0
    mine = shop.server.search_read(conversations, [("contact_id.address", "=", f"whatsapp:{customer}")], ["id"])
    wordings = shop.server.search_read(
        "whatsapp.assistant.wording", [("situation", "=", "ask_clarifying_question")], ["id"]
    )
    ids = [wording["id"] for wording in wordings]
    assert mine
    shop.server.call("whatsapp.assistant.wording", "write", ids, {"situation": "not_text"})
    try:
        assert run(shop, "--script", str(script), "--number", customer) == 1
    finally:
        shop.server.call("whatsapp.assistant.wording", "write", ids, {"situation": "ask_clarifying_question"})
    assert "said nothing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "database", "words"),
    [("http://127.0.0.1:9", None, "does not answer"), (None, "nowhere", "refuses")],
    ids=["no server", "no database"],
)
def test_what_is_wrong_is_said_in_words(shop, capsys, url, database, words):
    assert chat.main(["--demo"], url or shop.server.url, database or shop.server.database) == 1
    error = capsys.readouterr().err
    assert error.startswith("chat: ")
    assert words in error
    assert "Traceback" not in error


def test_help_starts_nothing(capsys, monkeypatch):
    monkeypatch.setattr(product, "product", lambda options: pytest.fail("help sets nothing up"))
    with pytest.raises(SystemExit):
        product.chat(argparse.Namespace(args=["--help"]))
    assert "acceptance test" in capsys.readouterr().out
