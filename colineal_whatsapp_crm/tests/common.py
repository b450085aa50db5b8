from itertools import count

from werkzeug.datastructures import MultiDict

from odoo.tests import TransactionCase

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
        cls.outbox = cls.env.ref("colineal_whatsapp_crm.ir_cron_outbox")

    def receive(self, body="", **parameters):
        """One message arrives; nobody reads it yet. Returns its row."""
        form = twilio_form(body, sender=parameters.pop("sender", self.sender.number), **parameters)
        self.env["whatsapp.conversation.message"]._receive(self.sender.id, MultiDict(form))
        return self.env["whatsapp.conversation.message"].search(
            [("sid", "=", form.get("MessageSid") or form["SmsMessageSid"]), ("sender_id", "=", self.sender.id)]
        )

    def work(self):
        """Both jobs run, as Odoo's scheduler would run them."""
        with self.enter_registry_test_mode():
            self.worker.method_direct_trigger()
            self.outbox.method_direct_trigger()
        self.env.invalidate_all()

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
