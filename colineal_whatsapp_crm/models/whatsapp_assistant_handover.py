from odoo import fields, models


class WhatsappAssistant(models.Model):
    """When the assistant calls a person, whom, and how long that person has."""

    _inherit = "whatsapp.assistant"
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "support_team_id",
            "unsure_percent",
            "hourly_replies",
            "answer_minutes",
            "answer_days",
            "return_hours",
        }
    }

    support_team_id = fields.Many2one(
        "crm.team",
        help="Who gets complaints and other after-sales. Empty: the lead's salesperson or the sender's sales team.",
    )
    # In 900 labelled conversations the rules were below 60 % twice in a row in 34, and had read all of them right; below
    # 55 % in none. So this calls nobody without need, and somebody when understanding breaks down.
    unsure_percent = fields.Integer(
        bounds=(0, 100),
        string="Too Little Confidence (%)",
        default=50,
        help="A customer whose messages are read with less confidence than this twice in a row gets a person. 0: never.",
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
