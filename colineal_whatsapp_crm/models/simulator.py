import base64
import json
from uuid import uuid4

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import file_open
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ..gateway.address import CHANNEL, NOBODY, NOWHERE, strip_channel
from ..gateway.identity import identify
from ..gateway.media import MOST_BYTES
from ..lib import redis_cache
from ..lib.clock import utcnow
from ..lib.routes import WEBHOOK_PATH
from ..understanding import SLOT_NAMES, Budget
from .conversation.base import format_budget
from .message.media import SIMULATED_TRANSCRIPT

#: What is sent when the tester has no file at hand: (file, type).
_SAMPLES = {
    "audio": ("colineal_whatsapp_crm/static/simulator/voice.wav", "audio/wav"),
    "image": ("colineal_whatsapp_crm/static/simulator/sofa.png", "image/png"),
    "video": ("colineal_whatsapp_crm/static/simulator/sofa.mp4", "video/mp4"),
    "sticker": ("colineal_whatsapp_crm/static/simulator/smile.webp", "image/webp"),
    "document": ("colineal_whatsapp_crm/static/simulator/receipt.pdf", "application/pdf"),
    "contacts": ("colineal_whatsapp_crm/static/simulator/friend.vcf", "text/vcard"),
}
#: What a message with several files has, when the tester has none at hand.
_SEVERAL = ("image", "video", "document")
#: Kinds that are about a message, and which side wrote it.
_ABOUT = {"reaction": "outbound", "reply": "outbound", "edit": "inbound", "revoke": "inbound"}
#: What is asked for of an advertisement, and the parameter it comes in.
_ADVERTISEMENT = {
    "headline": "ReferralHeadline",
    "description": "ReferralBody",
    "reference": "ReferralSourceId",
    "url": "ReferralSourceUrl",
}


class WhatsappSimulator(models.AbstractModel):
    """*Try the assistant*: a colleague plays the customer of a sender that reaches nobody.

    What they type is signed here and posted by their browser to the webhook, so that intake, worker and outbox run as
    for any customer. Each colleague has a conversation of their own with each assistant.
    """

    _name = "whatsapp.simulator"
    _description = "WhatsApp Simulator"

    @api.model
    def begin(self, assistant_id=None):
        """Open the colleague's conversation with an assistant, or go on with it: what the screen shows first."""
        self._check_allowed()
        assistants = self.env["whatsapp.assistant"].search([])
        assistant = assistants.filtered(lambda each: each.id == assistant_id) or assistants[:1]
        if not assistant:
            raise UserError(self.env._("There is no assistant to try yet. Create one first."))
        return {
            "assistants": [{"id": each.id, "name": each.name} for each in assistants],
            "assistant_id": assistant.id,
            "wait": assistant.coalescing_seconds,
            "webhook": WEBHOOK_PATH,
            **self.look(assistant.id),
        }

    @api.model
    def sign(self, assistant_id, messages):
        """The requests that bring these messages of the customer to the webhook: [{form, signature}].

        messages
            dicts with ``kind``, ``text``, and what that kind needs beside: ``transcript``, ``file`` (``{name, type, data}``
            in base64), ``files`` (a list of such), ``label``, ``address``, ``latitude``, ``longitude``, ``option``,
            ``description``, ``headline``, ``reference``, ``url``, ``article``.

            The kinds are Twilio's ``MessageType``, and ``reply`` (to our last message), ``forwarded``, ``advertisement``
            (tapped by the customer) and ``enquiry`` (about a product of the catalogue): texts that come with more. And
            ``several``: files in one message.

            With ``nameless``, as somebody writes whose number WhatsApp does not show.
        """
        self._check_allowed()
        sender = self._get_sender(assistant_id)
        forms = [self._get_form(sender, message) for message in messages]
        validator = RequestValidator(sender.simulation_token)
        url = sender._get_public_url() + WEBHOOK_PATH
        return [{"form": form, "signature": validator.compute_signature(url, MultiDict(form))} for form in forms]

    @api.model
    def look(self, assistant_id):
        """What the assistant has understood so far, in the reader's words."""
        self._check_allowed()
        return self._describe(self._get_conversation(self._get_sender(assistant_id)))

    @api.model
    def reset(self, assistant_id):
        """Forget all that was said, leads included, and begin anew."""
        self._check_allowed()
        sender = self._get_sender(assistant_id)
        addresses = [self._get_address(), self._get_scoped_address()]
        mine = [("sender_id", "=", sender.id)]
        contact = self._get_contact(sender)
        conversations = self.env["whatsapp.conversation"].sudo().search([*mine, ("contact_id", "=", contact.id)])
        leads = conversations.lead_id.filtered("whatsapp_simulated")
        channels = self.env["discuss.channel"].sudo()
        channels = channels.search([("whatsapp_sender_id", "=", sender.id), ("whatsapp_contact_id", "=", contact.id)])
        self.env["whatsapp.conversation.message"].sudo().search([*mine, ("address", "in", addresses)]).unlink()
        self._get_staged_files(sender).unlink()
        conversations.unlink()
        contact.write(dict.fromkeys(("opted_out_at", "opt_out_reason", "informed_at", "told_phone"), False))
        channels.exists().unlink()
        leads.unlink()
        for address in addresses:
            place = (self.env.cr.dbname, sender.id, address)
            self.env.cr.postcommit.add(lambda place=place: redis_cache.forget_conversation(*place))
        return self.look(assistant_id)

    def _check_allowed(self):
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("The simulator is for the sales team."))

    def _get_address(self):
        return f"{CHANNEL}{NOWHERE}0{self.env.uid:010d}"

    def _get_scoped_address(self):
        """Who the tester is where WhatsApp does not show the number."""
        return f"{CHANNEL}{NOBODY}{self.env.uid:010d}"

    def _get_sender(self, assistant_id):
        """The simulator of an assistant in this company, made when it is first needed."""
        assistant = self.env["whatsapp.assistant"].browse(assistant_id)
        assistant.check_access("read")
        company = self.env.company
        senders = self.env["whatsapp.sender"].sudo().with_context(active_test=False)
        return senders.search(
            [
                ("is_simulator", "=", True),
                ("assistant_id", "=", assistant.id),
                ("company_id", "=", company.id),
            ],
            limit=1,
        ) or senders.create(
            {
                "name": self.env._("Simulator: %s", assistant.name),
                "number": f"{NOWHERE}1{company.id:04d}{assistant.id:06d}",
                "assistant_id": assistant.id,
                "company_id": company.id,
                "is_simulator": True,
            }
        )

    def _get_contact(self, sender):
        contacts = self.env["whatsapp.contact"].sudo()
        known = [("address_ids.value", "in", [self._get_address(), self._get_scoped_address()])]
        contact = contacts.search([("company_id", "=", sender.company_id.id), *known], limit=1)
        if not contact or len(contact.address_ids) < 2:
            # One person, with the number or without.
            names = {"ExternalUserId": self._get_scoped_address(), "ProfileName": self.env._("Simulated customer")}
            contact = contacts._get_or_create(identify(self._get_address(), names), sender.company_id)
        return contact

    def _get_conversation(self, sender):
        conversation = self.env["whatsapp.conversation"].sudo()
        conversation = conversation._get_or_open(self._get_contact(sender), sender, utcnow())
        conversation._get_channel()
        return conversation

    # What the customer sends, as Twilio would post it

    def _get_form(self, sender, message):
        sid = f"SM{uuid4().hex}"
        kind, text = message["kind"], message.get("text") or ""
        form = {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "AccountSid": "AC" + "0" * 32,
            **self._get_names(message),
            "To": f"{CHANNEL}{sender.number}",
            "Body": text,
            "MessageType": kind,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
        }
        if kind in _SAMPLES or kind == "several":
            form.update(self._get_media_parameters(sender, kind, message.get("files") or [message.get("file")]))
            if message.get("transcript"):
                form[SIMULATED_TRANSCRIPT] = message["transcript"]
        elif kind == "location":
            form.update(
                Latitude=message.get("latitude") or "-0.180653",
                Longitude=message.get("longitude") or "-78.467834",
                Label=message.get("label") or "",
                Address=message.get("address") or "",
            )
        elif kind == "button":
            form.update(ButtonText=text, ButtonPayload=message.get("option") or text)
        elif kind == "interactive":
            form.update(ListTitle=text, ListId=message.get("option") or text)
            form.update(ListDescription=message.get("description") or "")
        elif kind in _ABOUT:
            form.update(OriginalRepliedMessageSid=self._get_last_sid(sender, _ABOUT[kind]))
        elif kind == "order":
            items = [{"product_retailer_id": name, "quantity": 1} for name in text.split(",") if name.strip()]
            form.update(Body="", ChannelMetadata=json.dumps({"order": {"product_items": items}}))
        elif kind == "enquiry":
            product = {"catalog_id": "0", "product_retailer_id": (message.get("article") or "").strip() or "SOFA-01"}
            form.update(ChannelMetadata=json.dumps({"context": {"referred_product": product}}))
        elif kind == "forwarded":
            form.update(Forwarded="true")
        elif kind == "advertisement":
            form.update({name: message.get(key) or "" for key, name in _ADVERTISEMENT.items()})
            form.update(ReferralSourceType="ad", ReferralCtwaClid=sid, ReferralNumMedia="0")
        elif kind not in ("text", "unsupported"):
            raise ValidationError(self.env._("The simulator does not know messages of the kind “%s”.", kind))
        if kind in ("reply", "forwarded", "advertisement", "enquiry"):
            form["MessageType"] = "text"
        elif kind == "several":
            form["MessageType"] = form["MediaContentType0"].partition("/")[0]
        return form

    def _get_last_sid(self, sender, direction):
        """What Twilio would call the last message of one side; answers of the simulator get a name only now."""
        lines = self.env["whatsapp.conversation.message"].sudo()
        addresses = [self._get_address(), self._get_scoped_address()]
        place = [("sender_id", "=", sender.id), ("address", "in", addresses), ("direction", "=", direction)]
        silent = [("kind", "not in", ("reaction", "edit", "deletion"))]
        line = lines.search([*place, *silent], order="id desc", limit=1)
        if not line:
            raise UserError(self.env._("There is no message yet that it could be about."))
        if not line.sid:
            line.sid = f"SM{uuid4().hex}"
        return line.sid

    def _get_names(self, message):
        """The parameters that tell who writes."""
        names = {"From": self._get_address(), "ProfileName": self.env._("Simulated customer")}
        if message.get("nameless"):
            scoped = self._get_scoped_address()
            names.update(From=scoped, ExternalUserId=strip_channel(scoped), ProfileUsername="simulated.customer")
        return names

    def _get_media_parameters(self, sender, kind, files):
        """Keep files where real ones would be at Twilio, and say where.

        files
            the tester's own; None for one that comes with the addon.
        """
        kinds = [kind] * len(files)
        if kind == "several" and files == [None]:
            kinds, files = _SEVERAL, [None] * len(_SEVERAL)
        parameters = {"NumMedia": str(len(files))}
        for number, (each, file) in enumerate(zip(kinds, files, strict=True)):
            attachment, mime_type = self._stage_file(sender, each, file)
            parameters[f"MediaContentType{number}"] = mime_type
            parameters[f"MediaUrl{number}"] = f"{sender._get_public_url()}/web/content/{attachment.id}"
        return parameters

    def _stage_file(self, sender, kind, file):
        """The attachment that a file waits in, and its MIME type."""
        if file:
            name, mime_type, data = file["name"], file["type"], base64.b64decode(file["data"])
            if kind in ("audio", "image", "video") and mime_type.partition("/")[0] != kind:
                raise UserError(self.env._("“%s” is not a file of that kind.", name))
        else:
            path, mime_type = _SAMPLES[kind]
            name = path.rpartition("/")[2]
            with file_open(path, "rb") as sample:
                data = sample.read()
        if len(data) > MOST_BYTES:
            raise UserError(self.env._("WhatsApp lets files of at most 16 MB through."))
        values = {
            "name": name,
            "raw": data,
            "mimetype": "application/x-download",
            "res_model": sender._name,
            "res_id": sender.id,
        }
        return self.env["ir.attachment"].sudo().create(values), mime_type

    def _get_staged_files(self, sender):
        files = self.env["ir.attachment"].sudo()
        return files.search(
            [("res_model", "=", sender._name), ("res_id", "=", sender.id), ("create_uid", "=", self.env.uid)]
        )

    # What the screen shows

    def _describe(self, conversation):
        turn = conversation.classification_id
        addresses = conversation.contact_id.address_ids.mapped("value")
        address = [("sender_id", "=", conversation.sender_id.id), ("address", "in", addresses)]
        states = [("state", "in", ("received", "drafting", "queued", "sending"))]
        waiting = conversation.line_ids.search_count([*address, *states], limit=1)
        return {
            "channel_id": conversation.channel_id.id,
            "conversation_id": conversation.id,
            "last_message_id": max(conversation.line_ids.mail_message_id.ids, default=0),
            "busy": bool(waiting),
            "turns": len(conversation.classification_ids),
            "stage": self._get_label(conversation, "stage"),
            "quality": conversation.quality,
            "quality_label": self._get_label(conversation, "quality"),
            "completeness": round(conversation.completeness * 100),
            "confidence": round(conversation.confidence * 100),
            "action": conversation._get_last_step(),
            "silent": conversation.stage == "person",
            "reasons": (turn.explanation or "").splitlines(),
            "slots": self._describe_slots(conversation),
            "lead": {"id": conversation.lead_id.id, "name": conversation.lead_id.name}
            if conversation.lead_id
            else False,
            "reader": self._describe_reader(turn),
        }

    def _describe_slots(self, conversation):
        slots, names = conversation._get_state().slots, conversation.classification_id._subject_names()
        return [
            {
                "name": name,
                "label": names[name],
                "value": self._describe_value(conversation, name, slots[name].value),
                "confidence": round(slots[name].confidence * 100),
                "quote": slots[name].quote,
            }
            for name in SLOT_NAMES
            if name in slots
        ]

    def _describe_value(self, conversation, name, value):
        if isinstance(value, Budget):
            return format_budget(self.env, value.min, value.max)
        if isinstance(value, tuple):
            return ", ".join(value)
        return self._get_label(conversation, "urgency") if name == "urgency" else value

    def _describe_reader(self, turn):
        """Who read the last turn, how long that took, and why the rules stood in for a model."""
        if not turn:
            return False
        reader = turn.model or self._get_label(turn, "provider")
        if turn.fallback:
            return self.env._(
                "Read by the rules in %(ms)s ms, in place of %(model)s", ms=round(turn.latency_ms), model=reader
            )
        return self.env._("Read by %(reader)s in %(ms)s ms", reader=reader, ms=round(turn.latency_ms))

    @staticmethod
    def _get_label(record, field):
        return dict(record._fields[field]._description_selection(record.env)).get(record[field], False)
