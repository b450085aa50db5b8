"""Texts for readers whose language the writer does not know."""


def in_each_language(record, say):
    """What `say(record)` gives in each installed language, as ``{code: text}``: for what is pushed to open screens."""
    return {code: say(record.with_context(lang=code)) for code, _name in record.env["res.lang"].get_installed()}


def with_language_of(record, user):
    """The record as what is written for one user should be worded: an activity's summary, a notification."""
    return record.with_context(lang=user.sudo().lang or record.env.lang)
