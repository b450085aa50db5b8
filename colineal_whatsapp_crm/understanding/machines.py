"""What no person typed: automatic answers of a business's phone, and what is said over and over."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2s

from .text import clean, fold

#: How many turns back a repetition is noticed.
REMEMBERED = 12
#: A text of at least so many characters that comes after as many of the same is a repetition; a shorter one, like
#: «ok» or «hola?», people do repeat.
_LONG = 25
_TIMES_LONG, _TIMES_SHORT = 2, 5
#: From so many words on, figures are a ticket or a time of day, not what the text says.
_MASKED_WORDS = 4

#: Longer texts and shorter ones are no automatic answers; and what of a long one tells it from others.
_LONGEST, _FEWEST_WORDS, _HEAD = 1000, 2, 500
#: Machines spell well, so that none of the care for what people type is needed.
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[:-]")

#: Says by itself that no person wrote.
_SAYS_SO = re.compile(
    r" (?:(?:mensaje|respuesta|contestacion|correo) automatic[oa]|contestador(?:a)? automatic[oa]|contestador de"
    r"|auto ?- ?reply|autoreply|auto ?- ?response|automat(?:ic|ed) (?:reply|response|message|answer)"
    r"|(?:enviad[oa]|generad[oa]|sent|generated) (?:automaticamente|automatically|de forma automatica)"
    # A menu: what to choose, and at least two to choose from.
    r"|(?:eli[jg][ea]|seleccion[ea]|esco[jg][ea]|digit[ea]|marqu?[ea]|escrib[ea]|respond[ea]|choose|select|reply|escolha|digite)"
    r" (?:con |with |uma? |una |el |la |o |a |an |the |de |do |siguientes |numero |number )*(?:opci?on(?:es)?|opcao|opcoes|options?|numero|number)"
    r"\b.{0,80}? 1 (?!(?:y|o|e|ou|and|or|a|to) 2).{3,80}? 2"
    r"|(?:mensagem|resposta) automatica|out of (?:the )?office|fuera de (?:la )?oficina"
    r"|no (?:responda|respondas|contestes?|conteste) (?:a )?este (?:mensaje|numero|chat)|do not reply"
    r"|(?:soy|sou|i am|i'm) (?:un|una|el|la|tu|su|o|a|um|uma|the|your) (?:asistente|assistente|bot|chatbot|virtual) "
    r"(?:virtual|automatic[oa]|assistant|de)) "
)
#: Two of these together are what phones of businesses say; a customer says one of them at most.
_SIGNS = (
    # Thanks for writing, as who is written to says it.
    re.compile(
        r" (?:gracias por (?:comunicar(?:te|se|nos)|contactar(?:te|se|nos)?|escribir(?:nos)?|llamar(?:nos)?"
        r"|(?:tu|su) (?:mensaje|contacto|interes|preferencia|consulta)|preferir(?:nos)?|poner(?:te|se) en contacto)"
        r"|(?:su|tu) (?:mensaje|consulta|solicitud|llamada)(?: nos)? (?:(?:ha sido|fue) (?:recibid|registrad)[oa]|es (?:muy )?importante)"
        r"|your (?:message|call|enquiry|inquiry) (?:has been received|is important)|sua mensagem (?:foi recebida|e (?:muito )?importante)"
        r"|(?:hemos )?recibi(?:do|mos) (?:tu|su) (?:mensaje|consulta|solicitud)|bienvenid[oa]s? a"
        r"|(?:thanks|thank you) for (?:contacting|messaging|writing|reaching out|getting in touch|your message)"
        r"|(?:we have|we've) received your message|welcome to"
        r"|(?:obrigad[oa]|agradecemos) (?:\w+ ){0,3}?(?:contato|contacto|contatar|mensagem)|bem vind[oa]s? a) "
    ),
    # Somebody will answer.
    re.compile(
        r" (?:(?:te|le|les|lo|la|los) (?:atend|respond|contest|contact|escrib|llam|atender|comunic)\w*(?:emos|amos)"
        r"|nos (?:comunicaremos|contactaremos|pondremos en contacto|estaremos comunicando)"
        r"|(?:asesor(?:a|es)?|agentes?|ejecutiv[oa]s?|representantes?|persona|equipo) (?:\w+ ){0,3}?"
        r"(?:te|le|se|l[oa]) (?:\w+ )?(?:atender|contactar|comunicar|responder|pondr|escribir)(?:a|an)"
        r"|(?:en breve|a la brevedad|lo antes posible|lo mas pronto posible|en unos (?:minutos|instantes)"
        r"|(?:tan pronto|en cuanto)(?: como)?(?: nos)? (?:sea posible|podamos|estemos)|apenas podamos|en orden de llegada)"
        r"|(?:we will|we'll|someone will|an agent will) (?:get back|respond|reply|be with you|contact|answer|attend)"
        r"|get back to you|as soon as possible"
        r"|(?:responderemos|retornaremos|atenderemos|entraremos em contato)|assim que (?:possivel|pudermos)) "
    ),
    # Nobody is there.
    re.compile(
        r" (?:no (?:nos encontramos|estamos|me encuentro) disponibles?|no podemos (?:atender|responder|contestar)"
        r"|(?:fuera del?|nuestros?) horarios?(?: de (?:atencion|servicio|oficina|trabajo))?|horarios? de atencion (?:es|son|:)"
        r"|estamos cerrados"
        r"|(?:we are|we're) (?:\w+ )?(?:unavailable|closed|away|not available)|unavailable (?:right now|at the moment)"
        r"|(?:outside|our) (?:of )?(?:business|opening|office) hours"
        r"|nao estamos disponiveis|fora do (?:nosso )?horario|nosso horario) "
    ),
    # What can we do for you, in the plural of a shop.
    re.compile(
        r" (?:(?:en que|como) (?:te|le|les|lo|la) (?:podemos|podriamos) (?:ayudar|servir|atender)"
        r"|(?:en que|como) (?:podemos|podriamos) (?:ayudar|servir|atender)(?:te|le|les|lo|la)"
        r"|(?:how|what) (?:can|may) we (?:help|do for)|how we can help|(?:como|em que) podemos (?:ajudar|ajuda)\w*) "
    ),
)
#: A wish of one's own is no automatic answer, however politely it begins.
_WANTS = re.compile(
    r" (?:quiero|quisiera|busco|buscaba|necesito|me interesa|deseo|me gustaria|i want|i need|i'm looking|looking for|quero|preciso) "
)


def is_automatic(text: str) -> bool:
    """Whether a message reads like the automatic answer of a business's phone, in Spanish, English or Portuguese.

    The patterns cover the greeting and away messages that the WhatsApp Business app offers in these languages, and
    how shops vary them.
    """
    words = _WORD.findall(fold(text[:_LONGEST]).replace("\u2019", "'"))
    if len(text) > _LONGEST or len(words) < _FEWEST_WORDS:
        return False
    flat = f" {' '.join(words)} "
    if _SAYS_SO.search(flat):
        return True
    return sum(bool(sign.search(flat)) for sign in _SIGNS) > 1 and not _WANTS.search(flat)


def fingerprint(texts: Iterable[str]) -> str:
    """What a turn said, as a short hash by which the same is known again: case, accents, marks and figures aside.

    A leading ``+`` marks a long text. Empty for a turn without words.
    """
    words = re.findall(r"[^\W_]+", fold(clean(" ".join(text[:_HEAD] for text in texts)[:_HEAD])))
    if not words:
        # Of signs alone it is the signs.
        words = "".join(texts)[:_HEAD].split()
    said = " ".join(words)
    if len(words) >= _MASKED_WORDS:
        said = re.sub(r"\d+", "0", said)
    if not said:
        return ""
    mark = "+" if len(said) >= _LONG else ""
    return mark + blake2s(said.encode("utf-8", "replace"), digest_size=4).hexdigest()


def is_repeated(said: str, before: Sequence[str]) -> bool:
    """Whether a turn of this fingerprint has come too often among those before."""
    times = _TIMES_LONG if said.startswith("+") else _TIMES_SHORT
    return bool(said) and Counter(before)[said] >= times
