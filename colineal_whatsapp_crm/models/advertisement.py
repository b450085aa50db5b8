from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.tools import escape_psql

from ..gateway.display_text import clean
from ..gateway.failure_text import FailureText
from ..gateway.inbound import referral_of
from ..lib import accent_insensitive
from ..understanding.text import Text

#: Characters of what stands above a thread.
_LONGEST = {"headline": 200, "text": 1000, "reference": 200, "url": 500}

#: Of a text that stands for a headline.
_LONGEST_NAME = 60

#: Where people come from, by the end of the host that an advertisement's link has. https://www.facebook.com/business/help
_SOURCES = {"facebook.com": "Facebook", "fb.me": "Facebook", "fb.com": "Facebook", "instagram.com": "Instagram"}
_OTHER_SOURCE = "Meta"
_MEDIUMS = {"ad": "Click-to-WhatsApp Ad", "post": "Click-to-WhatsApp Post"}


class WhatsappAdvertisement(models.Model):
    """One advertisement or post with a button to write to us on WhatsApp, as it came with a customer's first message.

    What it says is Meta's; which products it shows, and which campaign it belongs to, is the shop's to correct.
    """

    _name = "whatsapp.advertisement"
    _inherit = "whatsapp.access.mixin"
    _description = "WhatsApp Advertisement"
    _order = "id desc"
    _rec_name = "headline"
    _rec_names_search = ("headline", "text", "reference")
    _writable_fields = {"sales_team.group_sale_manager": {"interest_ids", "campaign_id", "medium_id", "source_id"}}

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    reference = fields.Char(required=True, readonly=True, help="Meta's number of it.")
    kind = fields.Selection([("ad", "Advertisement"), ("post", "Post")], default="ad", required=True, readonly=True)
    headline = accent_insensitive.Char(readonly=True)
    text = accent_insensitive.Text(readonly=True)
    url = fields.Char(string="Link", readonly=True)
    picture_url = fields.Char(readonly=True)
    picture = fields.Image(max_width=512, max_height=512, readonly=True)
    picture_state = fields.Selection(
        [("pending", "On its way"), ("fetched", "Here"), ("failed", "Did not come")], readonly=True
    )
    picture_error = FailureText(readonly=True)
    picture_attempts = fields.Integer(readonly=True)
    picture_retry_at = fields.Datetime(readonly=True)
    interest_ids = fields.Many2many(
        "whatsapp.interest",
        "whatsapp_advertisement_interest",
        string="Products",
        help="What it shows. Who comes from it is taken to want that, until they say otherwise.",
    )
    campaign_id = fields.Many2one("utm.campaign", ondelete="set null", index="btree_not_null")
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    source_id = fields.Many2one("utm.source", ondelete="set null")
    conversation_ids = fields.One2many("whatsapp.conversation", "advertisement_id")
    conversation_count = fields.Integer(string="Conversations", compute="_compute_conversation_count")

    _reference_uniq = models.Constraint(
        "UNIQUE(company_id, reference)", "This advertisement is already known in this company."
    )
    _pending_index = models.Index("(id) WHERE picture_state = 'pending'")

    @api.depends("headline", "text", "reference")
    def _compute_display_name(self):
        for advertisement in self:
            advertisement.display_name = _get_name(advertisement.headline, advertisement.text, advertisement.reference)

    def _compute_conversation_count(self):
        # What colleagues may not see is not counted.
        rows = self.env["whatsapp.conversation"]._read_group(
            [("advertisement_id", "in", self.ids)], ["advertisement_id"], ["__count"]
        )
        counts = {advertisement.id: count for advertisement, count in rows}
        for advertisement in self:
            advertisement.conversation_count = counts.get(advertisement.id, 0)

    def action_view_conversations(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("colineal_whatsapp_crm.whatsapp_conversation_action")
        return {**action, "domain": [("advertisement_id", "=", self.id)], "context": {}}

    @api.model
    def _get_or_create(self, parameters, company, vocabulary):
        """The advertisement that a message's parameters name; empty where they name none.

        Two messages of one advertisement at the same moment make it once: whoever is second is run again.
        """
        referral = referral_of(parameters)
        if not referral:
            return self.browse()
        values = {name: clean(referral[name], most) for name, most in _LONGEST.items()}
        reference = values["reference"] or values["url"] or values["headline"]
        if not reference:
            # A text alone, or signs that nobody sees, are no name.
            return self.browse()
        known = self.search([("company_id", "=", company.id), ("reference", "=", reference)], limit=1)
        if known:
            known._fill_missing(values, referral, vocabulary)
            return known
        url = values["url"] if _is_link(values["url"]) else False
        picture_url = referral["picture_url"]
        find = self.env["utm.mixin"]._find_or_create_record
        if picture_url:
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_pictures")
        return self.create(
            {
                **values,
                "reference": reference,
                "url": url,
                "company_id": company.id,
                "kind": referral["kind"],
                "picture_url": picture_url,
                "picture_state": "pending" if picture_url else False,
                "interest_ids": self._find_interests(values, vocabulary).ids,
                "campaign_id": self._find_or_create_campaign(
                    _get_name(values["headline"], values["text"], reference)
                ).id,
                "medium_id": find("utm.medium", _MEDIUMS[referral["kind"]]).id,
                "source_id": find("utm.source", _get_source(url)).id,
            }
        )

    @api.model
    def _find_interests(self, values, vocabulary):
        """What an advertisement shows, by its headline and text."""
        named = " ".join(filter(None, (values["headline"], values["text"])))
        names = {mention.interest.name for mention in vocabulary.find(Text(named)) if not mention.interest.general}
        return self.env["whatsapp.interest"].search([("name", "in", list(names))])

    def _fill_missing(self, values, referral, vocabulary):
        """A later click tells what the first did not; what is known, and what people chose, stays."""
        told = {name: values[name] for name in ("headline", "text") if values[name] and not self[name]}
        if told and not (self.headline or self.text or self.interest_ids):
            told["interest_ids"] = self._find_interests(values, vocabulary).ids
        campaign = self.campaign_id
        name = _get_name(told.get("headline") or self.headline, told.get("text") or self.text, self.reference)
        if told and campaign.is_auto_campaign and campaign.name in {self.display_name, self.reference} - {name}:
            # It was named by its text, or Meta's number, for want of anything better.
            told["campaign_id"] = self._find_or_create_campaign(name).id
        if _is_link(values["url"]) and not self.url:
            told["url"] = values["url"]
            if self.source_id.name == _OTHER_SOURCE:
                find = self.env["utm.mixin"]._find_or_create_record
                told["source_id"] = find("utm.source", _get_source(told["url"])).id
        if referral["picture_url"] and not self.picture_url:
            told.update(picture_url=referral["picture_url"], picture_state="pending")
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_pictures")
        if told:
            self.write(told)

    @api.model
    def _find_or_create_campaign(self, name):
        """The campaign of that name, in capitals or not.

        Odoo's own search takes `%` and `_`, which headlines have, for any letters.
        """
        campaigns = self.env["utm.campaign"].with_context(active_test=False)
        known = campaigns.search([("name", "=", name)], limit=1)
        known = known or campaigns.search([("name", "=ilike", escape_psql(name))], limit=1)
        return known or campaigns.create({"name": name, "is_auto_campaign": True})

    def _get_shown(self):
        """What stands above the threads of those who came from it."""
        if not self:
            return False
        return {
            "id": self.id,
            "headline": self.headline or "",
            "text": self.text or "",
            "url": self.url or False,
            "kind": self.kind,
            "picture": self.picture_state == "fetched",
        }


def _get_name(headline, text, reference):
    """What people call an advertisement: its headline, else how its text begins, else Meta's number of it."""
    begins = text or ""
    if len(begins) > _LONGEST_NAME:
        begins = begins[:_LONGEST_NAME]
        begins = f"{begins.rpartition(' ')[0] or begins}…"
    return headline or begins or reference


def _is_link(text):
    """Whether a stranger's text may be a link to tap: nothing but the web's, and nothing that only looks like a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and " " not in text


def _get_source(url):
    host = (urlsplit(url).hostname or "") if url else ""
    return next(
        (name for end, name in _SOURCES.items() if host == end or host.endswith(f".{end}")),
        _OTHER_SOURCE,
    )
