"""Faults that people reported of systems like this one, tried on the wire: each file of `cases` is one (see README.rst)."""

import json
import re
from pathlib import Path

import pytest
import requests
from conftest import ACCOUNT_SID, NUMBER, PUBLIC_URL, TOKEN
from server import wait_until
from standins.twilio_api import Misbehaviour
from traces import TRACES
from twilio.request_validator import RequestValidator

CASES = Path(__file__).parent / "cases"
#: Seconds, long enough for a busy machine; what is known not to come is not awaited as long.
PATIENCE, HARDLY_ANY = 60, 20
#: Columns that say when something was: time passes by moving all of them back.
_TABLES = {
    "whatsapp_conversation": "id = %(conversation)s",
    "whatsapp_conversation_message": "conversation_id = %(conversation)s",
    "whatsapp_classification": "conversation_id = %(conversation)s",
}


def find_cases():
    for path in sorted(CASES.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        # Strict: a case that is mended turns red until it is pending no more.
        marks = [pytest.mark.xfail(reason=case["pending"], strict=True)] if "pending" in case else []
        yield pytest.param(case, id=path.stem, marks=marks)


@pytest.mark.parametrize("case", list(find_cases()))
def test_report(live_shop, telling_twilio, customer, case):
    assert set(case) <= {"source", "title", "pending", "note", "customer", "steps"}, set(case)
    play = Play(
        live_shop, telling_twilio, case.get("customer", customer), HARDLY_ANY if "pending" in case else PATIENCE
    )
    try:
        for step in case["steps"]:
            play.take(dict(step))
    finally:
        play.forget()


class Play:
    """One case as it goes: who writes, and what there was before the last step."""

    def __init__(self, shop, twilio, customer, patience):
        self.shop, self.twilio, self.customer, self.patience = shop, twilio, customer, patience
        self.call = shop.server.call
        self._said, self._last_sid = 0, None

    def take(self, step):
        """One step: what happens, then what is expected of it."""
        expected = step.pop("expect", {})
        if "customer" in step or "burst" in step or set(step) & {"parameters", "colleague", "rpc"}:
            self._said = len(self.get_replies())
        kinds = {"customer", "burst", "again", "status", "colleague", "passes", "job", "faults", "fates", "rpc", "from"}
        assert set(step) <= kinds | {"parameters", "code", "with", "why"}, f"unknown: {set(step) - kinds}"
        for kind in (
            "from",
            "faults",
            "fates",
            "customer",
            "burst",
            "again",
            "status",
            "colleague",
            "passes",
            "job",
            "rpc",
        ):
            if kind in step:
                getattr(self, f"_take_{kind}")(step[kind], step)
        for name, value in expected.items():
            getattr(self, f"_expect_{name}")(value)

    def forget(self):
        """What Twilio was told to do with this customer's messages, and did not yet."""
        for planned in (self.twilio.failures, self.twilio.fates):
            planned.pop(f"whatsapp:{self.customer}", None)

    # What happens

    def _take_from(self, customer, _step):
        self.customer = customer

    def _take_customer(self, text, step):
        self._handle([self.shop.twilio.form(self.customer, text, **step.get("parameters", {}))])

    def _take_burst(self, texts, step):
        """Several messages, none of which waits for an answer to the one before."""
        self._handle([self.shop.twilio.form(self.customer, text, **step.get("parameters", {})) for text in texts])

    def _handle(self, forms):
        for form in forms:
            response = self.shop.twilio.post(form)
            assert response.status_code == 200, response.text
        self._last_form = forms[-1]
        self._last_sid = forms[-1]["MessageSid"]
        for form in forms:
            wait_until(
                lambda sid=form["MessageSid"]: self.shop.get_rows(sid)[0]["state"] == "handled",
                self.patience,
                "handled",
            )

    def _take_again(self, times, _step):
        """Twilio delivers the last message so many times more."""
        for _time in range(times):
            assert self.shop.twilio.post(self._last_form).status_code == 200

    def _take_status(self, status, step):
        """A status callback for the last reply, whatever came before."""
        line = self._get_sent()
        form = {"MessageSid": line["sid"], "MessageStatus": status, "AccountSid": ACCOUNT_SID}
        form |= {"From": f"whatsapp:{NUMBER}", "To": f"whatsapp:{self.customer}", **step.get("with", {})}
        if "code" in step:
            form["ErrorCode"] = str(step["code"])
        url = next(each["StatusCallback"] for each in self.twilio.sent if each["sid"] == line["sid"])
        response = self._post_signed(url, form)
        assert response.ok, f"{response.status_code}: {response.text}"

    def _post_signed(self, url, form):
        signature = RequestValidator(TOKEN).compute_signature(url, form)
        real = url.replace(PUBLIC_URL, self.shop.server.url)
        return requests.post(real, data=form, headers={"X-Twilio-Signature": signature}, timeout=60)

    def _take_colleague(self, text, _step):
        """Somebody writes in the thread; texts in brackets are what they press instead."""
        pressed = re.fullmatch(r"\[(\w+)\]", text)
        if pressed:
            self.call("whatsapp.conversation", f"action_{pressed.group(1)}", [self.conversation["id"]])
            return
        TRACES.note(self.customer, text)
        channel = self.shop.open_thread(self.customer)
        options = {"body": text, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        self.call("discuss.channel", "message_post", [channel], **options)

    def _take_passes(self, interval, _step):
        """Time: everything that is known of the conversation was so much earlier."""
        database, postgres = self.shop.server.database, self.shop.server.postgres
        places = {"conversation": self.conversation["id"], "interval": interval}
        for table, which in _TABLES.items():
            columns = postgres.query(
                database,
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type LIKE 'timestamp%%'",
                (table,),
            )
            moved = ", ".join(f"{column} = {column} - %(interval)s::interval" for (column,) in columns)
            postgres.query(database, f"UPDATE {table} SET {moved} WHERE {which}", places)

    def _take_job(self, name, _step):
        """A scheduled job runs now."""
        (row,) = self.shop.server.search_read(
            "ir.model.data", [("module", "=", "colineal_whatsapp_crm"), ("name", "=", f"ir_cron_{name}")], ["res_id"]
        )
        self.call("ir.cron", "method_direct_trigger", [row["res_id"]])

    def _take_faults(self, faults, _step):
        """What Twilio's API does with the next messages to this customer: a misbehaviour, or [status, code]."""
        faults = [tuple(each) if isinstance(each, list) else Misbehaviour(each) for each in faults]
        self.twilio.failures[f"whatsapp:{self.customer}"] += faults

    def _take_fates(self, fates, _step):
        """What becomes of the next messages to this customer: each a list of [status, code]."""
        self.twilio.fates[f"whatsapp:{self.customer}"] += [[tuple(status) for status in fate] for fate in fates]

    def _take_rpc(self, rpc, _step):
        """[model, method, arguments…, {"kwargs": …}]; what `_fill` knows stands for this case's."""
        model, method, *arguments = [self._fill(each) for each in rpc]
        named = (
            arguments.pop()["kwargs"]
            if arguments and isinstance(arguments[-1], dict) and "kwargs" in arguments[-1]
            else {}
        )
        self.call(model, method, *arguments, **named)

    def _fill(self, value):
        if isinstance(value, list):
            return [self._fill(each) for each in value]
        if isinstance(value, dict):
            return {name: self._fill(each) for name, each in value.items()}
        if not (isinstance(value, str) and value.startswith("$")):
            return value
        ids = {
            "$customer": lambda: self.customer,
            "$conversation": lambda: self.conversation["id"],
            "$contact": lambda: self.get_conversation("contact_id")["contact_id"][0],
            "$partner": lambda: self.get_conversation("partner_id")["partner_id"][0],
            "$channel": lambda: self.shop.open_thread(self.customer),
            "$lead": lambda: self.get_leads("id")[-1]["id"],
            "$sender": lambda: self.shop.sender_id,
            "$assistant": lambda: self.shop.assistant_id,
        }
        return ids[value]()

    # What there is

    @property
    def conversation(self):
        return self.get_conversation("id")

    def get_conversation(self, *fields):
        rows = self.shop.server.search_read(
            "whatsapp.conversation",
            [("contact_id.address", "=", f"whatsapp:{self.customer}")],
            list(fields),
            order="id desc",
            limit=1,
        )
        assert rows, "there is no conversation"
        return rows[0]

    def get_replies(self):
        return self.shop.get_replies(self.customer)

    def get_leads(self, *fields):
        return self.shop.get_leads(self.customer, *fields)

    def _get_outbound(self, *fields):
        domain = [("address", "=", f"whatsapp:{self.customer}"), ("direction", "=", "outbound")]
        return self.shop.server.search_read("whatsapp.conversation.message", domain, list(fields), order="id")

    def _get_sent(self):
        return wait_until(
            lambda: next((line for line in reversed(self._get_outbound("sid", "state")) if line["sid"]), None),
            self.patience,
            "a reply that was sent",
        )

    def _get_turn(self, *fields):
        rows = self.shop.server.search_read(
            "whatsapp.conversation.message", [("sid", "=", self._last_sid)], ["classification_id"]
        )
        assert rows[0]["classification_id"], "the last message was no turn of the assistant"
        return self.call("whatsapp.classification", "read", [rows[0]["classification_id"][0]], list(fields))[0]

    # What is expected

    def _expect_says(self, texts):
        """Each text occurs in the replies since the step."""
        new = self.get_replies()[self._said :]
        missing = [text for text in texts if not any(text.lower() in reply.lower() for reply in new)]
        assert not missing, f"{missing} not in {new}"

    def _expect_never(self, texts):
        """No text occurs in any reply of the conversation."""
        found = [text for text in texts for reply in self.get_replies() if text.lower() in reply.lower()]
        assert not found, found

    def _expect_replies(self, count):
        """So many since the step."""
        new = self.get_replies()[self._said :]
        assert len(new) == count, new

    def _expect_silence(self, silent):
        new = self.get_replies()[self._said :]
        assert bool(new) != silent, new

    def _expect_at_most(self, count):
        """Not more replies than so many in all."""
        assert len(self.get_replies()) <= count, self.get_replies()

    def _expect_action(self, action):
        assert self._get_turn("action")["action"] == action

    def _expect_quality(self, quality):
        assert self._get_turn("quality")["quality"] == quality

    def _expect_slots(self, slots):
        """Values of what was understood; null for what must not be."""
        known = self._get_turn("slots")["slots"] or {}
        got = {name: (known.get(name) or {}).get("value") for name in slots}
        assert got == slots

    def _expect_conversation(self, values):
        self._await(lambda: self.get_conversation(*values), values)

    def _expect_lead(self, values):
        """Values of the only lead; null when there must be none."""
        if values is None:
            assert not self.get_leads("id")
        else:
            self._await(lambda: (self.get_leads(*values) or [{}])[-1], values)

    def _expect_conversations(self, count):
        domain = [("contact_id.address", "=", f"whatsapp:{self.customer}")]
        assert len(self.shop.server.search_read("whatsapp.conversation", domain, ["id"])) == count

    def _expect_leads(self, count):
        assert len(self.get_leads("id")) == count

    def _expect_person(self, called):
        """Whether somebody has an open activity for the conversation."""
        self._await(lambda: {"called": bool(self.get_conversation("handover_id")["handover_id"])}, {"called": called})

    def _expect_state(self, state):
        """The last message to the customer reaches this state."""
        self._await(
            lambda: {"state": (self._get_outbound("state") or [{"state": None}])[-1]["state"]}, {"state": state}
        )

    def _expect_failure(self, words):
        """And says why it failed, in these words."""
        self._await(lambda: self._get_outbound("failure")[-1], {"failure": {"contains": words}})

    def _expect_sent(self, count):
        """So many messages were taken by Twilio for this customer in all."""

        def count_sent():
            return {"sent": sum(each["To"] == f"whatsapp:{self.customer}" for each in self.twilio.sent)}

        self._await(count_sent, {"sent": count})

    def _expect_body(self, text):
        """The last message that Twilio took for this customer reads so."""

        def get_body():
            sent = [each for each in self.twilio.sent if each["To"] == f"whatsapp:{self.customer}"]
            return {"body": sent[-1].get("Body") if sent else None}

        self._await(get_body, {"body": text})

    def _expect_messages(self, values):
        """Values of the customer's last message as it is kept."""
        row = self.shop.server.search_read(
            "whatsapp.conversation.message", [("sid", "=", self._last_sid)], list(values)
        )
        assert len(row) == 1
        assert {name: row[0][name] for name in values} == values

    def _await(self, read, values):
        """Wait until what is read has these values; {"contains": …} looks for a part."""

        def differs():
            got = read()
            return {name: got.get(name) for name, want in values.items() if not _fits(got.get(name), want)}

        try:
            wait_until(lambda: not differs(), self.patience, "what is expected")
        except AssertionError:
            raise AssertionError(f"expected {values}, there is {differs()}") from None


def _fits(got, want):
    if isinstance(want, dict) and set(want) == {"contains"}:
        return want["contains"].lower() in str(got).lower()
    if isinstance(got, list) and len(got) == 2 and isinstance(got[0], int) and not isinstance(want, list):
        got = got[1]  # a many2one
    return (got or None) == (want or None) if not want else got == want
