from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...gateway.address import get_candidates, region_of, to_e164
from ...gateway.display_text import clean
from ...gateway.inbound import (
    first,
    forwarding_of,
    is_listed,
    is_order,
    list_ordered,
    option_of,
    position_of,
    referral_of,
    target_of,
)
from ...gateway.vcard import CARD_TYPES, read_cards
from ...understanding import Exact
from ...understanding.text import fold
from ..inherited.mail_message import POSTED
from .correction import CORRECTIONS

#: What shows on the message it is about, as long as that is there.
_ABOUT_ANOTHER = ("reaction", *CORRECTIONS)


#: The model of products, which sales, stock and others bring; nothing of it is needed.
PRODUCT = "product.product"

#: Characters of an order that a lead shows as what the customer needs.
_LONGEST_NEED = 200


class WhatsappConversationMessage(models.Model):
    """What comes beside words and files: cards, places, options that were tapped, and reactions."""

    _inherit = "whatsapp.conversation.message"

    cards = fields.Json(string="Contact Cards", readonly=True, help="Who is on them, as they were read.")
    articles = fields.Json(
        readonly=True, help="Of the catalogue: how many, and the shop's own number, of what is ordered or asked about."
    )
    is_forwarded = fields.Boolean(readonly=True, help="The words are somebody else's, which the customer passes on.")

    def _note_context(self):
        """Keep what new messages tell beside words and files, for their turn, which does not look at all that came."""
        for message in self:
            parameters = message.sudo().parameters or {}
            if articles := list_ordered(parameters):
                message.articles = articles
            if forwarding_of(parameters):
                message.is_forwarded = True

    # What is about another message

    def _get_target(self):
        """The message that this one is about, of the same customer's; none where it is not known here.

        What is about a correction is about the message that this corrects.
        """
        self.ensure_one()
        target, seen = self.browse(), {self.sid}
        sid = self.direction == "inbound" and target_of(self.sudo().parameters or {})
        while sid and sid not in seen:
            seen.add(sid)
            found = self._find_by_sid(sid)
            if not found:
                break
            target = found
            sid = target.kind == "edit" and target_of(target.sudo().parameters or {})
        # Of a message that has not come, one correction is about another no more than about itself.
        return target if self.kind not in CORRECTIONS or target.kind != "edit" else self.browse()

    def _find_by_sid(self, sid):
        """The message with this SID, of the same sender and customer."""
        found = self.search([("sender_id", "=", self.sender_id.id), ("sid", "=", sid)], limit=1)
        return found.filtered(lambda line: line.conversation_id.contact_id == self.conversation_id.contact_id)

    def _goes_onto_another(self, channel, lines):
        """Show this message on the one in the thread that it is about. Returns whether it does not show by itself.

        lines
            all that is shown now, also after it.
        """
        self.ensure_one()
        if self.kind not in _ABOUT_ANOTHER:
            return False
        about = self._get_target()
        if self.kind in CORRECTIONS:
            if self._is_superseded() or about in lines:
                return True
            about = about or self._get_siblings().filtered("mail_message_id")[:1]
        target = about.mail_message_id.sudo()
        if not target or target.channel_id != channel:
            return False
        if self.kind == "reaction":
            self._react_to(target)
        return True

    def _react_to(self, target):
        """The customer's reaction on a message: one each, whoever they are here, and none when it is taken back."""
        contact = self.conversation_id.contact_id
        partner = contact._get_partner()
        guest = contact._get_guest() if not partner else self.env["mail.guest"]
        target = target.with_context(whatsapp_posted=POSTED)
        # Before they were in the address book, they reacted as a guest.
        mine = target.reaction_ids.filtered(
            lambda each: each.partner_id == partner if each.partner_id else each.guest_id == contact.guest_id
        )
        sign = (self.body or "").strip()
        before = [(each.content, each.partner_id, each.guest_id) for each in mine]
        for content, by_partner, by_guest in before:
            if content != sign:
                target._message_reaction(content, "remove", by_partner, by_guest)
        if sign and sign not in [content for content, _partner, _guest in before]:
            target._message_reaction(sign, "add", partner, guest)

    # What is known without reading words

    def _get_exact(self):
        """What these messages of one turn tell for certain, as the understanding's `Exact`."""
        taps, places, cards, articles, forwarded = [], [], [], [], []
        for message in self:
            name = str(message.id)
            if message.is_forwarded:
                forwarded.append(name)
            if message.kind == "button":
                taps.append((name, option_of(message.sudo().parameters or {}), message._get_words()))
            elif message.kind == "contact":
                own = [card["name"] for card in message._get_own_cards() if card["name"]]
                cards += [(name, each) for each in own[:1]]
            elif message.kind == "location" and (city := message._find_city()):
                places.append((name, city, message.body or ""))
            if message.articles:
                names = tuple(message._name_articles(message.articles).values())
                articles.append((name, names, message._quote_articles()))
        return Exact(tuple(taps), tuple(places), tuple(cards), tuple(articles), frozenset(forwarded))

    def _list_pointed_at(self):
        """What these messages say beside words: options by their own names, articles as slots quote them."""
        options = [option_of(line.sudo().parameters or {}) for line in self if line.kind == "button"]
        return options + [line._quote_articles() for line in self if line.articles]

    def _quote_articles(self):
        return clean(", ".join(self._describe_articles(self.articles)), _LONGEST_NEED)

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

    def _is_own(self, card, is_asked=False):
        """Whether a contact card is the customer's own, and not that of somebody else.

        is_asked
            the assistant has just asked for a telephone number: then the only card that comes is the answer.

        Otherwise it has their number, or their name, whatever the number.
        """
        contact = self.conversation_id.contact_id
        numbers = set(self._list_numbers(card))
        for phone in filter(None, (contact.phone, contact.told_phone)):
            if not numbers.isdisjoint(get_candidates(phone)):
                return True
        names = (contact.profile_name, self.conversation_id.customer_name)
        if any(_is_one_name(card["name"], name) for name in names):
            return True
        return bool(is_asked and numbers and len(self.cards) == 1 and not contact.phone)

    def _get_own_cards(self):
        """The customer's own contact cards among those of a message that nobody has answered yet."""
        if self.kind != "contact" or not self.cards:
            return []
        is_asked = self.conversation_id._asks_phone_now()
        return [card for card in self.cards if self._is_own(card, is_asked)]

    def _list_numbers(self, card):
        """The numbers of a card in E.164; without a country they are of the sender's."""
        region = region_of(self.sender_id.number)
        numbers = [to_e164(text, region) for text in (*card["whatsapp"], *card["phones"])]
        return list(dict.fromkeys(filter(None, numbers)))

    def _told_something(self):
        """Whether the turn learned something of it: an option, a place, the customer's own card."""
        self.ensure_one()
        slots = (self.classification_id.slots or {}).values()
        if any(slot.get("message") == str(self.id) for slot in slots):
            return True
        # Of somebody who is known, it tells nothing new, and nothing is left for a person.
        return self.kind == "contact" and bool(self.cards) and all(map(self._is_own, self.cards))

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
                    "company_name": card["name"] and card["organization"],
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
            "ordered": self._describe_articles(list_ordered(parameters)) or False,
            "advertisement": self._describe_click(parameters),
            "deleted": bool(self.deleted_at),
            "earlier": self.earlier_body or False,
        }

    def _describe_click(self, parameters):
        """What the advertisement says that the customer tapped to write this; False where they tapped none."""
        referral = referral_of(parameters)
        told = referral and (referral["headline"], referral["text"], referral["reference"], referral["url"])
        return next(filter(None, map(clean, told or ())), False)

    def _is_order(self):
        """Whether it is an order from the catalogue: a person sees to it, whatever is understood of it."""
        return self.kind == "order" and is_order(self.sudo().parameters or {})

    def _name_articles(self, articles):
        """{article: name} of what was ordered or asked about: the shop's own name of it, else its number.

        articles
            as `list_ordered` gives them.
        """
        names = {article: article for _count, article in articles}
        return {**names, **self._find_product_names(set(names))} if names else {}

    def _describe_articles(self, articles):
        """What was ordered as texts, ``2 × Sofá Lima (SOFA-01)``, or asked about, without how many.

        By the shop's own names where it has them as products. Of how many nothing can be read, there is nothing said.
        """
        names = self._name_articles(articles)
        shown = {article: article if name == article else f"{name} ({article})" for article, name in names.items()}
        if not self._is_order():
            return list(shown.values())
        return [f"{count} × {shown[article]}" if count else shown[article] for count, article in articles]

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


def _is_one_name(card, known):
    """Whether two names are one person's: the same, or the longer with a second name or surname more."""
    one, other = (set(fold(name or "").split()) for name in (card, known))
    return bool(one and other) and (one == other or (min(len(one), len(other)) > 1 and (one <= other or other <= one)))
