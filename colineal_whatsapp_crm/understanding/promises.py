"""Whether a text of ours promises that a person will do something: then one must be told."""

import re

from .text import fold

#: Who is meant, in the three languages.
_STAFF = (
    r"(?:asesor(?:a|as|es)?|vendedor(?:a|as|es)?|ejecutiv[oa]s?|agentes?|colegas?|companer[oa]s?|encargad[oa]s?"
    r"|persona|(?:nuestro|el) personal|equipo|alguien|especialistas?|tecnic[oa]s?|representantes?"
    r"|advisers?|advisors?|agents?|colleagues?|person|someone|somebody|team|staff|salesperson|representatives?"
    r"|consultor(?:a|as|es)?|atendentes?|pessoa|equipe|alguem|vendedores)"
)
_PROMISES = re.compile(
    # Somebody of ours is named as who does it.
    rf"\b{_STAFF}\b"
    # We shall do it: *te contactaremos*, *te lo confirmamos*, *nos comunicaremos*.
    r"|\b(?:te|le|les|lo|la|los|las|nos|se) (?:l[oa]s? )?(?:\w*(?:contactar|llamar|escribir|responder|contestar|avisar"
    r"|confirmar|enviar|atender|revisar|comunicar|visitar|pondr|dar|mandar|ver)(?:emos|an|a)"
    r"|(?:contact|llam|contest|avis|confirm|envi|revis|comunic|visit|mand)amos|escribimos|(?:respond|atend)emos)\b"
    r"|\b(?:te|le|les) (?:vamos|van) a \w+"
    r"|\b(?:vamos|van|voy) a (?:revisar|verificar|consultar|averiguar|confirmar|llamar|contactar|escribir|avisar|responder"
    r"|contestar|coordinar|comunicar|pasar|enviar|mandar)\w*"
    r"|\bestar(?:emos|an|a) (?:\w{1,12}ndo(?:te|le|les|nos)?|en contacto)\b|\bdevolv(?:emos|eremos|eran?) la llamada\b"
    # Others do it, unnamed or by name: *te atienden*, *Carlos te llama*; or it is done: *serás contactado*.
    r"|\b(?:te|le|les|lhe) (?:l[oa]s? )?(?:(?:ayud|llam|contact|contest|avis|confirm|visit|marc)an"
    r"|(?:atiend|escrib|respond|escrev|atend)e[nm]|(?:atiende|escribe|responde|llama|contacta|contesta|visita|atende|ligam?|chamam|contatam))\b"
    r"|\b(?:seras?|seran) (?:contactad|atendid|llamad|visitad|asistid|revisad|respondid|contatad|chamad)[oa]s?\b"
    r"|\b(?:recibiras?|recibiran|tendras?|tendran|recebera|tera) (?:\w+ ){0,2}?(?:llamada|respuesta|noticias|mensaje|visita"
    r"|contacto|confirmacion|cotizacion|correo|ligacao|resposta|contato|mensagem)\b"
    # It is passed on, or looked up.
    r"|\b(?:te|le|les|lo|la) (?:paso|pase|derivo|derive|transfiero|comunico|conecto|contacto) (?:con|a|al)\b"
    r"|\b(?:paso|pase|comparti|reenvie|reenvio|derive|derivo) (?:tu|su|el|la|esta|este) \w+ (?:a|al|con)\b"
    r"|\b(?:lo|la|los) (?:consulto|verifico|reviso|averiguo|pregunto|consultamos|verificamos|revisamos)\b"
    r"|\b(?:te|le|les) (?:l[oa]s? )?(?:aviso|llamo|escribo|confirmo|respondo|contesto)\b"
    r"|\b(?:vou|vamos) (?:passar|verificar|perguntar|consultar|encaminhar|confirmar)\b"
    r"|\bbe in touch\b|\b(?:you will|you'll) (?:hear from|be (?:contacted|called)|(?:receive|get) (?:a|an|our) (?:call|reply|answer|visit))\b"
    r"|\b(?:will|is going to|are going to) (?:\w+ )?(?:call|ring|phone|contact|text|write to|get back|reply to|answer|visit) you\b"
    r"|\b(?:i'll|i will) (?:\w+ )?(?:check|ask|find out|confirm|get back|let you know|pass|forward|look into)\b"
    r"|\b(?:pass|passed|forward|forwarded) (?:this|it|your \w+) (?:on )?to\b"
    r"|\b(?:we will|we'll|we are going to) (?:\w+ )?(?:call|contact|write|answer|reply|send|get back|confirm|review|check|look"
    r"|have a look|visit)\b"
    r"|\b(?:entraremos|retornaremos|responderemos|ligaremos|enviaremos|confirmaremos|avisaremos|vamos (?:te )?(?:ligar"
    r"|responder|enviar|verificar))\b"
)
#: *para que un asesor pueda atenderte*, *if you want a person*: on condition, and so no promise yet.
_CONDITIONAL = re.compile(
    rf"\b(?:para que|si (?:quieres|deseas|prefieres)|so that|if you|para que|se (?:quiser|preferir))\b[^.!?¿¡]{{0,80}}?\b{_STAFF}\b"
)
#: *Ningún asesor te llamará*, *nobody from our team*.
_NOBODY = re.compile(rf"\b(?:ningun|ninguna|nadie|no|none|nobody|nenhum|nenhuma|ninguem)\b (?:\w+ ){{0,2}}?{_STAFF}\b")
#: *No te enviaremos más mensajes*.
_NOT_DONE = re.compile(
    r"\b(?:no|nunca|nao) (?:(?:te|le|les|lo|la|nos) )?\w+[aei]mos\b|\b(?:we will not|we won't|will not) \w+"
)
_STAFF_NAMED = re.compile(rf"\b{_STAFF}\b")
_SENTENCE = re.compile(r"[^.!?¿¡\n…]+\??")


def names_staff(text: str) -> bool:
    """Whether a text names somebody of ours: *un asesor*, *our team*."""
    return bool(_STAFF_NAMED.search(fold(text)))


def promises(text: str) -> bool:
    """Whether a text, in Spanish, English or Portuguese, says that a person will do something.

    What is asked (*¿Quieres que un asesor te llame?*) promises nothing. In doubt it does: a colleague who is told
    without need loses a moment, a customer who waits for nobody is lost.
    """
    for sentence in _SENTENCE.findall(fold(text).replace("{", " ").replace("}", " ")):
        if sentence.endswith("?") or _NOBODY.search(sentence):
            continue
        if _PROMISES.search(_NOT_DONE.sub(" ", _CONDITIONAL.sub(" ", sentence))):
            return True
    return False
