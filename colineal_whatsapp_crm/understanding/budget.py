"""The budget: which of the numbers of a message is what the customer means to spend.

Each number, or pair of numbers, is judged by the nearest cue to its left, by what follows it, and by what was asked.
"""

import re
from dataclasses import dataclass

from .lexicon import ATTRIBUTES, CHAT_WORDS, FUNCTION_WORDS, VERBS
from .numbers import Number, find_numbers
from .schema import Budget
from .text import ELLIPSIS, Text

LEAST, MOST = 15, 900_000
_WINDOW = 10
# Nobody states a budget before forty other numbers.
_MOST_NUMBERS = 40

# Words that may stand between a cue and its number.
_GLUE = (
    r"(?:(?:de|los|las|unos|unas|como|en|a|es|son|seria|sera|fuera|esta|estaria|hasta|por|el|la|lo|que|mas o menos|mas o "
    r"menos de|aproximadamente|aprox|alrededor de|cerca de|tipo|solo|unicamente|nomas|apenas|:|,|=|-|\"|usd|ahi|maximo|um|"
    r"uns|of|is|about|around|like|the|to|o|os|e|de uns|por ahi de|por los|algo|entre|max|total|ahorita|tal vez|quiza|bueno|"
    r"…|talvez|si acaso|exactamente|digamos|ponle|pongale|masomenos|se|y|cuando mucho|como mucho) )"
)

_LEFT = re.compile(
    r"""(?<=\ )(?:
    (?P<ceiling>hasta|maximo|max|tope|tope\ maximo|limite|no\ mas\ (?:de|que)|menos\ de|que\ no\ (?:se\ )?(?:me\ )?(?:pase|pasen|supere|superen|
        sobrepase|exceda|excedan|cueste|salga|cuesten|vaya)\ (?:mas\ )?(?:de|a|los)?|(?:no|sin)\ (?:pasar|pasarme|pasarnos|pasarse|exceder|
        exceder\ de|superar|sobrepasar|pasa|pasen|pase|supere|exceda|excederme|excedernos|subir|subirme)(?:\ de)?|
        por\ debajo\ de|debajo\ de|bajo\ los|inferior\ a|a\ lo\ mucho|cuando\ mucho|como\ mucho|a\ lo\ sumo|under|below|up\ to|
        at\ most|less\ than|no\ more\ than|not\ more\ than|maximum|ate|no\ maximo|abaixo\ de|techo|tope\ de|maxima|sin\ mas\ de|
        nada\ de\ mas\ de|nunca\ mas\ de|ni\ un\ dolar\ mas\ de)
  | (?P<floor>desde|a\ partir\ de|minimo|min|mas\ de|arriba\ de|por\ encima\ de|encima\ de|superior\ a|sobre\ los|at\ least|more\ than|
        over|above|starting\ (?:at|from)|upwards\ of|from|mais\ de|pelo\ menos|no\ menos\ de|al\ menos|por\ lo\ menos|no\ baje\ de|
        acima\ de|no\ menos|minima|minimum)
  | (?P<approx>unos|unas|como|cerca\ de|alrededor\ de|aproximadamente|aprox|mas\ o\ menos|masomenos|por\ ahi(?:\ de|\ por|\ en)?|tipo|casi|around|
        about|roughly|approximately|like|some|uns|umas|por\ volta\ de|mais\ ou\ menos|por|entre|for|ahi)
  | (?P<own>presupuesto|presupuestado|presupuestados|presupuestamos|budget|orcamento|monto|inversion|tengo|tenemos|teniamos|tenia|cuento\ con|
        contamos\ con|cuenta\ con|dispongo|disponemos|dispone|disponible|disponibles|gastar|gastarme|gastarnos|gastarle|gastaria|gastariamos|gasto\ maximo|invertir|invertirle|
        invertiria|pagar|pagaria|pagariamos|pagarle|pago|ofrezco|ofrecer|doy|daria|puedo\ dar|dar|ahorre|ahorrado|ahorrados|ahorramos|
        ahorrando|ahorros|junte|juntamos|juntado|juntando|reuni|reunimos|reunido|llego|llegamos|llegaria|llegar|alcanza|alcanzaria|alcance|dejan|
        deja|dejas|dejen|dejeme|dejenme|dejenmelo|dejemelo|dejemela|dejamelo|dejame|dejarme|dejarmelo|dejarian|subir|subirme|subo|subimos|bajar|estirar|estirarme|
        estiro|quedemos|calculo|calculando|calculaba|calculamos|pongale|ponle|pongamos|digamos|destinar|destine|destinado|destinamos|
        aprobado|aprobo|autorizo|asigno|aprobaron|aprobados|autorizado|autorizaron|asignado|asignaron|asignados|spend|spending|have|i've\ got|got|pay|afford|paying|
        tenho|temos|posso|gastar|meterle|meto|le\ meto|metele|soltar|suelto|aflojar|capital|plata|bolsillo|pensaba|pensabamos|pensado|pensando|
        presupuestos|rango|manejo|manejamos|manejo\ un|estimado|proyectado|proyectamos|fondo|fondos|recursos|limite\ es|cifra|invest|reserve|reservado|reservados|guardado|guardados|tenga|hay|listos|listas|dispuesto\ a|dispuesta\ a|max\.)
  | (?P<better>mejor|digo|perdon|correccion|corrijo|ahora|mas\ bien|en\ realidad|actually|sorry|rather|melhor|aumentar|aumento|aumentemos|subio|baje|bajo|rectifico|quise\ decir|sino)
  | (?P<price>estaba|estaban|esta|estan|cuesta|cuestan|costaba|costaban|costo|cueste|costar|vale|valen|valia|valian|sale|salen|salia|salian|salio|
        saldria|precio|precios|promo|promocion|oferta|ofertas|rebajado|rebajada|rebajaron|rebaja|anuncio|anunciado|anunciada|anuncian|publicado|publicada|
        marcado|marcada|etiqueta|cotizaron|cotizo|cotizado|cotizada|pidieron|piden|pide|pidio|ofrecieron|ofrecen|ofrecio|cobran|cobraron|cobro|cobra|
        cobrar|pague|pagado|pagada|pagamos|abone|abonado|debitaron|debito|gaste|gastamos|gastado|dieron|dan|dejaron|dejo|compre|compramos|competencia|vi|vimos|
        vio|vieron|decia|dice|decian|aparece|aparecia|figura|sueldo|gano|ganamos|salario|was|were|costs?|prices?|paid|charged|asked|asking|quoted|
        custa|custava|paguei|preco|precos|tienen|tiene|venden|vende|vendieron|vendian|ofertan|otro\ lado|otra\ tienda|bajaron|subieron|dijeron|dijo|informaron|
        encontre|consegui|conseguia|consigo|consiguen|multa|deuda|debo|transferi|deposite|transferencia|deposito|factura|facturaron|
        saw|bought|selling|sells|sell|advertised|listed|envio|flete|transporte|shipping|delivery|descuento|arriendo|alquiler)
  | (?P<bad>orden|ordem|order|pedido|numero|nro|num|n|codigo|cod|ref|referencia|modelo|model|serie|sku|ticket|caso|guia|telefono|telf|tel|celular|cel|
        fono|whatsapp|wsp|llamar\ al|llamenme\ al|llameme\ al|cedula|ci|ruc|pasaporte|av|ave|avenida|calle|mz|manzana|villa|piso|depto|departamento|dpto|apto|oficina|of|
        lote|lt|bloque|edificio|km|kilometro|local|etapa|solar|casa|torre|contrato|cuenta|cuotas?|letras?|mensualidad|mensualidades|mensuales|
        quincenas|entrada|abono|anticipo|adelanto|inicial|enganche|reserva|sinal|deposit|down\ payment|installments?|parcelas?|descuento\ de|
        rebaja\ de|descuento|edad|mide|miden|medidas?|medida\ de|ancho|alto|largo|fondo|profundidad|diametro|altura|espacio|ventanas?|pared|area|
        codigo\ postal|postal|ano|year|talla|nivel|dia|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|
        capacidad|peso|pesa|pesan|pesamos|necesito|necesitamos|requiero|requerimos|quiero|queremos|necesitaria|serian|faltan|llevo|invitados|somos|are|we\ need|i\ need|
        i\ want|pantalla|tele|televisor|tv|a\ las|a\ la|habitacion|cuarto|hace|ago|pagina|articulo|kilos|factor|hilos|version|top)
    )(?=\ )""",
    re.VERBOSE,
)
_GLUE_ONLY = re.compile(rf" (?:{_GLUE}){{0,6}}")
_LIMITS = {"ceiling": 3, "floor": 2, "approx": 1, "own": 7, "better": 3, "price": 8, "bad": 3}

_UNIT_WORDS = frozenset(
    "cm cms centimetro centimetros mt mts m metro metros mm milimetros pulgadas pulgada pulg pulgs inch inches ft feet foot in kg kgs "
    "kilo kilos libras lb lbs gramos litros watts w v hz puestos puesto plazas plaza pzas personas persona gente cuerpos cajones puertas "
    "niveles unidades unidad uds und piezas pzs anos ano anitos meses mes mesecitos semanas semana dias dia diitas horas hora hrs hs h min minutos minuto "
    "segundos cuotas cuota letras letra pagos mensuales mensual mensualidades quincenales quincenal semanales semanal diarios diario diarias "
    "pm am p.m a.m veces vez gracias disculpas perdones amores besos abrazos bendiciones cuadras cuadra pisos piso habitaciones "
    "cuartos hijos hijas ninos ninas invitados mesas sillas camas ventanas % ° \" porciento percent por_ciento seats seater people persons "
    "years year old months month weeks week days day hours hour minutes units pieces monthly times puff pessoas lugares anos mes meses "
    "semanas dias vezes portas gavetas metros parcelas colores modelos opciones maneras cosas mil_veces estrellas hilos".split()
)
_RIGHT_BAD = re.compile(
    r"^ (?:\w+ ){0,2}?(?:mensual(?:es)?|al mes|por mes|cada mes|a la semana|por semana|semanal(?:es)?|quincenal(?:es)?|diarios?|monthly|per month|a month|"
    r"each month|por noche|de (?:la )?entrada|de inicial|de abono|de anticipo|de adelanto|de enganche|de cuota|de descuento|de rebaja|de envio|de flete|de "
    r"transporte|off|down|por ciento|porciento|de sinal|para separar|para reservar|por separar|upfront|up front|deposit|de reserva|la cuota|cada cuota|de multa|"
    r"de sueldo|de interes|por cuota|de credito|la hora|por hora)\b"
)
_RIGHT_DATE = re.compile(
    r"^ (?:de |del )?(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|se[p]?tiembre|octubre|noviembre|diciembre|january|february|march|april|june|july|"
    r"august|september|october|november|december|janeiro|fevereiro|maio|junho|julho|setembro|outubro|novembro|dezembro)\b"
)
_RIGHT_DEAR = re.compile(
    r"^(?: [^ ]+){0,6}? (?:(?:muy |tan |demasiado |super |re |un poco |medio |bastante |me parece |esta |es )*(?:caro|cara|carito|carita|carisimo|carisima|"
    r"carazo|costoso|costosa|expensive|pricey|too much|dineral|es mucho|muchisimo)|en (?:otra|otro|la competencia)|en oferta|en promo|en promocion|de oferta|solo hoy|only today|incluye iva\?)\b"
)
_RIGHT_MEASURE = re.compile(r"^ (?:x|\*|por|by) #")
_RIGHT_FLOOR = re.compile(r"^ (?:\w+ )?(?:en adelante|para arriba|hacia arriba|o mas|or more|and up|or above|para cima|ou mais|minimo|como minimo|pa arriba|por lo menos|at least|up)\b")
_RIGHT_CEILING = re.compile(
    r"^ (?:,? ?(?:es |son |como |seria |seria el |es mi |es el |o |a |ya es mi |el |mi |y |no ){0,3})(?:maximo|max|tope|limite|lo (?:mucho|sumo|mas)|menos|at most|tops|or less|"
    r"or under|no maximo|ni un (?:dolar|centavo|real) mas|ni (?:uno )?mas|nomas|nada mas|exactos|cerrados|para abajo|hacia abajo|por mucho)\b"
)
_RIGHT_OWN = re.compile(
    r"^ (?:,? ?(?:dolares )?)(?:es |son |seria |seria todo )?(?:(?:todo )?(?:lo que|lo unico que) (?:tengo|hay|tenemos|ahorre|ahorramos|puedo|podemos|dispongo|junte|pienso|quiero|pagaria|me alcanza|traigo|consegui|llevo|"
    r"tenia|nos alcanza|logre|pude|estoy|estamos|cuento|manejo)|mi (?:presupuesto|limite|tope|maximo)|el presupuesto|lo maximo|tengo|tenemos|disponibles?|dispongo|puedo (?:pagar|gastar|dar)|para gastar|"
    r"para invertir|de presupuesto|pago|pagaria|doy|ofrezco|le doy|quiero gastar|es mi|en total|total|(?:me |nos )?alcanza|y (?:cerramos|cierro|me l[oa] llevo|l[oa] llevo|listo|hacemos|trato)|por (?:todo|todos|todas|el|la|los|las|ambos|ambas|ellos|ellas|cada|eso|esa|ese)|al contado|en efectivo|de contado|cash|budget|is my|is what|is all|in total|"
    r"me lo llevo|la llevo|lo llevo|me la llevo|le entro|cierro|cerramos|listos|ahorrados|es lo que|sem problemas|tenho|posso|reservados|guardados|para (?:todo|eso|esto|la compra)|ni mas ni menos)\b"
)
_REFUSES = re.compile(r"(?<= )(?:no|ni|nunca|jamas|tampoco|don't|not|nao|never)(?= )")
_NEUTRAL = FUNCTION_WORDS | CHAT_WORDS | VERBS | frozenset(
    "maximo max tope limite nomas total aprox aproximadamente aproximado iva incluido incluida contado efectivo mas menos "
    "veci libres redondos aproximados cerrados cash budget each apiece tops okey maximum minimo minimum per x presupuesto cada "
    "c u juntos ahorrados disponibles disponible listos exactos pelados justos justitos fijo fijos idealmente quizas porfavor realmente "
    "sinceramente honestamente dependiendo depende segun".split()
)
_ATTRIBUTIVE = re.compile(r"(?:el|la|los|las|ese|esa|del|al|esos|esas|aquel|aquella|the) (?:\w+ ){0,2}(?:de|que vale|a) $")
_ASKING_LEFT = re.compile(r" (?:por que|cual|cuantos|tienen (?:algo|alguno|alguna)) ")


@dataclass(frozen=True, slots=True)
class Figure:
    """A budget found in a text: tokens `first` up to `last`, and how sure it is."""

    budget: Budget
    first: int
    last: int
    sure: float
    bound: str = "ceiling"


class _Numbered:
    """A text in which each number is a `#`: what the patterns of this module look at."""

    def __init__(self, text: Text, numbers: list[Number]):
        self.text = text
        self.numbers = numbers

    def left(self, first: int) -> str:
        """What stands before a number in its sentence, nearest words last."""
        sentence = self.text.sentence
        low = first
        while low > 0 and first - low < _WINDOW and sentence[low - 1] == sentence[min(first, len(sentence) - 1)]:
            low -= 1
        return self._view(low, first)

    def right(self, last: int) -> str:
        """What follows a number, up to the end of its sentence."""
        sentence, high = self.text.sentence, last
        home = sentence[last - 1] if last else 0
        while high < len(sentence) and high - last < _WINDOW and sentence[high] == home:
            high += 1
        return self._view(last, high)

    def _view(self, low: int, high: int) -> str:
        words: list[str] = []
        at = low
        inside = {number.first: number for number in self.numbers if low <= number.first < high}
        while at < high:
            number = inside.get(at)
            words.append("#" if number else self.text.norms[at])
            at = number.last if number else at + 1
        return " " + "".join(word + " " for word in words)


def find_budget(text: Text, asked: bool, known: Budget | None, wanted: frozenset[int] = frozenset()) -> Figure | None:
    """The budget that a text states, if it does.

    asked: the turn before asked for it. known: the budget so far. wanted: tokens that name products, whose number is a
    quantity.
    """
    numbers = find_numbers(text)[-_MOST_NUMBERS:]
    if not numbers:
        return None
    numbered = _Numbered(text, numbers)
    figures: list[Figure] = []
    index = 0
    while index < len(numbers):
        pair = _pair(text, numbers, index)
        span = (numbers[index].first, numbers[index + 1 if pair else index].last)
        figure = _judge(numbered, numbers[index], numbers[index + 1] if pair else None, span, asked, known, wanted)
        if figure:
            figures.append(figure)
        index += 2 if pair else 1
    return _settle(figures)


def _settle(figures: list[Figure]) -> Figure | None:
    """The last of the surest; a floor and a ceiling of one message make a range."""
    if not figures:
        return None
    sure = max(figure.sure for figure in figures)
    best = [figure for figure in figures if figure.sure >= min(sure, 0.9)]
    last = best[-1]
    if len(best) > 1:
        before = best[-2]
        low = next((f.budget.min for f in (before, last) if f.bound == "floor"), None)
        high = next((f.budget.max for f in (before, last) if f.bound == "ceiling"), None)
        if {before.bound, last.bound} == {"floor", "ceiling"} and low and high and low < high:
            return Figure(Budget(low, high), before.first, last.last, min(before.sure, last.sure), "range")
    return last


def _pair(text: Text, numbers: list[Number], index: int) -> bool:
    """Whether this number and the next are the ends of one range."""
    if index + 1 >= len(numbers):
        return False
    low, high = numbers[index], numbers[index + 1]
    between = text.norms[low.last : high.first]
    before = text.norms[max(0, low.first - 4) : low.first]
    joined = " ".join(word for word in between if word not in ("los", "unos", "las", "como", "ya", "maximo"))
    if low.code or high.code or len(between) > 4:
        return False
    top = high.value
    bottom = _scaled(low, high)
    if not bottom < top or (bottom < LEAST and not (low.money or high.money)):
        return False
    if joined in ("a", "o", "-", "–", "/", "hasta", "to", "or", "ate", "ou", "u", "a un maximo de", "o hasta", "hasta los", "y hasta", "y maximo", "and up to", "a maximo", "until", "ou ate"):
        return True
    return joined in ("y", "and", "e") and any(word in ("entre", "between", "rango") for word in before)


def _scaled(low: Number, high: Number) -> float:
    """A *mil* said once covers both ends: `entre cinco y seis mil`."""
    if high.thousands and not low.thousands and low.value < 1000 and low.value * 1000 < high.value:
        return low.value * 1000
    return low.value


def _judge(
    numbered: _Numbered,
    low: Number,
    high: Number | None,
    span: tuple[int, int],
    asked: bool,
    known: Budget | None,
    wanted: frozenset[int],
) -> Figure | None:
    ends = [low] if high is None else [low, high]
    value = ends[-1].value
    money = any(number.money for number in ends)
    if any(number.code for number in ends) or not (5 if money else LEAST) <= value <= MOST:
        return None
    if any(number.fraction for number in ends) and not (money or value >= 100):
        return None
    left, right = numbered.left(span[0]), numbered.right(span[1])
    if _counts_something(numbered.text, span[1], right, money, wanted):
        return None
    kind, cue = _nearest_cue(left, value, money)
    adopted = kind in ("ceiling", "own") and not money
    if _RIGHT_DEAR.match(right) and kind not in ("own",) or (_RIGHT_MEASURE.match(right) and not money):
        return None
    if kind in ("bad", "price"):
        return None
    if money and _ATTRIBUTIVE.search(left):
        return None
    sure = _sureness(numbered, span, left, right, kind, money, asked, known)
    if not sure:
        return None
    return _figure(low, high, span, kind, cue, left, right, sure if not adopted else sure)


def _figure(
    low: Number, high: Number | None, span: tuple[int, int], kind: str, cue: str, left: str, right: str, sure: float
) -> Figure:
    if high is not None:
        return Figure(Budget(round(_scaled(low, high)), round(high.value)), *span, sure, "range")
    value = round(low.value)
    floor = kind == "floor" or (kind in ("", "own", "approx", "better") and bool(_RIGHT_FLOOR.match(right)))
    if floor:
        # *más de 1000 no le meto*, *no quiero gastar más de 1000* are ceilings.
        refused = cue in ("mas de", "more than", "over", "mais de", "arriba de", "por encima de", "encima de", "sobre los", "above") and (
            _REFUSES.search(left) or _REFUSES.search(right.split(" , ")[0] if " , " in right[:3] else right)
        )
        if not refused:
            return Figure(Budget(value, None), *span, sure, "floor")
    return Figure(Budget(None, value), *span, sure)


def _sureness(
    numbered: _Numbered,
    span: tuple[int, int],
    left: str,
    right: str,
    kind: str,
    money: bool,
    asked: bool,
    known: Budget | None,
) -> float:
    """How sure it is that the figure is a budget; 0 when nothing says so."""
    text = numbered.text
    if kind in ("ceiling", "floor", "own") or _RIGHT_OWN.match(right) or _RIGHT_CEILING.match(right):
        return 0.97
    if asked:
        return 0.96 if money or kind in ("approx", "better") or _alone(text, span) else 0.9
    if kind == "better" and (known or money):
        return 0.94
    if money:
        return 0.91 if kind != "approx" else 0.94
    if _RIGHT_FLOOR.match(right):
        return 0.9
    if kind == "approx":
        return 0.86
    if "range" and len(numbered.numbers) >= 2 and span[1] - span[0] >= 3 and _alone(text, span):
        return 0.85
    if _alone(text, span) and (known or text.norms[span[0] - 1 : span[0]] in ([":"], [ELLIPSIS], ["="])):
        return 0.8
    return 0.0


def _alone(text: Text, span: tuple[int, int]) -> bool:
    """Whether the clause of a figure has nothing but small words beside it."""
    first, last = text.clause_range(span[0])
    return all(
        norm in _NEUTRAL or text.tokens[at].kind == "mark"
        for at, norm in enumerate(text.norms[first:last], first)
        if not span[0] <= at < span[1]
    )


def _counts_something(text: Text, last: int, right: str, money: bool, wanted: frozenset[int]) -> bool:
    """Whether what follows a number makes it a measure, a quantity, a date or an instalment."""
    if _RIGHT_BAD.match(right) or _RIGHT_DATE.match(right):
        return True
    if money or last >= len(text):
        return False
    after = text.norms[last]
    if after in _UNIT_WORDS or last in wanted:
        return True
    if after == "-" and last + 1 < len(text) and text.norms[last + 1] in _UNIT_WORDS:
        return True
    if text.tokens[last].kind != "word" or after in _NEUTRAL:
        return False
    return after in ATTRIBUTES or not _RIGHT_CEILING.match(right)


def _nearest_cue(left: str, value: float, money: bool) -> tuple[str, str]:
    """The kind and words of the nearest cue before a number that still reaches it."""
    found = [
        (match.lastgroup or "", match.group(), left[match.end() :])
        for match in _LEFT.finditer(left)
    ]
    through = ""
    words = ""
    for kind, cue, gap in reversed(found):
        distance = gap.count(" ") - 1
        if kind == "bad":
            if distance <= 2 and (not money or cue in _INSTALMENTS) and _only_glue(gap):
                return kind, cue
            if cue in _INSTALMENTS and distance <= 4:
                return kind, cue
            continue
        if distance > _LIMITS[kind] + (4 if money and kind == "price" else 0):
            continue
        if kind == "approx":
            if not through and _only_glue(gap):
                through, words = kind, cue
            continue
        if kind == "price" and cue in _COPULAS and re.search(r" (?:presupuesto|budget|rango|monto|inversion|limite|tope|maximo|idea)(?: \w+){0,2} $", left[: left.rindex(" " + cue + " " + gap.lstrip()) + 1] if gap.strip() else left[: left.rindex(" " + cue + " ") + 1]):
            return (through if through in ("ceiling", "floor") else "own"), cue
        if kind == "price":
            # What a thing costs; *que no cueste más de* was read as a ceiling before it came to this.
            if through == "floor" and _REFUSES.search(left):
                return "ceiling", words
            if through == "ceiling":
                return through, words
            return kind, cue
        if kind == "floor":
            if _only_glue(gap) and through != "ceiling":
                through, words = kind, cue
            continue
        if kind == "ceiling":
            if _only_glue(gap):
                return kind, cue
            continue
        if kind == "own" and through == "floor":
            return through, words
        return kind, cue
    if through == "approx" and words == "entre":
        return "", ""
    if _is_year(left, value, money) or (not money and value <= 31 and left.endswith((" el ", " dia ", " al "))):
        return "bad", ""
    return through, words


_COPULAS = frozenset("esta estan estaba estaria era was is".split())
_INSTALMENTS = frozenset(
    "cuota cuotas letra letras mensualidad mensualidades entrada abono anticipo adelanto inicial enganche sinal deposit parcela parcelas "
    "installment installments descuento".split()
)


def _only_glue(gap: str) -> bool:
    return bool(_GLUE_ONLY.fullmatch(gap)) or gap.strip() == ""


def _is_year(left: str, value: float, money: bool) -> bool:
    return not money and 2010 <= value <= 2035 and value % 50 != 0 and left.endswith((" del ", " en ", " de ", " desde ", " ano ", " in ", " since "))
