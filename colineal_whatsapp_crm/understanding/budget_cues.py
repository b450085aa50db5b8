"""The words around a number that tell whether it is what the customer means to spend.

Patterns read `budget.Figures`' view of a sentence, in which each number is a `#`.
"""

import re

from .given_names import RELATIVES
from .lexicon import CHAT_WORDS, FUNCTION_WORDS, VERBS

# Words that may stand between a cue and its number.
_GLUE = (
    r"(?:(?:de|los|las|unos|unas|como|en|a|es|son|seria|sera|fuera|esta|estaria|hasta|por|el|la|lo|que|mas o menos"
    r"|mas o "
    r"menos de|aproximadamente|aprox|alrededor de|cerca de|tipo|solo|unicamente|nomas|apenas|:|,|=|-|\"|usd|ahi"
    r"|maximo|um|"
    r"uns|of|is|about|around|like|the|to|o|os|e|de uns|por ahi de|por los|algo|entre|max|total|ahorita|tal vez"
    r"|quiza|bueno|"
    r"…|talvez|si acaso|exactamente|digamos|ponle|pongale|masomenos|se|y|cuando mucho|como mucho) )"
)

LEFT = re.compile(
    r"""(?<=\ )(?:
    (?P<ceiling>o\ sea|osea|es\ decir|hasta(?!\ las\ $)|maximo|max|tope|tope\ maximo|limite|no\ mas\ (?:de|que)|menos\ de
        |que\ no\ (?:se\ )?(?:me\ )?(?:pase|pasen|supere|superen|
        sobrepase|exceda|excedan|cueste|salga|cuesten|vaya)\ (?:mas\ )?(?:de|a|los)?|(?:no|sin|ni)\ (?:me\ |nos\ |se\ |quiero\ |queremos\ |puedo\ |podemos\ |quisiera\ |debe\ |deberia\ )*(?:pas[aeoá]\w*|exced\w+|super[aoe]\w*|sobrepas\w+|subir\w*|suba|subo|subimos)(?:\ mas)?(?:\ de|\ los|\ a)?|(?:no|sin)\ (?:pasar|pasarme
        |pasarnos|pasarse|exceder|
        exceder\ de|superar|sobrepasar|pasa|pasen|pase|supere|exceda|excederme|excedernos|subir|subirme)(?:\ de)?|
        por\ debajo\ de|debajo\ de|bajo\ los|inferior\ a|a\ lo\ mucho|cuando\ mucho|como\ mucho|a\ lo\ sumo|under
        |below|up\ to|
        at\ most|less\ than|no\ more\ than|not\ more\ than|maximum|ate|no\ maximo|abaixo\ de|techo|tope\ de|maxima
        |sin\ mas\ de|
        nada\ de\ mas\ de|nunca\ mas\ de|ni\ un\ dolar\ mas\ de)
  | (?P<floor>desde|(?:part|arranc|empez|empiez|comenz|inici)(?:iendo|ando|amos|emos|o)\ (?:de|en|desde|con|por)|a\ partir\ de|minimo|min|mas\ de|mas\ que(?:\ de|\ con|\ para)?|pasad[oa]s?\ (?:de|los)|pasar\ de|arriba\ de|por\ encima\ de|encima\ de|superior\ a|sobre\ los|(?<!\ no\ )que\ (?:pase|supere)n?(?:\ de|\ los)?
        |at\ least|more\ than|
        over|above|starting\ (?:at|from)|upwards\ of|from|mais\ de|pelo\ menos|no\ menos\ de|al\ menos
        |por\ lo\ menos|no\ baje\ de|
        acima\ de|no\ menos|minima|minimum)
  | (?P<approx>unos|unas|como|(?:por|en|de)\ el\ orden\ de|rondando|bordeando|cercan[oa]\ a|en\ torno\ a|cerca\ de|alrededor\ de|aproximadamente|aprox|mas\ o\ menos|masomenos|por\ ahi(?:\ de
        |\ por|\ en)?|algo\ (?:de|en|por|como|tipo)|(?:comprar\w*|alcan[zc]\w*|llevar\w*)\ con|puedo|podemos|podria|tipo|casi|around|
        about|roughly|approximately|like|some|uns|umas|por\ volta\ de|mais\ ou\ menos|por(?!\ que\ )|entre|for|ahi)
  | (?P<own>(?:me|nos)\ (?:l[oa]s?\ )?d[ae]n?(?=\ (?:\S+\ ){1,4}en\ $)|(?:reduc|reduzc|reduj|recort|ajust|estir|sub[ia]|aument|ampli|elev|acord|decid|bump|stretch|lower|rais|extend)\w*(?:\ \w*l[oa]|\ it|\ me)?\ (?:up\ |down\ )?(?:a|to|en|hasta)|(?:me|nos)\ (?:regal|prest|obsequi)\w+|me\ (?:saque|gane)|que\ (?:me\ |nos\ |se\ )?(?:cueste|salga|valga|ande|bordee|ronde)n?|si\ (?:me\ |se\ |nos\ )*(?:l[oa]s?\ )?(?:consig\w+|encuentr\w+|dan|dej\w+|venden|vendieran|hacen|hicieran|bajan|bajar\w+|rebajan|ponen)|(?:lo|el)\ (?:mio|nuestro|meu|nosso)|mi\ (?:plata|bolsillo|limite|tope|maximo|numero|techo)|(?:hemos\ )?qued(?:amos|o|e|aria|ariamos)\ en|lo\ convenci|gasto|gastemos|met(?:er(?:le|les|me)?|emos(?:le)?|eria|eriamos|o|amos(?:le)?)|pon(?:er(?:le|les)?|go|emos|dria|driamos|ele|gamosle|le|gale)|destin(?:o|ar(?:le|les|e|ia)?|amos|e|ariamos)|ech(?:o|ar|arle|emosle)|invert(?:ir|imos|iria|iriamos)|inviert(?:o|en)|baj(?:emosle|emoslo|ele|amosle|arle|amos|emos|ale|ar)|sub(?:amosle|amoslo|ale|ele|irle|amos|imos|a|e)|aument(?:emosle|ele|ale|amos)|sac(?:o|ar|aria)|raspo|raspando|rasp(?:e|amos)|presupuesto|presupuestado|presupuestados|presupuestamos|budget|orcamento|monto|rubro|partida|inversion|tengo|tenemos
        |teniamos|tenia|cuento\ con|
        contamos\ con|cuenta\ con|dispongo|disponemos|dispone|disponible|disponibles|gastar|gastarme|gastarnos
        |gastarle|gastaria|gastariamos|gasto\ maximo|invertir|invertirle|
        invertiria|pagar|pagaria|pagariamos|pagarle|pago|ofrezco|ofrecer|doy|daria|puedo\ dar|dar|ahorre|ahorrado
        |ahorrados|ahorramos|
        ahorrando|ahorros|junte|juntamos|juntado|juntando|reuni|reunimos|reunido|llego(?!\ (?:en|a\ las)\ )|llegamos|llegaria|llegar
        |alcan[zc]\w+|dejan|
        deja|dejas|dejen|dejeme|dejenme|dejenmelo|dejemelo|dejemela|dejamelo|dejame|dejarme|dejarmelo|dejarian|subir
        |subirme|subo|subimos|bajar|estirar|estirarme|
        estiro|quedemos|calculo|calculando|calculaba|calculamos|pongale|ponle|pongamos|digamos|destinar|destine
        |destinado|destinamos|
        aprobado|aprobo|autorizo|asigno|aprobaron|aprobados|autorizado|autorizaron|asignado|asignaron|asignados
        |spend|spending|have|i've\ got|got|pay|afford|paying|
        tenho|temos|posso|gastar|meterle|meto|le\ meto|metele|soltar|suelto|aflojar|capital|plata|bolsillo|pensaba
        |pensabamos|pensado|pensando|
        presupuestos|rango|manejo|manejamos|manejo\ un|estimado|proyectado|proyectamos|fondo|fondos|recursos
        |limite\ es|cifra|invest|reserve|reservado|reservados|guardado|guardados|tenga|hay|listos|listas
        |dispuesto\ a|dispuesta\ a|max\.)
  | (?P<better>mejor|make\ it|let's\ (?:say|do|make\ it)|que\ sean?|hagamos(?:lo|le)?|dejemos(?:lo)?(?:\ en)?|digo|perdon|correccion|corrijo|ahora|mas\ bien|en\ realidad|actually|sorry|rather|melhor
        |seria|serian|aumentar|aumento|aumentemos|subio|baje|bajo|rectifico|quise\ (?:decir|poner|escribir)|sino|al\ final|pensandolo(?:\ bien)?|na\ verdade|make\ that)
  | (?P<price>(?:a|por)\ (?:tan\ )?solo|(?:el|la|un|una|su)\ (?!verdad|total|maximo|tope)\w+\ (?:se\ )?(?:pago|gasto|invirtio)|marcan?|marcaba|indica|indican|muestra|muestran|anunciaba|publicaron|publican|figuraba|puso|pusieron|sacaron|listaron|lists?|shows?|says?|diz|mostra|estaba|estaban|esta|estan|cuesta|cuestan|costaba|costaban|costo|cueste|costar|vale(?!\ la\ pena)|valen|valia|valian|sigue|siguen|seguira|mantiene|mantienen|still
        |sale|salen|salia|salian|salio|
        saldria|precio|precios|promo|promocion|oferta|ofertas|rebajado|rebajada|rebajaron|rebaja|anuncio|anunciado
        |anunciada|anuncian|publicado|publicada|
        marcado|marcada|etiqueta|cotizaron|cotizo|cotizado|cotizada|pidieron|piden|pide|pidio|ofrecieron|ofrecen
        |ofrecio|cobran|cobraron|cobro|cobra|
        cobrar|pague|pagado|pagada|pagamos|abone|abonado|debitaron|debito|gaste|gastamos|gastado|dieron|dan|dejaron
        |dejo|compre|compramos|competencia|vi|vimos|
        vio|vieron|decia|dice|decian|aparece|aparecia|figura|sueldo|gano|ganamos|salario|was|were|costs?|prices?
        |paid|charged|asked|asking|quoted|
        custa|custava|paguei|preco|precos|tienen|tiene|venden|vende|vendieron|vendian|ofertan|otro\ lado
        |otra\ tienda|bajaron|subieron|dijeron|dijo|informaron|
        encontre|consegui|conseguia|consigo|consiguen|multa|deuda|debo|transferi|deposite|transferencia|deposito
        |factura|facturaron|dio|
        saw|bought|selling|sells|sell|advertised|listed|envio|flete|transporte|shipping|delivery|descuento|arriendo
        |alquiler)
  | (?P<bad>(?:cumpl|festej|celebr)\w*(?:\ (?:sus|los|mis|l[ea]s?))?|nac(?:i|io|imos|ido|ida)|born|cuanto|por\ que|bus|linea|parada|ruta|conjunto|urbanizacion|canal|(?:pedido|compra|orden|cantidad|lote)\ minim[oa](?:\ de)?|minimo\ de\ (?:compra|pedido)|orden|ordem|order|pedido|numero|nro|num|n|codigo|cod|ref|referencia|modelo|model|serie|sku|ticket|caso
        |guia|telefono|telf|tel|celular|cel|
        fono|whatsapp|wsp|llamar\ al|llamenme\ al|llameme\ al|cedula|ci|ruc|pasaporte|av|ave|avenida|calle|mz
        |manzana|villa|piso|depto|departamento|dpto|apto|oficina|of|
        lote|lt|bloque|edificio|km|kilometro|local|etapa|solar|casa|torre|contrato|cuenta|cuotas?|letras?
        |mensualidad|mensualidades|mensuales|
        quincenas|entrada|abono|anticipo|adelanto|inicial|enganche|reserva|sinal|deposit|down\ payment|installments?
        |parcelas?|descuento\ de|
        rebaja\ de|descuento|edad|mide|miden|medidas?|medida\ de|ancho|alto|largo|fondo|profundidad|diametro|altura
        |espacio|ventanas?|pared|area|
        codigo\ postal|postal|ano|year|talla|nivel|dia|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre
        |octubre|noviembre|diciembre|
        capacidad|peso|pesa|pesan|pesamos|necesito|necesitamos|requiero|requerimos|quiero|queremos|necesitaria
        |faltan|llevo|invitados|somos|are|we\ need|i\ need|
        i\ want|pantalla|tele|televisor|tv|a\ las|a\ la|habitacion|cuarto|hace|ago|pagina|articulo|kilos|factor
        |hilos|version|top)
    )(?=\ )""",
    re.VERBOSE,
)
GLUE_ONLY = re.compile(rf" (?:{_GLUE}){{0,6}}")
LIMITS = {"ceiling": 3, "floor": 2, "approx": 1, "own": 7, "better": 3, "price": 8, "bad": 3}

UNIT_WORDS = frozenset(
    "cm cms centimetro centimetros mt mts m metro metros mm milimetros pulgadas pulgada pulg pulgs inch inches ft "
    "feet foot in kg kgs "
    "kilo kilos libras lb lbs gramos litros watts w v hz puestos puesto plazas plaza pzas personas persona gente "
    "cuerpos cajones puertas "
    "niveles unidades unidad uds und piezas pzs anos ano anitos meses mes mesecitos semanas semana dias dia "
    "diitas horas hora hrs hs h min minutos minuto "
    "segundos cuotas cuota letras letra pagos mensuales mensual mensualidades quincenales quincenal semanales "
    "semanal diarios diario diarias "
    "pm am p.m a.m veces vez gracias disculpas perdones amores besos abrazos bendiciones cuadras cuadra pisos "
    "piso habitaciones "
    'cuartos hijos hijas ninos ninas invitados mesas sillas camas ventanas % ° " porciento percent por_ciento '
    "seats seater people persons "
    "years year old months month weeks week days day hours hour minutes units pieces monthly times puff pessoas "
    "lugares anos mes meses "
    "semanas dias vezes portas gavetas metros parcelas colores modelos opciones maneras cosas mil_veces estrellas "
    "hilos st nd rd th".split()
)
RIGHT_BAD = re.compile(
    r"^ (?:de |y una? )(?:gracias|disculpas|perdones|veces|besos|abrazos|bendiciones|thanks|times|obrigados?|vezes|noches)\b"
    r"|^ (?:es|son) mi (?:sueldo|salario|quincena|numero|codigo|cedula)\b"
    r"|^ (?:\w+ ){0,2}?(?:mensual(?:es)?|al mes|por mes|cada mes|a la semana|por semana|semanal(?:es)?"
    r"|quincenal(?:es)?|diarios?|monthly|per month|a month|"
    r"each month|por noche|de (?:la )?entrada|de inicial|de abono|de anticipo|de adelanto|de enganche|de cuota"
    r"|de descuento|de rebaja|de envio|de flete|de "
    r"transporte|off|down|por ciento|porciento|de sinal|para separar|para reservar|por separar|upfront|up front"
    r"|deposit|de reserva|la cuota|cada cuota|de multa|"
    r"de sueldo|de interes|por cuota|de credito|la hora|por hora)\b"
    r"|^ (?:\w+ ){0,2}?(?:[,.…] )?(?:\w+ ){0,2}?(?:el|lo|la|los|las|the|o|a) (?:otr[oa] )?(?:resto|restito|restante|saldo|sobrante|remainder|rest|balance|demas"
    r"|faltante|diferencia|otra mitad|que (?:falte|falta|faltaria|quede|queda|reste|resta|sobre))\b"
)
#: *por los 15 de mi hija*; *tengo 45 y me duele la espalda*
RIGHT_AGE = re.compile(
    rf"^ (?:(?:anos |anitos )?de (?:mi|su|la|el|nuestr[oa]|una|un|my|minha|meu) (?:\w+ )?(?:{'|'.join(sorted(RELATIVES))})(?:it[oa])?s? "
    r"|(?:(?:y|,|ya) ){1,2}(?:(?:me|se|ya|no|le|la|el|mi|mis|los|las|puedo|medio) ){0,4}(?:duel\w*|molest\w*|espalda|rodillas?|huesos|achaques|jubilad[oa]|canso|columna|hurts?|doi|doem))"
)
RIGHT_DATE = re.compile(
    r"^ (?:de |del )?(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|se[p]?tiembre|octubre|noviembre"
    r"|diciembre|january|february|march|april|june|july|"
    r"august|september|october|november|december|janeiro|fevereiro|maio|junho|julho|setembro|outubro|novembro"
    r"|dezembro)\b"
)
RIGHT_DEAR = re.compile(
    r"^(?: [^ ]+){0,6}? (?:(?:muy |tan |demasiado |super |re |un poco |medio |bastante |me parece |esta "
    r"|es )*(?:caro|cara|carito|carita|carisimo|carisima|"
    r"carazo|costoso|costosa|expensive|pricey|too much|dineral|es mucho|muchisimo|mucho para|mucha plata|demasiad[oa]|demais|no (?:me |nos )?alcanza|no llego|fuera de (?:mi|nuestro)|una barbaridad|un abuso|un ojo|imposible|se me (?:va|pasa|sale)|out of my|over my)|en (?:otra|otro|la competencia)"
    r"|en oferta|en promo|en promocion|de oferta|solo hoy|only today|incluye iva\?)\b"
)
#: A price by the piece: what a shop or a maker asks for it.
RIGHT_EACH = re.compile(r"^ (?:la unidad|por unidad|al por mayor|el metro|el par|la docena|per unit|a unidade)\b")
LEFT_MEASURE = re.compile(
    r" # (?:cm |m |mts? |metros? )?(?:x|\*|por|by) $| # (?:m|mts?|metros?) (?:con |y )?$| a las? # (?:con |y )?$"
)
RIGHT_MEASURE = re.compile(
    r"^ (?:x|\*|por|by) #|^ (?:\w+ )?de (?:largo|ancho|alto|fondo|profundidad|diametro|altura|grosor|espesor) |^ (?:wide|long|tall|deep|high) "
)
RIGHT_FLOOR = re.compile(
    r"^ (?:\+|(?:(?!saved |put |set )\w+ )?(?:no (?:me |nos |se )?baj\w+|en adelante|para arriba|hacia arriba|o mas|or more|and up|or above|para cima|ou mais|minimo"
    r"|como minimo|pa arriba|por lo menos|at least|up)\b)"
)
RIGHT_CEILING = re.compile(
    r"^ (?:,? ?(?:es |son |como |seria |seria el |es mi |es el |o |a |ya es mi |el |mi |y |no ){0,3})(?:maximo|max"
    r"|tope|limite|lo (?:mucho|sumo|mas)|menos|at most|tops|or less|"
    r"or under|no maximo|ni un (?:dolar|centavo|real) mas|ni (?:uno )?mas|nomas|nada mas|exactos|cerrados"
    r"|para abajo|hacia abajo|por mucho)\b"
)
RIGHT_OWN = re.compile(
    r"^ (?:,? ?(?:dolares )?)(?:le |les )(?:pon|met|ech|sub|destin|invier)(?:go|o|to|emos|amos|dria|eria|i?mos)|^ (?:,? ?(?:dolares )?)(?:es |son |seria |seria todo )?(?:(?:todo )?(?:lo que|lo unico que) (?:tengo|hay"
    r"|tenemos|ahorre|ahorramos|puedo|podemos|dispongo|junte|pienso|quiero|pagaria|me alcanza|traigo|consegui"
    r"|llevo|"
    r"tenia|nos alcanza|logre|pude|estoy|estamos|cuento|manejo)|mi (?:presupuesto|limite|tope|maximo)"
    r"|el presupuesto|lo maximo|tengo|tenemos|disponibles?|dispongo|puedo (?:pagar|gastar|dar)|para gastar|"
    r"para invertir|de presupuesto|pago|pagaria|doy|ofrezco|le doy|quiero gastar|es mi|en total|total|(?:me "
    r"|nos )?alcanza|(?:reuni|consegui)(?:mos)?|(?:junt|ahorr|complet)(?:e|amos)|pusimos|llegamos|podemos|podria(?:mos)?|y (?:cerramos|cierro|me l[oa] llevo|l[oa] llevo|listo|hacemos|trato)|por (?:todo|todos|todas"
    r"|el|la|los|las|ambos|ambas|ellos|ellas|cada|eso|esa|ese)|al contado|en efectivo|de contado|cash|budget|is my"
    r"|is what|is all|in total|"
    r"set aside|saved|put (?:aside|away|by)|to (?:spend|work with)|available|in cash|apartados|economizados|asignados|destinados|previstos|separados|presupuestados|listitos|ahorraditos|de fondo|me lo llevo|la llevo|lo llevo|me la llevo|le entro|cierro|cerramos|listos|ahorrados|es lo que|(?:es|seria|son) lo (?:mio|nuestro)|y de ahi no|de ahi no|y (?:no|ni) (?:mas|un)|y ya|y punto|sem problemas"
    r"|tenho|posso|reservados|guardados|para (?:todo|eso|esto|la compra)|ni mas ni menos)\b"
)
#: A sum that somebody gave for the purchase: *nos dieron 1500 de presupuesto*.
RIGHT_BUDGET = re.compile(
    r"^ (?:\w+ )?(?:de presupuesto|para (?:eso|esto|ello|gastar|invertir|comprar|amoblar|amueblar|la compra|los muebles|que (?:yo )?(?:compre|gaste|escoja))|en (?:mi |la )?casa(?= (?:[.,!|¶]|$|para))"
    r"|(?:to|for) (?:spend|this|it)|es mi|es nuestro)\b"
)
RIGHT_FOR_THING = re.compile(r"^ para (?:un|una|el|la|mi|mis|unos|unas|los|las|comprar\w*) ")
#: Verbs of giving, which quote a price or hand over a budget.
GIVEN = frozenset("dieron dan dio da".split())
RIGHT_BUYS = re.compile(r"^ (?:que|cual(?:es)?|what) ")
RIGHT_INCLUDES = re.compile(
    r"^ (?:ya |es |son |seria |esta )*(?:con|incluye\w*|incluid[oa]|mas|sin) (?:el |la |ya )?(?:iva|envio|transporte|armado|flete"
    r"|instalacion|domicilio|entrega)\b"
)
SAYS = frozenset("dice dijo decia dicen dijeron tiene tienen has".split())
#: A comma parts these from the sum after them: *un espejo para la entrada, 150 tope*.
PLACES = frozenset("entrada casa oficina local depto departamento cuarto habitacion pared ventana ventanas".split())
NEXT_BOUND = re.compile(r" (?:ni|y|pero|no|but)(?: \w+){0,2} (?:mas|menos|more|less|maximo) .*")
#: Who spends with the customer: what they say is no shop's price.
HOUSEHOLD = re.compile(
    r" (?:mi|mis|my|meu|minha) (?:espos[oa]|marido|mujer|senora?|pareja|novi[oa]|jef[ea]s?|mama|papa|mami|papi|soci[oa]s?|viej[oa]|familia"
    r"|hij[oa]s?|suegr[oa]|papas|padres|cliente|clienta|novios|husband|wife|boss|client|parents)(?: \w+){0,2} $"
)
AVAILABLE = frozenset("tienen tiene venden vende".split())
DENIED_FIGURE = re.compile(r" (?:no|not|nao|en (?:vez|lugar) de|instead of)(?: son| eran| es| los| de)? $")
# A price that the customer takes: *a 430 lo llevo*.
RIGHT_ADOPTS = re.compile(
    r"^ (?:, |y |yo |si )*(?:me |te |se |le |los? )*(?:llevo|compro|tomo|acepto|cerramos|cierro|pago|cojo|agarro"
    r"|la llevo|la compro|i'll take|deal|eu levo|fechado)\b"
)
REFUSES = re.compile(
    r"(?<= )(?:no(?! (?:me |nos )?import\w+| hay (?:problema|lio))|ni|nunca|jamas|tampoco|don't|can't|cannot|won't|shouldn't|nothing|nada|not|nao|never)(?= )"
)
#: What is said of a sum that nobody wants to reach: *arriba de 900 ya me duele*.
BURDENS = re.compile(
    r"(?<= )(?:no(?! (?:hay|es) (?:problema|lio)| importa)|ni|nunca|jamas|tampoco|don't|can't|cannot|won't|not|nao|never|ya(?! (?:tengo|tenemos|es algo bueno))|duel\w*|dol\w+|mat[ae]n?|complic\w*|dificil|imposible"
    r"|mucho|mucha|much|demasiad\w+|exager\w+|sacrificio|abuso|locura|barbaridad|car[oa]s?|fuera|out|beyond|pesad[oa]|apriet\w+|asust\w+|pens\w+|piens\w+|se (?:me|nos)|stretch|tough|hard|hurts?|pesa|demais)(?= )"
)
#: What a *no* before it takes back: *no es que tenga 420*.
DENIED_OWN = re.compile(
    r" (?:no|ni|tampoco|nao|not|don't|jamas|nunca)(?: es que| creo que| me| le| les| nos| i| that| puedo| podemos| podria| voy a| vamos a| pienso"
    r"| loc[oa]| de chiste| muert[oa]| a palos)* $"
)
NEUTRAL = (
    FUNCTION_WORDS
    | CHAT_WORDS
    | VERBS
    | frozenset(
        "maximo max tope limite nomas total aprox aproximadamente aproximado iva incluido incluida contado "
        "efectivo "
        "mas menos "
        "veci libres redondos aproximados cerrados cash budget each apiece tops okey maximum minimo minimum per x "
        "presupuesto cada "
        "c u juntos ahorrados disponibles disponible listos exactos pelados justos justitos fijo fijos idealmente "
        "quizas porfavor realmente "
        "masomenos ojala numa num nuns numas pelo pela sinceramente honestamente dependiendo depende segun".split()
    )
)
ATTRIBUTIVE = re.compile(
    r"(?<= )(?:el|la|los|las|ese|esa|del|al|esos|esas|aquel|aquella|the) (?:\w+ ){0,2}(?:de|que vale|a) $"
)

COPULAS = frozenset("esta estan estaba estaria era was is".split())
INSTALMENTS = frozenset(
    "cuota cuotas letra letras mensualidad mensualidades entrada abono anticipo adelanto inicial enganche sinal "
    "deposit parcela parcelas "
    "installment installments descuento".split()
)
#: What a copula after it makes a budget and not a price: *mi presupuesto está entre ...*.
MEANS = re.compile(r" (?:presupuesto|budget|rango|monto|inversion|limite|tope|maximo|idea)(?: \w+){0,2} $")
#: Floors that a *no* turns into ceilings: *más de 1000 no le meto*.
MORE_THAN = frozenset(
    (
        "mas de",
        "mas que",
        "pasar de",
        "mas que de",
        "mas que con",
        "mas que para",
        "more than",
        "over",
        "mais de",
        "arriba de",
        "por encima de",
        "encima de",
        "sobre los",
        "above",
    )
)
#: Wanting so many things, unless it is a sum: *queremos de 250 a 300*.
QUANTIFIES = frozenset("necesito necesitamos requiero requerimos quiero queremos necesitaria".split())
#: What joins two numbers to a range.
TO = frozenset(
    (
        *"a o - – / hasta to or ate ou u until".split(),
        *("a un maximo de", "o hasta", "y hasta", "y maximo", "and up to", "a maximo", "ou ate"),
    )
)
