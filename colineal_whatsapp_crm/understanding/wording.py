"""Saying back what was understood, in Spanish: the customer's own word for a product, its plural, its article."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .grammar import a_article, article, enumerate_words, is_feminine, of_article, pluralize
from .text import Text, fold
from .vocabulary import Interest, Vocabulary


@dataclass(frozen=True, slots=True)
class ProductWords:
    """A product as a sentence needs it."""

    singular: str
    plural: str
    feminine: bool

    @property
    def with_article(self) -> str:
        """``la cama``, ``el sofá``"""
        return f"{article(self.singular, self.feminine)} {self.singular}"

    @property
    def of_it(self) -> str:
        """``de la cama``, ``del sofá``"""
        return f"{of_article(self.singular, self.feminine)} {self.singular}"

    @property
    def one(self) -> str:
        """``una cama``, ``un sofá``"""
        return f"{a_article(self.singular, self.feminine)} {self.singular}"

    @property
    def all(self) -> str:
        """``las camas``, ``los sofás``"""
        return f"{article(self.plural, self.feminine, plural=True)} {self.plural}"


def customers_words(texts: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """The words customers used for products: canonical name → synonym in the singular, as the vocabulary spells it.

    Misspelt words and diminutives are left out: nobody wants them back.
    """
    used = {}
    for text in map(Text, texts):
        for mention in vocabulary.find(text):
            written = fold(text.quote(mention.first, mention.last))
            interest = mention.interest
            plurals = {synonym: plural for synonym, plural, _gender in interest.forms}
            for phrase in (interest.name, *interest.synonyms):
                if written in (fold(phrase), fold(pluralize(phrase)), fold(plurals.get(phrase, ""))):
                    used[interest.name] = phrase
                    break
    return used


def product_words(interest: Interest, used: str | None = None) -> ProductWords:
    """An interest in the customer's word for it, when that is known and another than its name."""
    if not used or used == interest.name:
        return ProductWords(interest.name, interest.plural or pluralize(interest.name), interest.gender == "f")
    for synonym, plural, gender in interest.forms:
        if synonym == used:
            return ProductWords(used, plural or pluralize(used), gender == "f")
    return ProductWords(used, pluralize(used), is_feminine(used, interest.gender == "f"))


def name_products(names: Sequence[str], used: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """What a wording may say of the products wanted, by placeholder.

    names
        canonical names, at least one; one that the vocabulary no longer has is said as it stands.
    used
        the customer's words for them, see `customers_words`.
    """
    words = [product_words(vocabulary.interest(name) or _unknown(name), used.get(name)) for name in names]
    return {
        "product": words[0].singular,
        "products": enumerate_words(each.plural for each in words),
        "the_product": words[0].with_article,
        "of_the_product": words[0].of_it,
        "a_product": words[0].one,
        "the_products": enumerate_words(each.all for each in words),
    }


def _unknown(name: str) -> Interest:
    return Interest(name, gender="f" if is_feminine(name) else "m")
