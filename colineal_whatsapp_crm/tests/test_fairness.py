"""Who has much waiting keeps nobody else's from its turn."""

from unittest.mock import patch

from odoo.tests import tagged

from ..jobs import worker
from ..lib.thread_calls import Calls
from .common import WhatsappCase

#: What one sender has waiting.
MANY = 10_000

LIVE = {"account_sid": "AC" + "1" * 32, "auth_token": "secret"}
DELIVERY = "odoo.addons.colineal_whatsapp_crm.gateway.delivery"
QUIET = "whatsapp:+593987650001"


@tagged("post_install", "-at_install")
class TestFairness(WhatsappCase):
    def setUp(self):
        super().setUp()
        worker.backoff.reset()
        company = self.env["res.company"].create({"name": "Other"})
        self.busy = self.sender.copy({"name": "Busy", "number": "+593999000333", **LIVE})
        # In the same company, and in another.
        self.quiet = self.sender.copy({"name": "Quiet", "number": "+593999000444", **LIVE})
        self.foreign = self.sender.copy(
            {"name": "Foreign", "number": "+593999000555", "company_id": company.id, **LIVE}
        )

    def fill(self, sender, number, **columns):
        """So many customers of a sender, each with one message in this state."""
        columns = {"direction": "'outbound'", "author": "'assistant'", "state": "'queued'", **columns}
        due = columns.pop("due_at", "NULL")
        routed = columns.pop("routed", True)
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            WITH contact AS (
                INSERT INTO whatsapp_contact (address, phone, company_id)
                SELECT %(prefix)s || n, NULL, %(company)s FROM generate_series(1, %(number)s) n RETURNING id, address
            ), conversation AS (
                INSERT INTO whatsapp_conversation
                       (contact_id, sender_id, company_id, stage, create_date, last_message_at, last_inbound_at, due_at)
                SELECT id, %(sender)s, %(company)s, 'new', now(), now(), now() AT TIME ZONE 'UTC', {due}
                  FROM contact RETURNING id, contact_id
            )
            INSERT INTO whatsapp_conversation_message
                   (conversation_id, sender_id, address, body, kind, write_date, create_date, {", ".join(columns)})
            SELECT {"conversation.id" if routed else "NULL"}, %(sender)s, address, 'Hola', 'text', now(),
                   now() AT TIME ZONE 'UTC', {", ".join(columns.values())}
              FROM conversation JOIN contact ON contact.id = contact_id
            """,
            {
                "prefix": f"whatsapp:+1{sender.id:05d}",
                "company": sender.company_id.id,
                "sender": sender.id,
                "number": number,
            },
        )
        self.env.cr.execute("ANALYZE whatsapp_conversation; ANALYZE whatsapp_conversation_message")
        self.env.invalidate_all()

    def fill_all(self, **columns):
        self.fill(self.busy, MANY, **columns)
        self.fill(self.quiet, 1, **columns)
        self.fill(self.foreign, 1, **columns)

    def check_senders(self, rows):
        """The others' single rows are among the first that are taken, as is one of who has many."""
        senders = rows.mapped("sender_id") if rows else rows
        for sender in (self.busy, self.quiet, self.foreign):
            self.assertIn(sender.id, senders.ids, sender.name)

    def get_sender_ids(self):
        return {self.busy.id, self.quiet.id, self.foreign.id}

    def send_once(self):
        """One round of the outbox. Returns the numbers that something was sent from."""
        with patch(f"{DELIVERY}.send", return_value="SM1") as send, self.as_worker() as env, Calls(send=4) as calls:
            env["whatsapp.outbox"]._begin_messages(calls)
            while calls:
                calls.finish(5)
        return [call.args[1] for call in send.call_args_list]

    def test_replies(self):
        self.fill_all()
        sent = self.send_once()
        self.assertIn(self.quiet.number, sent)
        self.assertIn(self.foreign.number, sent)
        self.assertIn(self.busy.number, sent)

    def test_replies_of_a_sender_whose_rate_is_used_up(self):
        self.fill_all()
        self.busy.messages_per_second = 1
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE whatsapp_conversation_message SET state = 'sent',
                   sent_at = clock_timestamp() AT TIME ZONE 'UTC' + interval '1 hour'  -- not over before it is asked
                WHERE id = (SELECT min(id) FROM whatsapp_conversation_message WHERE sender_id = %s)""",
            [self.busy.id],
        )
        self.env.invalidate_all()
        self.assertEqual(sorted(self.send_once()), sorted([self.quiet.number, self.foreign.number]))
        waiting = [("sender_id", "=", self.busy.id), ("state", "=", "queued"), ("retry_at", "!=", False)]
        self.assertFalse(self.env["whatsapp.conversation.message"].search_count(waiting), "they are not even looked at")

    def test_rate_that_is_none(self):
        """Put there by SQL, or before there was a limit."""
        self.fill_all()
        for rate in (0, -5):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE whatsapp_sender SET messages_per_second = %s WHERE id = %s", [rate, self.busy.id]
            )
            self.env.invalidate_all()
        sent = self.send_once()
        self.assertEqual(sent.count(self.busy.number), 1, "one a second, rather than none for ever")
        self.assertIn(self.quiet.number, sent)

    def test_replies_whose_calls_hang(self):
        """A sender whose account does not answer leaves room for the others."""
        self.fill(self.busy, 50)
        with self.as_worker() as env, Calls(send=4) as calls, patch(f"{DELIVERY}.send", return_value="SM1"):
            env["whatsapp.outbox"]._begin_messages(calls)
            self.assertEqual(len(calls), 4)
            self.assertEqual(env["whatsapp.outbox"]._begin_messages(calls), 0)
            self.assertGreater(calls.free("send"), 0)
            while calls:
                calls.finish(5)

    def test_turns(self):
        self.fill_all(direction="'inbound'", author="'customer'", state="'received'", due_at="now() AT TIME ZONE 'UTC'")
        with self.as_worker() as env:
            claimed = env["whatsapp.worker"]._claim(3)
            rows = self.env["whatsapp.conversation"].browse([conversation for conversation, _lease in claimed])
            self.check_senders(rows)

    def test_first_messages(self):
        self.fill_all(direction="'inbound'", author="'customer'", state="'received'", routed=False)
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        message = self.env["whatsapp.conversation.message"]
        routed = message.search([("conversation_id", "!=", False), ("state", "=", "received")])
        self.assertLess(len(routed), MANY, "one batch")
        self.assertLessEqual(self.get_sender_ids(), set(routed.sender_id.ids))

    def test_files(self):
        self.fill_all(direction="'inbound'", author="'customer'", state="'handled'", media_state="'pending'")
        with patch.object(Calls, "submit") as submit, self.as_worker() as env, Calls(fetch=3) as calls:
            env["whatsapp.media.fetcher"]._begin_fetches(calls)
        owners = {call.kwargs["owner"] for call in submit.call_args_list}
        self.assertEqual(owners, self.get_sender_ids())

    def test_drafts(self):
        later = "now() AT TIME ZONE 'UTC' + interval '1 minute'"
        self.fill_all(state="'drafting'", retry_at=later)
        with patch.object(Calls, "submit") as submit, self.as_worker() as env, Calls(read=3) as calls:
            env["whatsapp.reply.drafter"]._begin_drafts(calls)
        owners = [call.kwargs["owner"] for call in submit.call_args_list]
        self.assertEqual(set(owners[:3]), self.get_sender_ids())

    def test_doubts(self):
        self.fill_all(state="'unknown'", retry_at="now() AT TIME ZONE 'UTC'", sent_at="now() AT TIME ZONE 'UTC'")
        with patch.object(Calls, "submit") as submit, self.as_worker() as env, Calls(send=3) as calls:
            env["whatsapp.outbox"]._begin_checks(calls)
        owners = {call.kwargs["owner"] for call in submit.call_args_list}
        self.assertEqual(owners, self.get_sender_ids())

    def test_deletions_at_twilio(self):
        for sender, number in ((self.busy, MANY), (self.quiet, 1), (self.foreign, 1)):
            self.env.cr.execute(
                """INSERT INTO whatsapp_twilio_erasure (sender_id, sid, retry_at)
                   SELECT %s, 'SM' || n, now() AT TIME ZONE 'UTC' - interval '1 minute' FROM generate_series(1, %s) n""",
                [sender.id, number],
            )
        with patch.object(Calls, "submit") as submit, self.as_worker() as env, Calls(delete=3) as calls:
            env["whatsapp.twilio.erasure"]._begin_deletions(calls)
        owners = {call.kwargs["owner"] for call in submit.call_args_list}
        self.assertEqual(owners, self.get_sender_ids())

    def test_erasures_of_shops(self):
        """A batch of each assistant's in turn."""
        other = self.assistant.copy({"words_days": 1, "files_days": 0, "analysis_days": 0})
        self.assistant.write({"words_days": 1, "files_days": 0, "analysis_days": 0})
        self.foreign.assistant_id = other
        for sender, number in ((self.busy, 200), (self.foreign, 1)):
            self.fill(sender, number, state="'sent'")
        self.env.cr.execute("UPDATE whatsapp_conversation SET last_message_at = now() - interval '30 days'")
        self.env.invalidate_all()
        batches = []

        def progress(_cron, processed=0, **_remaining):
            batches.append(processed)
            return 0 if len(list(filter(None, batches))) == 3 else 60  # the job's time is over after so many

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", progress):
            self.run_job("ir_cron_erase_old")
        conversations = self.env["whatsapp.conversation"]
        left = conversations.search(
            [("sender_id", "in", (self.busy | self.foreign).ids), ("words_erased_at", "=", False)]
        )
        self.assertEqual(left.sender_id, self.busy)
