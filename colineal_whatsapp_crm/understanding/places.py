"""The city the customer lives in, buys in or wants delivery to, told from surnames, streets, colours and verbs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .given_names import CITY_SURNAMES, RELATIVES
from .lexicon import DETERMINERS, FUNCTION_WORDS
from .name_cues import is_given
from .text import CLAUSE_ENDS, Text
from .vocabulary import City, Vocabulary

#: Cities whose name is also another word: only a place where something says so.
_WORDS = frozenset("milagro cuenca quito manta playas lima duran salinas esmeraldas tena puyo loja".split())
_WITH_ARTICLE = frozenset("puyo tena".split())
_LOCATIVE = frozenset(
    "en a para hasta desde hacia de por in to from at em pra por ciudad city cerca near is sector".split()
)

_STREET = re.compile(
    r" (?:av|avda|avenida|ave|calle|calles|via|redondel|parque|hotel|universidad|estadio|barrio|ciudadela|cdla"
    r"|urbanizacion|restaurante|cooperativa|club|edificio|"
    r"pasaje|autopista|mercado|plaza|hospital|colegio|modelo|linea|coleccion|liga|documental|street|avenue|conjunto|diario|radio"
    r"|equipo|banco|intersection|esquina|y la|entre la|unidad|"
    r"deportivo|barcelona|paseo|mall|color|verde|tono|(?:via|camino|carretera|salida|entrada) al?)(?: (?:de|del|la|el|los|las|republica de|san))?(?: \w+ y)? $"
)
_OWN_PREMISES = re.compile(
    r" (?:mi|mis|nuestr[oa]s?|un|una|my|our|meu|minha) (?:\w+ )?(?:hotel|hostal|restaurante|edificio|colegio|hospital|club|conjunto|mall|unidad) (?:de|en|in) $"
)
#: Where things come from, or how far it is.
_MADE_THERE = re.compile(
    r" (?:hech[oa]s?|fabric\w+|fabrica|producid[oa]s?|elaborad[oa]s?|compr(?:e|amos)|madera|material|lejos)"
    r" (?:(?:es|son|esta|queda|viene|vienen|traid[oa]s?) )*(?:en|de|desde) $"
)
#: Who offers something to the shop says where he works, not where he buys.
_OFFERS = re.compile(
    r" (?:ofrezco|ofrecemos|ofrecerles?|brindo|brindamos|vendo|vendemos|alquilo|alquilamos|arriendo|en venta"
    r"|(?:hago|hacemos|realizo|realizamos|trabajo con|trabajamos con) (?:\w+ )?(?:mudanzas?|fletes?|transporte|tapizados?|limpieza|instalacion\w*"
    r"|remodelacion\w*|construccion\w*|publicidad|marketing|mantenimiento|trabajos|servicios?)) "
)
_DENIED = re.compile(
    r" (?:no|ya no|nunca|nao|not|don't|tampoco) (?!hay|tiene|tenga|entreg|lleg|envi|despach|atiend|deliver|ship|entrega)(?:\w+ )?(?:vivo|vivimos|soy|somos|estoy|estamos|resido|es|era|sea"
    r"|seria|queda|quedo|quiero que sea|moro|sou|live|in|en|de|para|from|a|trabajo)(?: (?:en|de|para|a|in|from|por"
    r"|el|la|ya|em)){0,2} $"
    r"| (?:no|not|nao) $"
)
_PAST = re.compile(
    r" (?:vacaciones|vivia|viviamos|vivi|naci|nacimos|nacida|nacido|crecimos|crecido|vengo|veniamos|venia|antes en|llegue de"
    r"|me mude de|used to live|grew up|cresci|lived|born|trabajaba|estuve|estuvimos|estudie|viaje|viajo|viajando|vine)(?: (?:en"
    r"|de|desde|por|a|in|from)){0,2} $"
)
_DELIVERY = re.compile(
    r" (?:envi\w*|entreg\w*|despach\w*|mand\w*|flete|llev\w*|traslad\w*|domicilio|deliver\w*|ship\w*|transport\w*"
    r"|destino|traen|traer|llegan|llega|llegaria|para|hasta|hacia|frete|entrega\w*|instal\w*|pra|pon\w*|dej\w*"
    r"|recib\w*|to) "
)
#: *el comedor va a Salinas*
_BOUND_FOR = re.compile(
    rf" (?:el|la|los|las|lo|todo) (?!(?:{'|'.join(sorted(RELATIVES))})s? )(?:\w+ )?(?:va|van|iria|irian|ira|iran) (?:a|para|hasta|en|directo a) $"
)
_HOME = re.compile(
    r" (?:vivo|vivimos|soy|somos|estoy|estamos|resido|radico|moro|live|from|mudo|mudamos|mudandome|mudando|casa"
    r"|departamento|depa|local|negocio|oficina|ubicados?|estamos|i'm|sou|quedo|quedamos|hostal|hotel) "
)
_OTHERS_HOME = re.compile(
    r" (?:andan?|radican?|quedan?|viajo|viaja|se fue|se mudo|fue|pasa|vive|viven|vivia|trabaja|trabajan|reside|estudia|lives|live|mora|esta|estan|es|son|tiene|tienen|nacio) "
)
_RELATIVE = re.compile(
    r" (?:(?:mi|mis|su|my|meu|minha|un|una|unos|unas|el|la|tu) (?:\w+ )?(?:" + "|".join(sorted(RELATIVES)) + r")s?"
    r"|(?:mi|tengo|tenemos) (?:\w+ )?(?:familia|familiares|parientes|amigos|amigas|conocidos)|(?:my|our|meus|mis) (?:parents|folks|kids|children|pais|filhos|suegros)) "
)
_GOES_TO = re.compile(
    r" (?:para|envi\w*|mand\w*|llev\w*|entreg\w*|regal\w*|despach\w*|a|for|to|pra|casa de|donde) (?:\S+ ){0,4}$"
)
_TURNS_TO_SELF = frozenset("pero sino aunque mientras yo nosotros but i eu mas".split())
#: *él vive en Azogues y hay que llevársela allá*
_TAKEN_THERE = re.compile(
    r" (?:envi\w*|mand\w*|entreg\w*|llev\w*|despach\w*|dej\w*|hac\w+ llegar|deliver\w*|send|ship\w*|entregar|levar) (?:\w+ ){0,4}?(?:alla|ahi|alli"
    r"|a el|a ella|a su|a ellos|there|directo|domicilio) "
    r"| (?:para|pra|for) (?:ella|el|ellos|ellas|ela|ele|her|him|them) [.,!?¶|]?"
    r"| (?:enviar|mandar|entregar|llevar|despachar|dejar)(?:se|le|les)?l[oa]s? "
    r"| les? (?:\w+ ){0,2}?(?:mand|envi|llev|entreg|despach|regal)\w+ "
)
_FIXES = re.compile(
    r" (?:perdon|digo|mejor|mas bien|mentira|miento|al final|pensandolo|(?:ah|ay|uy|ya|bueno|\?|,) no|cambi\w+|olvid\w+|no no|quise decir|corrijo|me equivoque|sino|en realidad|sorry|i mean|actually"
    r"|disculpe|ahora) (?:\w+ |, ){0,6}$"
)


@dataclass(frozen=True, slots=True)
class FoundCity:
    """A city of the customer: tokens `first` up to `last`; delivers: the furniture goes there."""

    city: City
    first: int
    last: int
    sure: float
    delivers: bool = False


def city_spans(text: Text, vocabulary: Vocabulary) -> list[tuple[City, int, int]]:
    """Every word of a city in a text, whatever it means there."""
    return vocabulary.find_cities(text)


def find_city(
    text: Text,
    spans: Iterable[tuple[City, int, int]],
    taken: frozenset[int],
    products: frozenset[int],
    known_delivers: bool = False,
) -> FoundCity | None:
    """The city that counts: where the furniture goes, else the last one that is the customer's."""
    found: list[FoundCity] = []
    for city, first, last in spans:
        if taken.intersection(range(first, last)):
            continue
        sure = _is_place(text, first, last, products)
        if not sure or _is_denied(text, first, last) or _is_others(text, first, last):
            continue
        _begin, end = text.sentence_range(first)
        delivers = _delivers(text, first) or bool(_TAKEN_THERE.search(text.words(last, end)))
        found.append(FoundCity(city, first, last, sure, delivers))
    if not found:
        return None
    best = found[-1]
    if not _FIXES.search(text.words(max(0, best.first - 8), best.first)):
        # max() keeps the first of equals, so the last one said goes first.
        best = max(reversed(found), key=lambda city: _weight(text, city))
    if known_delivers and not best.delivers and not _FIXES.search(text.words(0, best.first)):
        return None
    return best


def _weight(text: Text, city: FoundCity) -> int:
    """Where the furniture goes, before where one lives, is, or comes from."""
    if city.delivers:
        return 4
    begin, _end = text.clause_range(city.first)
    before = text.words(max(begin, city.first - 5), city.first)
    if re.search(
        r" (?:vivo|vivimos|resido|radico|moro|live|casa|local|negocio|departamento|depa|oficina|hotel) ", before
    ):
        return 3
    return 1 if re.search(r" (?:soy|somos|from|sou) ", before) else 2


def says_delivery(quote: str) -> bool:
    """Whether the words that a known city was read from spoke of delivery."""
    return bool(_DELIVERY.search(Text(quote).flat))


def _is_place(text: Text, first: int, last: int, products: frozenset[int]) -> float:
    """How sure it is that the word is the city; 0 when it is something else."""
    norms = text.norms
    before = text.words(max(0, first - 4), first)
    previous = norms[first - 1] if first else ""
    following = norms[last] if last < len(norms) else ""
    if first and is_given(previous) and norms[first] in CITY_SURNAMES:
        return 0.0
    if _MADE_THERE.search(before) or _OFFERS.search(text.words(text.sentence_range(first)[0], first)):
        return 0.0
    if (
        previous in ("soy", "llamo", "apellido", "apellidos")
        or before.endswith((" apellido es ", " apellidos son "))
        or text.words(last, last + 2) == " de apellido "
    ):
        return 0.0
    if re.match(r" (?:(?:y|ustedes|uds|vos|ustedes si) )*son de $", text.words(text.sentence_range(first)[0], first)):
        return 0.0
    if _STREET.search(before) and not _OWN_PREMISES.search(before):
        return 0.0
    if first - 1 in products and previous not in FUNCTION_WORDS:
        return 0.0
    alone = (not previous or previous in CLAUSE_ENDS or previous in ("y", "o", "si")) and (
        not following or following in CLAUSE_ENDS
    )
    if norms[first] in _WORDS:
        if (
            previous in ("el", "al")
            and norms[first] in _WITH_ARTICLE
            and (previous == "al" or first < 2 or norms[first - 2] in _LOCATIVE | CLAUSE_ENDS)
        ):
            return 0.95
        if previous in (
            "la",
            "el",
            "un",
            "una",
            "las",
            "los",
            "color",
            "verde",
            "me",
            "lo",
            "le",
            "se",
            "cuanto",
            "que",
            "esa",
            "esta",
            "mi",
            "this",
        ):
            return 0.0
        if (
            norms[first] == "quito"
            and following in (DETERMINERS | {"eso", "todo"})
            and previous not in ("en", "a", "para", "hasta", "de", "desde")
        ):
            return 0.0
        if norms[first] == "milagro" and before.endswith((" de ", " por ")) and not _HOME.search(before):
            return 0.0
        if (
            previous in _LOCATIVE
            or alone
            or (norms[first] in ("quito", "loja", "tena", "puyo") and previous not in ("no", "yo"))
        ):
            return 0.95
        return 0.85 if text.tokens[first].raw[0].isupper() and previous not in DETERMINERS else 0.0
    if previous in ("un", "una"):
        return 0.0
    return 0.97 if previous in _LOCATIVE or alone else 0.93


def _is_denied(text: Text, first: int, last: int) -> bool:
    low = first
    while low > 0 and first - low < 6 and text.norms[low - 1] not in CLAUSE_ENDS:
        low -= 1
    before = text.words(low, first)
    after = text.words(last, min(len(text), last + 2))
    return bool(_DENIED.search(before) or _PAST.search(before)) or (
        bool(re.match(r" no (?:[,.!¶]|$)", after)) and not text.is_question(first)
    )


def _is_others(text: Text, first: int, last: int) -> bool:
    """Whether only another person lives there and nothing is delivered."""
    begin, end = text.sentence_range(first)
    # *mi hermana vive en Loja pero yo en Azogues*: a contrast ends what is said of others.
    begin = next((at for at in range(first - 1, begin, -1) if text.norms[at] in _TURNS_TO_SELF), begin)
    before, around = text.words(begin, first), text.words(begin, end)
    if re.search(r" aqui (?:mismo )?(?:, )?(?:en|por) $", before) or _TAKEN_THERE.search(text.words(last, end)):
        return False
    lives_there = re.search(
        r" (?:vive|viven|vivia|trabaja|estudia|reside|lives|mora|moram) (?:en|por|in|em|aqui en|alla en) $", before
    )
    if lives_there and not re.search(
        r" (?:para|envi\w*|mand\w*|llev\w*|entreg\w*|regal\w*|despach\w*|for|pra) ", before
    ):
        return True
    if not _RELATIVE.search(around):
        return False
    near = text.words(last, min(end, last + 6))
    lives = re.match(
        r" (?:es |es donde |donde |que |ahi |alli )?(?:vive|viven|trabaja|esta|estan|estudia|reside)", near
    ) and _RELATIVE.search(near + " ")
    if lives:
        return True
    relation = list(_RELATIVE.finditer(before))
    if not relation:
        return False
    if re.search(
        r" (?:vivo|vivimos|estoy|estamos|moro|moramos|we live|i live) ", re.split(r" (?:y|,|e|and) ", before)[-1] + " "
    ):
        return False
    since = " " + before[relation[-1].end() :]
    if re.fullmatch(r" (?:[^ ]+ )?(?:de|en|desde|from|in) ", since):
        # *mi prima de Guayaquil me pasó su número*
        return not _GOES_TO.search(before[: relation[-1].start()] + " ") and not _delivers(text, first)
    if not _OTHERS_HOME.search(since) or re.search(r" (?:vivo|soy|estoy|vivimos|moro) ", since):
        return False
    # *para mi tía que vive en Cuenca*, *mandar a mi hermana*: it goes there.
    lead = before[: relation[-1].start()] + " "
    return not re.search(
        r" (?:para|envi\w*|mand\w*|llev\w*|entreg\w*|regal\w*|a|for|to|pra) $", lead
    ) and not re.search(r" (?:envi|mand|entreg|despach|regal)\w* ", around)


def _delivers(text: Text, first: int) -> bool:
    begin, _end = text.sentence_range(first)
    low = max(begin, first - 9)
    window = text.words(low, first)
    homes = [match.end() for match in _HOME.finditer(window)]
    goes = [match.end() for match in _DELIVERY.finditer(window)]
    if _BOUND_FOR.search(window):
        return True
    return bool(goes) and (not homes or goes[-1] > homes[-1])
