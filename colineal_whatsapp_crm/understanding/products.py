"""What the customer wants to buy: each named thing gets a stance (wanted, owned, refused, or only mentioned).

The words of things are data (`vocabulary.py`); here is only how a sentence treats a thing, whatever it is.
"""

import re
from dataclasses import dataclass, replace

from .lexicon import ATTRIBUTES, CONNECTORS, DETERMINERS, FUNCTION_WORDS, NUMBER_WORDS, VERBS
from .senses import is_part, other_sense, room
from .text import ELLIPSIS, NEWLINE, Text
from .vocabulary import Mention, Vocabulary

WANTED, OWNED, REFUSED, MENTIONED = "wanted", "owned", "refused", "mentioned"

_WINDOW = 9
_LIST_WORDS = frozenset(", y e o u & + / and or ou ni - plus mas mais tambien ademas con".split()) | {NEWLINE, "|", "*", "•"}
_SMALL = DETERMINERS | NUMBER_WORDS | frozenset("ya solo buen mi de of un una como el la unos # muy mas su sus nomas par juego conjunto".split())

_ASK = (
    r"quiero|quiere|queremos|queria|queriamos|quisiera|quisieramos|quieren|busco|buscamos|buscando|buscaba|busca|necesito|necesitamos|necesita|"
    r"necesitaba|necesitaria|deseo|desea|deseamos|deseaba|requiero|requerimos|preciso|ocupo|interesa|interesan|interesado|interesada|interesaria|"
    r"interesados|comprar|comprarle|comprarme|comprarnos|compraria|comprarles|adquirir|cotizar|cotizarme|cotice|coticeme|cotizame|cotizacion|proforma|precio|precios|"
    r"valor|costo|costos|cuanto|cuantos|venden|vende|vendes|tienen|tiene|tenes|tienes|tendran|tendra|tendrian|hay|manejan|fabrican|hacen|ofrecen|falta|faltan|"
    r"faltaria|faltarian|hace falta|hacen falta|gusta|gusto|gustan|gustaron|gustaria|encanto|encanta|encantaron|llevar|llevo|llevarme|llevaria|lleve|"
    r"deme|dame|denme|veame|vendame|vendanme|vendeme|muestreme|muestrame|ensename|enseneme|agregue|agregueme|agregame|agregar|anada|anadame|sumele|sume|sumeme|"
    r"anoteme|aparteme|separeme|reserveme|averiguar|averiguando|averiguaba|averiguo|ver|viendo|mirando|veo|escoger|elegir|decidi|decidimos|prefiero|preferiria|"
    r"preferimos|renovar|cambiar|reemplazar|remplazar|regalar|regalarle|regalarles|mandar|conseguir|encontrar|pedir|encargar|ordenar|tomar|info|informacion|"
    r"fotos|foto|catalogo|disponible|disponibles|medidas|garantia|looking for|look for|want|need|buy|get|interested in|interested|price|how much|do you have|you have|sell|"
    r"would like|i'd like|like|order|replace|add|show me|see|purchase|quero|queria|procuro|procurando|compro|gostaria|tem|vende|vendem|quanto|trocar|faltou|"
    r"ayudeme con|ayudame con|ayude con|ayudar con|help me with|pensaba en|pensando en|pensamos en|seria|serian|es para|empecemos|empezar|empiezo|empezamos|volviendo|volvamos|aparte"
)
_ASK_VERBOSE = _ASK.replace(" ", r"\ ")
_CUES = re.compile(
    rf"""(?<=\ )(?:
    (?P<withdrawn>(?:ya\ )?(?:no|tampoco|nunca|nao|not|don't|dont|didn't)\ (?:\w+\ )?(?:(?:me|le|lo|la|se|nos)\ )?(?:quiero|quiere|queremos|quisiera|necesito|necesita|necesitamos|busco|buscamos|
        deseo|interesa|interesan|gusta|gusto|gustan|es|era|son|sea|seria|sean|va|voy|vamos|llevo|llevaria|lleve|compro|compraria|compramos|preciso|quero|want|need|like|looking\ for|
        hace\ falta|hacen\ falta|me\ hace\ falta|incluya|incluyan|incluyamos|ponga|cuente|considere|dije|hablo|pedi|digo|prefiero|looking|interested\ in|interested)
      |ni|nada\ de|(?<!mas\ o\ )menos|excepto|salvo|quite|quiteme|quitele|quitar|quitarle|quito|quita|quitame|quitemos|quiten|quitenme|elimine|elimina|eliminar|elimineme|saque|saqueme|saca|sacar|saco|
        borre|borrame|borrar|borreme|descarto|descarte|descartar|descartamos|olvide|olvida|olvidemos|olvidese|olvidate|olvidese\ de|olvidese\ del|omita|
        en\ (?:vez|lugar)\ de|en\ (?:vez|lugar)\ del|en\ cambio\ de|instead\ of|rather\ than|remove|drop|forget|skip|cancel|cancele|cancelar|no\ more|tira|tire|em\ vez\ de|
        ya\ no|tampoco|dejemos\ fuera|deje\ fuera|no\ not|except|but\ not|a\ no\ ser|fuera)
  | (?P<owned>(?:ya\ )?(?:tengo|tenemos|tenia|teniamos|poseo|poseemos|i\ have|we\ have|i've\ got|already\ have|already\ got|have\ already|tenho|temos|ja\ tenho)
      |compre|compramos|comprado|comprada|habia\ comprado|regalaron|regalan|regalo\ mi|regalaran|heredé|herede|dieron|vendieron|vendio|entregaron|entrego|llego|llegaron|trajeron|trajo|
        mandaron|enviaron|pague|pagamos|mi|mis|nuestro|nuestra|nuestros|nuestras|my|our|bought|purchased|received|comprei|compramos|paguei|meu|minha|meus|minhas|prestaron|instalaron|compran|reciben|
        vendo|vender|vendiendo|alquilo|rento|alquilar|alquilan|alquila|alquiler|rentar|rentan|renta\ de|reparar|reparan|repara|reparacion|reparaciones|arreglar|arreglan|arregla|arreglo|arregle|tapizar|tapizan|tapizo|retapizar|retapizan|retapizado|restaurar|restauran|
        lavar|lavan|lavado|limpian|limpieza|limpiar|mantenimiento|fix|repair|rent|sell\ my|selling|clean|reupholster|consertam|consertar|alugam|desarmar|transportar|mudar|donar|botar|boto|bote|
        devolver|devuelvo|devolucion)
  | (?P<related>combin\w+(?:\ bien)?\ con|combin\w+|juego\ con|(?:va|vaya|van|vayan|quede|queden|queda|pegue|peguen|contraste|armonice)(?:\ bien|\ bonito)?\ con|match\w*(?:\ with)?|go\w*\ with|junto\ (?:a|al|con)|al\ lado\ (?:de|del)|
        encima\ (?:de|del)|debajo\ (?:de|del)|frente\ (?:a|al)|detras\ (?:de|del)|igual(?:es)?\ (?:a|al|que)|parecid\w+\ (?:a|al)|next\ to|on\ top\ of|under|behind|para\ poner\ en|
        a\ tono\ con|al\ pie\ (?:de|del)|al\ color\ (?:de|del)|del\ color\ (?:de|del)|mismo\ (?:color|tono|estilo)\ (?:de|del|que)|combina\ com|en\ mi|in\ my|dentro\ (?:de|del)|alrededor\ (?:de|del)|sobre\ mi|hace\ juego|haga\ juego)
  | (?P<wanted>no\ (?:tienen|tiene|hay|venden|vende|tendran|tendra|tenes|tienes|tengo|tenemos|manejan|tinen|solo|solamente|encuentro|he|se)|don't\ have|nao\ tem|
        tengo\ que|tenemos\ que|tengo\ (?:\w+\ )?(?:interes|ganas|pensado|planeado|duda|dudas|pregunta|consulta|idea)(?:\ en|\ de|\ sobre|\ por)?|i\ have\ to|
        (?:lo|el|la)\ (?:unico\ )?que\ (?:me\ |nos\ )?(?:falta|faltan|quiero|necesito|busco|interesa|queda)|{_ASK_VERBOSE})
    )(?=\ )""",
    re.VERBOSE,
)
_TAIL_OWNED = re.compile(
    r"^ (?:(?!no |para |de |en |con |a |y |pero )\w+ ){0,3}?(?:que (?:ya )?(?:me |les |le |nos |te |yo |ya )*(?:compre|compramos|tengo|tenemos|pague|pagamos|llego|llegaron|vendieron|vendio|entregaron|trajeron|mandaron|enviaron|regalaron|dieron|pedi|"
    r"adquiri|adquirimos|vino|vinieron|instalaron|heredamos|herede)|(?:ya )(?:la |lo |los |las )?(?:tengo|tenemos|compre|compramos|regalaron|estan|esta listo|hay)|"
    r"(?:ya )?(?:me )(?:la |lo |los |las )(?:regalaron|regalan|prestaron|dieron|dio|regalo|regala)|i (?:already )?(?:bought|have|ordered|purchased)|que comprei|que tenho|eu ja tenho|ja tenho|we already have|ya estan)\b"
)
_TAIL_REFUSED = re.compile(
    r"^ (?:(?!que |si |pero |y |e |and |porque |o )\w+ )?(?:, )?(?:ya )?(?:(?:mejor |eso |esa |ese |por ahora |todavia |aun )?(?:no|nao)(?= (?:[,.;!|¶…)]|porque|gracias|pero|ya|quiero|necesito|me|lo|la|los|las|va|hace|por|todavia|es|$))|no (?:lo |la |los |las )?(?:quiero|necesito|va|llevo|queremos|necesitamos|"
    r"busco|deseo|compro)|tampoco|(?:ya )?no (?:me )?(?:gusta|convence|sirve|entra|cabe|combina|va|interesa)n?|me da (?:miedo|pena|cosa)|olvidelo|olvidela|olvidalo|ya no|mejor no|ni hablar|not? (?:needed|necessary)|quitelo|quitela|quitelos|quitelas)\b"
)
_TAIL_ASKED = re.compile(
    r"^ (?:[^ ]+ ){0,6}?(?:(?:a )?cuanto (?:cuesta|vale|sale|esta|es|seria|me)|que precio|precio|a como|how much|esta disponible|siguen? disponible|hay en|lo tienen|la tienen|tienen en|me interesa|quanto) "
)
_RENEW = re.compile(
    r" (?:renovar|renovarlo|renovarla|renovo|cambiar|cambiarlo|cambiarla|cambiarlos|cambiarlas|cambio de|reemplazar|remplazar|reemplazarlo|reemplazarla|reemplazo de|jubilar|actualizar|replace|upgrade|trocar|reponer|retirar mi) "
)
_ANOTHER = re.compile(
    r" (?:otr[oa]s?|un[oa]s?(?: mas)? nuev[oa]s?|un[oa] (?:igual|parecid[oa]|mejor|mas|similar|que|de)|uno|una|new one|another(?: one)?|outr[oa]|um novo|uma nova|(?:cambiar|renovar|reemplazar|remplazar)l[oa]s?|que otro)(?: [^ ]+| $)"
)
_CORRECTS = re.compile(
    r" (?:perdon|perdona|perdone|disculpe|digo|quise decir|mas bien|me equivoque|corrijo|correccion|rectifico|sorry|i mean|actually|na verdade|quer dizer|en realidad|no no|nono|o sea no|osea no|desculpa|"
    r"mejor dicho|era|minto|miento)(?: (?:,|:|…|\*|no|es|era|seria|sea|un|una|unos|unas|el|la|los|las|digo|quise|decir|queria|lo que|busco|quiero|que|mejor|me|equivoque|a|the|um|uma)){0,6} $"
)
_BETTER = re.compile(
    r"(?<!el)(?<!la)(?<!que es)(?<!cual es)(?<!cual)(?<!lo) (?:mejor|melhor|rather|prefiero|preferiria|prefiro|rather)(?: (?:,|…|un|una|unos|unas|el|la|los|las|que|sea|sean|deme|dame|quiero|quisiera|me|llevo|busco|"
    r"veamos|vamos|por|con|a|the|um|uma|dos|tres|ver|vea|cambio|cambiemos|nomas|solo)){0,4} $"
)
_ONLY = re.compile(
    r" (?:solo|solamente|unicamente|nomas|just|only|so|somente|apenas)(?: (?:quiero|quisiera|necesito|me quedo con|quedo con|quedemonos con|dejeme|deje|seria|serian|es|va|voy a|querria|llevo|want|need|the|el|la|los|las|un|una|"
    r"unos|unas|dos|con|busco|llevar|comprar|por|a|me|interesa|o|os|as)){0,4} $"
)
_GIVES_UP = re.compile(
    r" (?:ya no (?:quiero|necesito|deseo|busco|voy a (?:querer|comprar|necesitar))(?: (?:nada|ninguno|ninguna|eso|comprar|comprar nada|gracias))?|ya no me interesan?|ya no (?:lo|la|los|las|le) (?:quiero|necesito|quiere|voy a (?:querer|comprar|llevar|necesitar)|compro|"
    r"llevo|queremos)|i don't want (?:it|them|anything)(?: anymore)?|nao quero mais(?: nada)?|no longer (?:need|want) (?:it|them)|olvide (?:todo|eso)|cancele todo|dejelo (?:nomas|asi)) (?=[.,;!|¶…]|$|porque|pero|gracias)"
)
_QUITS = re.compile(r" (?:quite|quita|quiten|saque|saca|olvide|olvida|elimine|borre|descarte|cancele)(?:me)?l[oa]s? ")
_SWAPS = re.compile(r" (?:cambi\w+|reemplaz\w+|remplaz\w+|sustitu\w+|swap|change|trocar) (?:\S+ ){0,3}$")
_PRONOUN = re.compile(r" ya no (lo|la|los|las) ")
_ADDS = re.compile(r" (?:tambien|ademas|si|incluso|igual|also|too|as well|tambem) ")
_BUYING = re.compile(rf" (?:{_ASK}|quiero|aparte) ")


_QUALITIES = FUNCTION_WORDS | ATTRIBUTES | VERBS | frozenset("bueno buena buenos buenas nuevo nueva mejor urgente porfavor igual parecido parecida one ya".split())
_BARE_REFUSALS = frozenset("ni menos excepto salvo tampoco fuera except".split()) | {"nada de", "ya no"}
_POSSESSIVES = frozenset("mi mis my nuestro nuestra nuestros nuestras our meu minha meus minhas".split())


@dataclass(frozen=True, slots=True)
class Stance:
    mention: Mention
    stance: str
    #: A word of wanting stands right before it: what a purchase inside a complaint needs.
    asked: bool
    #: It is owned by now, and so needs not be bought any more.
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """The products after a turn, the mentions that put them there, and whether anything was taken away."""

    products: tuple[str, ...]
    wanted: tuple[Mention, ...]
    refused: frozenset[str]
    doubtful: bool = False


def find_wishes(
    text: Text, vocabulary: Vocabulary, known: tuple[str, ...], taken: frozenset[int], asked_only: bool = False
) -> Wishes:
    """What is wanted after this text, given what was wanted before it.

    taken: tokens that are part of a name or an address. asked_only: count only what a word of wanting asks for.
    """
    stances = _stances(text, vocabulary, taken, bool(known))
    stances = [replace(s, stance=REFUSED) if s.settled and s.mention.interest.name in known else s for s in stances]
    refused = {s.mention.interest.name for s in stances if s.stance == REFUSED}
    wanted = [s.mention for s in stances if s.stance == WANTED and (s.asked or not asked_only)]
    replaced = _replaced(text, stances, wanted, known)
    only = any(_ONLY.search(_before(text, mention)) for mention in wanted)
    products = [] if only and not asked_only else [name for name in known if name not in replaced]
    last_stance = {s.mention.interest.name: s.stance for s in stances if s.stance in (WANTED, REFUSED)}
    dropped = _dropped(text, wanted)
    for mention in wanted:
        name = mention.interest.name
        if name not in products and last_stance.get(name) != REFUSED and name not in dropped:
            products.append(name)
    products = [name for name in products if name not in dropped]
    products = [name for name in products if last_stance.get(name) != REFUSED]
    if not wanted and not refused and known:
        products = _give_up(text, vocabulary, products)
    specific = [name for name in products if name not in vocabulary.general]
    return Wishes(
        tuple(specific or products),
        tuple(wanted),
        frozenset(refused | replaced),
        doubtful=any(s.stance in (OWNED, MENTIONED) or s.mention.sure < 0.9 for s in stances),
    )


def _stances(text: Text, vocabulary: Vocabulary, taken: frozenset[int], has_wishes: bool) -> list[Stance]:
    stances: list[Stance] = []
    mentions = [m for m in vocabulary.find(text) if not taken.intersection(range(m.first, m.last))]
    mentions = _merge_adjectives(text, mentions)
    for index, mention in enumerate(mentions):
        stance = _stance(text, vocabulary, mentions, index, stances, has_wishes)
        stances.append(stance)
    return stances


def _merge_adjectives(text: Text, mentions: list[Mention]) -> list[Mention]:
    """*un sillón de cuero reclinable*: a thing whose name is an adjective takes the place of the noun before it."""
    merged: list[Mention] = []
    for mention in mentions:
        if merged and mention.head.startswith(("reclin",)) and mention.last == mention.first + 1:
            between = text.norms[merged[-1].last : mention.first]
            if len(between) <= 3 and not any(word in _LIST_WORDS or word in DETERMINERS for word in between):
                merged[-1] = Mention(mention.interest, merged[-1].first, mention.last, merged[-1].head, mention.sure)
                continue
        merged.append(mention)
    return merged


def _stance(
    text: Text, vocabulary: Vocabulary, mentions: list[Mention], index: int, before: list[Stance], has_wishes: bool
) -> Stance:
    mention = mentions[index]
    previous = mentions[index - 1] if index else None
    if previous and text.sentence[previous.last - 1] != text.sentence[mention.first] and not _continues(text, previous, mention):
        previous = None
    low = previous.last if previous else 0
    kind, reach = _cue(text, low, mention.first)
    if other_sense(text, mention, vocabulary):
        return Stance(mention, MENTIONED, False)
    listed = previous is not None and _listed(text, previous, mention)
    inherited = before[-1] if listed and before else None
    if inherited and previous and inherited.stance == REFUSED and "no" in text.norms[previous.last : mention.first]:
        inherited = None
    tail = text.words(mention.last, min(len(text), mention.last + 8))
    if is_part(text, vocabulary, previous, mention, kind == WANTED and reach <= 3, has_wishes):
        return Stance(mention, MENTIONED, False)
    if _TAIL_REFUSED.match(tail):
        return Stance(mention, REFUSED, False)
    if room(text, mention, inherited is not None and inherited.stance == MENTIONED):
        return Stance(mention, MENTIONED, False)
    owned_after = _TAIL_OWNED.match(tail)
    if kind is None and inherited and not owned_after:
        if inherited.stance == MENTIONED:
            return Stance(mention, WANTED, False)
        return Stance(mention, inherited.stance, inherited.asked)
    renewed = (kind == OWNED or bool(owned_after)) and _is_renewed(text, mention, vocabulary)
    if kind == REFUSED:
        return Stance(mention, REFUSED, False)
    if (owned_after or kind == OWNED) and not renewed:
        return Stance(mention, OWNED, False, bool(owned_after) or text.norms[mention.first - 1] not in _POSSESSIVES)
    if kind == "related":
        return Stance(mention, MENTIONED, False)
    return Stance(mention, WANTED, (kind == WANTED and reach <= 3) or bool(_TAIL_ASKED.match(tail)))


def _cue(text: Text, low: int, high: int) -> tuple[str | None, int]:
    """The nearest word before a thing that says how the customer stands to it, and how far away it is."""
    sentence = text.sentence
    start = high
    while start > low and high - start < _WINDOW and sentence[start - 1] == sentence[high]:
        start -= 1
    window = text.words(start, high)
    for match in reversed(list(_CUES.finditer(window))):
        kind = match.lastgroup
        gap = window[match.end() :].split()
        words = match.group()
        if kind == "wanted":
            return WANTED, len(gap)
        small = all(word in _SMALL for word in gap)
        if kind == "owned":
            if words in _POSSESSIVES:
                if len(gap) <= 1 and not any(word in (",", "y") for word in gap):
                    return OWNED, len(gap)
                continue
            if len(gap) <= 3 and (small or len(gap) <= 2) and not any(word in ("$", "#", ",", "que", "hasta") or word.isdigit() and int(word) > 20 for word in gap):
                return OWNED, len(gap)
            continue
        if kind == "withdrawn":
            if words in _BARE_REFUSALS and not small:
                continue
            if any(word in ("solo", "solamente", "unicamente", "only", "just") for word in gap):
                return WANTED, len(gap)
            if len(gap) <= 4 and not any(word in (",", "pero", "sino", "si", ".", ELLIPSIS) for word in gap):
                return REFUSED, len(gap)
            continue
        if len(gap) <= 3:
            return "related", len(gap)
    # A bare *no* only refuses what follows it at once: *no el librero*.
    words = window.split()
    while words and words[-1] in _SMALL and words[-1] != "no":
        words.pop()
    if words and words[-1] in ("no", "nao", "not") and (len(words) < 2 or words[-2] not in ("como", "por", "que")):
        return REFUSED, 1
    return None, 0


def _continues(text: Text, previous: Mention, mention: Mention) -> bool:
    """A list may run over line breaks and emoji."""
    return all(word in _LIST_WORDS or word in _SMALL for word in text.norms[previous.last : mention.first])


def _listed(text: Text, previous: Mention, mention: Mention) -> bool:
    between = text.norms[previous.last : mention.first]
    if len(between) > 7:
        return False
    if any(word in ("solo", "solamente", "mejor", "sino", "pero", "digo", "perdon", "nomas", "only", "just", "instead", "entonces") for word in between):
        return False
    joined = not between or any(word in _LIST_WORDS for word in between) or all(word in _SMALL for word in between)
    return joined and not any(word in VERBS and word not in CONNECTORS for word in between)


def _is_renewed(text: Text, mention: Mention, vocabulary: Vocabulary) -> bool:
    """*renovar mi comedor*, *mi sofá está viejo, quiero otro*: what is owned is to be bought anew."""
    first, last = text.sentence_range(mention.first)
    if _RENEW.search(text.words(max(first, mention.first - 6), mention.first)):
        return True
    after = text.words(mention.last, len(text))
    match = _ANOTHER.search(after)
    if not match:
        return False
    # *otra mesa* is another thing, *uno bueno*, *otro más grande* the same one again.
    following = match.group().split()[-1]
    plain = following in match.group(0).split()[:1] or not following.isalpha() or following in _QUALITIES
    return plain and not vocabulary.lemmas(following)[0]


def _before(text: Text, mention: Mention) -> str:
    first = mention.first
    start = first
    while start > 0 and first - start < 8 and text.norms[start - 1] not in (".", "?", "!", NEWLINE):
        start -= 1
    return text.words(start, first)


def _replaced(text: Text, stances: list[Stance], wanted: list[Mention], known: tuple[str, ...]) -> set[str]:
    """Known things that a correction (*perdón, es butaca*; *mejor un sillón*) puts another in the place of."""
    replaced: set[str] = set()
    for mention in wanted:
        before = _before(text, mention)
        after = text.words(mention.last, min(len(text), mention.last + 3))
        corrects, better = _CORRECTS.search(before), _BETTER.search(before)
        if not corrects and not better:
            continue
        if _ADDS.search(before) or _ADDS.search(after) or mention.interest.name in known:
            continue
        same_turn = [s for s in stances if s.mention.last <= mention.first and s.stance == REFUSED]
        earlier = [m for m in wanted if m.last <= mention.first]
        if same_turn or earlier:
            continue
        if len(known) == 1:
            replaced.add(known[0])
        elif corrects and known:
            replaced.add(known[-1])
    return replaced


def _dropped(text: Text, wanted: list[Mention]) -> set[str]:
    """Things of this very message that a correction in it takes back: *un sofá, perdón, una butaca*."""
    dropped: set[str] = set()
    for earlier, later in zip(wanted, wanted[1:], strict=False):
        between = text.words(earlier.last, later.first)
        if re.search(r" (?:por|for|with|con) (?:\S+ )?$", between) and _SWAPS.search(_before(text, earlier)):
            dropped.add(earlier.interest.name)
            continue
        if (_CORRECTS.search(between) or _BETTER.search(between)) and not _ADDS.search(between) and earlier.interest != later.interest:
            dropped.add(earlier.interest.name)
    return dropped


def _give_up(text: Text, vocabulary: Vocabulary, products: list[str]) -> list[str]:
    """*ya no lo quiero*: the thing that the pronoun can stand for, or everything."""
    if not _GIVES_UP.search(text.flat) and not _QUITS.search(text.flat):
        return products
    pronoun = _PRONOUN.search(text.flat)
    if pronoun and len(products) > 1:
        gender = "f" if pronoun.group(1).startswith("la") else "m"
        alike = [n for n in products if (interest := vocabulary.interest(n)) and interest.gender == gender]
        if alike:
            return [name for name in products if name != alike[-1]]
    return []
