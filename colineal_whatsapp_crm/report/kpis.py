from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .conversation_report import MARKS

#: What is counted and averaged for every group of conversations: name and aggregate.
_MEASURES = {
    "conversations": "__count",
    "leads": "lead_rate:sum",
    "won": "won_rate:sum",
}

_AVERAGES = {
    "assistant_answer_seconds": "assistant_seconds:avg",
    "person_answer_minutes": "person_minutes:avg",
    "lead_minutes": "lead_minutes:avg",
    "lead_answer_minutes": "lead_answer_minutes:avg",
    "conversation_minutes": "duration_minutes:avg",
}

#: The breakdowns, by the field that conversations are grouped by.
_BREAKDOWNS = {
    "by_stage": "stage",
    "by_quality": "quality",
    "by_city": "city",
    "by_source": "source_id",
    "by_sender": "sender_id",
    "by_salesperson": "user_id",
    "by_team": "team_id",
    "by_hour": "hour",
    "by_weekday": "weekday",
}


class WhatsappConversationReport(models.Model):
    _inherit = "whatsapp.conversation.report"

    @api.model
    def _get_kpis(self, date_from=None, date_to=None, domain=()):
        """The figures of the conversations begun in a period that the caller may see, ready for JSON.

        date_from, date_to
            naive UTC datetimes, the second exclusive; None leaves that end open.
        domain
            on this model, further restricts the conversations.

        Returns a dict. Counts are integers, rates are shares from 0 to 1, times are what their name says; a rate or
        average over nothing is None.

        ``conversations``
            ``total``, and of these ``active``, ``completed`` (became a lead or were closed) and ``abandoned`` (neither,
            and silent for the lifetime of a conversation).
        ``conversion``
            ``leads`` and ``won``: conversations with a lead and with a won one; ``lead_rate`` and ``won_rate``: their
            share of all.
        ``times``
            averages: ``assistant_answer_seconds``, ``person_answer_minutes``, ``lead_minutes``, ``lead_answer_minutes``
            and ``conversation_minutes``, as the fields of this model define them.
        ``messages``
            ``received``, ``sent``, ``total``, ``per_conversation`` and ``per_lead``.
        ``quality``
            ``hot``, ``warm``, ``cold`` and ``none`` (nothing read yet), each ``{"conversations", "leads"}``.
        ``drop_off``
            by question at which customers stopped answering: ``[{"question", "conversations", "without_lead"}]``.
        ``classifier``
            of the turns of these conversations: ``turns``, ``reviewed``, ``fallbacks`` (read by the rules in a model's
            place), ``confidence`` and ``latency_ms`` (averages), ``right_rate`` and ``right`` (by part, over what was
            reviewed).
        ``cost``
            of the model, in US dollars: ``total_usd`` and ``per_conversation_usd``; ``tokens``.
        ``by_stage``, ``by_quality``, ``by_city``, ``by_source``, ``by_sender``, ``by_salesperson``, ``by_team``, \
``by_hour``, ``by_weekday``, ``by_product``
            ``[{"value", "label", "conversations", "leads", "won", "lead_rate"}]``, most conversations first; hours
            (``"00"`` to ``"23"``) and weekdays (``"1"`` Monday to ``"7"``) in their order and the shop's time zone.
            ``value`` is an id for records, None where it is not known. A conversation about two products counts for
            both.
        """
        domain = self._get_period_domain(date_from, date_to) & Domain(domain)
        totals = self._get_totals(domain)
        return {
            **totals,
            **self._get_classifier_figures(domain, totals["conversations"]["total"]),
            **self._get_breakdowns(domain),
        }

    @api.model
    def _get_period_domain(self, date_from, date_to):
        domain = Domain.TRUE
        if date_from:
            domain &= Domain("date", ">=", date_from)
        if date_to:
            domain &= Domain("date", "<", date_to)
        return domain

    def _get_totals(self, domain):
        aggregates = [
            *_MEASURES.values(),
            *_AVERAGES.values(),
            "inbound_count:sum",
            "message_count:sum",
            "lead_message_count:avg",
        ]
        groupings = [[], ["progress"], ["quality"], ["stopped_at"]]
        (total,), progress, quality, stopped = self._read_grouping_sets(domain, groupings, aggregates)
        count, leads, won = (int(value) for value in total[:3])
        *averages, received, messages, per_lead = (None if value is False else value for value in total[3:])
        received, messages = received or 0, messages or 0
        by_progress = {value: number for value, number, *_rest in progress}
        by_quality = {value: (number, int(with_lead)) for value, number, with_lead, *_rest in quality}
        return {
            "conversations": {
                "total": count,
                **{name: by_progress.get(name, 0) for name in ("active", "completed", "abandoned")},
            },
            "conversion": {
                "leads": leads,
                "won": won,
                "lead_rate": _share(leads, count),
                "won_rate": _share(won, count),
            },
            "times": dict(zip(_AVERAGES, averages, strict=True)),
            "messages": {
                "received": received,
                "sent": messages - received,
                "total": messages,
                "per_conversation": _share(messages, count),
                "per_lead": per_lead,
            },
            "quality": {
                name or "none": dict(zip(("conversations", "leads"), by_quality.get(name, (0, 0)), strict=True))
                for name in ("hot", "warm", "cold", False)
            },
            "drop_off": [
                {"question": question, "conversations": number, "without_lead": number - int(with_lead)}
                for question, number, with_lead, *_rest in sorted(stopped, key=lambda row: -row[1])
                if question
            ],
        }

    def _get_classifier_figures(self, domain, conversation_count, which_turns=()):
        turns = self.env["whatsapp.classification"]
        # The report's conversations are customers' anyway.
        query = turns._search([("conversation_id", "in", self._search(domain)), *which_turns], active_test=False)
        column = {
            name: turns._field_to_sql(turns._table, name, query)
            for name in ("reviewed", "fallback", "confidence", "latency_ms", "tokens", "cost", "unjudged")
        }
        marks = [(mark, turns._field_to_sql(turns._table, f"{mark}_right", query)) for mark in MARKS]
        selected = [
            SQL("count(*)"),
            SQL("count(*) FILTER (WHERE %s)", column["reviewed"]),
            SQL("count(%s)", column["fallback"]),
            SQL("avg(%s)", column["confidence"]),
            SQL("avg(%s)", column["latency_ms"]),
            SQL("COALESCE(sum(%s), 0)", column["tokens"]),
            SQL("COALESCE(sum(%s), 0)::float", column["cost"]),
            *(
                SQL(
                    "(avg(%s::int) FILTER (WHERE %s AND NOT COALESCE(%s, '[]') ? %s))::float",
                    sql,
                    column["reviewed"],
                    column["unjudged"],
                    mark,
                )
                for mark, sql in marks
            ),
        ]
        (row,) = self.env.execute_query(query.select(*selected))
        count, reviewed, fallbacks, confidence, latency, tokens, cost, *right = row
        return {
            "classifier": {
                "turns": count,
                "reviewed": reviewed,
                "fallbacks": fallbacks,
                "confidence": confidence,
                "latency_ms": latency,
                "right_rate": sum(known) / len(known)
                if (known := [mark for mark in right if mark is not None])
                else None,
                "right": dict(zip(MARKS, right, strict=True)),
            },
            "cost": {
                "total_usd": cost,
                "per_conversation_usd": _share(cost, conversation_count),
                "tokens": tokens,
            },
        }

    def _get_breakdowns(self, domain):
        groupings = [[field] for field in _BREAKDOWNS.values()]
        results = self._read_grouping_sets(domain, groupings, [*_MEASURES.values()])
        figures = {
            name: self._describe_groups(field, rows)
            for (name, field), rows in zip(_BREAKDOWNS.items(), results, strict=True)
        }
        return {**figures, "by_product": self._describe_products(self._count_products(domain))}

    def _count_products(self, domain):
        """{name: [conversations, leads, won]}, most wanted first; None for conversations about no product.

        The few combinations of products are grouped, which is many times as fast as a join with the products.
        """
        counts = defaultdict(lambda: [0, 0, 0])
        for names, *row in self._read_group(domain, ["product_interest"], [*_MEASURES.values()]):
            for name in names.split(", ") if names else [None]:
                counts[name] = [total + int(more) for total, more in zip(counts[name], row, strict=True)]
        return dict(sorted(counts.items(), key=lambda item: -item[1][0]))

    def _find_interests(self, names):
        """{name: id} of the products that the shop still has."""
        interests = self.env["whatsapp.interest"].sudo().with_context(active_test=False)
        found = interests.search_fetch([("name", "in", list(names))], ["name"])
        return {interest.name: interest.id for interest in found}

    def _describe_products(self, counts):
        ids = self._find_interests(filter(None, counts))
        return [_describe(ids.get(name), name, *row) for name, row in counts.items()]

    def _describe_groups(self, name, rows):
        field = self._fields[name]
        labels = dict(field._description_selection(self.env)) if field.type == "selection" else {}
        groups = []
        for value, *row in rows:
            record = isinstance(value, models.BaseModel)
            label = value.sudo().display_name if record else labels.get(value, value)
            groups.append(_describe(value.id if record else value, label, *row))
        if name in ("hour", "weekday"):
            return sorted(groups, key=lambda group: group["value"])
        return sorted(groups, key=lambda group: -group["conversations"])


def _describe(value, label, count, leads, won):
    return {
        "value": value or None,
        "label": label or None,
        "conversations": count,
        "leads": int(leads),
        "won": int(won),
        "lead_rate": _share(leads, count),
    }


def _share(part, whole):
    return part / whole if whole else None
