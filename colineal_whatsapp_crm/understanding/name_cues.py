"""The words around a name that tell whose it is, and the words that are no names."""

import re
from collections.abc import Set

from .given_names import GIVEN
from .lexicon import CHAT_WORDS

PARTICLES = frozenset("de del la las los y da do dos e das".split())
LONGEST = 6
#: What stands before the other things that people give with their name.
LABELS = frozenset("ci cc id dni ruc cedula cel tel telf telefono celular correo mail email ciudad vda".split())
#: Words that are surnames after *del*, *de la*, *de los*.
LANDMARKS = frozenset(
    "hierro pino campo monte valle rio prado castillo pozo salto toro hoyo carmen rosario pilar cisne rocio mar sol alba vega cruz "
    "torre fuente puente barco real alamo bosque arco corral peso villar moral huerto olmo casar rey corte cueva cuadra guerra parra pena roca plata hoz bastida nuez borda mora casas".split()
)

# What introduces a name, by how much it proves. The name follows.
INTRODUCES = re.compile(
    r"""(?<=\ )(?:
    (?P<sure>(?<!no\ )me\ llamo|mellamo|minombre(?:\ es)?|(?<!su\ )(?<!el\ )(?<!un\ )nombres?\ completos?(?:\ es|\ :)?|su\ (?:segur[oa]\ )?servidora?|mi\ gracias?\ es|(?<!se\ )mis?\ nombre(?:s|[cs]ito)?(?:\ completos?)?(?:\ y\ (?:mi\ |mis\ )?apellidos?)?(?:\ es|\ son|\ :|\ seria
        |\ completo\ es)
        |(?<!su\ )(?<!cual\ es\ el\ )(?<!cual\ es\ su\ )nombres?(?:\ completos?)?(?:\ y\ apellidos?)?\ :|
        me\ (?:dicen|llaman|nombran|conocen\ como|conocen\ por|apodan|puede(?:s|n)?\ (?:llamar|decir))|(?:puede(?:s|n)?
        |pueden)\ (?:llamarme|decirme)|(?:dime|decime|digame|diganme|llameme|llamame|diga)(?=\ [a-z]+\ (?:nomas
        |no\ mas|[.,!|¶]|$))|
        anot[ea](?:le|me)?\ (?:a\ nombre\ de|a|como)|anotalo\ a\ nombre\ de|apunt[ea](?:me|le)?\ (?:a\ nombre\ de|a|como)
        |registr[ea](?:me|lo|le)?\ (?:a\ nombre\ de|a|como)|(?:pong[ao]|pone|pon)(?:me|le|lo)?\ (?:a\ nombre\ de
        |como|que\ soy)|(?:busqueme|buscame|agregueme|agregame|guardeme|guardame|agendeme|agendame|saludeme
        |identifiqueme|aparezco|estoy|figuro|conocido|conocida|conoceme)\ (?:como|a\ nombre\ de)|
        my\ (?:full\ )?name\ is|my\ name's|name's|the\ name's|the\ name\ is|name\ :|call\ me(?!\ (?:back|later|when|at|on|in|if|please))|i\ go\ by|you\ can\ call\ me
        |meu\ nome\ (?:e|:|completo\ e)|o\ (?:meu\ )?nome\ e|me\ chamo|chamo-me|chamo\ me|pode(?:m)?\ me\ chamar\ (?:de)?
        |(?:under|in)\ (?:my|the)\ name(?:\ of)?|(?:bajo|sale\ con|con|en|esta\ a|a|por)\ (?:mi|el)\ nombre(?:\ de|\ ,|\ :)|
        firma|atte|atentamente|att|cordialmente|saludos\ cordiales|saludos\ de|abrazos|soy\ yo\ ,|mi\ nombre\ ,
        |quem\ fala\ e|aqui\ quem\ fala\ e|aqui\ e|responde\ a|mi\ nombre)
  | (?P<speaks>(?:le|les|te|lhe)\ (?:habla|hablo|escribe|saluda|contacta|atiende|responde|escribimos|fala|saludamos)
        |(?<!quien\ )(?<!se\ )(?<!que\ )(?<!me\ )(?<!usted\ )habla(?:s|n)?(?:\ con)?|(?:esta|estas
        |estan)\ hablando\ con|habla\ usted\ con|
        de\ parte\ de|a\ nombre\ (?:mio|propio)|a\ mi\ nombre|a\ nombre\ de|al\ nombre\ de|con\ mi\ nombre\ (?:,|:)|this\ is|it's\ me|it's|i\ am|i'm|sou
        |eu\ sou|fala
        |(?<!no\ )(?<!nao\ )(?:yo\ )?soy|somos)
  | (?P<notes>(?:(?:me\ )?pued[ea]n?\ )?(?:ponga|pon|poner|anotar|registrar|ponle|pongale|pongame|anote|anota|anoteme|anotame|anotale|apunte|apunta|apunteme|registre|registra|registreme|escriba|escribe|facture|agende|agendeme|guarde|guardeme|diga|put|write|anota\ ai|coloque|pode\ colocar)(?:\ (?:el\ nombre(?:\ de)?|a|nomas|no\ mas|ahi|:|down|o\ nome))*)
  | (?P<here>(?:aqui|por\ aqui|presente)(?:\ (?:habla|con|le\ habla|le\ escribe|le\ saluda|:|,))?)
  | (?P<with>con)
    )(?=\ )""",
    re.VERBOSE,
)
# What follows a name and proves it.
PROVES = re.compile(
    r"(?<= )(?:(?:es|e) (?:mi|meu|o meu) (?:nombre|nome)|is my name|me llamo|(?:, )?(?:le|les|te) (?:habla|hablo"
    r"|escribe|saluda|escribo|contacta)|me llaman|me dicen|(?:para|a) (?:servirle|servirles|servirte"
    r"|lo que necesite|lo que necesiten|sus ordenes|su orden|la orden)|a (?:la|sus?) orden(?:es)?|"
    r"(?:, )?(?:ese|esa|este|esta|ella|el) (?:mismo |misma )?soy yo|(?:que )?soy yo|(?:, )?yo mism[oa]|esta hablando|speaking|habla(?= (?:[.,!|¶]|$))|here"
    r"|(?:por )?aqui(?= (?:[.,!|¶]|otra|de nuevo|nuevamente|$))|al habla|de este lado|over here|presente(?= (?:[.,!|¶]|$))|es como me (?:llamo|dicen)|asi me (?:llamo|dicen|conocen))(?= |$)"
)
SURNAME = re.compile(
    r"(?<= )(?:mi )?(?:apellidos?|sobrenome|last name|surname|segundo nombre)(?: es| son| :| is| e| seria"
    r"| completo)?(?= )"
)
SURNAME_AFTER = re.compile(
    r"(?<= )(?:de apellido|(?:es|son|is|e|seria) (?:mi|mis|my|meu|o meu|el|los) (?:apellidos?|last name|surname|sobrenome))(?= )"
)
CLOSES = re.compile(
    r"(?<=[.,!?¶|…;] )(?:saludos(?: cordiales)?|slds|abrazos|un abrazo|bendiciones|cordial saludo|regards"
    r"|best regards|best|abs|abracos) (?:[,:.¶|] )*(?=(?:[^ ]+ ){1,5}$)"
)
FIXES = re.compile(
    r"(?<= )(?:mal escrito|se escribe|es con|va con|(?:con|sin) (?:la |el |una |un |doble |letra )+[a-z]|(?:auto ?)?corrector|autocorrect|con (?:doble )?(?:[b-df-jl-z]|y|i|ll|tilde|es|te|de|me|que|ele"
    r"|efe|ese|zeta|ce|be|ve|uve|hache|jota|ge|ka|te|ene|eme|erre|ere)|corrijo|correccion|me equivoque|quise decir"
    r"|quise poner|digo|perdon|\*|spelled|it's spelled|esta mal|sin (?:h|tilde|hache)|escribi mal"
    r"|mi nombre correcto es|en realidad es)(?= )"
)
RELATION_LEFT = re.compile(
    r" (?:(?:mi|su|tu|nuestro|nuestra|mis|sus|my|his|her|meu|minha|el|la|un|una|a|al|de|con"
    r"|para) )(?:\w+ )??(?P<who>\w+) ?(?:,|:|\(|se llama|es|llamad[oa]|named|called|de nombre|que se llama|chama"
    r"|,? que)? (?:(?:el|la) (?:senora?|sra?|don|dona|ing|arq|dra?|lic|lcd[ao]|abg) )?$"
)
OTHERS = re.compile(
    r" (?:me atendio|atendio|hable con|hablo con|hablar con|hablando yo con|conversando con|me ayudo|se llama"
    r"|se llaman|su nombre es|nombre es de|el es|ella es|ellos son|no soy|no me llamo|no es|mi nombre no es"
    r"|nao sou|i'm not|i am not|not|conoci a|conozco a|de don|de dona|"
    r"vendedor|vendedora|asesor|asesora|senorita que|ayudaba|llamado|llamada|modelo|coleccion|linea|recomendo"
    r"|recomendada por|referido por|referida por|de parte del|he is|she is|his name is|her name is|spoke with"
    r"|spoke to|talked to|contactar a|preguntar por|pregunte por|buscar a|para|regalo de|"
    r"cumple de|casa de|boda de|cuarto de|hija|hijo|hermana|hermano|ella se llama|el se llama|dijo|dice|atiende"
    r"|atendiendo) $"
)
GREETS = frozenset(
    "hola buenas buenos gracias estimado estimada estimados querida querido oye oiga hey hi hello dear ola oi "
    "obrigado obrigada thanks thank senorita senor senora dia dias tardes noches tarde noite morning afternoon "
    "evening bendiciones que tal saludos disculpe disculpa".split()
)
FILLERS = (
    CHAT_WORDS
    | frozenset(
        "si claro ok okey listo perfecto supuesto por con mucho gusto yo es mi nombre ah eh bueno pues bien de "
        "una nomas no mas aja sip yes sure yeah "
        "of course sim pois e ya pronto favor placer igual tambien encantado encantada a ordenes orden sus "
        "solo solamente just only siempre tranquilo tranquila ahi va anote "
        "his here i'm am seria llamo soy dicen entonces este mire vea usted ud y tu vos and you mismo misma".split()
    )
) - frozenset("angel paz".split())
#: What words for kinds of people, properties and actions end in, and names seldom do.
ENDINGS_OF_KINDS = tuple(
    (
        "ista dor dora dores ense logo loga mente cion sion able ible osos osas oso osa ando iendo endo ndolo ndola ndole ndome ndonos ndolos ados "
        "adas idos idas ivo iva ecito ecita isimo isima eria erias mos aria iria ura dad aste iste ing tion "
        "elo ela elos elas alo ala alos alas eme ame enme "
    ).split()
)
_DIMINUTIVE = re.compile(r"(\w{2,})it([oa]s?)")
#: Given names that are words too: alone and unasked they are no name.
ALSO_WORDS = frozenset(
    "domingo rosa paz luz mar sol cruz flor blanca clara alba celeste estrella perla linda reina dolores consuelo "
    "esperanza socorro pilar piedad digna segundo "
    "franco max leon angel victoria gloria gracia milagro milagros mercedes vale ella nena pato luna violeta "
    "margarita concha coco concepcion asuncion abril caridad male paloma brisa modesto remedios pia mane poli".split()
)


def is_given(word: str) -> bool:
    """Whether a folded word is a given name or a diminutive of one: `blanquita`, `luchito`, `carlitos`."""
    return word in GIVEN or is_small(word, GIVEN)


def is_small(word: str, words: Set[str]) -> bool:
    """Whether a folded word is a diminutive of one of these."""
    match = _DIMINUTIVE.fullmatch(word)
    if not match:
        return False
    stem, ending = match.groups()
    stem = stem[:-2] + {"qu": "c", "gu": "g"}[stem[-2:]] if stem.endswith(("qu", "gu")) else stem
    stems = (stem, stem.removesuffix("c"))
    return any(base + last in words for base in stems for last in (ending, "", "e", "s", "o", "a"))


#: What may follow a name within its clause.
OPENERS = frozenset(
    "de para y en desde del con from and mi quiero vivo tengo busco necesito es soy a @ me e moro le mucho pero "
    "in i asi tal sin como esta basta".split()
)
