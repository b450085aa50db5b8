from markupsafe import Markup
from odoo import fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...gateway.address import get_candidates, region_of, to_e164
from ...gateway.display_text import clean
from ...gateway.formatting import from_whatsapp
from ...gateway.inbound import first, is_listed, list_ordered, option_of, position_of, target_of
from ...gateway.vcard import CARD_TYPES, read_cards
from ...lib.guard import guard
from ...understanding import Exact
from ..inherited.mail_message import POSTED

#: What shows on the message it is about, as long as that is there.
_ABOUT_ANOTHER = ("reaction", "edit", "deletion")


#: The model of products, which sales, stock and others bring; nothing of it is needed.
PRODUCT = "product.product"


class WhatsappConversationMessage(models.Model):
    """What comes beside words and files: cards, places, options that were tapped, reactions and corrections."""

    _inherit = "whatsapp.conversation.message"

    cards = fields.Json(string="Contact Cards", readonly=True, help="Who is on them, as they were read.")
    edited_at = fields.Datetime(readonly=True, help="When the customer last changed it.")
    earlier_body = fields.Text(readonly=True, help="The words as they first came, where the customer changed them.")
    deleted_at = fields.Datetime(readonly=True, help="When the customer deleted it for everybody.")

    # What is about another message

    def _get_target(self):
        """The message that this one is about, of the same customer's; none where it is not known here."""
        self.ensure_one()
        sid = self.direction == "inbound" and target_of(self.sudo().parameters or {})
        if not sid:
            return self.browse()
        target = self.search([("sender_id", "=", self.sender_id.id), ("sid", "=", sid)], limit=1)
        return target.filtered(lambda line: line.conversation_id.contact_id == self.conversation_id.contact_id)

    def _apply_corrections(self):
        """New messages that change or take back what the customer wrote do so."""
        for message in self.filtered(lambda line: line.kind in ("edit", "deletion")):
            target = message._get_target().filtered(lambda line: line.direction == "inbound")
            if target and message.kind == "deletion":
                target.deleted_at = message.create_date
                # What is taken back before it was read is not read.
                if target._move_to("handled"):
                    target.conversation_id._drop_turn()
                target.conversation_id._stop_waiting_for_nothing()
            elif message.kind == "edit" and not message.body:
                # It says nothing: what was said before stands.
                message._move_to("handled")
            elif target:
                if target.state == "received":
                    # It is read as it is now.
                    message._move_to("handled")
                    target.conversation_id._drop_turn()
                target.write(
                    {
                        "earlier_body": target.earlier_body or target.body,
                        "body": message.body,
                        "edited_at": message.create_date,
                        "translations": False,
                    }
                )
            guard(message, "thread", target._show_correction)
            guard(message, "ticket", target._correct_in_ticket)

    def _show_correction(self):
        """Open screens show what the customer changed."""
        message = self.mail_message_id.sudo()
        if not message:
            return
        shown = [message._get_whatsapp_store_field()]
        if self.edited_at:
            message.body = self._get_shown_body()
            shown.append("body")
        Store(bus_channel=message.channel_id).add(message, shown).bus_send()

    def _get_shown_body(self):
        """The words as HTML; with Discuss's own mark where they were changed."""
        body = from_whatsapp(self.body or "")
        if not self.edited_at:
            return body
        mark = Markup("<span class='o-mail-Message-edited'/>")
        # Within the last paragraph, or it stands on a line of its own.
        return body[:-4] + mark + body[-4:] if body.endswith("</p>") else body + mark

    def _goes_onto_another(self, channel):
        """Show this message on the one in the thread that it is about. Returns whether it does not show by itself."""
        self.ensure_one()
        if self.kind not in _ABOUT_ANOTHER:
            return False
        target = self._get_target().mail_message_id.sudo()
        if not target or target.channel_id != channel:
            return False
        if self.kind == "reaction":
            self._react_to(target)
        return True

    def _react_to(self, target):
        """The customer's reaction on a message: one each, and none when it is taken back."""
        contact = self.conversation_id.contact_id
        partner = contact._get_partner()
        guest = contact._get_guest() if not partner else self.env["mail.guest"]
        target = target.with_context(whatsapp_posted=POSTED)
        mine = target.reaction_ids.filtered(lambda each: each.guest_id == guest and each.partner_id == partner)
        sign = (self.body or "").strip()
        for before in set(mine.mapped("content")) - {sign}:
            target._message_reaction(before, "remove", partner, guest)
        if sign:
            target._message_reaction(sign, "add", partner, guest)

    # What is known without reading words

    def _get_exact(self):
        """What these messages of one turn tell for certain, as the understanding's `Exact`."""
        taps, places, cards = [], [], []
        for message in self.filtered(lambda line: line.kind in ("button", "location", "contact")):
            name, parameters = str(message.id), message.sudo().parameters or {}
            if message.kind == "button":
                taps.append((name, option_of(parameters)))
            elif message.kind == "contact":
                own = [card["name"] for card in message.cards or () if message._is_own(card) and card["name"]]
                cards += [(name, each) for each in own[:1]]
            elif city := message._find_city():
                places.append((name, city, message.body or ""))
        return Exact(tuple(taps), tuple(places), tuple(cards))

    def _get_position(self):
        """Latitude and longitude of the place that was shared, in degrees; None of no place."""
        return position_of(self.sudo().parameters or {}) if self.kind == "location" else None

    def _find_city(self):
        """The name of the nearest city that the assistant knows, or None."""
        position = self._get_position()
        return position and self.env["whatsapp.city"]._find_nearest(position)

    def _find_shop(self):
        """The nearest shop of the company and how far it is in km, or None."""
        position = self._get_position()
        return position and self.env["whatsapp.shop"]._find_nearest(position, self.sender_id.company_id)

    def _is_own(self, card):
        """Whether a contact card is the customer's own, and not that of somebody else."""
        phone = self.conversation_id.contact_id.phone
        return bool(phone) and not set(get_candidates(phone)).isdisjoint(self._list_numbers(card))

    def _list_numbers(self, card):
        """The numbers of a card in E.164; without a country they are of the sender's."""
        region = region_of(self.sender_id.number)
        numbers = [to_e164(text, region) for text in (*card["whatsapp"], *card["phones"])]
        return list(dict.fromkeys(filter(None, numbers)))

    def _told_something(self):
        """Whether the turn learned something of it: an option, a place, the customer's own card."""
        self.ensure_one()
        slots = (self.classification_id.slots or {}).values()
        return any(slot.get("message") == str(self.id) for slot in slots)

    # Cards

    def _read_cards(self, files):
        """Keep who is on the contact cards among files that came."""
        cards = [card for file in files if file.mime_type in CARD_TYPES for card in read_cards(file.data)]
        if cards:
            # Some files come at a later try.
            self.cards = [*(self.cards or ()), *cards]

    def action_create_contact(self, number=0):
        """Open the contact of whom a card names, with the reader's own rights: the one with that number, or a new one.

        number
            which of the message's cards, from 0.
        """
        self.ensure_one()
        self.check_access("read")
        cards = self.sudo().cards or []
        if not isinstance(number, int) or not 0 <= number < len(cards):
            raise UserError(self.env._("This contact card is gone."))
        card, partners = cards[number], self.env["res.partner"]
        numbers = self.sudo()._list_numbers(card)
        forms = [form for each in numbers for form in get_candidates(each)]
        emails = list(filter(None, map(email_normalize, card["emails"])))
        known = (("phone_sanitized", forms), ("email_normalized", emails))
        partner = partners
        for name, values in known:
            # A number tells more than an address, which families and companies share.
            partner = partner or partners.search([(name, "in", values)], order="is_company, id desc", limit=1)
        if not partner:
            names = [card["name"], card["organization"], *card["phones"], *card["emails"], *card["whatsapp"]]
            partner = partners.create(
                {
                    "name": next(filter(None, names)),
                    "phone": next(iter([*numbers, *card["phones"]]), False),
                    "email": next(iter(card["emails"]), False),
                    "company_id": False,
                }
            )
            customer = self.sudo().conversation_id.display_name
            body = self.env._("From a contact card that %s sent on WhatsApp.", customer)
            partner.message_post(body=body, subtype_xmlid="mail.mt_note")
        if not card.get("opened"):
            # The button says from now on that there is nothing left to create.
            self.sudo().cards = [{**each, "opened": each is card or each.get("opened", False)} for each in cards]
            self._broadcast_state()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": partner.id,
            "views": [(False, "form")],
        }

    def _get_shown_extras(self, parameters):
        """What the thread shows of it beside words and files."""
        position = self.kind == "location" and position_of(parameters)
        shop = position and self._find_shop()
        return {
            "cards": [{**card, "own": self._is_own(card)} for card in self.cards or ()],
            "near": position
            and {
                "city": self._find_city() or False,
                "shop": shop and shop[0],
                "km": shop and round(shop[1], 1),
            },
            "listed": self.kind == "button" and is_listed(parameters),
            "description": self.kind == "button" and clean(first(parameters, "ListDescription")),
            "ordered": self.kind == "order" and self._describe_ordered(parameters),
            "deleted": bool(self.deleted_at),
            "earlier": self.earlier_body or False,
        }

    def _describe_ordered(self, parameters):
        """What was ordered as texts, ``2 × Sofá Lima (SOFA-01)``: by the shop's own names where it has them as products."""
        ordered = list_ordered(parameters)
        names = self._find_product_names({article for _count, article in ordered}) if ordered else {}
        shown = {article: f"{name} ({article})" for article, name in names.items() if name != article}
        return [f"{count} × {shown.get(article, article)}" for count, article in ordered]

    def _find_product_names(self, articles):
        """{article: name} of the products of the company with these internal references; none where Odoo has no products.

        Who reads the thread need have no right to products: their names are what the catalogue shows to anybody.
        """
        if PRODUCT not in self.env:
            return {}
        company = self.sudo().sender_id.company_id
        products = self.env[PRODUCT].sudo().with_context(lang=company._get_whatsapp_language())
        known = [("default_code", "in", list(articles)), ("company_id", "in", [company.id, False])]
        return {product.default_code: product.name for product in products.search(known, order="id desc")}
