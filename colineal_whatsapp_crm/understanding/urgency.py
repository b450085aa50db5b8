"""How soon the customer wants to buy or receive."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .calendar_days import FoundDay, find_days, level_of
from .numbers import find_numbers
from .text import Text

_DAYS = (
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday|segunda|terca|quarta|quinta|sexta)"
)
_WEEKDAYS = (
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
)
#: What haste is called, and what may stand between it and a negation: *no es que sea tan urgente*.
_HASTE = r"(?:apur\w*|urg\w*|prisas?|afan|premura|inmediat\w+|apremi\w+|correr|rush|hurry|pressa)"
_BETWEEN = (
    r"(?:es|era|seria|sea|ser|hay|tengo|tenemos|estoy|estamos|ando|andamos|llevo|corre|corremos|hace|tiene|necesito|quiero|me|nos|les|l[oa]s?"
    r"|de|con|en|para|a|que|tan|muy|nada|falta|ningun\w*|much\w+|tant\w+|gran|mayor|big|cosa|algo|any|in|am|really|super|un|una|need|to|e|ha|estou|tenho|com|muit[oa])"
)
_SOME = r"(?:unos|unas|pocos|pocas|some|a\ few|alguns|algumas|algunos|algunas|few|uns|varios|varias|muchos|several)"

# In the order of the text the last one counts; of those that overlap, the first alternative.
_CUES = re.compile(
    rf"""(?<=\ )(?:
    (?P<low>(?:no|nada|ni|tampoco|cero|poc[oa]|sin|not|nao|sem|without)\ (?:{_BETWEEN}\ )*{_HASTE}
      |no\ (?:es|seria|era|tiene\ que\ ser|(?:lo|la|los|las)\ necesito|necesito)\ (?:para\ )?ya
      |con\ (?:\w+\ ){{0,2}}calma|con\ tiempo(?!\ de)|sin\ presion(?:es)?|tomarme\ mi\ tiempo
      |(?:dar|hacer|tener|ter|get|getting)(?:me|nos)?\ (?:una|an|uma)\ idei?a|not\ any\ ?time\ soon
      |(?:solo|solamente|nomas|no\ mas|just)\ (?:\w+\ ){{0,3}}?(?:averiguar|curiosear|vitrinear|comparar|ver\ (?:opciones|precios)|exploring)
      |(?:viendo|mirando|averiguando|exploring|looking\ at)\ (?:\w+\ )?(?:nomas|no\ mas|nada\ mas|options)|de\ a\ poquito|poco\ a\ poco|
        mas\ adelante|mas\ adelantito|a\ futuro|en\ (?:el|un)\ futuro|algun\ dia|mucho\ mas\ adelante
        |por\ ahora\ (?:solo|nomas|solamente)\ (?:\w+ando|\w+iendo|quiero\ (?:ver|saber|averiguar|cotizar)|averiguo
        |cotizo|veo|pregunto|miro)|
        (?:solo|solamente|nomas|apenas|por\ ahora|recien|simplemente|solito)\ (?:estoy|estamos|ando|andamos|era
        |es\ para|quiero\ ir|vengo|voy)?\ ?(?:averiguando|viendo|mirando|cotizando|preguntando|curioseando
        |explorando|comparando|investigando|consultando|vitrineando|chequeando|revisando)|(?:averiguando|viendo
        |mirando|cotizando|preguntando|curioseando|comparando|explorando|averiguar|preguntar|curiosear)\ (?:nomas
        |nada\ mas|por\ ahora|solamente|opciones|no\ mas|por\ el\ momento|solo)|es\ solo\ para\ averiguar
        |de\ curioso|de\ curiosa|por\ curiosidad|
        (?:el\ |para\ el\ |hasta\ el\ |recien\ el\ |este\ |del\ |o\ )?(?:proximo|otro|siguiente)\ ano
        |(?:el\ )?ano\ (?:que\ viene|proximo|entrante)|(?:a\ )?(?:comienzos|inicios|principios)\ del\ (?:proximo
        |otro)\ ano|next\ year|ano\ que\ vem|proximo\ ano|(?:en|dentro\ de|in|em|de\ aqui\ a|como\ en)\ (?:un|a|medio|half\ a|meio
        |um)\ (?:ano|year)|
        no\ (?:rush|hurry|urgency)|not\ (?:in\ a\ (?:rush|hurry)|urgent)|(?:in\ )?no\ (?:rush|hurry)
        |just\ (?:looking|browsing|checking|asking|curious)|only\ (?:looking|browsing)|whenever|sem\ (?:pressa
        |urgencia)|nao\ (?:tenho\ pressa|e\ urgente|ha\ pressa)|so\ (?:estou\ |to\ )?(?:olhando|pesquisando|dando\ uma\ olhada)
        |take\ (?:my|our)\ time|
        (?:en|dentro\ de|in|within|de\ aqui\ a|em|daqui\ a|recien\ en|como\ en|hasta\ dentro\ de
        |faltan)\ (?:los\ proximos\ )?{_SOME}\ (?:meses|months|mesecitos|anos|years)|(?:todavia|aun)\ falta(?:\ (?:mucho|bastante|harto|full|un\ monton)|(?=\ (?:[.,!¶|]|$)))|falta\ (?:mucho|bastante)\ (?:tiempo|para)|(?:el\ )?(?:proximo|segundo)\ semestre
        |cuando\ (?:termine
        |terminemos|terminen|acaben|acabemos|acabe)\ (?:la|de|el)|cuando\ haya\ (?:chance
        |oportunidad|plata)|a\ largo\ plazo|no\ es\ para\ (?:ya|ahora|ahorita|hoy|pronto|esta\ semana|este\ mes)
        |ainda\ vai\ demorar|(?:falta|hay|tenemos|tengo)\ para\ rato|(?<!no\ )tengo\ (?:todo\ el\ )?tiempo(?:\ de\ sobra|\ del\ mundo)?(?!\ (?:de|para|que)\ )
        |(?<!no\ )(?<!no\ me\ )pued[oe]n?\ (?:esperar|demorar)|podemos\ esperar|no\ (?:importa|me\ molesta|hay\ problema)\ (?:si\ (?:se\ )?demora\w*|esperar|que\ (?:se\ )?demore)
        |(?:solo|solamente|recien)\ (?:averiguo|cotizo|miro|veo|comparo|curioseo)|(?:comparando|averiguando)\ precios
        |recien\ (?:estoy\ |estamos\ )?(?:empezando|comenzando)|i\ can\ wait|posso\ esperar|de\ aqui\ a\ (?:unos\ )?meses|de\ a\ poco|sin\ fecha)
  | (?P<high>(?:muy\ |super\ |bien\ |re\ |es\ |algo\ |de\ caracter\ )?(?:urgente|urgentisimo|urgentemente|urgencia
        |urgent|urgently|urge|urgen|apremia)|(?:con\ |de\ )(?:mucha\ |suma\ |caracter\ )?(?:urgencia|urgente|prisa
        |apuro)|(?:tengo|tenemos|hay|con|ando\ con|estoy\ con
        |de)\ (?:mucho\ |full\ |un\ poco\ de\ |algo\ de\ |mucha\ |bastante\ )?(?:apuro|prisa|urgencia|afan)|
        (?:estoy|ando|estamos|vamos|voy
        |andamos)\ (?:muy\ |super\ |bien\ |medio\ |full\ |un\ poco\ |algo\ |re\ )?(?:apurad[oa]s?|apuradisim[oa]s?|apuradit[oa]s?|atrasad[oa]s?
        |de\ apuro|contra\ el\ tiempo)|(?<!no\ )corre\ (?:prisa|apuro)|(?:quiero|necesito)\ ya(?=\ (?:un|una|mi|el|la)\ )|urgid[oa]s?|urgiendo|desesperad[oa]s?|(?<!no\ se\ )(?<!no\ )apure(?:se|nse|n)?|(?:me|nos)\ (?:urge|corre\ prisa|apura|precisa\ ya)|ya\ (?:quiero|necesito|queremos|necesitamos)\ (?:mis?|tener\w*|estrenar\w*|que\ (?:me\ )?llegue\w*)|es\ (?:para\ )?(?:ya
        |ahorita)(?:\ ya)?|
        cuanto\ antes(?:\ mejor)?|lo\ (?:mas|antes)\ (?:pronto|prontito|rapido|rapidito|posible|urgente|breve)(?:\ posible)?
        |a\ la\ (?:brevedad|mayor\ brevedad)|lo\ antes\ (?:posible|que\ (?:se\ )?pued\w+)|antes\ posible
        |con\ la\ mayor\ brevedad|mas\ (?:pronto|rapido)\ (?:mejor|posible)
        |no\ (?:me\ )?(?:puedo|podemos|aguanto|can't)\ esperar|emergencia|contra\ (?:el\ )?reloj|(?<!not\ )in\ a\ (?:hurry|rush)|com\ (?:muita\ )?pressa
        |(?:ahorita|ya)\ (?:lo|la|los|las)\ (?:necesito|quiero)|(?:en|dentro\ de|durante|antes\ de\ que\ (?:se\ )?(?:acabe|termine))\ la\ semana
        |volando|(?:necesit\w+|quier\w+|ocupo|preciso|llegue|llegara|entreguen|envien|manden|que\ sea)\ (?:\w+\ ){{0,3}}?(?:rapido|rapidito|pronto)
        |(?:rapido|rapidito)\ (?:porfavor\ )?(?:,\ )?(?:(?:lo|la|los|las)\ )?(?:necesito|quiero)|fast|quickly|soon\ as\ (?:i|you|we)\ can
        |prontito|para\ ayer|pra\ ontem|para\ ontem|cuanto\ mas\ (?:rapido|pronto)\ mejor
        |entre\ mas\ (?:rapido|pronto)\ mejor|mientras\ mas\ (?:rapido|pronto)\ mejor|
        (?:inmediat[oa]|inmediatamente|de\ inmediato|ahorita\ mismo|(?:lo|la|los|las)\ (?:quiero|necesito)\ ahorita
        |para\ ahorita|ahora\ mismo|hoy\ mismo|ya\ mismo|(?:quiero|necesito|para|es|urge|l[oa]s?)\ ya\ ya
        |desde\ ya|de\ ley\ ya|right\ away|right\ now|immediately|asap|as\ soon\ as\ possible
        |the\ sooner\ the\ better|o\ (?:quanto|cuanto)\ antes|o\ mais\ rapido(?:\ possivel)?|imediat\w+
        |agora\ mesmo)|
        (?:lo|la|los|las|le)\ (?:quiero|necesito|queremos|necesitamos|requiero|ocupo|preciso|quisiera|compro
        |llevo)\ (?:\w+\ )?ya(?!\ \w)|(?:para|que\ sea|entrega|quiero|necesito|comprar|comprarlo|comprarla|compro
        |tiene\ que\ ser|tenerlo|tenerla)\ ya(?=\ (?:[.,!?;¶|)…]|mismo|ya|porfavor|por|que|$)|$)|
        (?:para\ |de\ )?hoy(?:\ dia|\ mismo|\ en\ la\ tarde|\ en\ la\ noche)?|(?:for\ |by\ )?(?:today|tonight|tomorrow)|hoje
        |(?<!la\ )(?<!las\ )(?<!por\ )(?<!buena\ )(?:pasado\ )?manana(?:\ mismo)?|tomorrow|amanha|
        (?:en\ )?est[ae]\ (?:misma\ |mismo\ )?(?:semana|semanita|finde|fin\ de\ semana|fin)|(?:el|para\ el|este
        |un)\ (?:finde|fin\ de\ semana)|(?:el\ )?fin\ de\ semana|finde|this\ (?:week|weekend|coming\ week)|(?:by
        |before|on)\ the\ weekend|esta\ semana|este\ fim\ de\ semana|fim\ de\ semana|antes\ del\ (?:finde
        |fin\ de\ semana)|
        (?:la\ |para\ la\ |a\ la\ )?(?:proxima|otra|siguiente)\ seman(?:a|ita)|(?:la\ )?semana\ (?:que\ viene|proxima
        |entrante|que\ vem)|next\ week|proxima\ semana|
        (?:el|este|para\ el|antes\ del|del|proximo|hasta\ el|by|on|next|this|before|until|na|ate|no|(?:de\ aqui\ )?al
        |mismo|no\ (?:puede\ |debe\ |deberia\ )?pas[ae]r?\ del?|no\ mas\ alla\ del)\ (?:proximo\ |mismo\ |dia\ |proxima\ )?{_DAYS}(?:\ (?:que\ viene|proximo|mismo|de\ esta\ semana))?
        |(?:by|para)\ {_WEEKDAYS}|
        en\ (?:estos|los\ proximos|pocos|unos|un\ par\ de|unos\ pocos|nada\ de)\ dias|(?:in|within)\ (?:a\ few
        |a\ couple\ of|few)\ days|em\ (?:poucos|alguns)\ dias|estos\ dias|these\ days|nestes\ dias
        |en\ (?:menos\ de\ )?una\ semana|in\ a\ week|within\ a\ week|em\ uma\ semana|en\ una\ semanita
        |dentro\ de\ una\ semana|menos\ de\ una\ semana)
  | (?P<medium>(?:no\ (?:puede\ |debe\ )?pas[ae]r?\ de\ |en\ |para\ |durante\ |dentro\ de\ |antes\ de\ que\ acabe\ |de\ |hasta\ )?est[ae]\ (?:mismo\ )?mes(?:ecito)?
        |(?:a\ |para\ |antes\ de\ |hasta\ |el\ |los\ |a\ el\ )?(?:fin|fines|final|finales|ultimos|termino)\ (?:de
        |del)\ (?:este\ )?mes|this\ month|este\ mes|fim\ do\ mes|end\ of\ (?:the|this)\ month|month\ end
        |fin\ de\ mes|a\ mediados\ de\ mes|mediados\ del?\ mes|a\ quincena|en\ la\ quincena|la\ quincena|quincena|
        (?:el\ |para\ el\ |a\ principios\ del\ |a\ inicios\ del\ |a\ comienzos\ del\ |del\ )?(?:proximo|otro
        |siguiente)\ mes(?:ecito)?|(?:el\ |para\ el\ )?mes\ (?:que\ viene|proximo|entrante|que\ entra|que\ vem)
        |next\ month|proximo\ mes|
        (?:en|dentro\ de|in|within|de\ aqui\ a|em|daqui\ a|como\ en|a|faltan)\ (?:{_SOME}|estas|these|las\ proximas
        |the\ next\ few|unas\ pocas|un\ par\ de|a\ couple\ of|couple\ of|mais\ umas)\ (?:semanas|semanitas|weeks)|en\ (?:un|uno|cosa\ de\ un
        |mas\ o\ menos\ un|como\ un|maximo\ un)\ mes(?:ecito)?(?:\ y\ medio)?|dentro\ de\ un\ mes(?:\ y\ medio)?
        |in\ a\ month|within\ a\ month|em\ um\ mes|de\ aqui\ a\ un\ mes|en\ mes\ y\ medio|estas\ semanas
        |proximas\ semanas|coming\ weeks|(?:en|durante)\ el\ mes|(?:ultima|segunda|tercera|cuarta)\ semana\ (?:del?|de\ este)\ mes|en\ el\ transcurso\ del\ mes|(?:en|dentro\ de|in|within
        |a)\ (?:un\ par\ de|a\ couple\ of|couple\ of)\ (?:meses|months))
  | (?P<count>(?:en|dentro\ de|in|within|de\ aqui\ a|em|daqui\ a|como\ en|maximo\ en|faltan
        |solo\ faltan|recien\ en|hasta\ dentro\ de|maximo|tengo\ (?=\S+\ (?:dias|semanas))|antes\ de
        |me\ quedan|(?:(?<=^\ )|(?<=[,.;!¶]\ ))(?:unos|unas|como|tal\ vez|mas\ o\ menos|masomenos|tipo))(?:\ (?:unos|unas|como|los\ proximos|las\ proximas|menos\ de|about|maximo|aproximadamente|casi
        |mas\ o\ menos|the\ next))*)
    )(?=\ )""",
    re.VERBOSE,
)
_UNIT = re.compile(
    r"^ (?:o # |a # |y medio )?(?P<unit>dias?|diitas|semanas?|semanitas?|meses|mes|mesecitos|anos?|days?|weeks?"
    r"|months?|years?|horas|hours)\b"
)

# Times that belong to something else than the purchase.
_SCHEDULE = re.compile(
    r" (?:abren|abre|abierto|abiertos|atienden|atiende|atendiendo|cierran|cierra|horario|horarios|hora|horas"
    r"|trabajan|open|close|closed|hours|abrem|fecham|aberto|atencion|laboran) "
)
_PROMOTION = re.compile(
    r" (?:promo|promocion|promociones|oferta|ofertas|descuento|descuentos|black friday|cyber|rebaja|rebajas|sale"
    r"|liquidacion|remate|valida|valido|vigente|feria|anuncio|publicidad|reenviado|rifa|sorteo|evento|concurso) "
)
_CREDIT = re.compile(
    r" (?:credito|diferido|diferir|cuotas|cuota|plazo|plazos|intereses|interes|financiamiento|financiar|meses sin"
    r"|installments|tarjeta|pagos|letras|parcelas|resto|abono|pagar|pagarlo|pagarla|pagando|pagos|garantia"
    r"|warranty|diferidos|aprob\w+) "
)
_PAST = re.compile(
    r" (?:hace|nacio|naci|fue|fueron|estuvo|pasado|pasada|ayer|ago|last|desde|compre|compramos|pague|llego|vino|pedi|atras|passada|estuve|fui"
    r"|pase|vi|vimos|hable|atendieron|escribi|llame|dijeron|mandaron) "
)
_CONTACT = re.compile(
    r" (?:le|les|te|os)? ?(?:aviso|avisare|avisamos|escribo|escribire|escribimos|confirmo|confirmare|confirmamos"
    r"|respondo|contesto|(?<! me )llamo|llamare|cuento|digo|dire|consulto|consultare|paso los|mando (?:los|las|el|la)"
    r"|envio (?:los|las|el|la)|hablo|hablamos|hablaremos|escribir|comunico|let you know|confirm|call you|talk to you|see you|"
    r"aviso luego|devuelvo la llamada|pregunto|averiguo|decido|veo|reviso|conversamos|seguimos|escribanme|escriban"
    r"|llamen|llamenme|llameme|llamame|llame|escribame|escribeme|contacten|contactenme|contacteme|reunion"
    r"|trabajo hasta|text you|write) "
)
_AFTER_CONTACT = re.compile(
    r"^ (?:\w+ )?(?:le |les |te |ya |mismo |me |yo )*(?:aviso|avisare|escribo|escribire|confirmo|confirmare"
    r"|respondo|contesto|llamo|llamare|cuento|digo|dire|consulto|hablo|hablamos|llaman|llamen|llamenme|llameme"
    r"|escriban|escribanme|escribame|pregunto|averiguo|conversamos|paso (?:los|las|el|la|mis)|mando|envio|seguimos"
    r"|decido|averiguo|estoy averiguando"
    r"|ando averiguando|estoy viendo|estoy cotizando|contacten|trabajo|tengo (?:reunion|trabajo|clases|examen)|"
    r"i'll (?:let|call|confirm|write|text)|estoy (?:en|ocupad|trabajando)|vi |pase |fui |hable |estuve |compre )"
)
_BUYS = re.compile(
    r" (?:quiero|necesito|comprar|comprarlo|comprarla|compro|lo|la|los|las|entrega|entregar|entreguen|para|mudo"
    r"|mudamos|caso|boda|cumple|llevo|llevar|visitas|visita|fiesta|need|want|buy|get|sale|retirar|urgente|paso"
    r"|pasare|voy|comprando|cierro|instalar|reserva) "
)
# How long the shop takes is asked, not how soon it is wanted.
_DELAY = re.compile(r" (?:demor\w+|tard\w+|toma|plazo|llega|llegan|entregan en|entrega en|take|takes|demora) ")
_WISHES = re.compile(r" (?:necesito|quiero|quisiera|requiero|para|need|want|preciso|quero|urge) ")
#: *no tiene que ser esta semana*
_NEED_NOT = re.compile(
    r" (?:no|nao|not|don't|doesn't|tampoco) (?:\w+ ){0,3}?(?:es|era|e|sea|ser|seria|be|need|llegue|este|estar|entreguen"
    r"|necesito|necesitamos|quiero|urge|preciso|corre)(?: (?:it|them|que|sea|l[oa]s?|mismo|para|pra|por|by|for|on|el))* $"
)
_NOR = re.compile(r" (?:ni|nor|or|nem)(?: (?:para|pra|el|for))* $")
#: What came today or happened this morning: *hoy me llegó su catálogo*.
_HAPPENED = re.compile(r"^ (?:(?:me|nos|les?|te|se|yo|recien|ya) )*(?P<verb>\w+)")
_ANSWER_ME = re.compile(
    r" (?:respuesta|contestacion|respond\w+|contest\w+|escrib\w+|llam[ae]\w*|atiend\w+|confirm\w+|avis\w+|answer"
    r"|reply"
    r"|call) (?:\S+ ){0,4}$"
)
#: A day matters where something is bought, delivered or celebrated on it.
_OCCASION = re.compile(
    r" (?:necesit\w+|quier\w+|quisier\w+|queremos|compr\w+|llev\w+|retir\w+|entreg\w+|mud\w+|cas(?:o|amos|a)|boda"
    r"|cumple\w*|fiesta|santo|onomastico|visitas?|visito|inaugur\w+|evento|reunion familiar|parrillada|paso|pasare|pasamos|voy"
    r"|vamos|ire|iremos|cierr\w+"
    r"|nace|abro|abrimos|estreno|mandan|envi\w+|recib\w+|urge|instal\w+|vienen?|sale|salen|llegan? mi?s?|tardar|maximo|sin falta|aniversario|matri\w*|bodas?|quince\w*|gradu\w+|incorporacion|baby shower|comunion|despedida|cena|almuerzo|feriado|reunion con|estar|estuvie\w+"
    r"|este|esten|este list[oa]|list[oa]s?|tener\w*|tendr\w+|tiene que|tienen que|debe\w*|deberia\w*|ocup\w+|apert\w+|estren\w+|mudanza|viaj\w+|recog\w+|pas[ae]\w* a|lleg\w+|hace falta|quero|chegar|casamento|have it|there|here by"
    r"|bautizo|grado|navidad"
    r"|if possible|posible|tra(?:er|ig|en)\w*|me l[oa]s?|regal\w+|need|want|get|buy|move"
    r"|moving|party|birthday|wedding|guests|preciso|precisamos|quero|mudo|festa|reserv\w+|separ\w+|para) "
)
_NOT_THE_DAY = re.compile(
    r" (?:los|las|cada|todos los|desde el|desde|no trabajo|no|solo|only|so por|hasta|feliz|buen|lindo|bonito"
    r"|excelente) $"
)
#: A time told as a number of days, weeks or months.
_COUNTED = (
    "en ",
    "dentro",
    "in ",
    "within",
    "em ",
    "daqui",
    "de aqui",
    "faltan",
    "maximo",
    "menos",
    "recien",
    "como ",
    "unos ",
    "unas ",
    "tal vez",
)
#: What is wanted by a day says so itself.
_UNTIL = ("para ", "antes ", "by ", "for ")
#: One of each: how soon that is.
_LEVELS = {"dia": "high", "day": "high", "hor": "high", "hou": "high", "sem": "high", "wee": "high"} | {
    "mes": "medium",
    "mon": "medium",
    "ano": "low",
    "yea": "low",
}
_TODAY = re.compile(r"^(?:para |de )?(?:hoy|today|hoje|manana|pasado manana|tomorrow|amanha)")


@dataclass(frozen=True, slots=True)
class FoundUrgency:
    level: str
    first: int
    last: int
    sure: float


def find_urgency(text: Text, today: date | None = None, city: str = "") -> FoundUrgency | None:
    """The last thing that a text says about when.

    today
        the day on which it was written, which tells how far off Christmas is; None: not known, and no named day counts.
    city
        where the customer lives, see `calendar_days.find_days`.
    """
    numbers = {number.first: number for number in find_numbers(text)}
    days = list(find_days(text, today, city)) if today else []
    found: FoundUrgency | None = None
    for kind, first, last, cue, by_date in _cues(text, numbers, days):
        if kind != "low" and _is_needless(text, first, last, found):
            kind = "low"
        elif by_date:
            if _is_something_else(text, first, last, cue, "high") or _is_another_day(
                text, first, last, cue, bool(_WISHES.search(text.words(max(0, first - 7), first)))
            ):
                continue
        elif _is_something_else(text, first, last, cue, kind):
            continue
        # A day or a week may be that of something else; a word of haste or of calm hardly is.
        dated = by_date or re.search(_DAYS + r"|hoy|manana|semana|finde|today|tomorrow|week|mes\b|month", cue)
        found = FoundUrgency(kind, first, last, 0.9 if dated and last - first < 4 and len(text) > 6 else 0.95)
    return found


def _cues(text: Text, numbers: dict, days: Sequence[FoundDay]) -> list[tuple[str, int, int, str, bool]]:
    """(level, first token, last token, the words, whether by the calendar) of all that says when, in the text's order."""
    cues = [(day.level, day.first, day.last, text.words(day.first, day.last)[1:-1], True) for day in days]
    for match in _CUES.finditer(text.flat):
        kind, cue = match.lastgroup or "", match.group()
        first, last = text.span(match)
        if kind == "count":
            counted = _counted(text, numbers, last)
            if counted is None:
                continue
            kind, last = counted
            cue += " "
        # *el viernes 15 de diciembre* is that day.
        if not any(day.first <= last and first < day.last for day in days):
            cues.append((kind, first, last, cue, False))
    return sorted(cues, key=lambda cue: (cue[1], cue[2]))


def _is_needless(text: Text, first: int, last: int, found: FoundUrgency | None) -> bool:
    """*no es para hoy ni mañana*: whether it need not be then. *hoy no, más adelante* says so behind the day."""
    begin, _end = text.sentence_range(first)
    near = text.words(max(begin, first - 7), first)
    if _NEED_NOT.search(near):
        return True
    if _NOR.search(near) and found and found.level == "low" and first - found.last <= 3:
        return True
    return text.norms[last : last + 2] == ["no", ","] or near.endswith(" ni ")


def _counted(text: Text, numbers: dict, at: int) -> tuple[str, int] | None:
    """*en 15 días*, *dentro de dos semanas*, *in 3 months*: the level and where it ends."""
    months = re.match(r" (?:un )?(?P<unit>mes|semana) y medi[oa] ", text.words(at, min(len(text), at + 4)))
    if months:
        return ("medium"), at + months.group().count(" ") - 1
    if (
        at + 1 < len(text)
        and text.norms[at] in ("un", "una", "a", "one", "um", "uma")
        and (unit := _UNIT.match(text.words(at + 1, at + 2)))
    ):
        return _LEVELS[unit["unit"][:3]], at + 2
    number = numbers.get(at)
    if number is None or number.money or number.code:
        return None
    value, last = number.value, number.last
    after = last
    if (
        after + 1 < len(text)
        and text.norms[after] in ("o", "a", "u", "or", "y", "-")
        and (second := numbers.get(after + 1))
    ):
        value, last = second.value, second.last
    match = _UNIT.match(text.words(last, min(len(text), last + 3)))
    if not match:
        return None
    unit = match["unit"][:3]
    days = (
        value
        * {
            "dia": 1,
            "dii": 1,
            "day": 1,
            "sem": 7,
            "wee": 7,
            "mes": 30,
            "mon": 30,
            "ano": 365,
            "yea": 365,
            "hor": 0.05,
            "hou": 0.05,
        }[unit]
    )
    return level_of(days), last + 1


def _is_something_else(text: Text, first: int, last: int, cue: str, kind: str) -> bool:
    """Whether the time belongs to opening hours, an offer, a credit, the past or a call, not to the purchase."""
    counted = cue.startswith(_COUNTED)
    if kind == "low" and not counted:
        return False
    begin, end = text.sentence_range(first)
    before, after, whole = text.words(begin, first), text.words(last, end), text.words(begin, end)
    near = text.words(max(begin, first - 7), first)
    wished = bool(_WISHES.search(near)) or cue.startswith(_UNTIL)
    hours = counted and text.norms[last - 1].startswith(("hor", "hour"))
    if not hours and _SCHEDULE.search(whole) and not re.search(r" (?:necesito|quiero|comprar|mudo|entreg\w+) ", whole):
        return True
    if _PROMOTION.search(whole) and not (
        wished or re.search(r" (?:mudo|compro|llevo|voy|vamos|paso|pasamos|ire|iremos) ", near)
    ):
        return True
    if (kind != "high" or counted) and _is_credit(text, first, near):
        return True
    if before.endswith((" hace ", " ago ")) or re.match(r" (?:pasad[oa]|atras|ago|passad[oa]|en dia)\b", after):
        return True
    if text.is_question(first) and _only_asks(text, begin, end, cue, wished, before, whole):
        return True
    if kind == "high" and _ANSWER_ME.search(near):
        return True
    if cue.endswith(" mismo") and _AFTER_CONTACT.match(after):
        return True
    if not counted and (_TODAY.match(cue) or re.search(_DAYS, cue) or re.search(r"semana|finde|week", cue)):
        return _is_another_day(text, first, last, cue, wished)
    negated = re.search(r" (?:no|nao|not|sin|ni) (?:\w+ )?$", text.words(max(begin, first - 2), first))
    return bool(negated) and not re.search(r" (?:no se si|si no) ", before)


def _is_credit(text: Text, first: int, near: str) -> bool:
    """*diferido a 12 meses*, *lo pago en 3 meses*"""
    if _CREDIT.search(near) or near.endswith((" pago ", " pagos ")):
        return True
    clause = text.words(*text.clause_range(first))
    return bool(_CREDIT.search(clause)) and not re.search(r" (?:necesito|quiero|mudo|caso|boda|entreg\w+) ", near)


def _only_asks(text: Text, begin: int, end: int, cue: str, wished: bool, before: str, whole: str) -> bool:
    """Whether a question is about the shop: its days, or how long it takes."""
    if (_DELAY.search(whole) or (cue.startswith(_COUNTED) and " entregan " in whole)) and not wished:
        return True
    if cue.startswith("inmediat") and re.search(r" (?:es|tienen|hay|hacen|dan) ", before):
        return True
    if _SCHEDULE.search(text.flat) and re.match(
        r" (?:¿ |y |o |e )*(?:es|seria|sera|eso|is it|e) (?:es )?(?:para|for|solo|de) ", whole
    ):
        return True
    bare = end - begin <= 5 and re.match(r" (?:y |¿ )*(?:el|los|este|hoy|manana)? ?", whole)
    return bool(bare) and not re.search(r" (?:para|lo|la|entreg\w+|llega) ", whole)


def _is_another_day(text: Text, first: int, last: int, cue: str, wished: bool) -> bool:
    """Whether a day is that of a visit in the past, a call, a farewell or anything but the purchase."""
    begin, end = text.sentence_range(first)
    before, after = text.words(begin, first), text.words(last, end)
    start = max(begin, first - 7)
    # *me llamo Luis* is no call.
    start += start > 0 and text.norms[start - 1 : start + 1] == ["me", "llamo"]
    near = text.words(start, first)
    happened = _HAPPENED.match(after)
    if happened and cue.startswith(("hoy", "today", "hoje")):
        verb = text.tokens[text.token_at(text.starts[last] + happened.start("verb") - 1)] if last < len(text) else None
        if verb and (
            verb.raw.endswith(("é", "ó", "í")) or verb.norm in ("vi", "fui", "llego", "escribi", "vimos", "fuimos")
        ):
            return True
    if (
        _PAST.search(near)
        and not cue.startswith(_UNTIL)
        and not re.search(r" (?:para|necesito|quiero|entreg\w+|antes del) ", near)
    ):
        return True
    if _CONTACT.search(near) or _AFTER_CONTACT.match(after) or _NOT_THE_DAY.search(before):
        return True
    beside = sum(text.tokens[at].kind == "word" for at in (*range(begin, first), *range(last, end)))
    if beside > 1 and cue.startswith("hasta") and not (wished or before.endswith(" tengo ")):
        return True
    if beside <= 1 or cue.startswith((*_UNTIL, "this ")):
        return bool(re.match(r" no ", after))
    # What is needed may follow a break: *este viernes abro el hotel 😊 y las necesito*.
    return not _OCCASION.search(text.words(begin, min(len(text), end + 8)))
