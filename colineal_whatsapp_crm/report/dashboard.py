from datetime import UTC, date, datetime, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from pytz import timezone

from .conversation_report import FUNNEL

#: Products shown, and customers in each list of those who wait.
_SHOWN = 6

#: Salespeople and teams shown, and campaigns.
_MOST_PEOPLE = 20

#: Bars of the chart: days up to so many, then weeks, then months.
_MOST_DAYS, _MOST_WEEKS = 45, 180

_STEPS = {
    "hour": relativedelta(hours=1),
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
}

_AGGREGATES = (
    "__count",
    "lead_rate:sum",
    "won_rate:sum",
    "assistant_seconds:avg",
    "person_minutes:avg",
    "lead_minutes:avg",
    "duration_minutes:avg",
    "lead_message_count:avg",
    "answered_rate:sum",
    "lead_answer_minutes:avg",
    "cost:sum",
)

#: Customers whom the assistant found promising and nobody looks after.
ALONE = Domain(
    [
        ("quality", "=", "hot"),
        ("user_id", "=", False),
        ("opted_out", "=", False),
        ("stage", "not in", ("person", "closed")),
        "|",
        ("lead_id", "=", False),
        ("lead_id", "any", [("user_id", "=", False), ("won_status", "=", "pending")]),
    ]
)
WAITING = Domain([("waiting_since", "!=", False), ("stage", "!=", "closed")])


class WhatsappConversationReport(models.Model):
    """What the dashboard shows: one call, and as many statements whatever is stored."""

    _inherit = "whatsapp.conversation.report"

    @api.model
    def get_dashboard(self, period="30_days", team_id=False, date_from=None, date_to=None):
        """All that the dashboard shows of a period and a sales team, as the reader may see it.

        period
            ``today``, ``7_days``, ``30_days``, ``month`` (this one so far) or ``custom``, in the reader's time zone.
        date_from, date_to
            of ``custom``: ISO dates, both inclusive.

        Every figure comes with the domain of its records: on this model, for ``waiting`` and ``alone`` on
        `whatsapp.conversation`. ``before`` is the same figure in as many days before the period.
        Raises `UserError` for what is no period, or one that ends before it begins.
        """
        first, last = self._get_days(period, date_from, date_to)
        begin, end = self._to_utc(first), self._to_utc(last + timedelta(days=1))
        team = Domain("team_id", "=", team_id) if team_id else Domain.TRUE
        domain = self._get_period_domain(begin, end) & team
        granularity = _get_granularity(first, last)
        groupings = [[], ["progress"], ["reached"], ["quality"], ["stopped_at"], ["closing"]]
        groupings += [[f"date:{granularity}", "quality"], ["user_id"], ["team_id"], ["campaign_id"]]
        (total,), *groups = self._read_grouping_sets(domain, groupings, _AGGREGATES)
        before = self._read_group(self._get_period_domain(begin - (end - begin), begin) & team, [], _AGGREGATES)[0]
        progress, reached, quality, stopped, closing = ({row[0]: row[1] for row in rows} for rows in groups[:5])
        return {
            "date_from": first,
            "date_to": last,
            "teams": self.env["crm.team"].search_read([], ["name"]),
            "domain": list(domain),
            "figures": self._get_tiles(
                domain, total, before, {"progress": progress, "quality": quality, "closing": closing}
            ),
            "funnel": self._get_funnel(domain, reached),
            "timeline": self._get_timeline(domain, first, last, granularity, groups[5]),
            "products": self._get_products(domain),
            "people": self._get_people(domain, "user_id", groups[-3]),
            "sales_teams": self._get_people(domain, "team_id", groups[-2]),
            "campaigns": self._get_campaigns(domain, groups[-1]),
            "stopped": self._get_stopped(domain, stopped),
            "classifier": self._get_review(domain),
            "waiting": self._get_rows(WAITING & team, "waiting_since", "waiting_since"),
            "alone": self._get_rows(ALONE & team, "last_inbound_at desc", "last_inbound_at"),
        }

    # The period

    def _get_timezone(self):
        return timezone(self.env.context.get("tz") or self.env.user.tz or "UTC")

    def _get_days(self, period, date_from, date_to):
        """The first and the last day of a period, for the reader."""
        today = fields.Date.context_today(self)
        if period == "custom":
            first, last = fields.Date.to_date(date_from) or today, fields.Date.to_date(date_to) or today
            if last < first:
                raise UserError(self.env._("The period ends before it begins."))
            return first, last
        begin = {
            "today": today,
            "7_days": today - timedelta(days=6),
            "30_days": today - timedelta(days=29),
            "month": today.replace(day=1),
        }
        if period not in begin:
            raise UserError(self.env._("“%s” is no period.", period))
        return begin[period], today

    def _to_utc(self, moment):
        """A day's or an hour's beginning where the reader is, as naive UTC."""
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, datetime.min.time())
        return self._get_timezone().localize(moment).astimezone(UTC).replace(tzinfo=None)

    # The figures

    def _get_tiles(self, domain, total, before, counted):
        """{name: {"value", "before"?, "domain"}}; values are counts, shares from 0 to 1, seconds or messages.

        counted
            by field: how many conversations have each of its values.
        """
        lead, won = Domain("lead_id", "!=", False), Domain("lead_outcome", "=", "won")
        restrictions = {
            "conversations": (Domain.TRUE, lambda row: row[0]),
            "leads": (lead, lambda row: int(row[1])),
            "lead_rate": (lead, lambda row: row[1] / row[0] if row[0] else None),
            "won": (won, lambda row: int(row[2])),
            "won_rate": (won, lambda row: row[2] / row[0] if row[0] else None),
            "assistant_seconds": (Domain("assistant_seconds", ">", 0), lambda row: _known(row[3])),
            "person_seconds": (Domain("person_minutes", ">", 0), lambda row: _known(row[4], 60)),
            "lead_seconds": (Domain("lead_minutes", ">", 0), lambda row: _known(row[5], 60)),
            "duration_seconds": (Domain.TRUE, lambda row: _known(row[6], 60)),
            "lead_messages": (lead, lambda row: _known(row[7])),
            "lead_answer_seconds": (Domain("lead_answer_minutes", ">", 0), lambda row: _known(row[9], 60)),
        }
        figures = {
            name: {"value": get(total), "before": get(before), "domain": list(domain & restriction)}
            for name, (restriction, get) in restrictions.items()
        }
        for field, counts in counted.items():
            for value, _label in self._fields[field].selection:
                figures[value] = {"value": counts.get(value, 0), "domain": list(domain & Domain(field, "=", value))}
        return figures

    def _get_funnel(self, domain, reached):
        """[{"label", "count", "domain"}]: who got at least so far."""
        labels = dict(self._fields["reached"]._description_selection(self.env))
        steps = [step for step, _label in FUNNEL]
        return [
            {
                "label": labels[step],
                "count": sum(reached.get(later, 0) for later in steps[index:]),
                "domain": list(domain & Domain("reached", "in", steps[index:])),
            }
            for index, step in enumerate(steps)
        ]

    def _get_timeline(self, domain, first, last, granularity, rows):
        """[{"begin", "domain", and conversations by quality}], a bar each, those without conversations too."""
        counts = {(row[0], row[1]): row[2] for row in rows}
        begin = datetime.combine(first, datetime.min.time())
        if granularity == "week":
            begin -= timedelta(days=begin.weekday())
        elif granularity == "month":
            begin = begin.replace(day=1)
        end, bars = datetime.combine(last, datetime.max.time()), []
        while begin <= end:
            until = begin + _STEPS[granularity]
            bars.append(
                {
                    "begin": begin.isoformat(),
                    "domain": list(domain & self._get_period_domain(self._to_utc(begin), self._to_utc(until))),
                    **{name or "none": counts.get((begin, name), 0) for name in ("hot", "warm", "cold", False)},
                }
            )
            begin = until
        return {"granularity": granularity, "bars": bars}

    def _get_products(self, domain):
        """The most wanted: [{"label", "count", "leads", "domain"}]."""
        counts = {name: row for name, row in self._count_products(domain).items() if name}
        shown = dict(islice(counts.items(), _SHOWN))
        ids = self._find_interests(shown)
        return [
            {
                "label": name,
                "count": count,
                "leads": leads,
                # Of a product that the shop has no more, there is only the word.
                "domain": list(
                    domain
                    & (
                        Domain("interest_ids", "in", [ids[name]])
                        if name in ids
                        else Domain("product_interest", "ilike", name)
                    )
                ),
            }
            for name, (count, leads, _won) in shown.items()
        ]

    def _get_people(self, domain, field, rows):
        """How those who have the conversations do, who has most first; what nobody has comes last.

        field
            ``user_id`` or ``team_id``.
        rows
            by its values, with `_AGGREGATES`.

        Returns [{"label", "taken", "answered", "answer_seconds", "leads", "lead_answer_seconds", "won", "domain"}].
        """
        rows = sorted(rows, key=lambda row: (not row[0], -row[1]))
        return [
            {
                "label": value.sudo().display_name if value else False,
                "taken": row[0],
                "answered": int(row[8]),
                "answer_seconds": _known(row[4], 60),
                "leads": int(row[1]),
                "lead_answer_seconds": _known(row[9], 60),
                "won": int(row[2]),
                "domain": list(domain & Domain(field, "=", value.id)),
            }
            for value, *row in rows[:_MOST_PEOPLE]
        ]

    def _get_campaigns(self, domain, rows):
        """What each campaign brought, who brought most first; those who came from none are last, to compare.

        rows
            by ``campaign_id``, with `_AGGREGATES`.

        Returns [{"label", "count", "leads", "lead_rate", "won", "cost", "lead_cost", "domain"}]: costs are of the model,
        in dollars, and None where there are no leads. Empty where nobody came from an advertisement.
        """
        if not any(row[0] for row in rows):
            return []
        rows = sorted(rows, key=lambda row: (not row[0], -row[1]))
        return [
            {
                "label": campaign.sudo().display_name if campaign else False,
                "count": row[0],
                "leads": int(row[1]),
                "lead_rate": row[1] / row[0] if row[0] else None,
                "won": int(row[2]),
                "cost": row[10] or 0.0,
                "lead_cost": (row[10] or 0.0) / row[1] if row[1] else None,
                "domain": list(domain & Domain("campaign_id", "=", campaign.id)),
            }
            for campaign, *row in [*rows[:_MOST_PEOPLE], *[each for each in rows[_MOST_PEOPLE:] if not each[0]]]
        ]

    def _get_review(self, domain):
        """How much of what people reviewed was understood right: {"reviewed", "right_rate"}."""
        figures = self._get_classifier_figures(domain, 0, [("reviewed", "=", True)])["classifier"]
        return {name: figures[name] for name in ("reviewed", "right_rate")}

    def _get_stopped(self, domain, stopped):
        """The questions that customers did not answer, the most often first: [{"label", "count", "domain"}]."""
        labels = dict(self._fields["stopped_at"]._description_selection(self.env))
        counts = sorted(((count, question) for question, count in stopped.items() if question), reverse=True)
        return [
            {"label": labels[question], "count": count, "domain": list(domain & Domain("stopped_at", "=", question))}
            for count, question in counts
        ]

    def _get_rows(self, domain, order, moment):
        """Customers to look after now: how many, and the first of them."""
        domain &= Domain("is_simulated", "=", False)
        conversations = self.env["whatsapp.conversation"]
        rows = conversations.search(domain, order=f"{order}, id", limit=_SHOWN)
        return {
            "count": conversations.search_count(domain),
            "domain": list(domain),
            "rows": [
                {
                    "id": row.id,
                    "title": row.title,
                    "words": row.customer_words,
                    "why": row.waiting_reason,
                    "quality": row.quality,
                    "sender": row.sender_label,
                    "since": row[moment],
                }
                for row in rows
            ],
        }


def _get_granularity(first: date, last: date):
    days = (last - first).days + 1
    if days == 1:
        return "hour"
    if days <= _MOST_DAYS:
        return "day"
    return "week" if days <= _MOST_WEEKS else "month"


def _known(value, factor=1):
    return None if value is False else value * factor
