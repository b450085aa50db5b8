"""Spanish inflection of what shops sell: plural, gender, articles. What it gets wrong, people put right by hand."""

import re
from collections.abc import Iterable

from .text import fold

#: What begins the part of a name that has no plural of its own: *mesitas | de noche*, *sillas | para comedor*.
_COMPLEMENT = frozenset("de del en para con sin a al que por tipo estilo modelo color x".split())
#: Nouns and loan words that say which kind, and stay as they are: *sofás cama*, *camas king*, *muebles bar*.
_APPOSED = frozenset(
    """cama cuna nido bar litera baul puff puf banco isla clave relax gamer gaming king queen twin size full single
    premium luxe deluxe express confort plus pop retro vintage slim tv led mini smart standard estandar tapiz""".split()
)
#: *minibares* is one word; as two, the first is no noun.
_INVARIABLE_FIRST = frozenset(("mini", "super", "porta", "semi", "multi"))

_GREEK = frozenset("mapa dia problema sistema tema programa clima planeta diploma poema idioma sofa".split())
_FEMININE = frozenset(
    """base flor foto imagen llave luz mano moto nariz noche nube parte pared piel radio red serie superficie torre
    fuente leche clase calle gente nave suite chaise carpet kitchenette""".split()
)
_FEMININE_ENDINGS = ("cion", "sion", "dad", "tad", "tud", "umbre", "triz")
_MASCULINE_ENDINGS = ("o", "on", "an", "in", "or", "er", "al", "el", "il", "ol", "ul", "aje")

_UNACCENTED = str.maketrans("áéíóúÁÉÍÓÚ", "aeiouAEIOU")
_VOWELS = re.compile(r"[aeiouáéíóúü]+")


def pluralize(phrase: str) -> str:
    """The Spanish plural of a product's name: ``mesita de noche`` → ``mesitas de noche``, ``sofá cama`` → ``sofás cama``."""
    words = phrase.split()
    inflects, head = True, 0
    for index, word in enumerate(words):
        folded = fold(word)
        if folded in _COMPLEMENT or (not word.isalpha() and "-" not in word):
            break
        if index == 0 and len(words) > 1 and folded in _INVARIABLE_FIRST:
            head = 1
            continue
        if index > head and folded in _APPOSED:
            # What follows says more of it: *camas king size*.
            inflects = False
        if inflects:
            words[index] = _pluralize_word(word)
    return " ".join(words)


def _pluralize_word(word: str) -> str:
    last = word[-1].casefold()
    if word.isupper() and len(word) <= 3:
        return word  # TV, and the L of a shape
    if last == "x" or word.endswith("ss"):
        return word
    if last == "s":
        # One stressed at its end has a plural of its own: *compases, grises*; the others have not.
        stressed = word[-2:-1] in "áéíóú" or (len(_VOWELS.findall(word.casefold())) == 1 and len(word) > 2)
        return f"{word[:-2]}{word[-2].translate(_UNACCENTED)}ses" if stressed and len(word) > 2 else word
    if last == "z":
        return word[:-1] + "ces"
    if last == "n":
        return word[:-2] + word[-2:].translate(_UNACCENTED) + "es"
    if last == "d" and len(word) > 3 and word[-2] in "aeiouáéíóú":
        return word + "es"  # paredes; of English words, beds
    # Other consonants end words of other languages: *racks, closets*.
    return word + ("es" if last in "lrjy" else "s")


def is_feminine(phrase: str, otherwise: bool = False) -> bool:
    """Whether a product's name is a feminine one, by its first word; `otherwise` where the word does not tell."""
    head = fold(phrase.split()[0]) if phrase.split() else ""
    written = phrase.split()[0].casefold() if head else ""
    if head in _GREEK or written.endswith("á"):
        return False
    if head in _FEMININE or head.endswith(("a", *_FEMININE_ENDINGS)):
        return True
    return otherwise and not head.endswith(_MASCULINE_ENDINGS)


def article(phrase: str, feminine: bool, plural: bool = False) -> str:
    """``el``, ``la``, ``los`` or ``las``; *el* before a feminine word that begins with a stressed a: *el arca*."""
    if plural:
        return "las" if feminine else "los"
    return "la" if feminine and not _begins_with_stressed_a(phrase) else "el"


def of_article(phrase: str, feminine: bool) -> str:
    """``de la`` or ``del``"""
    return "del" if article(phrase, feminine) == "el" else "de la"


def a_article(phrase: str, feminine: bool) -> str:
    """``un`` or ``una``"""
    return "un" if article(phrase, feminine) == "el" else "una"


def _begins_with_stressed_a(phrase: str) -> bool:
    word = phrase.split()[0].casefold().removeprefix("h")
    if word.startswith("á"):
        return True
    accented = word != word.translate(_UNACCENTED)
    return word.startswith("a") and not accented and len(_VOWELS.findall(word)) == 2 and word[-1] in "aeons"


def enumerate_words(words: Iterable[str]) -> str:
    """``a, b y c``, with *e* before the sound of *i* as Spanish wants it."""
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    last = words[-1].casefold()
    joint = "e" if last.startswith(("i", "hi", "í", "hí")) and not last.startswith(("hie", "hia", "io")) else "y"
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
