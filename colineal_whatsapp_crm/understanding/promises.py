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
_SENTENCE = re.compile(r"[^.!?¿¡\n…]+\??")


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
