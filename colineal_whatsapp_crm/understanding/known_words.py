"""The words people really use in the three languages: none of them is a misspelling of another."""

from functools import cache

from .text import fold

_LANGUAGES = ("es", "pt", "en")
#: All of the small lists, whose rarest word comes once in a million words.
_MOST = 30_000


@cache
def known_words() -> frozenset[str]:
    """Some 65,000 words, folded, inflected forms and proper names among them: 4 MB for as long as the process lives."""
    # Costs 0.2 s and 20 MB, which a process that reads no message need not pay.
    from wordfreq import top_n_list

    return frozenset(
        fold(word) for language in _LANGUAGES for word in top_n_list(language, _MOST, "small") if word.isalpha()
    )
