from datetime import UTC, datetime


def utcnow():
    """Now as naive UTC with its fraction of a second, which `fields.Datetime.now` drops and the worker needs."""
    return datetime.now(UTC).replace(tzinfo=None)
