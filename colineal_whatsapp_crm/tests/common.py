from contextlib import contextmanager, nullcontext
from itertools import count

from odoo.tests import HttpCase, TransactionCase
from odoo.tools import SQL, mute_logger
from werkzeug.datastructures import MultiDict

from ..lib.thread_calls import Calls

_sid = count(1)

NUMBER = "+593999000222"
CUSTOMER = "whatsapp:+593987654321"


def twilio_form(body="", sender=NUMBER, customer=CUSTOMER, **parameters):
    """The parameters of one message as Twilio posts them; a keyword replaces or adds one, None takes it out."""
    sid = f"SM{next(_sid):032x}"
    form = {
        "MessageSid": sid,
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": customer,
        "To": f"whatsapp:{sender}",
        "WaId": customer.rpartition("+")[2],
        "ProfileName": "María José",
        "Body": body,
        "MessageType": "text",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }
    form.update(parameters)
    return {name: value for name, value in form.items() if value is not None}


class WhatsappCase(TransactionCase):
    """A simulated sender with an assistant that answers at once, and a customer to play."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assistant = cls.env.ref("colineal_whatsapp_crm.whatsapp_assistant_sales").copy({"coalescing_seconds": 0})
        cls.sender = cls.env["whatsapp.sender"].create(
            {"name": "Test", "number": NUMBER, "assistant_id": cls.assistant.id}
        )
        cls.worker = cls.env.ref("colineal_whatsapp_crm.ir_cron_worker")

    def receive(self, body="", **parameters):
        """One message arrives; nobody reads it yet. Returns its row."""
        form = twilio_form(body, sender=parameters.pop("sender", self.sender.number), **parameters)
        self.env.flush_all()
        self.env["whatsapp.conversation.message"]._receive(self.sender.id, MultiDict(form))
        return self.env["whatsapp.conversation.message"].search(
            [("sid", "=", form.get("MessageSid") or form["SmsMessageSid"]), ("sender_id", "=", self.sender.id)]
        )

    def in_test_mode(self):
        """Let code of the addon commit, which then only reaches a savepoint. An HttpCase is in that mode already."""
        return nullcontext() if isinstance(self, HttpCase) else self.enter_registry_test_mode()

    def run_job(self, xmlid):
        """A scheduled action runs, as Odoo's scheduler would run it."""
        with self.in_test_mode():
            self.env.ref(f"colineal_whatsapp_crm.{xmlid}").method_direct_trigger()
        self.env.invalidate_all()

    def work(self):
        """What has come is read, and what is due is sent."""
        self.run_job("ir_cron_worker")

    @contextmanager
    def as_worker(self):
        """The environment of a worker, to take single steps of its job."""
        self.env.flush_all()
        with self.in_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)
        self.env.invalidate_all()

    def read_only(self):
        """What has come is read, but nothing is sent yet."""
        with self.as_worker() as env, Calls(read=4, send=4) as calls:
            env["whatsapp.worker"]._route_messages()
            env["whatsapp.worker"]._begin_turns(calls)
            calls.finish(60)

    @contextmanager
    def failing_in_database(self, table, when, sqlstate="P0001", times=None):
        """PostgreSQL refuses to write certain rows of a table, as it does when something else is in the way.

        when
            a condition in SQL on the row as it would be, `NEW`.
        sqlstate
            the code of its error, by default that of a trigger's own.
        times
            how often it does, whatever is rolled back; by default until the end of the context.

        Gives a function that tells how often it did.
        """
        most = times or 1_000_000
        name = f"test_failures_of_{table}"
        names = {"name": name, "count": SQL.identifier(name), "fail": SQL.identifier(f"test_fail_{table}")}
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """CREATE SEQUENCE %(count)s;
                   CREATE FUNCTION %(fail)s() RETURNS trigger LANGUAGE plpgsql AS $$
                       BEGIN
                           IF nextval(%(name)s) <= %(most)s THEN
                               RAISE EXCEPTION 'something is in the way' USING ERRCODE = %(sqlstate)s;
                           END IF;
                           RETURN NEW;
                       END
                   $$;
                   CREATE TRIGGER test_fail BEFORE INSERT OR UPDATE ON %(table)s
                       FOR EACH ROW WHEN (%(when)s) EXECUTE FUNCTION %(fail)s()""",
                **names,
                most=most,
                sqlstate=sqlstate,
                table=SQL.identifier(table),
                when=SQL(when),
            )
        )

        def count():
            self.env.cr.execute(SQL("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM %(count)s", **names))
            return min(self.env.cr.fetchone()[0], most)

        with mute_logger("odoo.sql_db"):
            yield count
        self.env.flush_all()
        self.env.cr.execute(SQL("DROP FUNCTION %(fail)s CASCADE; DROP SEQUENCE %(count)s", **names))

    def customer(self, *bodies, **parameters):
        """The customer writes, the assistant answers. Returns the new replies' texts."""
        last = self.env["whatsapp.conversation.message"].search([], order="id desc", limit=1).id or 0
        for body in bodies:
            self.receive(body, **parameters)
        self.work()
        return (
            self.env["whatsapp.conversation.message"]
            .search([("id", ">", last), ("direction", "=", "outbound"), ("sender_id", "=", self.sender.id)])
            .mapped("body")
        )

    def get_conversation(self, address=CUSTOMER):
        """The customer's open conversation."""
        return self.env["whatsapp.conversation"].search(
            [("contact_id.address", "=", address), ("sender_id", "=", self.sender.id), ("stage", "!=", "closed")]
        )
