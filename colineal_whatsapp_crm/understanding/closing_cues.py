"""How customers say that they want nothing more, or not now: one row a way, with what is one and what only looks like it."""

from dataclasses import dataclass

LOST, POSTPONED = "lost", "postponed"

#: Why a wish is over or put off, and which it is.
REASONS = {
    "elsewhere": LOST,
    "no_need": LOST,
    "not_interested": LOST,
    "too_dear": LOST,
    "thinking": POSTPONED,
    "consulting": POSTPONED,
    "will_write": POSTPONED,
    "not_now": POSTPONED,
}

#: Words that stand for one another in the phrases, see `phrases`.
CLASSES = {
    "them": "me te le les lo la los las nos se os lhe",
    "you": "te le les os lhe vos",
    "it": "lo la los las eso esa ese uno una unos unas todo algo nada ninguno ninguna it them one that this anything",
    "bought": "compre compramos adquiri adquirimos comprado agarre agarramos merque",
    "got": "compre compramos adquiri adquirimos consegui conseguimos encontre encontramos halle hallamos resolvi resolvimos solucione",
    "place": "lado lugar parte tienda sitio local almacen muebleria empresa fabrica pagina competencia persona proveedor carpintero maestro vendedor sucursal establecimiento comercio negocio cadena ciudad loja",
    "spouse": "esposo esposa marido mujer senora pareja novio novia",
    "kin": "viejo vieja nano nana hubby esposo esposa marido mujer senora pareja novio novia mama papa mami papi madre padre hijo hija hijos familia jefe jefa "
    "socio socia suegra suegro hermana hermano gerente arquitecto arquitecta casa almohada contador directorio husband wife "
    "partner boss family mom dad meu minha marido esposa chefe",
    "need": "necesito necesitamos nesecito ocupo ocupamos preciso precisamos requiero requerimos quiero queremos deseo deseamos busco buscamos",
    "dear": "caro cara caros caras carisimo carisima carisimos carito caritos costoso costosa costosos costosas salado elevado "
    "elevada elevados expensive pricey",
    "think": "pienso pensamos pensare pensaremos analizo analizamos analizare analizaremos evaluo evaluare evaluaremos medito "
    "meditare considero considerare considerarlo",
    "to_think": "pensar pensarlo pensarla pensarmelo analizar analizarlo analizarla evaluar evaluarlo evaluarla meditar considerarlo "
    "meditarlo consultarlo conversarlo",
    "consult": "consulto consultamos consultare consultaremos consultando conversando reviso revisamos revisare charlo charlamos charlare converso conversamos conversare conversaremos comento comentare "
    "platico platicare pregunto preguntare hablo hablare hablamos hablaremos veo vemos veremos",
    "to_consult": "consultar consultarlo consultarla consultarle conversar conversarlo conversarle hablar hablarlo hablarle "
    "comentar comentarlo comentarle preguntar preguntarle platicarlo verlo ver talk speak check ask discuss falar conversar perguntar ver",
    "tell": "aviso avisare avisamos avisaremos notifico notificare informo informare informamos escribo escribire escribimos escribiremos comunico comunicare comunicamos digo dire "
    "diremos llamo llamare llamamos contacto contactare cuento contare respondo respondere hablo hablare falo ligo escrevo avisarei",
    "confirm": "confirmo confirmare confirmamos confirmaremos",
    "telling": "avisando escribiendo confirmando contactando comunicando llamando",
    "later": "luego despues luegito manana lunes martes miercoles jueves viernes sabado domingo rato tarde noche ratito tardecito tardecita enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre depois",
    "period": "mes semana quincena ano",
    "now": "ahora ahorita momento pronto hoy agora",
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A way to close.

    phrases
        see `phrases.Phrases`.
    example, counter
        a message that says so, and one that only looks like it.
    sure
        how often it is meant.
    thanks
        it closes only with thanks or a *no* in the message: *muy caro, gracias*.
    whole
        it closes only as the whole message, where the assistant asked what is wanted.
    """

    reason: str
    phrases: tuple[str, ...]
    example: str
    counter: str
    sure: float = 0.95
    thanks: bool = False
    whole: bool = False

    @property
    def kind(self) -> str:
        return REASONS[self.reason]


CUES = (
    # Bought elsewhere.
    Cue("elsewhere", ("ya|final yo|nosotros? <them>? he|hemos? <got> ..4 en|por|con|de|x ..1 otro|otra|otros <place>",
                      "ya <them>? he|hemos? <got> ..2 en|por|con la competencia",
                      "^ <them>? <bought> <it>? en|por|con|x otro|otra <place>"),
        "no gracias, ya compré en otro lado", "la que compré en otro lado se rompió"),
    Cue("elsewhere", ("ya <them>? he|hemos? <got> <it>? ayer|hoy|recien? en|donde|con|por ..3 $",),
        "ya compré en Marcimex, gracias", "ya compré con ustedes el año pasado", 0.9),
    Cue("elsewhere", ("ya yo|nosotros? <them>? he|hemos? <got> <it>? ayer|hoy|recien? $", "ya <them>? <got> <it>? mas barato|barata|economico|economica", "ya <got> lo que necesitaba|buscaba|queria|necesitabamos|buscabamos", "ya <them>? he|hemos? <bought> % $"),
        "ya lo compré, gracias", "ya compré el sofá, ahora quiero la mesa", 0.85),
    Cue("elsewhere", ("mi <spouse> ya|acaba <them>? de? compro|comprar|consiguio|encontro <it>? ..4 $", "mi <spouse> ya ..3 compro|consiguio|encontro <it> ..1 $",),
        "mi esposo ya compró uno", "mi hermana ya compró el suyo", 0.85),
    Cue("elsewhere", ("ya <them>? ayudaron|atendieron|vendieron|cotizaron|solucionaron ..1 en|con|por otro|otra <place>",
                      "ya <them>? hice|hicimos|realice|realizamos|concrete|cerre|cerramos la|el|mi? compra|pedido|negocio|trato ..4 $",
                      "ya <them> tengo|tenemos|quedo resuelto|solucionado|comprado|listo $", "ya le <bought> <it>? a otro|otra ..2 $"),
        "ya realizamos la compra en otro lugar, gracias", "ya realicé el pago de mi compra, ¿cuándo llega?", 0.85),
    Cue("elsewhere", ("sale|salio|encontre|encontramos|vi|vimos|dan|dejan|dejaron ..1 mas barato|barata|economico|economica|comodo ..1 en|por|con otro|otra <place>",
                      "found|got|saw <it>? cheaper", "achei|encontrei mais barato"),
        "gracias, pero me sale más barato en otro lado", "en otro lado me sale más barato, ¿me mejora el precio?", 0.85, thanks=True),
    Cue("elsewhere", ("ya <them>? mande|mandamos|encargue a? hacer|fabricar|elaborar", "ya <them> hicieron|fabricaron|hizo|fabrico <it> ..4 $",),
        "ya mandé a hacer con un carpintero", "¿puedo mandar a hacer uno a medida?", 0.9),
    Cue("elsewhere", ("^ mejor? voy|vamos? a? compro|compramos|comprar|comprare|busco|buscar|buscare en|por otro|otra <place>",
                      "<them>? voy|vamos a comprar|buscar ..1 en|por otro|otra <place>"),
        "ah bueno, busco por otro lado", "en otro lado me piden 900", 0.85),
    Cue("elsewhere", ("already bought|got|found|have <it>? $", "bought|got|found|ordered <it>? already|yesterday|today $", "bought|got|found|ordered <it>? ..2 elsewhere|somewhere",
                      "went|going with another|someone|somebody|something|different else|company|shop|store|supplier?", "bought|got|found|ordered|buying|buy <it>? ..1 at|in|from another store|shop|place"),
        "Thanks, but I already bought one elsewhere", "I already bought the sofa, now I want a table"),
    Cue("elsewhere", ("ja comprei|compramos|comprou|consegui|conseguimos|encontrei <it>? $", "comprei|compramos|encontrei|comprando ..2 outro|outra|noutra lugar|loja|lado",
                      "ja comprei|compramos ..2 em|na|no ..2 $"),
        "Obrigada, já comprei em outra loja", "Já comprei o sofá, agora quero a mesa"),
    # No need any more.
    Cue("no_need", ("ya no <them>? <need> mas? comprar|nada? <it>? $", "ya no <them>? <need> %", "ya no <need> el|la|este|ese producto|articulo|pedido|servicio|mueble|muebles $", "ya no <them>? estoy|estamos|ando buscando ..2 $", "ya no <them>? estoy|estamos|ando en busca|busqueda ..3 $", "no <them>? <need> mas $"),
        "ya no necesito, gracias", "ya no necesito factura, pero sí el sofá"),
    Cue("no_need", ("ya no <them>? hace|hara|haria falta ..3 $", "ya no <them>? hace|hara|haria falta ,?", "ya no <them>? es|sera necesario", "ya no va a ser necesario",
                    "ya no <them>? sirve|serviria|interesaria $"),
        "ya no hace falta, mi cuñada nos regala la suya", "ya no hace falta que me llame, dígame el precio"),
    Cue("no_need", ("ya? no <them>? voy|vamos a comprar|comprarlo|comprarla|necesitar|necesitarlo|llevar|llevarlo|llevarla|querer <it>? $",
                    "ya no compro|compramos|llevo|llevamos <it>? $", "<them> quedo|quedamos|quedare con el|la|lo|los|las que ya? tengo|tenemos|tenia|teniamos", "ya no <them> compro|compramos|llevo|llevamos|compraria $"),
        "al final ya no voy a comprar nada", "no voy a comprar la silla, solo la mesa"),
    Cue("no_need", ("decidi|decidimos|hemos|he decidido? no comprar|comprarlo|comprarla|llevar|llevarlo|llevarla ..1 $", "no compraremos|comprare|comprariamos|llevaremos|llevare <it>? $", "decided not to buy|purchase|get ..1 $", "decided against it $", "^ no <need> comprar? nada $", "no <need> comprar nada $"),
        "no necesito nada, gracias", "no necesito factura", 0.9),
    Cue("no_need", ("ya tengo|tenemos <it>? $", "ya? <them> regalaron|heredaron|obsequiaron|prestaron|regalo|regala <it> $", "ya <them> dieron|regalo|regalaron|dio <it>?",
                    "me|nos acaban de regalar|dar|obsequiar <it>?"),
        "no gracias, ya tengo", "ya tengo el dinero, ¿cuándo paso?", 0.9, thanks=True),
    Cue("no_need", ("^ olvidelo|olvidela|olvidalo|olvidate|olvidese todo? $", "mejor dejelo|dejela|deja|dejalo|dejemoslo|dejamoslo asi|ahi|nomas|quieto nomas? $",
                    "desisto|desistimos|desisti|desistir $", "desisto|desistimos|desisti de la? compra|comprar|eso|todo",
                    "cancele|cancelen todo $", "me|nos arrepenti|arrepentimos $"),
        "sabe qué, mejor olvídelo", "no se olvide de mandarme las fotos", 0.9),
    Cue("no_need", ("dejelo|dejela|deja|dejalo|dejemoslo|dejamoslo asi|ahi|nomas|quieto nomas? $",),
        "déjelo ahí, gracias", "déjelo ahí en la bodega", 0.85, thanks=True),
    Cue("no_need", ("^ mejor|siempre|final no $", "ya mejor no $", "sabe|sabes que ,? mejor no $", "mejor <them> voy por otra opcion", "ya fue $", "mejor ya no", "^ ya no $", "asi|entonces que? ya no $", "ya nada $", "pensandolo bien ,? no $"),
        "mejor no, gracias", "mejor no de cuero, de tela", 0.85),
    Cue("no_need", ("no longer need|want|needed <it>? $", "don't|dont need|want <it>? anymore|any $", "do not need|want <it>? anymore|any $", "^ never mind $",
                    "^ nevermind $", "not needed anymore", "changed my mind $"),
        "We no longer need it, sorry", "I don't need the invoice"),
    Cue("no_need", ("nao preciso|precisamos|quero|queremos mais nada? $", "ja nao preciso|quero|precisamos nada? $", "deixa pra la",
                    "mudei de ideia $"),
        "não preciso mais, obrigado", "não preciso de nota fiscal"),
    # Not interested.
    Cue("not_interested", ("ya? no <them> interesa|interesan|interesaria|intereso nada|ninguno|ninguna|comprar? <it>? $",
                           "ya no <them> interesa|interesan %", "ya no <them> interesa|interesan el|la|los|las|este|ese producto|productos|articulo|compra|oferta|propuesta", "ya? no tengo|tenemos interes $"),
        "ya no me interesa", "no me interesa el gris, ¿lo tiene en azul?"),
    Cue("not_interested", ("ya? no estoy|estamos|ando interesado|interesada|interesados|interesadas",),
        "ya no estoy interesada", "estoy interesada en un sofá"),
    Cue("not_interested", ("perdi|perdimos el interes", "no <them> llama|llamo la atencion"),
        "no me llama la atención, gracias", "me llama la atención la gris", 0.85),
    Cue("not_interested", ("no <them> gusta|gusto|gustan|gustaron|convence|convencio|convencen|convencieron <it>? $", "no <them> convence|convencen|convencio|gustan|gustaron el|los|la|sus precio|precios|calidad $", "no <them> sirve|sirven|serviria $", "no es|era lo que <need>|buscaba|buscabamos|esperaba|necesitaba|queria $"),
        "no me convence, gracias", "no me convence el color, ¿hay en gris?", 0.85, thanks=True),
    Cue("not_interested", ("^ no ,? gracias ,? asi|estoy|estamos|todo estoy|esta|estamos? bien asi? $", "^ estoy|estamos bien asi $",
                           "^ no ,? gracias ,? ya no"),
        "no gracias, así está bien", "así está bien, ¿cuándo lo entregan?", 0.9, thanks=True),
    Cue("not_interested", ("not interested anymore? $", "no longer interested $", "lost interest"),
        "Not interested anymore, thanks", "I'm interested in a sofa"),
    Cue("not_interested", ("nao tenho|tem mais? interesse", "nao me? interessa mais? $", "perdi o interesse"),
        "não tenho mais interesse", "tenho interesse na mesa"),
    Cue("not_interested", ("^ no|nop|nope ,? muchas? gracias $", "^ no thanks|thank|thx you? $", "^ nao ,? obrigado|obrigada $",
                           "^ nada ,? muchas? gracias $"),
        "no gracias", "no gracias, prefiero gris", 0.75, whole=True),
    # Too dear.
    Cue("too_dear", ("muy|super|demasiado|bastante|bien|re|full|tan|mucho|too|very|so|es|esta|estan|son|parece|parecen|parecio|muito <dear>",
                     "^ <dear>", "achei muito|bem <dear>", "<dear> sus|tus|los|el|la precio|precios|muebles", "<dear> para mi|nosotros|ese|lo"),
        "muy caro, gracias", "muy caro, ¿tiene algo más barato?", thanks=True),
    Cue("too_dear", ("mucho|mucha|bastante|demasiado|demasiada dinero|plata|billete|precio", "no dispongo|tengo|tenemos de? tanto|tanta dinero|plata|billete? $"),
        "es mucha plata para mí, gracias", "no tengo mucha plata, unos 300, gracias", thanks=True),
    Cue("too_dear", ("sale|pasa|escapa|sobrepasa|excede|fuera|supera|salen|pasan de|del|a|mi? mi|mis|nuestro? presupuesto|bolsillo|alcance|posibilidades",
                     "no <them>? alcanza|alcanzo|alcanzan ..2 $", "no esta|estan al|a mi? alcance", "sale|pasa ..2 de lo que tenia|teniamos|queria|pensaba|puedo|tengo ..1 $", "no puedo|podemos|podria pagar|pagarlo|pagarla|permitirmelo|costearlo ese|tanto|eso?", "va|fue del|de mi? presupuesto|bolsillo", "no <them> da el|para? presupuesto|bolsillo|tanto|eso? $"),
        "se sale de mi presupuesto, gracias", "¿se sale de mi presupuesto la de tres puestos?", thanks=True),
    Cue("too_dear", ("out of my|our budget|range|reach", "over|above|beyond my|our budget|range|reach", "can't|cannot afford", "more than i|we can afford|spend"),
        "It's over my budget, thanks anyway", "My budget is 900, is it over my budget?", thanks=True),
    Cue("too_dear", ("fora do meu|nosso orcamento", "nao cabe no meu? bolso|orcamento"),
        "fora do meu orçamento, obrigado", "meu orçamento é 900", thanks=True),
    # They think about it.
    Cue("thinking", ("<them> <think> ..1 $", "voy|vamos|tengo|tenemos|debo|toca|quiero|prefiero|hay a|que? <to_think> ..2 $",
                     "<them> voy|vamos|tengo|tenemos a|que pensar|analizar|evaluar|considerar|meditar|consultar|conversar|ver ..4 $"),
        "lo pensaré y les aviso", "lo pensé y sí quiero"),
    Cue("thinking", ("deje|dejeme|dejame|dejenme|deja|permitame|dejanos|dejenos que? <them>? pensar|pensarlo|pensarla|pienso|piense|pensemos|analizo|"
                     "analizar|analizarlo|evaluar|evaluarlo|analice ..2 $", "deme|dame|denme|denos|dennos chance|tiempo|chancecito|unos|un|dos|tiempito ..2 pensar|pensarlo|analizarlo|verlo|consultarlo|decidir", "dejeme|dejame|deje consultarlo|conversarlo|hablarlo|preguntar|consultar $", "dejeme|dejame|deje ver|verlo|reviso|revisar|revisarlo $"),
        "déjeme pensarlo", "déjeme ver el catálogo"),
    Cue("thinking", ("todavia|aun <them>? estoy|estamos pensando|pensandolo|analizando|analizandolo|viendo $", "<them> estoy|estamos pensando|analizando|evaluando $", "estoy|estamos pensandolo|analizandolo|evaluandolo", "todavia|aun no <them>? decido|decidimos|decidido|decidida|he", "no <them> decido|decidimos aun|todavia",
                     "todavia|aun no <them>? estoy|estamos seguro|segura|seguros|convencido|convencida $", "no estoy|estamos seguro|segura|seguros|convencido|convencida todavia|aun $", "estoy|estamos indeciso|indecisa|indecisos|indecisas"),
        "todavía no me decido", "ya me decidí por la gris", 0.85),
    Cue("thinking", ("think|thinking about it|this", "still thinking|deciding|considering ..2 $", "need|want|give me? some|more|a few? time|while|moment|days|day ..2 $", "think it over", "let me think", "need|have|want to think", "sleep on it"),
        "Thanks, I'll think about it", "I think it is perfect, I want it"),
    Cue("thinking", ("ainda? estou|estamos pensando", "vou|vamos|preciso pensar|analisar bem|melhor|nisso|mais? um? pouco? $", "pensarei", "deixa eu pensar"),
        "vou pensar e te aviso", "pensei bem e quero sim"),
    # They ask somebody.
    Cue("consulting", ("<them>? <consult> <it>? ..1 con|a|en ..2 <kin>", "<them>? <consult> con ..2 <kin>"),
        "lo consulto con mi esposo y le escribo", "mi esposo consulta si hacen envíos"),
    Cue("consulting", ("voy|vamos|tengo|tenemos|debo|toca|falta|deje|dejeme|dejame|quiero|prefiero|primero a|que? <to_consult> ..2 <kin>",
                       "<them> voy|vamos|tengo a|que <to_consult> ..2 <kin>"),
        "tengo que conversarlo con mi esposa primero", "quiero hablar con un asesor"),
    Cue("consulting", ("i|we|to|let need|have|will|me|gotta? to? talk|speak|check|ask|discuss to|with|it|about? with? my|our <kin>",
                       "ask|asking my|our <kin> first", "i'll|will discuss|talk|check|speak|consult ..1 with my|our <kin>", "discuss|discussing it? with my|our <kin>"),
        "I need to talk to my husband first", "I need to talk to a person"),
    Cue("consulting", ("vou|preciso|tenho falar|conversar|consultar|perguntar|ver com|pro|para? o|a? meu|minha <kin>",
                       "vou|preciso consultar meu|minha <kin>"),
        "vou conversar com meu marido", "meu marido quer um sofá"),
    # They will write.
    Cue("will_write", ("<later> yo? <you> vuelvo|estare|volvere? a? escribir|<telling>|<tell>|<confirm> ..1 $",
                       "<later> me comunico|contacto|decido|pongo ..2 $", "<you> <tell>|<confirm> mas|el? <later>|finde|fin de? semana? $", "os|te|le|les <tell> algo $", "luego|despues|ahi vemos|veremos|vere|veo $", "<you> <confirm>|<tell> en estos|unos|pocos dias $", "<you> <confirm>|<tell> en|esta|este la? semana|tarde|noche|mes|quincena $",
                       "me comunico|contacto|comunicare mas? <later>"),
        "luego les escribo", "mañana le paso la dirección y me lo envían"),
    Cue("will_write", ("cualquier cosa|novedad|duda ,? yo? <you> ..1 <tell>|escribir|<telling>", "cualquier cosa|novedad ,? me comunico",
                       "cualquier cosa ,? regreso|vuelvo", "<you> <tell> cualquier cosa|novedad"),
        "cualquier cosa les aviso", "cualquier cosa me avisa usted"),
    Cue("will_write", ("y|e|i|yo|nosotros <you> <tell> $", "^ ya? <you> aviso|avisare|avisamos|avisaremos $", "caso ..4 <you> <tell>|<confirm> $", "<you> aviso|avisare|escribo|escribire|confirmo si|cuando|apenas ..4 $", "yo <you> <tell> mejor $", "si|cuando|apenas|cuanto ..5 <you> <tell>|<confirm> $", "ahi|ya <you> aviso|avisare|escribo|escribire|estoy|estare <telling>? $", "^ yo <them> <tell> con? ustedes? $", "me comunico|comunicare|contacto con ustedes $",
                       "y ..1 aviso|avisamos $", "y <you> vuelvo a escribir", "<you>? vuelvo|volvere|regreso|retorno a escribir|escribirles|contactar|preguntar|consultar", "estamos|estaremos|quedamos en contacto $", "<you> estare|estaremos <telling>", "estare|estaremos escribiendoles|escribiendole|avisandole|avisandoles|confirmandole|confirmandoles|comunicandome",
                       "quedo|quedamos de|en avisar|avisarle|avisarles|confirmar"),
        "yo les aviso", "les aviso que el pedido llegó incompleto", 0.9),
    Cue("will_write", ("<period> yo? <you> <tell>|<confirm> $", "<period> me comunico|contacto"),
        "el otro mes les aviso", "el otro mes me mudo", 0.9),
    Cue("will_write", ("i'll|will|i let you know", "be|keep in touch $", "i'll|will get back to you", "get back to you later|soon|when|tomorrow",
                       "i'll|will contact|write|call|message|text you"),
        "I'll let you know", "Let me know the price"),
    Cue("will_write", ("amanha|depois eu? te|lhe? aviso|falo|ligo|digo|escrevo|retorno", "eu te|lhe? aviso|falo|retorno depois?", "qualquer coisa ..1 aviso|falo|retorno|chamo|ligo"),
        "depois eu te aviso", "me avisa o preço"),
    # Not now.
    Cue("not_now", ("^ por|de|en ahora|momento|pronto|el|los|este momento|momentos? no $", "^ ahora|ahorita no $", "^ ahora|ahorita no mi amor|reina|vida|corazon", "por ahora|ahorita ..1 no $",
                    "por el momento no $", "por el momento nada $", "por|de ahora|momento estoy|estamos bien $", "el momento estoy|estamos bien $", "por ahora nada $"),
        "por ahora no, gracias", "por ahora no tengo cama, por eso busco una", 0.9),
    Cue("not_now", ("por|de ahora|ahorita|momento no <them>? voy|puedo|podemos|vamos|pienso|podria|podre a? comprar|comprarlo|comprarla|adquirir|gastar",
                    "^ en este|estos momento|momentos no $", "este|estos momento|momentos no puedo|podemos $", "el momento no <them>? voy|puedo|podemos|vamos a? comprar|comprarlo|comprarla|gastar",
                    "ahorita|ahora no puedo|podemos|voy|vamos a? comprar|comprarlo|comprarla|gastar",
                    "por ahora|ahorita no <need> <it>? $", "el momento no <need> <it>? $"),
        "por el momento no puedo comprar", "ahorita no puedo hablar, pero mándeme fotos"),
    Cue("not_now", ("estoy|estamos|ando|andamos ..1 corto|corta|cortos|chiro|chira|chiros|pelado|pelada|misio", "estoy|estamos|ando|andamos sin plata|dinero|billete",
                    "no tengo|tenemos|hay plata|dinero|billete|fondos|efectivo ahorita|ahora|todavia|aun|por $", "esperemos|esperamos|esperare|esperar ..2 otro|otra|proximo|proxima|siguiente <period>",
                    "mas adelante sera $"),
        "ahorita estamos cortos de plata", "ando sin plata para el flete, ¿es gratis?", 0.85),
    Cue("not_now", ("en ..3 compro|compramos|comprare $", "para|pa despues|luego $", "todavia|aun no $", "mas adelante $", "mas adelantito $"),
        "más adelante, gracias", "no hay apuro, es para más adelante", 0.85, thanks=True),
    Cue("not_now", ("en|para otra|otro|la ocasion|oportunidad|momento|proxima|dia $", "<them> dejo|dejamos|dejemos|dejare|dejaremos para|pa ..3", "para|pa la|el otra|proxima|siguiente|otro|proximo mes|quincena|semana|ano|vez mejor $", "mejor para|pa la|el otra|proxima|siguiente|otro|proximo mes|quincena|semana|ano|vez $",
                    "dejemoslo|dejelo|dejarlo|dejamoslo para ..3", "sera para|en la? otra|otro|proxima"),
        "será en otra ocasión, gracias", "en otra ocasión les compré una cama", 0.9),
    Cue("not_now", ("maybe|perhaps next week|month|year $", "maybe|perhaps|some|another later|other|time time? $", "not right now $", "not now $", "not for now $", "not yet ,? thanks $",
                    "not at the moment $", "not this time $"),
        "Maybe later, thanks", "I need it now, not later"),
    Cue("not_now", ("por enquanto nao $", "por enquanto nao preciso|quero|precisamos $", "agora nao $", "mais pra|para frente $", "deixar|deixo|fica pra|para depois $", "fica pra|para outro|outra|proxima dia|vez|hora?", "por enquanto nao ,? obrigado|obrigada"),
        "por enquanto não, obrigada", "agora não tenho cama"),
)  # fmt: skip
