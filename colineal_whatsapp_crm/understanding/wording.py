"""Saying back what was understood, in Spanish: the customer's own word for a product, its plural, its article."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .text import Text, fold
from .vocabulary import Interest, Vocabulary

# What begins the part of a name that has no plural of its own: *mesitas | de noche*, *sillas | para comedor*.
_COMPLEMENT = frozenset("de del en para con sin a que por".split())


@dataclass(frozen=True, slots=True)
class ProductWords:
    """A product as a sentence needs it."""

    singular: str
    plural: str
    feminine: bool

    @property
    def with_article(self) -> str:
        """``la cama``, ``el sofá``"""
        return f"{'la' if self.feminine else 'el'} {self.singular}"

    @property
    def of_it(self) -> str:
        """``de la cama``, ``del sofá``"""
        return f"{'de la' if self.feminine else 'del'} {self.singular}"


def customers_words(texts: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """The words customers used for products: canonical name → synonym in the singular, as the vocabulary spells it.

    Misspelt words and diminutives are left out: nobody wants them back.
    """
    used = {}
    for text in map(Text, texts):
        for mention in vocabulary.find(text):
            written = fold(text.quote(mention.first, mention.last))
            for phrase in (mention.interest.name, *mention.interest.synonyms):
                if written in (fold(phrase), fold(pluralize(phrase))):
                    used[mention.interest.name] = phrase
                    break
    return used


def product_words(interest: Interest, used: str | None = None) -> ProductWords:
    """An interest in the customer's word for it, when that is known and another than its name."""
    if not used or used == interest.name:
        return ProductWords(interest.name, interest.plural or pluralize(interest.name), interest.gender == "f")
    head = used.split()[0].casefold()
    feminine = head.endswith("a") or (interest.gender == "f" and not head.endswith("o"))
    return ProductWords(used, pluralize(used), feminine)


def pluralize(phrase: str) -> str:
    """The Spanish plural of a product's name: ``mesita de noche`` → ``mesitas de noche``, ``sillón`` → ``sillones``."""
    words = phrase.split()
    for index, word in enumerate(words):
        if word.casefold() in _COMPLEMENT:
            break
        words[index] = _pluralize_word(word)
    return " ".join(words)


def _pluralize_word(word: str) -> str:
    if word[-1] in "sx":
        return word
    if word[-1] == "z":
        return word[:-1] + "ces"
    if word[-1] == "n":
        return word[:-2] + word[-2:].translate(str.maketrans("áéíóú", "aeiou")) + "es"
    # Other consonants end words of other languages: *racks, closets*.
    return word + ("es" if word[-1] in "lrjy" else "s")


def enumerate_words(words: Sequence[str]) -> str:
    """``a, b y c``, with *e* before the sound of *i* as Spanish wants it."""
    if len(words) < 2:
        return "".join(words)
    last = words[-1].casefold()
    joint = "e" if last.startswith(("i", "hi")) and not last.startswith(("hie", "hia")) else "y"
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def name_products(names: Sequence[str], used: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """What a wording may say of the products wanted: ``product``, ``products``, ``the_product``, ``of_the_product``.

    names
        canonical names, at least one; one that the vocabulary no longer has is said as it stands.
    used
        the customer's words for them, see `customers_words`.
    """
    words = [product_words(vocabulary.interest(name) or Interest(name), used.get(name)) for name in names]
    return {
        "product": words[0].singular,
        "products": enumerate_words([each.plural for each in words]),
        "the_product": words[0].with_article,
        "of_the_product": words[0].of_it,
    }
