from datetime import UTC, datetime


def utcnow():
    """Now as naive UTC with its fraction of a second, which `fields.Datetime.now` drops and the worker needs."""
    return datetime.now(UTC).replace(tzinfo=None)


def as_utc(moment):
    """A naive UTC datetime, as Odoo stores it, with its time zone; None for none."""
    return moment.replace(tzinfo=UTC) if moment else None
