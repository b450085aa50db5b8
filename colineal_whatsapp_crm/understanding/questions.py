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
#: Common words of each of the three languages, as customers write them; what two of them have tells neither.
_SPANISH = frozenset(
    "a o e el la los las lo un una unos unas y de del al en con sin por para que es son era fue soy eres somos estoy esta estan estamos este estos "
    "esto ese esa esos esas eso aquel aquella mi mis tu tus su sus me te se le les nos yo el ella ellos nosotros usted ustedes uds ud no si ni pero "
    "porque como cuando donde cual cuales quien cuanto cuanta cuantos cuantas muy mas menos tambien tampoco ya aun todavia ahora luego "
    "entonces siempre nunca aqui ahi alli aca alla hoy ayer manana tarde tardes noche noches dia dias semana mes ano anos hola buenas buenos "
    "buen bueno buena gracias favor porfa porfavor disculpe disculpa perdon claro vale listo quiero queremos quisiera quisieramos queria "
    "necesito necesitamos busco buscamos buscando estaba tengo tenemos tiene tienen tendra tendran hay haber hacen hace hacer puedo puede pueden "
    "podemos podria podrian cuesta cuestan vale valen sale salen precio precios costo envio envios envian entrega entregan entregas "
    "llega llegan llegar pago pagar pagos tarjeta cuotas efectivo transferencia tienda local direccion ubicacion ubicados horario abren "
    "cierran atienden nombre llamo vivo ciudad correo numero telefono color colores medidas madera cuero tela blanco blanca negro gris cafe "
    "verde azul grande pequeno pequena barato economico caro bonito lindo nuevo nueva usado mesa silla sillas cama mueble muebles comedor "
    "sala dormitorio cuarto espejo lampara alfombra escritorio ropero armario comoda velador colchon plazas puestos foto fotos mande mandar "
    "mandeme manda enviar envie enviame escribo escribir llamar llame llamame saber ver comprar compre lleva llevo dar dame deme doy digo dice "
    "diga decir pense creo gusta gusto gustaria encanta interesa interesado interesada otro otra otros algo alguien alguna alguno nada nadie "
    "todo toda todos todas mucho mucha muchos poco poca solo bien mal mejor peor antes despues sobre entre desde hasta hacia segun cada "
    "mismo misma ademas aparte asi uno dos tres cuatro cinco seis siete ocho nueve diez mil cien dolares plata presupuesto hijo hija esposo "
    "esposa casa departamento depa ser sea estar ir voy va vamos vienen viene venir vi vio ha han he sido hecho dicho queda quedan quedo "
    "sirve funciona demora demoran tarda roto rota llego llegaron pedido reclamo garantia factura juego jueves viernes sabado domingo lunes "
    "martes miercoles junio julio enero febrero abril mayo agosto septiembre octubre noviembre diciembre acepta aceptan aceptas da dan delivery sofa sofas ja ai ta am segunda come valor fecha tapete vos tenes tienes cara caros caras gente sorry hablo hablar colchones com arroba punto pedido pedidos credito creditos debito meses pensar aviso item cant descripcion recepcion".split()
)
_ENGLISH = frozenset(
    "the a an is are am was were be been i i'm i'd i'll i've im me my mine you your yours he she it it's its we we're we'd our us they their them "
    "this that these those there here and or but if so because than then as at by for from in into of on to with without about around under "
    "over up down out between before after until during not no yes yeah yep nope don't dont doesn't didn't can't cannot won't isn't aren't "
    "wasn't do does did done have has had can could will would should may might must shall want wants wanted need needs needed like liked "
    "love looking look looks see seen saw show find get got give gave send sends sent buy buying bought pay paid payment price prices cost "
    "costs cheaper cheap expensive much many more most less few some any something anything nothing someone anyone everything all each "
    "every other another same new old big bigger small smaller large tall wide long round white black grey gray blue green red brown wooden wood "
    "leather fabric hello hi morning afternoon evening night thanks thank thx please sorry welcome sure great good nice fine perfect how what "
    "when where which who why whose ship shipping shipped deliver delivers delivery delivered arrive arrives open close store shop location "
    "located address hours today tomorrow yesterday week month year day days soon now later still yet already also too very just only maybe "
    "really well back help choose call name live room bedroom kitchen dining table tables chair chairs bed beds sofa couch mattress rug "
    "lamp desk mirror wardrobe furniture available color colors picture pictures photo photos card cash money budget dollars "
    "house apartment husband wife daughter son kids people person speak english warranty guarantee let know think fit come comes "
    "came go going gonna one two three four five six seven eight nine ten hundred thousand interested ad ask question questions take "
    "takes make made work works wait waiting use using keep it'll that's what's let's".split()
)
_PORTUGUESE = frozenset(
    "o a os as um uma uns umas e de do da dos das no na nos nas em num numa ao aos pelo pela pelos pelas por para pra pro com sem que se eu tu ele "
    "ela eles elas nos voce voces vc vcs me te lhe meu minha meus minhas seu sua seus suas nosso nossa dele dela deles isso isto esse essa "
    "esses essas este esta aquele aquela aqui ai ali nao sim mas ou porque pois quando onde como qual quais quem quanto quanta quantos quantas "
    "muito muita muitos pouco mais menos tambem ja ainda agora depois antes sempre nunca hoje ontem amanha dia dias semana mes meses ano anos noite "
    "tarde tardes manha oi ola bom boa bons boas obrigado obrigada valeu brigado brigada tchau desculpa desculpe licenca favor tudo bem certo "
    "beleza claro sou somos estou esta estao estamos estava era foi fui sao ser seja sera tenho tem temos tinha ter teria houve ha quero queremos "
    "queria gostaria gostariamos preciso precisa precisamos procuro procurando procuramos posso pode podem podemos poderia consigo fazer faz fazem "
    "faco vou vai vamos vao ir vem veem vim vi viu ver dar da dou deu fica ficam ficar ficou custa custam valor preco precos frete entrega entregam "
    "entregar chega chegam chegar chegou prazo pagar pago pagamento cartao credito debito parcelar parcelado vezes dinheiro boleto pix desconto "
    "aceita aceitam lojas endereco horario abre abrem fecha fecham atendem nome chamo moro cidade telefone cor cores tamanho "
    "tamanhos medidas madeira couro tecido branco branca preto preta cinza azul verde marrom grande pequeno pequena barato barata caro cara "
    "bonito bonita novo nova usado mesa cadeira cadeiras cama movel moveis jantar sala quarto cozinha espelho luminaria tapete escrivaninha "
    "armario comoda colchao sofa lugares foto fotos mandar manda mande mandem enviar envia ligar liga ligue me escrever chamar saber "
    "comprar comprei levar leve dizer diga disse acho gosto gostei adorei interesse interessada interessado outro outra outros algo alguem alguma "
    "algum alguns nada ninguem todo toda todos so mesmo mesma assim dois duas tres quatro cinco seis sete oito nove dez mil cem reais dolares "
    "orcamento filho filha marido esposa casa apartamento gente ate entre sobre desde cada garantia quebrado quebrada pedido segunda terca "
    "quarta quinta sexta sabado domingo janeiro fevereiro maio junho julho setembro outubro novembro dezembro jeito ta to ne entao "
    "demora alem disponivel estoque falar portugues tempo coisa coisas pensar aviso essas desses dessa desse nesse nessa num numa pros pras".split()
)
#: Portuguese words that not even a slip of the pen makes of Spanish ones: each tells as much as two.
_PLAINLY_PORTUGUESE = frozenset(
    "voce voces vcs vc nao obrigado obrigada oi muito tambem gostaria tenho meu minha vou coisa entao estao sao moro chamo uma preciso".split()
)
#: What *que* or *la* is said in as well: they tell Spanish from English, but neither from French or Italian.
_ROMANCE = frozenset(
    "la le les un una unos de que se me te con si en es no per e o a da al del il i tu per come in an so".split()
)

#: BCP 47's code for a language that nobody knows.
UNDETERMINED = "und"
#: Of fewer words none need be a common one.
_TELLING = 4
_COMMON = _SPANISH | _ENGLISH | _PORTUGUESE
_EVERY = {"es": _SPANISH, "en": _ENGLISH, "pt": _PORTUGUESE}
_ONLY = {
    language: every - frozenset().union(*(other for name, other in _EVERY.items() if name != language))
    for language, every in _EVERY.items()
}
#: Common words of French, Italian and German that none of the three has.
_OTHERS = (
    frozenset(
        "je j'ai j'aimerais cherche cherchons pour avec vous nous est sont une des dans bonjour bonsoir merci combien voudrais voudrait pas et qui salut "
        "du au aux canape livraison s'il plait prix combien vorrei vorremmo cerco cerchiamo il di che sono buongiorno buonasera grazie per della "
        "dello non ciao gli letto anche costa quanto divano tavolo ich und ein eine einen ist nicht guten tag bitte danke haben sie "
        "der die das mit fur wie suche hallo wir den kostet brauche mochte".split()
    )
    - _COMMON
)
#: What the three are written with.
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzáéíóúüñàâãêôõçªº")
#: Letters, signs and endings of one of the three: *ñ* and *¿*; *ã*, *é* for *is*, *-ção*, *-nho*.
_MARKS = {
    "en": re.compile(r"(?<!\w)i'(?:m|d|ll|ve)(?!\w)"),
    "es": re.compile(r"[ñ¿¡]"),
    "pt": re.compile(r"[ãõ]|(?<!\w)é(?!\w)|\wç[aoãõ]|\w(?:coes|agens?)(?!\w)|\w[iae]nh[ao]s?(?!\w)|\wlh[ao]s?(?!\w)"),
}
#: Of which `Text` makes the Spanish word.
_QUANTO = re.compile(r"(?<!\w)quant[oa]s?(?!\w)")
#: So many more words of another language change that of the conversation.
_CLEARLY = 2

#: To be written to in a language, by its name: *English please*, *¿hablan inglés?*; not a manual in English.
_NAMES = {
    **dict.fromkeys(("english", "ingles"), "en"),
    **dict.fromkeys(("portugues", "portuguese", "brasileiro"), "pt"),
    **dict.fromkeys(("espanol", "castellano", "spanish", "espanhol"), "es"),
}
#: What is said beside the name of a language by who wants to be written to in it, and says no more.
_ASKING = frozenset(
    "hola hello hi hey oi ola sorry disculpe disculpa perdon desculpa y and e do does can could may is are would anyone anybody someone somebody there "
    "alguien alguem aqui you we i u who hay tem por favor porfavor porfa ustedes usted voces voce vcs vc puede puedes pueden podemos podria podrian pode "
    "podem poderia prefiero prefiro prefer me nos si que to in en em by speak speaks talk write answer reply chat continue please pls only just habla "
    "hablan hablar hablas hablame hableme hablo escriba escribe escribame escribanme escribir responda responde respondame responder contesta conteste "
    "atienden atiende atender fala falam falar falo escreve escrever solo so some un poco de algo um pouco here thanks thank gracias obrigado obrigada "
    "buenas buenos dias tardes noches good morning afternoon evening bom dia boa tarde noite quiero quero want it's better if no not don't dont nao can't cannot much mucho muito very well bien bem but pero mas".split()
)
_DENIES = frozenset("no not don't dont nao can't cannot".split())
#: As far before the name of a language as *no hablo mucho español* denies it.
_DENIAL = 3


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
    own = _EVERY.get(language or "", frozenset())
    if words and 3 * len(words & own) >= len(words):
        return language
    return None if common or sum(map(str.isalpha, text.norms)) < _TELLING else UNDETERMINED


def language_of(text: Text, before: str | None = None) -> str | None:
    """The language of a turn: the one that is asked for, or that its words say; else that of the conversation; else None.

    Only clear evidence changes a language that is known: a word or two (*ok*, *around 300*, a name), or words that
    both have (*por favor*, *a mesa*), do not. Nor is a fourth language any of the three.
    """
    if wished := _find_wished(text):
        return wished
    words = set(text.norms)
    raw = normalize("NFC", text.raw).lower()
    marks = {language: bool(mark.search(raw)) for language, mark in _MARKS.items()}
    if _QUANTO.search(raw):
        # `Text` writes it as in Spanish, where it is a misspelling.
        words -= {"cuanto", "cuanta", "cuantos", "cuantas"}
        marks["pt"] = True
    marks["pt"] += len(words & _PLAINLY_PORTUGUESE)
    own = {language: len(words & only) + marks[language] for language, only in _ONLY.items()}
    shared = {language: len(words & every) for language, every in _EVERY.items()}
    best = max(own, key=lambda language: (own[language], language == before, shared[language]))
    if others := len(words & _OTHERS):
        told = len(words & _ONLY[best] - _ROMANCE)
        if others > told:
            return before
    if not own[best]:
        return before
    if before and best != before:
        gained, lost = (
            len(words & (_EVERY[each] - _EVERY[other])) + marks[each]
            for each, other in ((best, before), (before, best))
        )
        if gained < max(lost + _CLEARLY, _CLEARLY * lost):
            return before
    return best


def _find_wished(text: Text) -> str | None:
    """The language that a turn asks to be written to in."""
    words = [token.norm for token in text.tokens if token.kind not in ("mark", "newline")]
    if not _ASKING.issuperset(set(words) - _NAMES.keys()):
        return None
    named = {_NAMES[word] for at, word in enumerate(words) if word in _NAMES and not _is_denied(words, at)}
    return named.pop() if len(named) == 1 else None


def _is_denied(words: list[str], at: int) -> bool:
    """Whether somebody says that they do not speak the language whose name stands there."""
    before = words[max(at - _DENIAL, 0) : at]
    names = [place for place, word in enumerate(before, 1) if word in _NAMES]
    return not _DENIES.isdisjoint(before[max(names, default=0) :])
