"""When the word of a thing names something else: a room, a part or property of another thing, another sense."""

import re

from .lexicon import ATTRIBUTES, DETERMINERS, FUNCTION_WORDS, NUMBER_WORDS, VERBS
from .text import Text
from .vocabulary import Mention, Vocabulary

#: Words that are rooms of a house, or premises, as well as furniture.
ROOMS = frozenset("sala salas salita comedor comedores comedorcito bar bares barcito living biblioteca oficina".split())
_ROOM_PREPOSITION = re.compile(
    r" (?:para|en|a|al|del|de|hacia|desde|por|dentro de|for|in|into|na|no|pra)(?: (?:la|el|mi|su|las|los|nuestra"
    r"|nuestro|una|un|tu|the|my|our|a|o|minha|meu|toda|toda la|area|area de|zona|zona de)){0,3} $"
)
_ROOM_WORK = re.compile(
    r" (?:decorar|redecorar|remodelar|remodelando|decorando|pintar|arreglar|adornar|amoblar|amueblar|decorate"
    r"|redecorate|equipar|adecuar|ambientar|vestir|iluminar|armando|abrir|montar|poner|inaugurar|abriendo|dueno de"
    r"|duena de|somos|soy|(?<! no )tengo|administro|trabajo en)(?: (?:la|el|mi|su|un|una|nuestra|nuestro|my|the"
    r"|toda)){0,2} $"
)
_PLACE_TAIL = re.compile(
    r"^ de (?:espera|juegos|juego|reuniones|reunion|ventas|estar|belleza|cine|tv|television|exhibicion"
    r"|exhibiciones|juntas|capacitacion|eventos|clases|profesores|emergencias|conferencias|trabajo|lectura|musica"
    r"|video|mi (?:casa|depa|departamento|suite)|la casa)\b|^ (?:es de|mide|tiene|es de unos) \d+(?:[.,]\d+)? (?:x|por|m|mts?|metros)\b|^ (?:y|-|/) (?:restaurante?s?|cafeteria|grill|lounge|discoteca|karaoke)\b"
)
_SENSES = {
    "silla": re.compile(r"^ de (?:ruedas|montar|carro|auto|seguridad|bano)\b"),
    "sillas": re.compile(r"^ de (?:ruedas|montar|carro|auto)\b"),
    "mesa": re.compile(r"^ (?:de (?:ayuda|partes|billar|ping|servicio|dialogo|negociacion)|directiva)\b"),
    "cama": re.compile(r"^ elastica\b"),
    "cuadro": re.compile(r"^ (?:de (?:dialogo|mando|honor|medidas)|comparativo|clinico)\b"),
    "sala": re.compile(r"^ de (?:espera|juegos|reuniones|ventas|estar|belleza)\b"),
}
_IN_CHECK = re.compile(r" a $")
# *estoy en cama*, *me fui a la cama*; but *base para cama*.
_IN_BED = re.compile(
    r" (?:(?:estoy|esta|estaba|estuve|estuvo|estamos|sigo|guardar?|guardo|guardando|paso|pase|reposo|dias?)(?: \w+)? en"
    r"|(?:voy|fui|vaya|mando|mandaron|ir|irme|iba|desayuno|desayunar|levant\w+|sal\w+) (?:\w+ )?(?:a|en|de)(?: la)?|guardar|in|go to) $"
)
_ADVERB = re.compile(
    r" (?:mas|muy|bien|tan|super|re|bastante|demasiado|sea|es|son|sean|esta|estan|seria|serian|ser|estar|resulta"
    r"|resulten|menos|algo|medio|y|e|very|so|que sea|o) $"
)

# Goods and services around furniture that the shop's list does not have: a cover is no sofa.
_OTHER_GOODS = (
    r"funda|fundas|forro|forros|protector|protectores|cobertor|cobertores|edredon|edredones|cobija|cobijas|colcha"
    r"|colchas|cubre|cubrecama|cubrecamas|cubresofa|"
    r"vidrio|vidrios|tela|telas|repuesto|repuestos|pata|patas|tapa|tapas|riel|rieles|tubo|tubos|garucha|garuchas"
    r"|rueda|ruedas|tapizado|tapiz|limpieza|lavado|mantenimiento|reparacion|"
    r"arreglo|restauracion|alquiler|jaladera|jaladeras|tiradera|bisagra|bisagras|tornillo|tornillos|esponja|espuma"
    r"|resorte|resortes|baranda|barandas|respaldo|espaldar|cabecera|cabeceras|"
    r"dosel|mosquitero|foco|focos|pantalla|cover|covers|protector|topper|legs|leg|glass|cristal|base|bases|cajon"
    r"|cajones|puerta|puertas|manija|manijas|cenefa|barra|accesorio|accesorios|"
    r"mouse pad|organizador|organizadores|capa|capas|ropa|juguete|almohadilla|centro|camino|individuales"
    r"|reloj|relojes|respaldar|respaldares|espaldares|calentador|ventilador|porta\w*|quien arregle|planos|dibujo|alfombrilla"
)
_GOODS = re.compile(
    rf" (?:{_OTHER_GOODS})(?: \w+)?(?: (?:de|para|del|of|for|pa|pra|da|do))(?: (?:la|el|los|las|mi|mis|un|una|su"
    rf"|the|my|a|o|meu|minha))? $"
)
_SHOP = re.compile(
    r" (?:tienda|tiendas|local|almacen|almacenes|fabrica|venta|ventas|empresa|casa|mundo|linea|vendedor|vendedora"
    r"|tema|feria|exposicion|negocio|store|shop|loja|page|pagina|fabricante|sector) (?:de|of|comercial de"
    r"|especializada en) $"
)
_PREPOSITION = frozenset("tipo estilo de del para con of for with com pra do da pa al en in".split())
_APART = frozenset("con with com".split())
#: What is part of what: *clóset con espejo*, *comedor con seis sillas* are one thing.
_PARTS = {
    "espejo": None,
    "silla": frozenset(("comedor", "mueble de exterior", "tocador")),
    "taburete": frozenset(("tocador",)),
    "cojín": frozenset(
        ("sofá", "sala", "sillón", "butaca", "mueble de exterior", "silla", "sofá cama", "puf", "reclinable")
    ),
    "mesa": frozenset(("comedor", "mueble de exterior")),
    "cuadro": frozenset(("mantel", "cojín", "alfombra", "cortina", "sábana")),
    "reclinable": None,
    "bar": None,
    "escritorio": frozenset(("litera", "librero", "cama")),
    "librero": frozenset(("escritorio", "mueble de tv", "cama")),
    "cómoda": frozenset(("tocador", "cuna", "cama", "clóset")),
    "lámpara": frozenset(("espejo", "velador", "tocador")),
    "adorno": None,
    "sofá": frozenset(("sala",)),
}
_SUBJECTS = re.compile(
    r" (?:precio|precios|costo|costos|valor|valores|cotizacion|proforma|informacion|info|fotos|foto|catalogo"
    r"|medidas|color|colores|tamano|modelo|modelos|garantia|disponibilidad|entrega|envio|"
    r"descuento|promocion|oferta|stock|diseno|disenos|es|era|seria|serian|price|photo|photos|pictures|preco"
    r"|presupuesto|consulta|pregunta|compra|llamen|llamenme|llameme|tipo|tipos|variedad|opciones|par|juego|marca"
    r"|calidad)"
    r"(?: (?:de|del|para|of|for|sobre))?(?: (?:la|el|los|las|un|una|unos|unas|the|a|mi))? $"
)


def other_sense(text: Text, mention: Mention, vocabulary: Vocabulary) -> bool:
    """Whether the word means something else here: an adjective, an interjection, a wheelchair."""
    head, first, last = mention.head, mention.first, mention.last
    before = text.words(max(0, first - 4), first)
    after = text.words(last, min(len(text), last + 4))
    if last == first + 1 and head in _SENSES and _SENSES[head].match(after):
        return True
    if head.startswith("comod") and _is_adjective(text, mention, before):
        return True
    if (
        head in ("puf", "puff", "uf")
        and (first == 0 or text.norms[first - 1] in ".!?,¶|…")
        and re.match(r"^ (?:[,!.…|]|que |ya |no |ay |que\b)", after)
    ):
        return True
    if head == "cama" and _IN_BED.search(before):
        return True
    if head == "cuadros" and _IN_CHECK.search(before):
        return True
    if mention.interest.general and (
        _SHOP.search(before) or (head in ("moveis", "mueble") and re.match(r"^ (?:el fin|de )$", after))
    ):
        return True
    return bool(_GOODS.search(before)) and not re.search(r" (?:y|,) (?:la|el|un|una)? ?$", before)


def _is_adjective(text: Text, mention: Mention, before: str) -> bool:
    """*una silla cómoda*, *que sea cómoda*, *bonita y cómoda*; but *veladores y cómoda*."""
    if mention.last > mention.first + 1:
        return False
    first = mention.first
    after = text.norms[mention.last] if mention.last < len(text) else ""
    if after in ("cuota", "cuotas"):
        return True
    if first == 0:
        return False
    previous = text.norms[first - 1]
    if previous in DETERMINERS or previous in NUMBER_WORDS or previous.isdigit():
        return False
    if previous in ("y", "e", "o", ",") and first >= 2:
        earlier = text.norms[first - 2]
        return (
            earlier in ATTRIBUTES and earlier not in ("plaza", "plazas", "queen", "king", "media")
        ) or earlier.endswith(("ita", "osa", "able", "ante"))
    if _ADVERB.search(before):
        # *no es librero, es cómoda* names the thing meant.
        return not re.search(
            r" (?:no|not) (?:es|era|son) (?:un |una )?\w+ , (?:es|era|son) $", text.words(max(0, first - 7), first)
        )
    return text.tokens[first - 1].kind == "word" and previous not in FUNCTION_WORDS and previous not in VERBS


def room(text: Text, mention: Mention, in_list_of_rooms: bool) -> bool:
    """Whether *sala*, *comedor* or *bar* is the place and not the furniture."""
    if mention.head not in ROOMS or (mention.last > mention.first + 1 and mention.head != "bar"):
        return False
    before = text.words(max(0, mention.first - 6), mention.first)
    after = text.words(mention.last, min(len(text), mention.last + 4))
    if _PLACE_TAIL.match(after):
        return True
    if in_list_of_rooms and not re.search(r" (?:un|una) $", before):
        return True
    meant_for = re.search(r" (?:es|son|era|seria|serian) para (?:la|el|mi|las|los) $", before)
    if _furniture_tail(after) or (_SUBJECTS.search(before) and not meant_for):
        return False
    if _ROOM_WORK.search(before):
        return True
    match = _ROOM_PREPOSITION.search(before)
    if not match:
        return bool(re.search(r" (?:mi|nuestra|nuestro|my|minha|meu) $", before)) and not re.search(
            r" (?:renovar|cambiar|reemplazar|remplazar|comprar|replace) (?:mi|nuestra|nuestro|my|minha|meu) $", before
        )
    words = match.group().split()
    if words[-1] in ("un", "una") and words[0] in ("en", "de", "por") and not mention.head.startswith("bar"):
        return False
    if words[0] in ("para", "for", "pra") and words[-1] in ("un", "una", "a"):
        return bool(
            re.search(r"\w", text.words(max(0, mention.first - 9), mention.first).replace(match.group(), ""))
            and not re.search(r" (?:es|era|seria) $", before[: match.start()] + " ")
        )
    if words[0] in ("a", "al") and re.search(
        r" (?:voy|vamos|fui|fuimos|ir|cerca|frente) $", before[: match.start()] + " "
    ):
        return True
    return not (
        words[0] in ("por", "a", "al", "del", "de")
        and not re.search(
            r" (?:pared|esquina|piso|color|area|zona|lado|espacio|rincon|ventana|ventanas|entrada|decoracion|luz"
            r"|medidas) $",
            before[: match.start()] + " ",
        )
    )


def _furniture_tail(after: str) -> bool:
    return bool(
        re.match(
            r"^ (?:de )?(?:\d+|dos|tres|cuatro|cinco|seis|siete|ocho|diez|doce) (?:puestos?|personas|sillas|piezas"
            r"|plazas|cuerpos)|^ (?:en l|modular|esquiner[ao]|completa|completo|seccional)\b",
            after,
        )
    )


def is_part(
    text: Text, vocabulary: Vocabulary, previous: Mention | None, mention: Mention, wanted: bool, known: tuple[str, ...]
) -> bool:
    """Whether the thing only describes the one before it: *lámpara de mesa*, *clóset con espejo*."""
    first = mention.first
    if previous is None:
        specific = any(name not in vocabulary.general for name in known)
        return _serves_something(text, mention, known, specific) or _comes_with(text, mention, known)
    between = text.norms[previous.last : first]
    # Elliptic: *una silla gamer o de escritorio* is a chair, *juego de sala y de comedor* is a set.
    if len(between) >= 2 and between[-1] in ("de", "para") and any(w in ("o", "y", ",", "e") for w in between):
        whole = vocabulary.compound(previous.head, mention.head)
        return whole is None or whole == previous.interest
    if between and between[-1] in _APART and belongs_to(mention, previous) and not _joins_things(between):
        return True
    at = len(between) - 1
    while at >= 0 and (
        between[at] in DETERMINERS
        or between[at] in NUMBER_WORDS
        or between[at].isdigit()
        or between[at] in ("nuevo", "nueva", "viejo", "vieja")
    ):
        at -= 1
    if at < 0 or between[at] not in _PREPOSITION or wanted:
        return False
    gap = between[:at]
    if len(gap) > 5 or (any(word in (",", "y", "e", "o", "and", "ni") for word in gap[-2:]) and between[at] in _APART):
        return False
    if any(word in VERBS and word not in ("es", "para") for word in gap):
        return (
            between[at] not in _APART
            and at + 1 < len(between)
            and between[at + 1] in ("mi", "mis", "la", "el")
            and between[at] != "de"
        )
    if between[at] in _APART:
        return belongs_to(mention, previous)
    return not (between[at] in ("de", "del") and any(word in (",", ".") for word in gap))


def _joins_things(between: list[str]) -> bool:
    """Whether *con* adds a thing of its own: *el tocador junto con espejo*."""
    return len(between) > 6 or any(word in ("junto", "y", "e", "mas", "tambien", "ademas", ".") for word in between)


def belongs_to(part: Mention, whole: Mention) -> bool:
    """Whether a thing named after *con* comes with the other: the mirror of a wardrobe, the chairs of a set."""
    owners = _PARTS.get(part.interest.name, frozenset())
    return owners is None or whole.interest.name in owners


def _comes_with(text: Text, mention: Mention, known: tuple[str, ...]) -> bool:
    """*con seis sillas*, of the dining set asked for before."""
    owners = _PARTS.get(mention.interest.name, frozenset())
    before = text.norms[max(0, mention.first - 6) : mention.first]
    while before and (before[-1] in DETERMINERS or before[-1] in NUMBER_WORDS or before[-1].isdigit()):
        before.pop()
    return bool(known) and bool(before) and before[-1] in _APART and (owners is None or not owners.isdisjoint(known))


# An answer that only describes what was asked for: *para una camita*, *de comedor*.
_FOLLOWS_UP = re.compile(
    r" (?:(?:es|son|seria|serian) (?:para|pra)|(?:para|for|pra)(?: (?:una|un|mi|la|el|mis|las|los|su|a|my|the))?|de|del) "
)


def _serves_something(text: Text, mention: Mention, known: tuple[str, ...], specific: bool) -> bool:
    """*algo para la mesa*: nothing that is sold was named before it, and the thing itself is at home.

    specific: more than furniture in general is wanted; of that, *de sala* would say which.
    """
    before = text.words(max(0, mention.first - 6), mention.first)
    if known and _FOLLOWS_UP.fullmatch(before) and (specific or before != " de "):
        return True
    match = re.search(
        r" (?:para|for|pra)(?: (?:el|la|los|las|mi|mis|su|sus|the|my|nuestra|nuestro|meu|minha)) $", before
    )
    if not match or _SUBJECTS.search(before):
        return False
    head = before[: match.start()].split()
    return bool(head) and (
        head[-1]
        in (
            "algo",
            "cosas",
            "cosa",
            "decoracion",
            "detalles",
            "detalle",
            "detallitos",
            "something",
            "accesorios",
            "algunas",
            "articulos",
        )
        or (head[-1] not in FUNCTION_WORDS and head[-1] not in VERBS and head[-1].isalpha())
    )
