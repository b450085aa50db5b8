"""Saying back what was understood, in Spanish: the customer's own word for a product, its plural, its article."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .given_names import GIVEN, SURNAMES
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


#: Within a given name: *María del Carmen*, *Juan de Dios*.
_WITHIN_NAMES = frozenset("de del la las los".split())


def get_first_name(name: str) -> str:
    """What to call a person of this name by: the first of its words, or both of a compound given name.

    *María José Andrade* is *María José*, *Ana Andrade* is *Ana*. Of what may be either, as *Carlos* is, a second given
    name is likelier in the second place than a surname.
    """
    words = name.split()
    folded = [fold(word) for word in words]
    if len(words) < 2 or folded[0] not in GIVEN:
        return " ".join(words[:1])
    second = 1
    while second < len(words) - 1 and folded[second] in _WITHIN_NAMES:
        second += 1
    # *Ana de la Cruz* has a surname there.
    is_compound = folded[second] in GIVEN and (second == 1 or folded[second] not in SURNAMES)
    return " ".join(words[: second + 1 if is_compound else 1])


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
