from datetime import timedelta

from odoo import fields, models

from ...lib.clock import utcnow
from ...understanding.consent import OPT_IN_PHRASES, OPT_OUT_PHRASES, is_consent_request, read_phrases

#: Days that data may be kept: a hundred years are for ever.
_DAYS = (0, 36_500)


class WhatsappAssistant(models.Model):
    """What the shop decides: when a person is called and for how long, how leads are tagged, who wants no messages, and
    how long data are kept."""

    _inherit = "whatsapp.assistant"
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "support_team_id",
            "unsure_percent",
            "hourly_replies",
            "answer_minutes",
            "hot_minutes",
            "answer_days",
            "return_hours",
            "tag_products",
            "tag_quality",
            "tag_budget",
            "tag_city",
            "tag_urgency",
            "opt_out_words",
            "opt_in_words",
            "gives_notice",
            "files_days",
            "words_days",
            "analysis_days",
        }
    }

    support_team_id = fields.Many2one(
        "crm.team",
        help="Who gets complaints and other after-sales. Empty: the lead's salesperson or the sender's sales team.",
    )
    # Of 1,430 chats, where all before was read rightly: 3 % of the messages are below 30 %, seven in ten of them misread.
    unsure_percent = fields.Integer(
        bounds=(0, 100),
        string="Too Little Confidence (%)",
        default=30,
        help="A customer whose message is read with less confidence than this is asked again in other words, and gets a "
        "person when it happens twice in a row. 0: never.",
    )
    hourly_replies = fields.Integer(
        string="Messages an Hour",
        default=30,
        bounds=(5, 200),
        help="The most that the assistant writes to one customer within an hour, from 5 to 200. Then a person is "
        "called and the assistant is silent: so two machines never talk for long.",
    )
    answer_minutes = fields.Integer(
        bounds=(0, 10080),
        string="Answer Within (minutes)",
        default=15,
        help="Within the working hours. Who has not written by then loses the conversation to the next available "
        "member of the team, and then to its leader. 0: it is never passed on.",
    )
    hot_minutes = fields.Integer(
        string="Hot Lead Within (minutes)",
        default=5,
        bounds=(0, 1440),
        help="How long the salesperson of a hot lead has before the next is rung, within the working hours. 0: as long "
        "as for any other customer.",
    )
    answer_days = fields.Integer(
        bounds=(0, 365),
        string="Activity Due After (days)",
        default=0,
        help="0: on the day the customer is to be answered.",
    )
    return_hours = fields.Integer(
        bounds=(0, 8760),
        string="Back to the Assistant After (hours)",
        default=24,
        help="When no colleague has written for this long, the assistant goes on from the customer's next message. "
        "0: only by hand.",
    )

    _unsure_percentage = models.Constraint(
        "CHECK(unsure_percent BETWEEN 0 AND 100)", "The confidence is between 0 and 100 %."
    )
    _answer_positive = models.Constraint(
        "CHECK(answer_minutes >= 0 AND answer_days >= 0)", "The time to answer cannot be negative."
    )
    _return_positive = models.Constraint("CHECK(return_hours >= 0)", "The time without a colleague cannot be negative.")

    tag_products = fields.Boolean(string="Tag Leads with Products", default=True)
    tag_quality = fields.Boolean(string="Tag Leads with Quality")
    tag_budget = fields.Boolean(string="Tag Leads with Budget Band")
    tag_city = fields.Boolean(string="Tag Leads with City")
    tag_urgency = fields.Boolean(string="Tag Leads with Urgency")

    opt_out_words = fields.Text(
        string="Words That End Messages",
        default="\n".join(OPT_OUT_PHRASES),
        help="One phrase a line. A customer whose whole message is one of them, courtesies aside, is written to no "
        "more, and told so once. Sentences that say it plainly are understood as well; a customer who may mean it is "
        "asked once.",
    )
    opt_in_words = fields.Text(
        string="Words That Allow Messages Again",
        default="\n".join(OPT_IN_PHRASES),
        help="One phrase a line; heard only from customers who wanted no more messages.",
    )
    gives_notice = fields.Boolean(
        string="Say the Privacy Notice",
        help="Once to each customer, after the first answer. Its text is among the wordings.",
    )

    def _wants_out(self, text):
        return is_consent_request(text or "", read_phrases(self.opt_out_words or ""))

    def _wants_in(self, text):
        return is_consent_request(text or "", read_phrases(self.opt_in_words or ""))

    files_days = fields.Integer(
        bounds=_DAYS,
        string="Keep Files (days)",
        default=180,
        help="Photos, voice notes and documents, theirs and ours. 0: for ever.",
    )
    words_days = fields.Integer(
        bounds=_DAYS,
        string="Keep Messages (days)",
        default=365,
        help="What was written, and the thread in Discuss; files go at the latest with it. 0: for ever.",
    )
    analysis_days = fields.Integer(
        bounds=_DAYS,
        string="Keep Analyses (days)",
        default=730,
        help="Names, e-mail addresses and quotes in what was understood. Products, quality, times and figures stay. "
        "0: for ever.",
    )

    _retention_positive = models.Constraint(
        "CHECK(files_days >= 0 AND words_days >= 0 AND analysis_days >= 0)", "Data cannot be kept for negative days."
    )

    def _get_old_domain(self, days, marker):
        """Conversations that are over, and whose time is."""
        silent_since = utcnow() - timedelta(days=max(days, self._get_bounded("ttl_days")))
        return [
            ("sender_id.assistant_id", "=", self.id),
            (marker, "=", False),
            ("last_message_at", "<", silent_since),
        ]
