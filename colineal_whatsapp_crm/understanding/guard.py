"""What in a message is no evidence at all: attempts to dictate the result, and offers to the shop."""

import re

from .text import NEWLINE, SENTENCE_ENDS, Text

# Talking to the machine about its output. Customers do not. Words are bounded, here and below, as tokens are: a run
# of letters that nothing ends is not read from each of its letters on.
_DICTATES = re.compile(
    r""" (?:
    (?:ignor[aeo]\w{0,40}|olvid[ae]\w{0,40}|disregard|forget|omit[ae]|desconsider\w{0,40}|esquec[ae]|override|bypass|sobrescrib\w{0,40}
        |anul[ae])\ (?:\w{1,40}\ ){0,5}?(?:instruc\w{1,40}|prompt\w{0,40}|reglas|rules|ordenes|orders|previous|anteriores
        |indicaciones|filtros|directrices|politicas|programacion|instrucoes|todo\ lo)
  | (?:system|sistema|admin|administrador|developer|desarrollador|assistant|asistente|debug|root|instruccion
        |instrucciones|instruction|instructions|prompt|override|comando|command|nota\ (?:para
        |al)\ (?:el\ )?(?:sistema|bot|ia|modelo)|modo)\ (?:override|prompt|mode|message|:|admin|desarrollador
        |administrador|dios|debug|=|nuevas?|interna|urgente\ :)
  | (?:create_lead|create\ _\ lead|ask\ _\ clarifying|transfer\ _\ to|request\ _\ contact|gather\ _\ more
        |ask\ _\ about|transfer_to_support|gather_more_details|request_contact_info|ask_about_interest
        |ask_clarifying_question)
  | (?:crea|cree|crear|genera|genere|registra|registre|create|make|criar|crie|abre|manda
        |dispara)\ (?:\w{1,40}\ ){0,2}?(?:lead|leads|oportunidad)\b
  | (?:marc[ae]\w{0,40}|clasific[ae]\w{0,40}|pon(?:me|ga|gan|lo|la|er)?|set|mark|etiquet[ae]\w{0,40}|califi[cq]\w{0,40}|asign[ae]
        |classif\w{1,40}|label|coloca|coloque|cambia|cambie|registra|guarda|rate|marque|treat|trata
        |considera)\ (?:\w{1,40}\ ){0,5}?(?:hot|warm|cold|lead|urgency|budget|quality|caliente|slot|slots|action
        |prioridad\ maxima|score|calidad|confianza|confidence|nombre\ (?:=|:)|vip)\b
  | (?:name|budget|urgency|city|email|product|products|quality|action|nombre|presupuesto|urgencia|ciudad|producto
        |calidad|accion|lead|support|confidence|score|slots?|hot|priority|prioridad)\ (?:=|:=|=>|->)
  | (?:responde|responda|contesta|reply|respond|answer|output|devuelve|imprime|print|return|escribe|di|say
        |responda)\ (?:\w{1,40}\ ){0,2}?(?:solo|only|solamente|unicamente|exactamente|con\ json|json|with|con\ la\ accion
        |con\ el\ texto|apenas|in\ json)
  | (?:eres|actua|act|you\ are|actuar|finge|pretend|simula|comportate|desde\ ahora\ eres
        |voce\ e)\ (?:now\ |ahora\ |como\ |as\ )?(?:un\ |una\ |a\ |an\ |um\ )?(?:bot|ia|ai|asistente|assistant
        |modelo|model|dan|hacker|administrador|admin|language|chatgpt|gpt|gemini|robot\ sin|sistema|pirata)
  | (?:jailbreak|prompt\ injection|system\ prompt|tu\ prompt|your\ prompt|tus\ instrucciones|your\ instructions
        |instrucciones\ (?:anteriores|previas|del\ sistema)|previous\ instructions|developer\ mode
        |modo\ desarrollador|do\ anything\ now|lead\ (?:hot|caliente|quality|score)|end\ of\ prompt|begin\ system
        |drop\ table|select\ \*|<\ script|nuevas\ instrucciones|suas\ instrucoes|instrucoes\ anteriores)
  | (?:marca|marque|registra|set|asigna|fija|pon|sube)\ (?:la\ |el\ |mi\ |my\ |the\ )?(?:urgencia|prioridad|calidad
        |quality|urgency|budget|priority|score)\b
  | (?:di|diga|say|escribe|anota|pon)\ que\ (?:mi|soy|el|la|tengo|quiero|es)\b
  | (?:marc[ae]|marque|pon|ponga|clasific\w{1,40}|etiquet\w{1,40}|trat[ae])
      \ (?:\S{1,40}\ ){0,3}?como\ (?:urgente|prioritari[oa]|prioridad|importante|hot|vip)
  | (?P<recite>(?:repit\w{1,40}|repet\w{1,40}|repeat|di|diga|digan|say|grita|escribe|recita|lee|copia)\ (?:\w{1,40}\ ){0,2}?(?:despues\ de\ mi|conmigo|after\ me|depois\ de\ mim|en\ voz\ alta|out\ loud|textual\w{0,40}|lo\ siguiente|esto))\ (?::|,)
  | orden\ del\ administrador|soy\ (?:el\ |la\ |tu\ )?(?:administrador(?:a)?\ del\ sistema|desarrollador\ del\ bot
        |programador|creador|admin)\b
    )""",
    re.VERBOSE,
)
_RESUMES = re.compile(
    r"^ (?:y |e |, |pero |ahora |bueno |ok |ya en serio |en serio |fuera de broma |hablando en serio |jaja |but "
    r"|and |also |tambien |por cierto |, )*(?:quiero|quisiera|busco|necesito|me interesa|soy|me llamo|mi nombre es"
    r"|vivo|estoy|tienen|venden|cuanto|precio|i want|i need|i'm|my name is|looking|"
    r"do you|hola|buenas|buenos|tengo|cotizar|quero|preciso|para|hacen|mi correo|mi presupuesto|hasta|que precio"
    r"|gracias|queria|deseo|a cuanto|me gustaria)\b"
)
#: *[system] ... [/system]*, *<script>...</script>*, *<|im_start|>...<|im_end|>*: what they hold is written for a machine.
_TAGGED = re.compile(
    r" (?P<open>[\[<{]) (?:\| )?(?P<tag>[a-z']+)(?: _ start)?(?: [^\]>}]{0,60})? (?:\| )?[\]>}] [^¶]{0,600}?(?P=open) (?:/ |\| )(?P=tag)(?: _ end)? (?:\| )?[\]>}](?= )"
)
_FORMATTING = frozenset("b i u s em strong p br div span h".split())
_BRACKETS = {"[": "]", "{": "}", "<": ">"}

_SPAM = re.compile(
    r""" (?:
    (?<!\ me\ )(?:gan[ae]|ganar|gane|genera|genere|obten|obtenga|earn|make|ganhe)\ (?:\w{1,40}\ ){0,3}?(?:dinero|dolares|\$
        |plata|money|ingresos|extra|cash|diarios|premio|premios|dinheiro)\b
  | (?:prestamos?|creditos?|loans?|emprestimos?)\ (?:\w{1,40}\ ){0,3}?(?:de\ \$|de\ \d|inmediat\w{1,40}|sin\ (?:buro|garante|garantes
        |requisitos|central|papeleo)|facil\w{0,40}|rapid\w{1,40}|personales|al\ instante|aprobad\w{1,40}|hasta\ \$|desde\ \$
        |a\ domicilio|con\ (?:solo|tu)|no\ credit)
  | (?:ofrezco|ofrecemos|te\ ofrezco|le\ ofrezco|les\ ofrezco|les\ ofrecemos|le\ ofrecemos|brindamos
        |ponemos\ a\ su\ disposicion|we\ offer|i\ offer|oferecemos|somos\ proveedores|somos\ fabricantes
        |somos\ distribuidores|proveemos)\ (?!\d|\$|\#)
  | (?:vendo|se\ vende|vendemos|en\ venta|remato|alquilo|arriendo|se\ arrienda|se\ alquila
        |permuto)\ (?:\w{1,40}\ ){0,3}?(?:terreno|terrenos|lote|lotes|carro|auto|casa|casas|departamento|departamentos
        |finca|hacienda|moto|local|solar|camioneta|celular|iphone|perro|perros|cachorros|quinta|propiedad|suite
        |bodega)
  | (?:reenvi[ae]\w{0,40}|comparte|compartelo|envia|envialo|pasalo|manda|mandalo|forward|share|compartilhe
        |reenvie)\ (?:\w{1,40}\ ){0,4}?(?:a\ \d+|\d+\ (?:contactos|amigos|personas|grupos)|contactos|todos\ tus|amigos
        |grupos|cadena|this\ to|esta\ cadena|este\ mensaje)
  | (?:aproba|otorga|presta|financia|desembolsa|concede)(?:mos|n)\ (?:\w{1,40}\ ){0,3}?(?:creditos?|prestamos?|dinero|capital|emprestimos?)
  | (?:hago|hacemos|realizo|realizamos|brindo|presto|doy|damos)\ (?:\w{1,40}\ ){0,2}?(?:mudanzas|fletes|transportes?|entregas|instalaciones|tapizados?|mantenimientos?
        |limpiezas?|publicidad|marketing|disenos?|videos|paginas|capacitaciones|asesorias?)\b
  | (?:tapizo|reparo|restauro|fabrico|fabricamos|distribuimos|importamos|instalamos|alquilamos|asesoramos)\b
  | por\ si\ les\ interesa|(?:les|le)\ interesa(?:ria)?\ (?:trabajar|vender|distribuir|ser)\b|trabajar\ (?:conmigo|con\ ustedes|para\ ustedes)
        |busco\ (?:trabajo|chamba|camello)|su\ catalogo\ de\ productos
  | (?:terrenos?|lotes?|casas?|departamentos?|suites?|locales)\ (?:\w{1,40}\ )?(?:en|de)\ venta
  | (?:prestamos?|creditos?)\ hasta\ (?:de\ )?\d{3,}
  | (?:sin|no)\ (?:garante|garantes|buro|central\ de\ riesgo)\b
  | para\ (?:su|tu|vuestro)\ (?:negocio|almacen|tienda|local|empresa|muebleria|emprendimiento)\b
  | (?:precios?|costos?)\ de\ (?:mayorista|fabrica|distribuidor|importador)\ (?:para|a)\ (?:su|sus|ustedes)
  | senor(?:a|es)?\ (?:empresari[oa]s?|comerciantes?|emprendedor(?:a|es)?)
  | cadena\ de\ oracion|mala\ suerte|no\ rompas\ (?:la|esta)\ cadena|bendicion\ a\ \d+
  | (?:bitcoin|bitcoins|crypto|criptomonedas?|forex|trading|inversion\ segura|multinivel|negocio\ multinivel
        |trabaja\ desde\ (?:tu\ )?casa|trabajo\ desde\ casa|work\ from\ home|libertad\ financiera|ingresos\ extra
        |casino|apuestas|tarot|brujo|amarres|amarre|curandero|vidente|viagra|baja\ de\ peso|bajar\ de\ peso
        |adelgaz\w{1,40})
  | (?:felicidades|congratulations|felicitaciones|parabens)\ (?:\S{1,40}\ ){0,3}?(?:ganado|ganaste|ganador|gano|won
        |winner|seleccionado|ganhou|has\ sido)
  | (?:has|ha)\ (?:sido\ )?(?:ganado|seleccionad\w|elegid\w)|haz\ clic|click\ (?:here|aqui)|clique\ aqui|da\ click
        |ingresa\ al\ (?:link|enlace)|entra\ al\ (?:link|enlace)|escribe\ al\ (?:link|enlace)|registrate\ (?:en|aqui
        |gratis|ya)|suscribete|seguidores\ para\ tu|aumenta\ tus\ (?:ventas|seguidores)|paginas\ web\ para
        |marketing\ digital|posicionamos|publicidad\ para\ su|su\ negocio\ en
    )""",
    re.VERBOSE,
)
_WANTS = re.compile(
    r" (?:quiero|quisiera|busco|necesito|me interesa|cotizar|cuanto cuesta|cuanto vale|precio de(?! (?:mayorista|fabrica|distribuidor|importador))) "
)


#: What people write to the wrong chat about: nothing of it is a wish to buy.
_OFF_TOPIC = re.compile(
    r" (?:llov\w+|lluev\w*|lluvias?|clima|temperatura|aguacero|temblor|sismo|apagon|cortes? de luz|paro|trafico|vuelos?|pasajes?|buses|partido"
    r"|jueg(?:a|an|o de)\b|clasico|gol|mundial|elecciones|noticias?|cita (?:\w+ )?(?:medic\w+|con)|dentista|odontolog\w+|medic[oa]s?|doctor(?:a|es)?|hospital"
    r"|farmacia|ambulancia|medicinas?|pastillas|sangre|donantes?|taxi|plomer\w+|electricista|cerrajer\w+|gasolina|pizza|hamburguesas?|almuerzos?"
    r"|empleo|vacantes?|hoja de vida|curriculum|tarea|examen|profe|weather|rain\w*|taxi|flight|job|vacancy|chuva|chover|emprego"
    r"|numero equivocado|chat equivocado|otro chat|wrong number) "
)


def is_off_topic(text: Text) -> bool:
    """Whether the message is about the weather, a doctor, a match: its places and its haste are none of a purchase."""
    return bool(_OFF_TOPIC.search(text.flat))


def injected_spans(text: Text) -> list[tuple[int, int]]:
    """Token ranges that try to dictate the result; the rest of the message still counts."""
    spans = [text.span(match) for match in _TAGGED.finditer(text.flat) if match["tag"] not in _FORMATTING]
    spans += [span for span in _bracketed(text) if not any(first <= span[0] < last for first, last in spans)]
    for match in _DICTATES.finditer(text.flat):
        at = text.token_at(match.start() + 1)
        if any(first <= at < last for first, last in spans):
            continue
        begin, end = text.sentence_range(at)
        first = at
        while first > begin and text.norms[first - 1] not in (",", ":", "(", "[", '"'):
            first -= 1
        if _RESUMES.match(text.words(first, at)):
            first = at
        last = at + 1
        while last < end:
            if not match["recite"] and (
                last > at + 1
                and text.norms[last - 1] in (",", ";", "pero", "but", "y", "…", ")", "]", "}", ">", "#", "|")
                and _RESUMES.match(text.words(last, min(end, last + 5)))
            ):
                break
            last += 1
        spans.append((first, last))
        # `SYSTEM OVERRIDE:` and the like go on behind their own punctuation.
        if (
            last < len(text)
            and last - first <= 4
            and text.norms[last - 1] in SENTENCE_ENDS
            and not _RESUMES.match(text.words(last, min(len(text), last + 5)))
        ):
            spans.append(text.sentence_range(last))
    return spans


def is_spam(text: Text, names_goods: bool) -> bool:
    """Whether the message offers something to the shop, or is a chain letter."""
    if not _SPAM.search(text.flat):
        return False
    return not (names_goods and _WANTS.search(text.flat)) or "://" in text.norms


def _bracketed(text: Text) -> list[tuple[int, int]]:
    """Bracketed parts that talk to the machine."""
    spans: list[tuple[int, int]] = []
    opened = -1
    for at, norm in enumerate(text.norms):
        if norm in _BRACKETS and opened < 0:
            opened = at
        elif opened >= 0 and norm == _BRACKETS[text.norms[opened]]:
            inside = text.words(opened + 1, at)
            if _DICTATES.search(inside) or re.search(
                r" (?:(?:instruccion|instruction|system|sistema|admin|prompt|nota|=)|\"? ?(?:name|nombre|e-?mail|correo|city|ciudad|budget|presupuesto"
                r"|urgency|urgencia|products?|productos?|quality|calidad|action|accion|lead|slots?|hot|role|rol|telefono|phone) \"? ?:) ",
                inside,
            ):
                spans.append((opened, at + 1))
            opened = -1
        elif norm == NEWLINE:
            opened = -1
    return spans
