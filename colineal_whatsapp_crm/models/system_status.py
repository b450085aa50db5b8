import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

from odoo import api, models, release
from odoo.modules.module import Manifest
from odoo.tools import config
from pytz import timezone

from ..lib import rate_limit, redis_cache
from ..lib.clock import as_utc, utcnow
from ..understanding.providers import RULES
from .sender.setup import JOB_IS_LATE

UP, DEGRADED, DOWN, OFF, UNKNOWN = "up", "degraded", "down", "off", "unknown"

#: States of messages that somebody or something must still see to.
_QUEUES = {"received": "to_read", "queued": "to_send", "unknown": "in_doubt"}

#: Twilio answers with these when it does not take our credentials. https://www.twilio.com/docs/api/errors
_REFUSED_BY_TWILIO = ("20003", "20404")

#: Nothing was said before WhatsApp was there, nor will be in many years: dates beyond mean the same, and fit any zone.
_FIRST_DAY, _LAST_DAY = date(2009, 1, 1), date(2200, 1, 1)
#: How long a period is when a caller names none.
_DAYS = 30


class WhatsappSystemStatus(models.AbstractModel):
    """The addon as a whole as the HTTP API tells it. Nobody outside is called for it: what the addon knows counts."""

    _name = "whatsapp.system.status"
    _description = "WhatsApp System"

    # Status

    @api.model
    def _get_state(self):
        """``up`` or ``down``, for anybody: whether messages are taken in, read and answered."""
        services = (self._check_database(), self._check_cron())
        return DOWN if any(service["status"] == DOWN for service in services) else UP

    @api.model
    def _get_status(self):
        """How each part does, with the senders that the user may see, as JSON."""
        senders = self.env["whatsapp.sender"].search([("is_simulator", "=", False)])
        services = {
            "database": self._check_database(),
            "redis": self._check_redis(),
            "twilio": self._check_twilio(senders),
            "provider": self._check_provider(senders.assistant_id),
            "cron": self._check_cron(),
        }
        vital = (services["database"], services["cron"])
        if any(service["status"] == DOWN for service in vital):
            state = DOWN
        elif any(service["status"] in (DOWN, DEGRADED) for service in services.values()):
            state = DEGRADED
        else:
            state = UP
        return {
            "system_status": state,
            "version": self._get_version(),
            "timestamp": as_utc(utcnow()),
            "services": services,
            "queue": self._get_queue(senders),
        }

    def _check_database(self):
        begun = time.perf_counter()
        self.env.cr.execute("SELECT 1")
        return {"status": UP, "latency_ms": _milliseconds(begun)}

    def _check_redis(self):
        begun = time.perf_counter()
        status = redis_cache.get_status()
        return {"status": status, "latency_ms": None if status == OFF else _milliseconds(begun)}

    def _check_cron(self):
        """The job that reads and sends: it runs at least once a minute."""
        worker = self.env.ref("colineal_whatsapp_crm.ir_cron_worker", raise_if_not_found=False).sudo()
        last = worker.lastcall
        if not worker.active or not config["max_cron_threads"] or (last and last < utcnow() - JOB_IS_LATE):
            status = DOWN
        else:
            status = UP if last else UNKNOWN
        age = last and (utcnow() - last).total_seconds()
        return {
            "status": status,
            "latency_ms": round(age * 1000, 1) if last else None,
            "last_run_at": as_utc(last),
        }

    def _check_twilio(self, senders):
        """By what was last sent to Twilio and got from it."""
        live = senders.filtered(lambda sender: sender.mode != "simulation")
        if not live:
            return {"status": OFF, "latency_ms": None, "last_received_at": None, "last_sent_at": None}
        received = [at for at in live.mapped("last_webhook_at") if at]
        sent = self.env["whatsapp.conversation.message"].sudo()
        sent = sent.search([("sender_id", "in", live.ids), ("sent_at", "!=", False)], order="sent_at desc", limit=1)
        refused = live.filtered("test_error") or sent.error_code in _REFUSED_BY_TWILIO
        if refused:
            status = DOWN
        elif sent.state in ("queued", "unknown"):
            status = DEGRADED
        else:
            status = UP if sent or received else UNKNOWN
        return {
            "status": status,
            "latency_ms": None,
            "last_received_at": as_utc(max(received, default=None)),
            "last_sent_at": as_utc(sent.sent_at),
        }

    def _check_provider(self, assistants):
        """By the last call of a model; without one the rules read, and they are always there."""
        assistants = assistants.filtered(lambda assistant: assistant.provider != RULES)
        if not assistants:
            return {"status": UP, "latency_ms": None, "name": RULES, "last_failure": None}
        last = self.env["whatsapp.model.call"].sudo()
        last = last.search([("assistant_id", "in", assistants.ids)], order="create_date desc, id desc", limit=1)
        status = UNKNOWN if not last else DEGRADED if last.failure else UP
        return {
            "status": status,
            "latency_ms": round(last.latency_ms, 1) if last else None,
            "name": last.assistant_id.provider or assistants[0].provider,
            "last_failure": last.failure or None,
        }

    def _get_queue(self, senders):
        # Numbers only, of the senders that the user may see.
        groups = (
            self.env["whatsapp.conversation.message"]
            .sudo()
            ._read_group(
                [("sender_id", "in", senders.ids), ("state", "in", list(_QUEUES))],
                ["state"],
                ["__count", "create_date:min"],
            )
        )
        counts = {_QUEUES[state]: count for state, count, _oldest in groups}
        oldest = min((at for state, _count, at in groups if state != "unknown"), default=None)
        return {
            **{name: counts.get(name, 0) for name in _QUEUES.values()},
            "oldest_seconds": max(round((utcnow() - oldest).total_seconds()), 0) if oldest else 0,
        }

    # Configuration

    @api.model
    def _get_config(self):
        """How senders and assistants that the user may see are set up, as JSON; nothing that opens a door."""
        senders = self.env["whatsapp.sender"].search([("is_simulator", "=", False)])
        assistants = self.env["whatsapp.assistant"].search([])
        return {
            "version": self._get_version(),
            "odoo_version": release.version,
            "timezone": self._get_timezone().zone,
            "requests_per_minute": rate_limit.get_api_limit(),
            "redis_configured": redis_cache.is_configured(),
            "senders": [
                {
                    "id": sender.id,
                    "name": sender.name,
                    "number": sender.number,
                    "mode": sender.mode,
                    "company": sender.company_id.name,
                    "assistant_id": sender.assistant_id.id,
                    "messages_per_second": sender.messages_per_second,
                }
                for sender in senders
            ],
            "assistants": [
                {
                    "id": assistant.id,
                    "name": assistant.name,
                    "language": assistant.language,
                    "provider": assistant.provider,
                    "model": assistant.model_name if assistant.provider != RULES else None,
                    "reply_style": assistant.reply_style,
                    "conversation_ttl_days": assistant.ttl_days,
                    "coalescing_seconds": assistant.coalescing_seconds,
                    "minimum_criteria": {
                        "contact_info": assistant.contact_criterion,
                        "interest_level": assistant.interest_criterion,
                        "intent_clarity": assistant.clear_intent,
                    },
                }
                for assistant in assistants
            ],
        }

    # Figures

    @api.model
    def _get_analytics(self, date_from, date_to):
        """The figures of the conversations begun on these days, both included, as JSON.

        date_from, date_to
            dates in the shop's time zone; by default the last thirty days until today.

        Raises `ValueError` when the first is after the last.
        """
        zone = self._get_timezone()
        last = _clamp(date_to) if date_to else datetime.now(zone).date()
        first = _clamp(date_from) if date_from else last - timedelta(days=_DAYS - 1)
        if first > last:
            raise ValueError("the period ends before it begins")
        figures = self.env["whatsapp.conversation.report"]._get_kpis(
            _begin_of(first, zone), _begin_of(last + timedelta(days=1), zone)
        )
        return {
            "period": {"from": first.isoformat(), "to": last.isoformat(), "timezone": zone.zone},
            "analytics": {
                "total_conversations": figures["conversations"]["total"],
                "active_conversations": figures["conversations"]["active"],
                "completed_conversations": figures["conversations"]["completed"],
                "conversion_rate": figures["conversion"]["lead_rate"],
                "average_conversation_minutes": figures["times"]["conversation_minutes"],
                "lead_quality": {name: figures["quality"][name]["leads"] for name in ("hot", "warm", "cold")},
                "classifier_effectiveness": figures["classifier"]["right_rate"],
            },
            "figures": figures,
        }

    def _get_timezone(self):
        """The shop's: of the first assistant's working hours, else of the company."""
        calendar = self.env["whatsapp.assistant"].search([], limit=1).resource_calendar_id
        return timezone(self.env.company._get_whatsapp_timezone(calendar))

    @api.model
    def _get_version(self):
        """The addon's."""
        return Manifest.for_addon("colineal_whatsapp_crm").version


def _milliseconds(begun):
    return round((time.perf_counter() - begun) * 1000, 2)


def _clamp(day):
    return min(max(day, _FIRST_DAY), _LAST_DAY)


def _begin_of(day, zone):
    """The first moment of a day of the time zone as naive UTC."""
    return zone.localize(datetime.combine(day, clock_time.min)).astimezone(UTC).replace(tzinfo=None)
