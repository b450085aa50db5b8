"""What a turn asks that deserves an answer, its courtesies, and its language."""

import re
from unicodedata import normalize

from .text import Text

_STAFF = r"(?:asesor|asesora|vendedor|vendedora|agente|persona|gerente|encargad[oa]|supervisora?|ejecutiv[oa])"

_QUESTIONS = {
    "price": re.compile(
        r" (?:precio|precios|cuanto (?:\w+ ){0,3}?(?:cuesta|cuestan|vale|valen|sale|salen|es|seria|esta|estan"
        r"|cobran|custa)|a (?:cuanto|como) (?:\w+ )?(?:esta|estan|la|lo|las|los|tienen)|costo|costos|valor de"
        r"|cotizacion|cotizar|how much|price|prices|preco|precos|que valor|cuanto) "),
    "hours": re.compile(
        r" (?:horario|horarios|a que hora|hasta que hora|abren|abierto|abiertos|atienden|cierran|opening hours"
        r"|what time|open (?:on|today|tomorrow)|que dias atienden|abrem|fecham) "),
    "address": re.compile(
        r" (?:direccion|ubicacion|ubicados|donde (?:\w+ )?(?:estan|queda|quedan|es|se encuentran|ubicados)"
        r"|por donde queda|tienen (?:\w+ )?(?:local|locales|tienda|tiendas|sucursal|almacen)|local en|tienda en"
        r"|sucursal|where are you|address|location|endereco|onde fica|como llego|mapa) "),
    "delivery": re.compile(
        r" (?:envio|envios|envian|entrega|entregas|entregan|domicilio|flete|despacho|despachan|transporte|mandan a"
        r"|llevan|deliver|delivery|ship|shipping|frete|entregam|demoran en entregar|llegan a) "),
    "payment": re.compile(
        r" (?:formas? de pago|tarjeta|tarjetas|diferido|diferir|cuotas|credito|creditos|efectivo|transferencia"
        r"|cheque|intereses|financiamiento|pagar con|aceptan|payment|credit card|installments|parcelar|parcelado"
        r"|como (?:se )?paga|deuna|paypal) "),
    "warranty": re.compile(r" (?:garantia|garantias|warranty|guarantee) "),
    "photos": re.compile(
        r" (?:foto|fotos|fotitos|fotografia|fotografias|imagen|imagenes|catalogo|catalogos|video|videos|photo"
        r"|photos|picture|pictures|catalog|modelos|disenos) "),
    # To be asked for, not named: the customer's own adviser, furniture for a person, a job as a salesman.
    "human": re.compile(
        rf" (?:hablar con (?:un|una|alguien|el|la|{_STAFF})"
        rf"|(?:comuni|pas|transf|deriv|contact)\w* (?:\w+ )?con (?:(?:un|una|el|la|algun|alguna) )?{_STAFF}"
        rf"|(?:llam|aten|atien|ayud|escrib|contact|asist)\w* (?:un|una|algun|alguna|el|la) {_STAFF}"
        rf"|(?:un|una|algun|alguna|el|la) {_STAFF} (?:que )?(?:me|nos) (?:\w+ )?(?:llam|atien|aten|ayud|escrib|contact)\w*"
        rf"|(?:quiero|necesito|quisiera|prefiero|deseo|solicito|hay) (?:a |de )?(?:(?:un|una|algun|alguna) )?{_STAFF}"
        rf"(?! (?:de|mayor))|{_STAFF} (?:por ?favor|porfa\w*|pf)|persona real|un humano|me llamen|llamenme|llameme"
        r"|que me llame|real person|human|call me back|speak (?:to|with)|falar com|atendente|carne y hueso) "
        rf"|^ (?:(?:un|una) )?{_STAFF} $"),
}  # fmt: skip
QUESTION_KINDS = tuple(_QUESTIONS)
_COURTESIES = {
    "greeting": re.compile(
        r" (?:hola|holi|buenos dias|buen dia|buenas|buenas tardes|buenas noches|que tal|saludos|hello|hi|hey"
        r"|good (?:morning|afternoon|evening)|ola|oi|bom dia|boa tarde|boa noite|estimad[oa]s?) "
    ),
    "thanks": re.compile(
        r" (?:gracias|agradezco|agradecid[oa]|thanks|thank you|obrigad[oa]|valeu|muy amable|dios (?:le"
        r"|les) pague) "
    ),
    "farewell": re.compile(
        r" (?:chao|chau|adios|hasta (?:luego|pronto|manana)|nos vemos|bye|goodbye|see you|tchau|ate (?:logo|mais)"
        r"|buen resto|feliz (?:dia|tarde|noche)|que tenga(?:n)? (?:un )?buen\w*) "
    ),
}
#: Whoever is still waiting for what was promised.
_WAITS = re.compile(
    r" (?:(?:cuando|a que hora|para cuando|que dia) (?:\w+ ){0,2}?(?:llaman?|llamar\w*|contact\w+|escrib\w+|respond\w+|contest\w+|atiend\w+"
    r"|atend\w+|comunic\w+|confirman?|visitan?)"
    r"|(?:sigo|seguimos|estoy|estamos|aun|todavia|llevo|me quede|quede) (?:aqui )?(?:esperando|a la espera|en espera)|(?:sigo|aun|todavia) espero"
    r"|(?:nadie|aun no|todavia no|ya no|no) (?:me |nos )(?:ha |han )?(?:llam|contact|escrib|respond|contest|atend|atiend)\w*"
    r"|(?:quedaron|quedo) en (?:llamar|contactar|escribir|responder|avisar)\w*|me iban? a (?:llamar|contactar|escribir)"
    r"|(?:cuanto|cuantos|cuantas|hasta cuando|hasta que hora) (?:\w+ ){0,4}?(?:esperar|espero|esperamos|esperando)"
    r"|cuanto (?:\w+ ){0,3}?(?:demoran?|tardan?|falta) (?:\w+ ){0,2}?(?:llamar|contactar|escribir|responder|contestar|atender)\w*"
    r"|how (?:much longer|long|many \w+) (?:\w+ ){1,4}?wait|quanto (?:\w+ ){0,4}?(?:esperar|aguardar)"
    r"|hay alguien|alguien (?:ahi|por ahi|me)|sigue[ns]? ahi|estan? ahi|me (?:leen?|escuchan?)|que paso|que fue|alo"
    r"|(?:still|been) waiting|when (?:will|are|do) (?:\w+ ){1,3}?(?:call|contact|write|answer|reply)|(?:is )?any(?:one|body) (?:there|here)"
    r"|are you there|nobody (?:has )?(?:called|answered|replied|contacted)|no one (?:has )?(?:called|answered|replied|contacted)"
    r"|(?:ainda )?(?:estou|fico) (?:esperando|aguardando|no aguardo)|quando (?:\w+ ){0,3}?(?:ligar|ligam|respond\w+|entra\w* em contato)"
    r"|alguem ai|tem alguem|ninguem (?:me )?(?:ligou|respondeu|chamou)) "
)
#: What says no more than that it was read.
_ASSENT = frozenset(
    "ok okay vale va listo lista perfecto perfecta bueno buenisimo bien dale genial excelente ya si claro sip simon aja de acuerdo entendido "
    "esta muy todo gracias muchas mil super chevere bacan fine great perfect good sure yes yeah thanks thank you alright right got it "
    "tudo certo beleza combinado sim otimo obrigado obrigada jaja jajaja jeje haha a la las los espero espera quedo pendiente "
    "atento atenta igualmente bendiciones con gusto por amable usted ud".split()
)
_ENGLISH = frozenset(
    "the is are you your i i'm my have has do does want need looking for with and this that how much hello hi "
    "thanks please would like can we it to of deliver ship price room at us our in not good morning what name around about under up "
    "i'd i'll i've don't can't it's my there they who when where which one no not from at on by buy "
    "looking interested send ships delivery also sure yes".split()
)
_PORTUGUESE = frozenset(
    "voce voces eu meu minha nao sim obrigado obrigada oi bom boa tarde noite quero preciso gostaria tem um uma "
    "uns com para por favor sou moro chamo fica custa vendem entregam muito mais ainda tenho do da no na ao "
    "quanto rs foto manda preco procuro e aqui".split()
)
_SPANISH = frozenset(
    "el la los las un una unos unas y de que en con para por mi me es no si quiero necesito busco tienen cuanto "
    "cuesta hola buenas buenos dias tardes noches gracias soy vivo tengo mas del al lo le se su precio favor como "
    "donde esta nombre hasta".split()
)
_ONLY_PORTUGUESE = frozenset(
    "voce voces eu meu minha nao obrigado obrigada oi bom boa gostaria tem voces vcs vendem entregam tenho moro chamo preco "
    "procuro uns um uma custa sou muito ainda preciso".split()
)

#: Words of two of the languages, which tell neither.
_SHARED = frozenset("no me a do as um e o si in como".split())

#: BCP 47's code for a language that nobody knows.
UNDETERMINED = "und"
#: Of fewer words none need be a common one.
_TELLING = 4
#: Words of other sentences in Spanish, which tell that a text is in none but the three languages.
_FREQUENT = frozenset(
    "muy pero esta este eso esa esto cuando porque tambien gustaria quisiera quiere puedo puede pueden sale hacen hay "
    "tiene ustedes usted mis sin ese ya solo algo alguien nada todo toda todos todas son era fue dos tres cuatro cinco "
    "mil dolares dias mes semana ano buen ahora luego entonces bueno claro perdon nos les he ha han sobre entre desde "
    "otro otra aqui ahi alla mejor cual cuales quien pago envio tienda saluda ver dar hacer comprar".split()
)
_COMMON = _SPANISH | _ENGLISH | _PORTUGUESE | _ONLY_PORTUGUESE | _FREQUENT
#: Common words of French, Italian and German that none of the three has.
_OTHERS = frozenset(
    "je cherche pour avec vous nous est une des dans bonjour bonsoir merci combien voudrais sont pas et qui salut du au "
    "vorrei cerco il di che sono buongiorno buonasera grazie per della non ciao ho gli letto anche costa "
    "ich und ein eine einen ist nicht guten tag bitte danke haben sie der die das mit fur wie suche hallo wir den".split()
)
#: What the three are written with.
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzáéíóúüñàâãêôõçªº")

# What makes a city with nothing else a warm lead (quality rule 2): price or delivery was asked about.
_INQUIRES = re.compile(
    r" (?:envi|entreg|despach|flete|(?:a )?domicilio|deliver|ship|transport|preci|presi|costo|cost|price|frete|(?:llevan|mandan|traen|llegan|llegarian|cubren"
    r"|cobertura|how much) |embi|enbi|quanto (?:custa|fica|sai)"
    r"|cuant[oa]s? [^¶]{0,120}?(?:cuesta|cuestan|vale|valen|sale|salen|cobran|demora|tarda)"
    r"|l[oa]s? (?:\w+ )?(?:mand|tra[ei]|llev)|(?:mand|tra|llev)[ae]r(?:me|nos)?l[oa]s? )"
)


def find_questions(text: Text) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _QUESTIONS.items() if pattern.search(text.flat))


def find_courtesies(text: Text) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _COURTESIES.items() if pattern.search(text.flat))


def waits(text: Text) -> bool:
    """Whether the turn asks when somebody comes, or whether anybody is there."""
    return bool(_WAITS.search(text.flat))


def only_assents(text: Text) -> bool:
    """Whether the turn says no more than that what was said to the customer is right; signs alone say no more either.

    A question mark does: who sends nothing else asks where we are.
    """
    if any("?" in token.raw for token in text.tokens if token.kind == "mark"):
        # «??» and «¿listo?» ask.
        return False
    return all(token.norm in _ASSENT for token in text.tokens if token.kind not in ("mark", "newline"))


def inquires(text: Text) -> bool:
    """Whether the turn asks about a price or a delivery."""
    return bool(_INQUIRES.search(text.flat))


def tell_language(text: Text) -> str | None:
    """The language that a text itself shows to be in, `UNDETERMINED` for one that is none of the three, None for a text
    that tells nothing, as a name or *sofá gris* does.

    Some words of other languages are also Spanish ones (*la*, *un*), so one of them in a sentence tells little.
    """
    words = {word for word in text.norms if word.isalpha()}
    common = words & _COMMON
    others = len(words & _OTHERS)
    letters = filter(str.isalpha, normalize("NFKC", text.raw).lower())
    if not _LETTERS.issuperset(letters) or (others >= 2 and others >= len(common)):
        return UNDETERMINED
    language = language_of(text)
    own = {"es": _SPANISH, "en": _ENGLISH, "pt": _PORTUGUESE | _ONLY_PORTUGUESE}.get(language or "", frozenset())
    if words and 3 * len(words & own) >= len(words):
        return language
    return None if common or sum(map(str.isalpha, text.norms)) < _TELLING else UNDETERMINED


def language_of(text: Text, before: str | None = None) -> str | None:
    """The language of a turn: what its words say, else that of the conversation, else None.

    A word or two (*ok*, *around 300*, a name) change no language that is already known.
    """
    words = set(text.norms)
    spanish, english = len(words & _SPANISH), len(words & _ENGLISH)
    portuguese = len(words & _PORTUGUESE) + 2 * len(words & _ONLY_PORTUGUESE)
    told = len(words & ((_SPANISH | _ENGLISH | _PORTUGUESE | _ONLY_PORTUGUESE) - _SHARED))
    if not told or (before and told < 2 and len(text) <= 4):
        return before
    if words & _ONLY_PORTUGUESE and portuguese > spanish and portuguese >= english:
        return "pt"
    return "en" if english > spanish else "es"
