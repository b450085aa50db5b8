"""The wish to be written to no more, or again.

A phrase of the shop's is a wish when it is the whole message: «baja» is, «quiero dar de baja mi pedido» and «bájame el
precio» are not. A sentence is one when it says so and nothing else: «ya no me escriban, por favor» is, «no me escriban al
correo, mejor por aquí» is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from .guard import injected_spans
from .questions import language_of
from .text import Text, fold
from .vocabulary import usable

if TYPE_CHECKING:
    from .taught import OptOuts

#: What ends a customer's messages unless the shop says otherwise, by the language that says it. Not «cancelar» alone,
#: which means to pay as well.
OPT_OUTS = {
    "es": (
        "BAJA",
        "DAR DE BAJA",
        "DARME DE BAJA",
        "DENME DE BAJA",
        "DEME DE BAJA",
        "QUIERO DARME DE BAJA",
        "CANCELAR SUSCRIPCIÓN",
        "CANCELAR LA SUSCRIPCIÓN",
        "CANCELAR MI SUSCRIPCIÓN",
        "DESUSCRIBIR",
        "DESUSCRIBIRME",
        "NO MÁS MENSAJES",
        "NO QUIERO MÁS MENSAJES",
        "NO QUIERO RECIBIR MÁS MENSAJES",
        "NO ENVIAR MÁS MENSAJES",
        "NO ENVÍEN MÁS MENSAJES",
        "NO ME ENVÍEN MÁS MENSAJES",
        "NO ME MANDEN MÁS MENSAJES",
        "NO ME ESCRIBAN MÁS",
        "DEJEN DE ESCRIBIRME",
    ),
    "pt": (
        "SAIR",
        "SAIR DA LISTA",
        "CANCELAR INSCRIÇÃO",
        "CANCELAR A INSCRIÇÃO",
        "CANCELAR MINHA INSCRIÇÃO",
        "DESCADASTRAR",
        "DESCADASTRAR-ME",
        "DESINSCREVER",
        "PARAR MENSAGENS",
        "PARAR DE RECEBER MENSAGENS",
        "QUERO PARAR DE RECEBER MENSAGENS",
        "CHEGA DE MENSAGENS",
        "NÃO QUERO MAIS MENSAGENS",
        "NÃO QUERO MAIS RECEBER MENSAGENS",
        "NÃO ENVIAR MAIS MENSAGENS",
        "NÃO ENVIEM MAIS MENSAGENS",
        "NÃO ME ENVIEM MAIS MENSAGENS",
        "NÃO ME MANDEM MAIS MENSAGENS",
        "NÃO ME ESCREVAM MAIS",
        "PAREM DE ME ESCREVER",
    ),
    "en": (
        "STOP MESSAGES",
        "NO MORE MESSAGES",
        "UNSUBSCRIBE",
        "OPT OUT",
        "OPTOUT",
    ),
    # Written in more languages than one.
    "": (
        "PARAR",
        "REMOVER",
        "STOP",
        "STOP ALL",
        "STOPALL",
    ),
}

#: What lets us write again; heard only from who wanted no more messages.
OPT_INS = {
    "es": (
        "ALTA",
        "DARME DE ALTA",
        "QUIERO DARME DE ALTA",
        "SUSCRIBIR",
        "SUSCRIBIRME",
        "VOLVER A RECIBIR MENSAJES",
        "QUIERO VOLVER A RECIBIR MENSAJES",
    ),
    "pt": (
        "INSCREVER",
        "INSCREVER-ME",
        "QUERO ME INSCREVER",
        "VOLTAR A RECEBER",
        "VOLTAR A RECEBER MENSAGENS",
        "QUERO VOLTAR A RECEBER",
        "QUERO VOLTAR A RECEBER MENSAGENS",
        "QUERO RECEBER MENSAGENS",
        "QUERO RECEBER MENSAGENS DE NOVO",
    ),
    "en": ("SUBSCRIBE", "OPT IN", "OPTIN"),
    "": ("START", "UNSTOP"),
}

OPT_OUT_PHRASES = tuple(phrase for phrases in OPT_OUTS.values() for phrase in phrases)
OPT_IN_PHRASES = tuple(phrase for phrases in OPT_INS.values() for phrase in phrases)

#: What says yes to the question whether somebody wants no more messages.
YES_PHRASES = (
    "SÍ",
    "SÍ QUIERO",
    "SÍ ESO QUIERO",
    "SÍ ESO",
    "SÍ CLARO",
    "CLARO",
    "CLARO QUE SÍ",
    "ASÍ ES",
    "ESO ES",
    "ESO QUIERO",
    "CORRECTO",
    "EXACTO",
    "CONFIRMO",
    "SÍ CONFIRMO",
    "DE ACUERDO",
    "YES",
    "YES I DO",
    "YES PLEASE",
    "SIM",
    "SIM QUERO",
)

#: No phrase is longer than this together with its courtesies.
_LONGEST = 120

#: Far more than can be entered: no wish that a shop once listed is overheard.
_MOST_PHRASES = 5000

_WORD = re.compile(r"[^\W_]+")

#: Courtesies around the wish, which change nothing.
_POLITE = frozenset(
    "hola buenos buenas buen dia dias tarde tardes noche noches por favor porfa porfavor porfis xfa muchas mil gracias "
    "ya ok hi hello good morning afternoon evening please pls thanks thank you now ola oi bom boa noite obrigado "
    "obrigada agora".split()
)


@lru_cache(maxsize=64)
def read_phrases(lines: str) -> frozenset[tuple[str, ...]]:
    """Phrases, one a line, as `is_consent_request` takes them; without those that are too long, as many as there may be."""
    return frozenset(filter(None, (get_words(line) for line in usable(lines.splitlines(), most=_MOST_PHRASES))))


def is_consent_request(text: str, phrases: Iterable[tuple[str, ...]]) -> bool:
    """Whether a message is one of these phrases and nothing else.

    Case, accents, punctuation, courtesies around it and repetition of the same word make no difference.
    """
    if len(text) > _LONGEST:
        return False
    words = get_words(text)
    return words in phrases or strip_courtesies(words) in phrases


def get_words(text: str) -> tuple[str, ...]:
    """The folded words of a message, each once where it is repeated."""
    words = _WORD.findall(fold(text))
    return tuple(word for before, word in zip(["", *words], words, strict=False) if word != before)


def strip_courtesies(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words without the courtesies around them."""
    wanted = [position for position, word in enumerate(words) if word not in _POLITE]
    return words[wanted[0] : wanted[-1] + 1] if wanted else ()


# Languages

#: Words that tell the language of such a wish and that sentences have beside those of the phrases.
_TELLING = {
    "es": "escriban escribir escribirme molestar molesten envien manden lista numero quitenme borrenme",
    "pt": "mensagem escrevam mandem mandar enviem numero meu minha voces parem remova",
    "en": "message messaging text texts texting sending send contact contacting spamming bothering leave alone anymore my",
}


def _list_own_words() -> dict[str, frozenset[str]]:
    """{language: the words of its phrases that no other language has here}."""
    words = {
        language: {word for phrase in (*OPT_OUTS[language], *OPT_INS[language]) for word in get_words(phrase)}
        | set(_TELLING.get(language, "").split())
        for language in OPT_OUTS
    }
    return {
        language: frozenset(own.difference(*(words[other] for other in words if other != language)))
        for language, own in words.items()
        if language
    }


_OWN_WORDS = _list_own_words()


def find_request_language(text: str, before: str | None = None) -> str | None:
    """The language in which somebody says that they want no more messages, or wants them again.

    before
        the language that they have written in until now. One word does not change it, and what more languages than one
        have does not tell it.
    """
    words = set(get_words(text))
    if before and len(words) == 1:
        return before
    if language := language_of(Text(text)):
        return language
    counts = {language: len(words & own) for language, own in _OWN_WORDS.items()}
    best = max(counts.values())
    found = [language for language, count in counts.items() if count == best]
    return found[0] if best and len(found) == 1 else before


# Sentences

#: More than anybody needs to say it; what is longer says something else as well.
_LONGEST_SENTENCE = 400

#: What `find_consent_request` makes of a message.
CERTAIN, LIKELY = "certain", "likely"

_CHAT = {
    **dict.fromkeys(("q", "k", "ke", "qe"), "que"),
    **dict.fromkeys(("xfa", "xfavor", "xfis", "porfavor", "porfa", "porfis", "plis", "pls", "plz"), "favor"),
    **dict.fromkeys(("m",), "me"),
    **dict.fromkeys(("kiero", "qiero", "qero"), "quiero"),
    **dict.fromkeys(("+", "mais"), "mas"),
    **dict.fromkeys(("nro", "num", "nmero", "fono", "cel", "celular", "telefono"), "numero"),
    **dict.fromkeys(("mensages", "msjs", "msj", "mensajitos", "mnsjs", "msgs"), "mensajes"),
    **dict.fromkeys(("dont", "don"), "dont"),
}
_NO_MORE = re.compile(r"\bnomas (?=mensajes|publicidad|promociones)")
_SENTENCE_TOKEN = re.compile(r"[^\W_]+|[+]|[.,;:!?¿¡()\n…\"«»—–]")
_APOSTROPHE = re.compile(r"(?<=n)['’´`]t\b")
_SPLITS = frozenset(["y", "e", "and", "porque", "pq", "xq", "because"])

# Parts of what follows. What is sent counts when it is messages: of photos, voice notes or a bill, somebody only wants
# no more of these.
_MESSAGES = (
    r"(?:mensajes?|informacion|comunicaciones|notificaciones|textos|whatsapps?|wsps?|cosas|spam|messages?|texts|mensagens?"
    r"|mensagem|informacoes|informacao|comunicacoes|notificacoes)"
)
_ADVERTISING = r"(?:publicidad|promociones|ofertas|propagandas?|ads|promotions|publicidade|promocoes)"
_LIST = (
    r"(?:listas?|listado|base|bases|grupo|contactos|difusion|registros?|directorio|agenda|aqui|envios|mensajes"
    r"|comunicaciones|publicidad|whatsapp|sistema|list|database)(?!\ de\ (?:espera|deseos|precios|bodas?|regalos|compras))"
)
_YOUR = r"(?:(?:de|del|da|desta|dessa|deste|desse|from|off|the|your|la|las|el|los|su|sus|tu|tus|esta|este|esa|ese|vuestra|sua|essa|this)\ ){1,3}"
_WRITE = (
    r"(?:escrib(?:an|a|as|ais|ir|irme|irnos|iendo|iendome)|contact(?:en|e|es|ar|arme|ando|arnos)"
    r"|molest(?:en|e|es|ar|arme|ando|arnos)|fastidi(?:en|e|es|ar|arme|ando)|jod(?:an|as|er|erme|iendo)"
    r"|insist(?:an|as|ir|iendo)|comuni(?:quen|que|car|carse)|acos(?:en|es|ar|arme|ando)|incomod(?:en|e|em|ar)|perturb(?:e|em|ar)"
    r"|escrev(?:a|am|er)|hosti(?:guen|gar|garme)|contat(?:e|em|ar)|spamear|spameen|importun(?:en|ar|arme))"
)
_SEND = (
    r"(?:mand(?:en|e|es|ar|arme|ando|andome|arnos|em)|envi(?:en|e|es|ar|arme|ando|andome|arnos|em)|lleguen"
    r"|pas(?:en|ar|arme)|remit(?:an|ir))"
)
_ME = r"(?:me\ |nos\ |te\ )?"
_AGAIN = r"(?:(?:vuelv(?:an|a|as)\ a|volver\ a|sig(?:an|a|as)|seguir|continuen|continue)\ )?"
_NOT = (
    rf"(?:no|nao|ni)\ (?:(?:ya|favor|por)\ )*(?:(?:me\ )?llamen\ ni\ )?(?:(?:quiero|deseo|queremos|quero|desejo|autorizo|autorizo\ a)\ que\ )?(?:ya\ )?{_ME}"
    rf"{_AGAIN}{_ME}"
)
_STOP = (
    r"(?:dej(?:en|e|a|ame|enme|eme|ar|es)|par(?:en|e|a|em|ar)|cesen?|terminen|abstenganse|abstenerse|evit(?:en|e|ar)"
    r"|deix(?:e|em|a|ar)(?=\ (?:ya\ )?de\ ))"
    rf"\ (?:ya\ )?(?:de\ )?{_ME}"
)
_REMOVE = r"(?:borr|quit|sac|saqu|elimin|retir|remuev|suprim|exclu)"

_CORES = re.compile(
    rf"""\b(?:
    {_NOT}{_WRITE}
  | {_NOT}{_SEND}\ (?:(?:ni\ un|ningun|esos|estos|sus|tantos|mas|este\ tipo\ de)\ )*{_MESSAGES}
  | {_NOT}{_SEND}\ (?:nada\ mas|mas\ nada|mas$)
  | ya\ {_NOT}{_SEND}(?:\ mas)?\ nada
  | (?:no|nao)\ (?:les\ |le\ |los\ )?autorizo\ (?:a\ )?{_WRITE}
  | (?:no|nao)\ (?:quiero|deseo|queremos|quisiera|deseamos|quero|desejo|recibir|receber|(?:me|nos)\ interesa\ (?:seguir\ )?(?:recibir|recibiendo))
        \ (?:(?:llamadas\ ni|mas|seguir|recibir|recibiendo|receber|volver|a|ningun|ninguna|sus|esos|estos|tus|tantos
            |suas|essas|estas|tantas|nenhuma)\ ){{0,5}}?
        (?:mensajes?|informacion|comunicaciones|notificaciones|textos|whatsapps?|wsps?|mensage(?:m|ns)|comunicacoes
            |notificacoes|spam)
  | (?:no|nao)\ (?:les\ )?autorizo\ (?:a\ )?(?:el\ uso|usar|que\ usen)\ (?:de\ )?(?:mi|este)\ numero
        (?:\ para\ (?:(?:enviarme|mandarme|sus|enviar)\ )?(?:{_ADVERTISING}|{_MESSAGES}))?
  | (?:no|nao)\ (?:quiero|deseo|queremos|quero|desejo)\ (?:(?:seguir|mas)\ )*(?:recibir|recibiendo|receber)\ (?:mas\ )?nada(?:\ mas|$)
  | (?:no|nao)\ (?:me|nos)\ (?:respond(?:an|a|as|am)|contest(?:en|e|es)|busquen)
  | no\ (?:respondan|contesten)\ mas
  | (?:no\ mas|no\ more)\ (?:mensajes|textos|whatsapps|messages|texts)
  | (?:no|nao)\ (?:quiero|deseo|quisiera|quero|desejo)\ (?:mas\ )?(?:(?:volver\ a\ )?(?:ser|seguir\ siendo)\ (?:contactad[oa]|molestad[oa]|contatad[oa]|incomodad[oa])
        |(?:tener\ )?(?:mas\ )?(?:ningun\ )?contacto\ con\ ustedes)
  | (?:no|nao)\ entr(?:e|em|ar)\ (?:mas\ )?em\ contato(?:\ (?:comigo|conosco))?
  | nao\ autorizo\ o\ uso\ d[eo]\ meu\ (?:numero|telefone|contato)
  | (?:des|de)suscrib\w{{1,6}}|desinscr(?:ib|ev)\w{{1,6}}
  | descadastr\w{{1,4}}(?:\ me)?(?:\ (?:o\ )?meu\ (?:numero|telefone|contato))?(?:\ {_YOUR}{_LIST})?
  | bloqueenme|bloqueeme|bloqueame
  | (?:anul|cancel|suspend)\w{{1,3}}\ (?:todos\ )?(?:mi|la|los|sus|minha)\ (?:suscripcion|inscripcion|inscricao|mensajes)
        (?:\ (?:a|de|para)\ (?:(?:los|sus|la|su|estos|esta|este)\ )?(?:{_MESSAGES}|{_LIST}|{_ADVERTISING}))?
  | cancel\w{{1,3}}\ (?:(?:a|minha|esta|essa)\ )?(?:inscricao|assinatura)
        (?:\ (?:a|de|para)\ (?:(?:as|suas|essas|estas)\ )?(?:{_MESSAGES}|{_LIST}|{_ADVERTISING}))?
  | cancel\w{{1,3}}\ (?:o\ recebimento|el\ envio)\ d[eao]s?\ (?:{_MESSAGES}|{_ADVERTISING})
  | omit(?:an|a|ir)\ mi\ numero
  | {_STOP}{_WRITE}
  | {_STOP}{_SEND}\ (?:(?:ya|sus|tantos|esos|estos|mas)\ )*{_MESSAGES}
  | (?:dej(?:o|ar|amos|en)|par(?:o|ar)|deix(?:o|ar))\ (?:ya\ )?de\ (?:recibir|receber|llegar|llegarme)
        \ (?:(?:sus|tus|estos|esos|los|mas|suas|essas|estas|as)\ )*{_MESSAGES}
  | par(?:ar|e|em)\ (?:(?:com\ )?(?:as\ |suas\ |essas\ |estas\ |tantas\ )?|de\ )mensage(?:m|ns)
  | (?:basta|chega)\ (?:ya\ )?(?:de|con|com)\ (?:tantos\ |sus\ |los\ |tus\ |tantas\ |as\ )?(?:mensajes|mensagens)
  | {_REMOVE}\w{{1,3}}me\ (?:(?:ya|favor|por)\ )*{_YOUR}{_LIST}
  | {_REMOVE}\w{{1,3}}me\ de\ aqui
  | (?:ser|sea)\ (?:eliminad|borrad|retirad|excluid|dad|removid)[oa]\ (?:de\ baja\ )?{_YOUR}{_LIST}
  | (?:tir|retir|remov|exclu|apag|bloquei)\w{{1,4}}\ (?:o\ )?meu\ (?:numero|telefone|contato)(?:\ {_YOUR}{_LIST})?
  | (?:basta|dej\w{{1,3}}|par\w{{1,4}})\ (?:ya\ )?con\ (?:los|tantos|sus|tus)\ mensajes
  | me\ (?:pued\w+\ |podri\w+\ |pod\w+\ )?(?:{_REMOVE}|remov|tir)\w{{1,4}}\ (?:(?:ya|favor|por)\ )*{_YOUR}{_LIST}
  | {_REMOVE}\w{{1,3}}\ (?:ya\ )?(?:este|mi|mis)\ (?:numero|contacto|datos)
  | (?:borr|elimin)\w{{1,2}}me$
  | (?:me\ (?:den|de|doy|dar|das|dan|da|damos)|(?:dar|den|deme|dame|denme|darme|darse)(?:\ me)?)\ de\ baja(?:\ {_YOUR}{_LIST})?
  | (?:solicito|pido|quiero|deseo|exijo)\ (?:la\ |mi\ )?baja(?:\ de\ (?:mi|este)\ numero)?
  | cancel(?:ar|en|e|o)\ (?:(?:la|mi|esta)\ )?suscripcion(?:\ (?:a|de)\ (?:(?:los|sus|la|estos)\ )?(?:{_MESSAGES}|{_LIST}))?
  | (?:salir|salirme|sair|retirarme|borrarme|eliminarme)\ {_YOUR}{_LIST}
  | dej(?:en|e|a|enme|eme|ame)(?:\ me)?\ (?:en\ paz|tranquil[oa])
  | me\ deix(?:e|em|a)\ em\ paz
  | revoco\ (?:mi|el)\ (?:consentimiento|autorizacion)
  | si\ {_ME}(?:siguen|sigue|sigues|vuelven|vuelve|vuelves|continuan)\ (?:a\ )?{_ME}{_WRITE}
  | (?:stop|quit|cease)\ (?:receiving|getting)\ (?:(?:any|more|these|your|those)\ )*(?:messages|texts)
  | (?:stop|quit|cease)\ (?:sending|texting|messaging|writing|contacting|spamming|bothering|harassing)
        (?:\ (?:to\ )?(?:me|us))?(?:\ (?:(?:any|more|these|your)\ )*(?:messages|texts|spam))?
  | (?:dont|do\ not|never)\ (?:ever\ )?(?:text|message|contact|write|bother|spam)\ (?:to\ )?(?:me|us)
  | (?:dont|do\ not)\ (?:text|message|contact)$
  | (?:dont|do\ not)\ send\ me\ (?:(?:any|more|anymore)\ )*(?:messages|texts)
  | (?:dont|do\ not|no\ longer)\ (?:want|wish|like)\ to\ (?:receive|get)\ (?:(?:any|more|your|further|these|those)\ )*(?:messages|texts)
  | (?:dont|do\ not|no\ longer)\ (?:want|wish)\ to\ be\ contacted
  | (?:remove|take|delete|get)\ me\ {_YOUR}{_LIST}
  | (?:remove|delete)\ (?:my|this)\ number
  | leave\ me\ alone|unsubscribe(?:\ me)?|opt\ (?:me\ )?out
    )(?=\ |$)""",
    re.VERBOSE,
)
#: What may be said for this or for another reason: who does not need messages may come to the shop; and the assistant
#: advertises nothing.
_LIKELY = re.compile(
    rf"\b(?:no|nao|cero|ni\ un|nunca)\ (?:(?!puedo|pude|lleg|recibi\b|dej|olvid|deb)\w{{1,12}}\ ){{0,4}}?"
    rf"(?:que\ (?:ya\ )?{_ME}{_AGAIN}{_WRITE}|recibir\ (?:sus\ |mas\ )*mensajes|mas\ mensajes)(?=\ |$)"
    rf"|\b(?:cero|ni\ un|un)\ mensajes?(?:\ mas)?(?=\ |$)|\bremove\ me$|\bme\ (?:remov|tir|exclu)(?:a|am|e|em)$|\b(?:ya\ )?paren$"
    rf"|\b(?:no|nao|ya\ no|no\ mas|dej\w{{1,5}}\ de|par\w{{1,3}}\ de)\ (?:(?:mas|me|nos|quiero|queremos|deseo|interesa|seguir|recibir|recibiendo|quero|receber)\ ){{0,6}}(?:{_SEND}\ )?"
    rf"(?:(?:mas|mi|su)\ ){{0,3}}{_ADVERTISING}(?=\ |$)|\b(?:borr|elimin)\w{{1,3}}lo$"
    rf"|\bno\ (?:me\ |nos\ )?(?:mand|envi)\w{{1,2}}\ nada$"
)

_BEFORE = frozenset(
    """hola buenos buenas buen dia dias tarde tardes noche noches por favor ya si estimados estimado senores senor
    senorita senora amigo amiga amigos oiga oigan mire miren vea vean bueno ok gracias muchas mil le les los te pido ruego
    agradeceria agradecere agradezco solicito solicitamos exijo quiero quisiera queremos deseo que q entonces mejor asi
    como hago hacer hace puedo para podrian podria pueden puede podes me nos gustaria yo la verdad en serio de una vez
    les los voy a denunciar dije digo dicho he cuantas veces amor dios entiendan
    entienda comprendan prefiero pero pedi pedido tres disculpe disculpen aqui abstenerse vez mas basta suficiente tambien necesito necesitamos hello hi please can you could how do i to just
    want now stop would like ola oi bom boa noite quero gostaria desejo preciso voces eu so jovencito joven ustedes por tanto conforme che""".split()
)
_AFTER = frozenset(
    """mas nunca jamas ya por favor gracias muchas otra vez de nuevo nuevamente nada a este esta mi numero medio este
    whatsapp wsp wpp ustedes ni cosas mensajes entiendan entienda entiende ok bye adios chao en serio nomas adelante
    pido se lo suyos suyo su sus empresa tienda negocio desde hoy senores senor senorita senora amigo amiga cordialmente
    saludos atentamente mil bendiciones carajo caramba maldita sea anymore again ever please thanks thank you from your
    company this number me messages ultima primera no jamas os obrigado obrigada los bloqueo denuncio reporto demando voy
    denunciar bloquear reportar les las lista base datos contactos contacto tu tus tuyos recibir seguir che con los difusion
    envios sistema voces registros list database veces absolutamente
    voces vcs mim comigo loja mensagem mensagens agora sempre
    ningun ninguna mensaje tipo algun para siempre del todo inmediatamente urgente ahora mismo""".split()
)

#: What narrows it to a time, another way, a thing or a person, and so makes it another wish.
_LIMITS = frozenset(
    """correo email mail gmail tarde tardes noche noches manana mananas lunes martes miercoles jueves viernes sabado sabados
    domingo domingos semana semanas fines hasta todavia aun antes despues cuando mientras otro otra anterior vieja viejo
    llamada llamadas telefonica voz audio audios foto fotos video videos link links catalogo factura pedido pedidos compra
    precio precios credito garantia cotizacion proforma producto mueble muebles texto largo tan tanto tantas tantos doble
    despacio rapido ella el hermana esposo esposa mama papa jefe vendedora vendedor usted trabajo oficina casa espera sofa
    cama mesa sillas silla comedor sala direccion envio entrega pago automaticos automaticas automatico robot bot after
    before until pm am mal asi siempre sms facebook instagram messenger
    telegram email work order sofa table delivery only except hoy amanha depois""".split()
)
_PREPOSITIONS = frozenset("a al en por con para tan sobre desde entre in on at by for about em com".split())
#: What asks for something else; «no quiero nada» does not.
_ASKS = re.compile(
    r"(?<!no )\b(?:quiero|queremos|quisiera|busco|necesito|prefiero|preferimos|quero|preciso|i want|i need)\b"
    r"|\b(?:escrib(?!ir)|llam(?!ar)|mand(?!ar)|envi(?!ar)|respond(?!er)|contest(?!ar)|pas(?!ar)|dig|coti[zc]|atiend|confirm|avis|ayud)\w{1,4}(?:me|nos|le|les)\b"
    r"|\bque me (?:escriba|llame|atienda|conteste|responda)|\b(?:cuanto|cuesta|precio|vale|text me|call me|mande|how much)\b"
    r"|\bme (?:interesa|interesan|gustaria|gusta)\b(?<!no me interesa)(?<!no me interesan)(?<!no me gusta)"
)
_TURNS = frozenset("pero sino mejor solo solamente unicamente excepto salvo aunque cuando but only except".split())


def find_consent_request(text: str, taught: OptOuts | None = None) -> str | None:
    """Whether a message says in a sentence that the customer wants no more messages.

    taught
        phrases that the shop has added. Beside more than courtesies they are worth a question, as all others, and
        beside what tries to dictate the outcome they are not heard.

    `CERTAIN` when that is what it says; `LIKELY` when it may be, so that it is worth a question; None when it says
    something else. Spanish with its voseo, English and Portuguese.
    """
    if not text or len(text) > _LONGEST_SENTENCE:
        return None
    if taught and is_consent_request(text, taught.whole):
        return CERTAIN
    found, wish = None, None
    clauses = get_clauses(text)
    if taught and (not any(taught.find(clause.split()) for clause in clauses) or injected_spans(Text(text))):
        taught = None
    for position, clause in enumerate(clauses):
        strength = _judge(clause, taught)
        if strength and found != CERTAIN:
            found, wish = strength, position
    if not found:
        return None
    for position, clause in enumerate(clauses):
        if position == wish or _judge(clause, taught):
            continue
        if position > wish and clause.split(" ", 1)[0] in _TURNS:
            return None
        if _ASKS.search(clause) or (position > wish and not _LIMITS.isdisjoint(clause.split())):
            return None
    return found


def _judge(clause: str, taught: OptOuts | None = None) -> str | None:
    """What one clause alone says."""
    words = clause.split()
    if core := _CORES.search(clause):
        before, after = clause[: core.start()].split(), clause[core.end() :].split()
    elif found := taught and taught.find(words):
        before, after = words[: found[0]], words[found[1] :]
    else:
        return LIKELY if _LIKELY.search(clause) and not _is_narrowed(words) else None
    if _is_narrowed(after) or "no" in before or "nao" in before or "sin" in before:
        return None
    # One unknown word before it is how somebody is called.
    called = sum(word not in _BEFORE for word in before)
    return CERTAIN if called <= 1 and _LIMITS.isdisjoint(before) and _AFTER.issuperset(after) else LIKELY


def _is_narrowed(words: list[str]) -> bool:
    """Whether words behind a wish say that it is about some time, way, thing or person."""
    return any(
        word in _LIMITS or (before in _PREPOSITIONS and word not in _AFTER)
        for before, word in zip(["", *words], words, strict=False)
    )


def get_clauses(text: str) -> list[str]:
    """The clauses of a message, each as folded words with single spaces between them."""
    clauses: list[list[str]] = [[]]
    for token in _SENTENCE_TOKEN.findall(_APOSTROPHE.sub("t", fold(text))):
        if token in _SPLITS or not (token == "+" or token[0].isalnum()):
            clauses.append([])
            continue
        clauses[-1].extend(_CHAT.get(token, token).split())
    return [_NO_MORE.sub("no mas ", " ".join(words)) for words in clauses if words]
