"""Text as databases take it."""


def storable(text):
    """PostgreSQL cannot hold NUL, and UTF-8 no lone surrogate: both become the replacement character."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
