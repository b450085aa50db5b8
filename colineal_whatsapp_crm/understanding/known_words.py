"""The words people really use in the three languages: none of them is a misspelling of another."""

from functools import cache

from .text import fold

#: The 30,000 words of a small list come at least once in a million words. Spanish, which nearly all customers write,
#: is worth the words three times as rare; slips of the keyboard and of the ear are rarer still.
_LISTS = (("es", 80_000, "large"), ("pt", 30_000, "small"), ("en", 30_000, "small"))


@cache
def known_words() -> frozenset[str]:
    """Some 110,000 words, folded, inflected forms and proper names among them, kept as long as the process lives."""
    # Costs 0.4 s and 40 MB, which a process that reads no message need not pay.
    from wordfreq import get_frequency_list, top_n_list

    words = frozenset(
        fold(word) for lang, most, size in _LISTS for word in top_n_list(lang, most, size) if word.isalpha()
    )
    top_n_list.cache_clear()
    get_frequency_list.cache_clear()
    return words
