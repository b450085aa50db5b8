"""The words around a thing that tell whether the customer wants it, has it or refuses it."""

import re

from .given_names import RELATIVES
from .lexicon import ATTRIBUTES, DETERMINERS, FUNCTION_WORDS, NUMBER_WORDS, VERBS
from .text import ELLIPSIS, NEWLINE

WANTED, OWNED, REFUSED, MENTIONED = "wanted", "owned", "refused", "mentioned"

WINDOW = 9
LIST_WORDS = frozenset(", y e o u & + / and or ou ni - plus mas mais tambien ademas con".split()) | {
    NEWLINE,
    "|",
    "*",
    "•",
}
SMALL = (
    DETERMINERS
    | NUMBER_WORDS
    | frozenset("ya solo buen mi de of un una como el la unos # muy mas su sus nomas par juego conjunto".split())
)

ASK = (
    r"quiero|quiere|queremos|queria|queriamos|quisiera|quisieramos|quieren|busco|buscamos|buscando|buscaba|busca"
    r"|necesito|necesitamos|necesita|"
    r"necesitaba|necesitaria|deseo|desea|deseamos|deseaba|requiero|requerimos|preciso|ocupo|interesa|interesan"
    r"|interesado|interesada|interesaria|"
    r"interesados|comprar|compremos|compren|comprarle|comprarme|comprarnos|compraria|comprarles|adquirir|cotizar|cotizarme|cotice"
    r"|coticeme|cotizame|cotizacion|proforma|precio|precios|"
    r"valor|costo|costos|cuanto|cuantos|venden|vende|vendes|tienen|tiene|tenes|tienes|tendran|tendra|tendrian|hay"
    r"|manejan|fabrican|hacen|ofrecen|falta|faltan|"
    r"faltaria|faltarian|hace falta|hacen falta|gusta|gusto|gustan|gustaron|gustaria|encanto|encanta|encantaron"
    r"|llevar|llevo|llevarme|llevaria|lleve|"
    r"deme|dame|denme|veame|vendame|vendanme|vendeme|muestreme|muestrame|ensename|enseneme|agregue|agregueme"
    r"|agregame|agregar|anada|anadame|sumele|sume|sumeme|"
    r"anoteme|aparteme|separeme|reserveme|averiguar|averiguando|averiguaba|averiguo|ver|viendo|mirando|veo|escoger"
    r"|elegir|decidi|decidimos|prefiero|preferiria|"
    r"preferimos|renovar|cambiar|reemplazar|remplazar|regalar|regalarle|regalarles|mandar|conseguir|encontrar"
    r"|pedir|encargar|ordenar|tomar|info|informacion|"
    r"fotos|foto|catalogo|disponible|disponibles|medidas|garantia|looking for|look for|want|need|buy|get"
    r"|interested in|interested|price|how much|do you have|you have|sell|"
    r"would like|i'd like|like|order|replace|add|show me|see|purchase|quero|queria|procuro|procurando|compro"
    r"|gostaria|tem|vende|vendem|quanto|trocar|faltou|"
    r"ayudeme con|ayudame con|ayude con|ayudar con|help me with|pensaba en|pensando en|pensamos en|seria|serian"
    r"|es para|(?:pregunt|animo|averigu)\w* (?:por|a)|empecemos|empezar|empiezo|empezamos|volviendo|volvamos|aparte|(?:ando|andamos|estoy|estamos) (?:tras|atras|detras|en busca)(?: del?)?"
)
ASK_VERBOSE = ASK.replace(" ", r"\ ")
#: Any way to take a thing into a purchase; a *no* before it leaves the thing out.
ACQUIRE = (
    r"(?:(?:compr|llev|coti[cz]|agregu?|adquir|encargu?|reserv|separ|dese|ocup|busc|interes|gust|apart|anad)(?:o"
    r"|as?|amos|an|e|es|emos|en|ar|arl[oa]s?|are|aria|ariamos|aremos|eme|enme|ame|arme|arnos|i|ir|irl[oa]s?)"
    r"|inclu(?:yan?|yas?|ir|yamos)|consider(?:e|en|es|emos|ar)|convenc(?:e|en|io|ieron)|pong(?:as?|an|"
    r"amos)|cuent(?:e|en|es)|pid(?:o|as?|amos)|pedir(?:e|emos)?|quer(?:er|emos|iamos|ia|ie)|necesit(?:ar\w*"
    r"|amos|aria\w*)|hac(?:e|en|er)\ falta|har(?:a|an)\ falta|(?:es|son|seria|va\ a\ ser|era)\ necesari[oa]s?)"
)
CUES = re.compile(
    rf"""(?<=\ )(?:
    (?P<withdrawn>(?:ya\ )?(?:no|tampoco|nunca|nao)\ (?:me\ |nos\ |le\ |se\ |lo\ |la\ |les\ )*(?:(?:voy|vamos|va|van|quiero|queremos|pienso|pensamos|creo\ que)\ (?:a\ )?)?(?:me\ |nos\ |les\ |le\ )?{ACQUIRE}
      |(?:ya\ )?(?:no|tampoco|nunca|nao|not|don't|dont|didn't)\ (?:(?!tengo|tenemos|hay|tienen|tiene)\w+\ )?(?:(?:me|le|lo|la|se
        |nos)\ )?(?:quiero|quiere|queremos|quisiera|necesito|necesita|necesitamos|busco|buscamos|
        deseo|interesa|interesan|gusta|gusto|gustan|es|era|son|sea|seria|sean|va|voy|vamos|llevo|llevaria|lleve
        |compro|compraria|compramos|preciso|quero|want|need|like|looking\ for|
        hace\ falta|hacen\ falta|me\ hace\ falta|incluya|incluyan|incluyamos|ponga|cuente|considere|dije|hablo|pedi
        |digo|prefiero|looking|interested\ in|interested)
      |(?:descart|obvi|salt|suprim|exclu|elimin|tach|desist|prescind|retract|desanim)(?:o|e|a|i|amos|emos|imos|en|iremos|aria|iria|ar|ir|eme|enme|ame|enos|yo|ya|yamos)(?:\ del?)?|(?:luego|despues|mas\ adelante)\ (?:vemos|veo|vere|veremos|compro|compramos)|(?:me|nos)\ (?:arrep\w+|desanim\w+|salt\w+)(?:\ (?:de|del|con))?|(?:olvid|quit|sac|saqu|borr|cancel|anul)(?:e|en|a|emos)(?:me|nos|se|te|le)?(?:\ (?:de|del))?|retir(?:e|en)(?:me|nos|le)?|deje(?:n|mos)?\ (?:afuera|de\ lado|aparte)|pas(?:o|amos)\ del?|decided\ (?:against|not\ to\ (?:buy|get))|desisti\ d[oae]|(?:ya\ )?no\ more
      |ni|(?<!quede\ )(?<!quedamos\ )(?<!estoy\ )(?<!estamos\ )sin|without|sem|nada\ de|(?<!mas\ o\ )menos|excepto
          |salvo|quite|quiteme|quitele|quitar|quitarle|quito
          |quita|quitame|quitemos|quiten|quitenme|elimine|elimina|eliminar|elimineme|saque|saqueme|saca|sacar|saco|
        borre|borrame|borrar|borreme|descarto|descarte|descartar|descartamos|olvide|olvida|olvidemos|olvidese
        |olvidate|olvidese\ de|olvidese\ del|omita|
        en\ (?:vez|lugar)\ de|en\ (?:vez|lugar)\ del|en\ cambio\ de|instead\ of|rather\ than|remove|drop|forget|skip|scrap|ditch|scratch|nix|omit|strike|lose|never\ mind|nevermind|no\ need\ for|leave\ out|take\ out|take\ off|cut\ out|pass\ on|hold\ off\ on|esquece|esqueca
        |cancel|cancele|cancelar|no\ more|tira|tire|em\ vez\ de|
        ya\ no|tampoco|dejemos\ fuera|deje\ fuera|no\ not|except|but\ not|a\ no\ ser|fuera)
  | (?P<owned>(?:mi|el|nuestro|nuestra)\ (?:cuarto|casa|depa\w*|dormitorio|oficina|local|suite|habitacion|hotel|negocio|consultorio)\ (?:ya\ )?(?:tiene|trae|viene\ con)|ya\ (?:hay|cuento\ con|contamos\ con|dispongo\ de|existen?|esta(?:n|mos)?\ con)|(?:ya\ )?(?:tengo|tenemos|tenia|teniamos|poseo|poseemos|i\ have|we\ have|i've\ got|already\ have
        |already\ got|have\ already|tenho|temos|ja\ tenho)
      |compre|compramos|comprado|comprada|mis?\ (?:\w+\ ){{1,2}}(?:ya\ )?(?:me|nos)\ (?:(?:va|van|quiere|quieren)\ a\ )?(?:vend|pas|ced|don|consig|dej|don|tra)(?:a|e|en|an|er|ar|io|o|aron|ieron|era|eran)|(?:me|nos|les)\ (?:(?:regal|prest|obsequi|hered)(?:o|a|an|aran|ara)|d(?:io|ieron)|dejo|dejaron|(?:va|van)\ a\ (?:regal|prest|obsequi|hered|d|dej)ar)|habia\ comprado|recibi|recibimos|regalaron|regalan|regalo\ mi|regalaran|herede
          |dieron|vendieron|vendio|entregaron|entrego|llego|llegaron|trajeron|trajo|
        mandaron|enviaron|pague|pagamos|mi|mis|nuestro|nuestra|nuestros|nuestras
        |my|our|(?:i|we|i've|we've)\ (?:already\ |just\ )?
        (?:bought|purchased)|received
        |comprei|compramos|paguei|meu|minha|meus|minhas|prestaron|instalaron|compran|reciben|
        vendo|vender|vendiendo|rento|(?:alquil|arrend|arriend|subarriend|prest)(?:o|a|as|an|ar|e|en|amos|aran?|ando|er|arian?|arme|arnos)|(?:en|de)\ (?:alquiler|arriendo|renta)|alquiler|arriendos|rentar|rentan|renta\ de|reparar
        |reparan|repara|reparacion|reparaciones|arreglar|arreglan|arregla|arreglo|arregle|arreglen|arreglenme|arregleme|reparen|repare|repararan|arreglaran|tapizar|tapizan|tapizo
        |retapizar|retapizan|retapizado|restaurar|restauran|
        lavar|lavan|lavado|limpian|limpieza|limpiar|mantenimiento|fix|repair|rent|sell\ my|selling|clean|reupholster
        |consertam|consertar|alugam|desarmar|transportar|mudar|donar|botar|boto|bote|
        devolver|devuelvo|devolucion)
  | (?P<related>(?:como|con\ que|how\ (?:do|can|to)|que\ uso\ para|que\ sirve\ para)\ (?:(?:i|we|you|le|les|lo|la|los|las|puedo|podria|hago\ para|debo|eu)\ ){{0,3}}(?:quit|limpi|lav|sac|arregl|repar|tapiz|arm|desarm|cuid|pint|barniz|desmanch|mant[eu]|desinfect|aspir|pul|hidrat|remov|clean|wash|fix|get|take|repair|tir|conserv|cur)(?:o|ar\w*|er\w*|ir\w*|amos|e|n|)
        |(?:manch(?:a|as|ita|itas)|rayon(?:es|azo)?|rasgun\w+|olor|mal\ olor|polillas?|pelusas?|quemaduras?|stains?|smell|scratch(?:es)?)(?:\ (?:de|of)\ \w+)?\ (?:al?|del?|en|out\ of|from|on|off|do|da)
        |combin\w+(?:\ bien)?\ con|combin\w+|juego\ con|(?:va|vaya|van|vayan|quede|queden|queda|pegue|peguen
        |contraste|armonice)(?:\ bien|\ bonito)?\ con|match(?:es|ing)?\ (?:with|my|the)|go\w*\ with|junto\ (?:a|al|con)
        |al\ lado\ (?:de|del)|
        encima\ (?:de|del)|debajo\ (?:de|del)|frente\ (?:a|al)|(?<!ando\ )(?<!andamos\ )(?<!estoy\ )(?<!estamos\ )detras\ (?:de|del)|igual(?:es)?\ (?:a|al|que)
        |parecid\w+\ (?:a|al)|bajo|(?:duerm|dorm|com|trabaj|estudi|sient|sent)\w*\ (?:en|sobre)|next\ to|on\ top\ of|under|behind|para\ poner\ en|
        a\ tono\ con|al\ pie\ (?:de|del)|al\ color\ (?:de|del)|del\ color\ (?:de|del)|mismo\ (?:color|tono
        |estilo)\ (?:de|del|que)|combina\ com|en\ mi|in\ my|dentro\ (?:de|del)|alrededor\ (?:de|del)|sobre\ mi
        |hace\ juego|haga\ juego)
  | (?P<wanted>no\ (?:tienen|tiene|hay|venden|vende|tendran|tendra|tenes|tienes|tengo|tenemos|manejan|tinen|solo
        |solamente|encuentro|he|se)|don't\ have|nao\ tem|
        tengo\ que|tenemos\ que|tengo\ (?:\w+\ )?(?:interes|ganas|pensado|planeado|duda|dudas|pregunta|consulta
        |idea)(?:\ en|\ de|\ sobre|\ por)?|i\ have\ to|
        (?:lo|el|la)\ (?:unico\ )?que\ (?:me\ |nos\ )?(?:falta|faltan|quiero|necesito|busco|interesa|queda)
        |{ASK_VERBOSE})
    )(?=\ )""",
    re.VERBOSE,
)
TAIL_OWNED = re.compile(
    r"^ (?:(?!no |para |de |en |con |a |y |pero )\w+ ){0,3}?(?:que (?:ya )?(?:me |les |le |nos |te |yo "
    r"|ya )*(?:compre|compramos|tengo|tenemos|pague|pagamos|llego|llegaron|vendieron|vendio|entregaron|trajeron"
    r"|mandaron|enviaron|regalaron|dieron|pedi|"
    r"adquiri|adquirimos|vino|vinieron|instalaron|heredamos|herede)|(?:ya )(?:la |lo |los |las )?(?:me "
    r"|nos )?(?:tengo|tenemos|compre|compramos|consegui|conseguimos|encontre|encontramos|resolvi|resolvimos|dieron|dio|prestaron|regalo|regalaron|estan|esta listo|hay|llego|llegaron|entregaron|trajeron)|"
    r"(?:ya )?(?:me |nos )(?:la |lo |los |las )(?:va a |van a )?(?:regal|prest|d[aei]|obsequi|compr|hered)(?:o|a|an|aron|ieron|io|ar|n|)"
    rf"|(?:me |nos )(?:l[oa]s? )(?:va a |van a )?\w+ (?:mi|mis|una?|unos) (?:{'|'.join(sorted(RELATIVES))})(?:it[oa])?s?"
    r"|si (?:la |lo |los |las )?(?:tengo|tenemos|hay)"
    r"|l[oa]s? (?:tengo|tenemos)(?= (?:[.,;!|¶…]|$|ya|en|de))|i (?:already )?(?:bought|have|ordered|purchased)|que comprei|que tenho|eu ja tenho|ja tenho|we already have"
    r"|ya estan|(?:, )?(?:(?:i|we) (?:already )?(?:have|got) one|(?:ya )?tengo (?:un[oa]|otr[oa])(?= (?:[.,!;|¶]|$))|ja tenho um)"
    r"|(?:, )?(?:(?:todavia|aun|ainda) (?:\w+ )?(?:esta|estan|sirven?|aguantan?|valen?|duran?|funcionan?|tiene vida|ta|serve)"
    r"|(?:me |nos )?(?:esta|estan|sirven?|aguantan?|duran?|is|are) (?:\w+ ){1,4}?(?:todavia|aun|ainda)"
    r"|(?:sigue|siguen|is still|are still|continua) (?:\w+ ){0,2}?(?:buen[oa]s?|bien|intact[oa]s?|perfect[oa]s?|nuev[oa]s?|nuevit[oa]s?|util|utiles|sirviendo|aguantando|good|fine|ok|great|new|solid|boa|bom|excelentes?)"
    r"|(?:me|nos) (?:dura|da) para rato))\b"
)
#: What is named with its damage is at home: *una silla coja*.
BROKEN = re.compile(
    r"^ (?:(?:esta|que esta|is|medio|toda|todo|bien|ya|bastante|un poco) ){0,2}(?:rot|coj|chuec|floj|quebrad|rajad|trizad|danad|descosid|hundid|partid|torcid|despegad|despostillad"
    r"|astillad|defectuos|descuadrad|oxidad|apolillad|golpead|abollad|rasgad|virad|zafad|patoj)(?:[oa]s?|it[oa]s?) "
    r"|^ (?:is |are )?(?:broken|damaged|cracked|torn|ripped|wobbly|faulty|defective) "
)
TAIL_REFUSED = re.compile(
    r"^ (?:(?!que |si |pero |y |e |and |porque |o )\w+ )?(?:, )?(?:ya )?(?:(?:mejor |eso |esa |ese |por ahora "
    r"|todavia |aun )?(?:no|nao)(?= (?:[,.;!|¶…)]|porque|gracias|pero|ya|quiero|necesito|me|lo|la|los|las|va|hace"
    r"|por|todavia|es|$))|no (?:lo |la |los |las )?(?:quiero|necesito|va|llevo|queremos|necesitamos|"
    r"busco|deseo|compro)|tampoco|(?:ya )?no (?:me )?(?:gusta|convence|sirve|entra|cabe|combina|va|interesa)n?"
    r"|(?:is |are )?(?:off the list|out of the list|no longer needed|not needed)|(?:(?!pero |sin |y |o )\w+ ){0,4}, (?:asi que )?es[eoa]s? (?:mejor )?(?:ya )?no(?= (?:[.,;!|¶…]|$))|(?:(?!pero |sin |y |o )\w+ ){0,4}asi que es[eoa]s? (?:mejor )?(?:ya )?no(?= (?:[.,;!|¶…]|$))"
    r"|me da (?:miedo|pena|cosa)|olvidelo|olvidela|olvidalo|ya no|mejor no|ni hablar|not? (?:needed|necessary)|(?:eu )?nao (?:precisa|preciso|quero|precisamos|queremos)"
    r"|(?:(?!pero |sin |y )\w+ ){0,5}(?:, )?(?:(?:quite|quita|quiten|saque|saca|borre|borra|elimine|descarte|olvide|olvida|anule)(?:me)?l[oa]s?|l[oa]s? (?:quit|sac|borr|descart|elimin)(?:o|amos|e|emos))(?= )|(?:deje|deja|dejen)(?:me)?l[oa]s?(?= (?:[.,;!|¶]|nomas|asi|ahi|en veremos|pendiente|fuera|afuera|de lado|para despues|para otra|$))"
    r"|(?:que|va|van|esta|estaria)\w* (?:afuera|fuera|descartad[oa]s?|eliminad[oa]s?))\b"
)
TAIL_ASKED = re.compile(
    r"^ (?:[^ ]+ ){0,6}?(?:(?:a )?cuanto (?:cuesta|vale|sale|esta|es|seria|me)|que precio|precio|a como|how much"
    r"|esta disponible|siguen? disponible|hay en|lo tienen|la tienen|tienen en|me interesa|quanto) "
)
#: Put off while other things are bought.
TAIL_LATER = re.compile(
    r"^ (?:mejor |ya |nomas |por ahora )*(?:(?:(?:l[oa]s? )?(?:dej|qued|ve|compr|mir|pens)\w* )(?:nomas )?(?:para |pa )?(?:despues|luego|mas adelante|mas tarde|otr[oa] (?:ocasion|vez|vuelta|compra|oportunidad|dia|momento)|la (?:proxima|siguiente)|el (?:proximo|otro) (?:mes|ano))"
    r"|(?:para |pa )?(?:la proxima(?: vez)?|otra (?:ocasion|vez|vuelta|oportunidad)|despues|luego)(?= (?:[.,;!|¶…]|$|l[oa]s? ve|ve(?:o|mos|re) ))|can wait|later(?= (?:[.,;!|¶…]|$)))"
)
#: *el colchón nomás*
TAIL_ONLY = re.compile(
    r"^ (?:nomas|no mas|nada mas|solamente|unicamente|only)(?= (?:[.,;!|¶…]|$|entonces|por ahora|porfa\w*|gracias|pues))"
)
RENEW = re.compile(
    r" (?:renovar|renovarlo|renovarla|renovo|cambiar|cambiarlo|cambiarla|cambiarlos|cambiarlas|cambio de"
    r"|reemplazar|remplazar|reemplazarlo|reemplazarla|reemplazo de|jubilar|actualizar|replace|upgrade|trocar"
    r"|reponer|retirar mi) (?!(?:\w+ ){0,2}(?:look|aire|ambiente|estilo|color|tapiz|tela|forro|aspecto|decoracion|cara) )"
)
ANOTHER = re.compile(
    r" (?:otr[oa]s?(?! (?:tienda|lado|lugar|parte|almacen|local|muebleria|marca|sitio|empresa|dia|vez|cosa)\b)|un[oa]s?(?: mas)? nuev[oa]s?|un[oa] (?:igual|parecid[oa]|mejor|mas|similar|que|de)|uno|(?<! para )(?<! en )(?<! de )(?<! con )(?<! por )(?<! a )una|(?:comprar|cotizar|ver) nuev[oa]s?"
    r"|(?:deme|quiero|necesito|busco|coticeme) (?:\d+|dos|tres|cuatro|seis|un par)(?= (?:[.,;!|¶…]|y |$))|new one|another(?: one)?|outr[oa]|um novo|uma nova|(?:cambiar|renovar|reemplazar|remplazar)l[oa]s?"
    r"|que otro)(?: [^ ]+| $)"
)
CORRECTS = re.compile(
    r" (?:perdon|perdona|perdone|disculpe|digo|quise (?:decir|poner|escribir)|queria (?:decir|poner|escribir)|mas bien|me equivoque|corrijo|correccion|rectifico"
    r"|sorry|i mean|actually|na verdade|quer dizer|en realidad|no no|nono|o sea no|osea no|desculpa|"
    r"mejor dicho|era|minto|miento|mentira|cambi(?:e|o|amos) de (?:idea|opinion|parecer|planes?)|change of plans?|mudanca de planos|changed my mind|mudei de ideia)(?: (?:,|:|…|\*|no|es|era|seria|sea|un|una|unos|unas|el|la|los|las|digo|quise"
    r"|decir|queria|lo que|busco|quiero|que|mejor|me|equivoque|quisiera|necesito|deme|y|ahora|a|an|the|not|it's|is|want|i|um|uma|e|o|nao)){0,7} $"
)
BETTER = re.compile(
    r"(?<! el)(?<! la)(?<!que es)(?<!cual es)(?<!cual)(?<! lo) (?:mejor|melhor|rather|prefiero|preferiria|prefiro"
    r"|rather)(?: (?:,|…|un|una|unos|unas|el|la|los|las|que|sea|sean|deme|dame|quiero|quisiera|me|llevo|busco|"
    r"es|seria|fuera|compro|compramos|cotiz\w+|veamos|vamos|por|con|a|an|the|um|uma|dos|tres|ver|vea|cambio|cambiemos|nomas|solo)){0,4} $"
)
ONLY = re.compile(
    r" (?:(?:solo|solamente|unicamente|nomas|nada mas|no mas|just|only|so|somente|apenas)|quedemonos con|(?:me|nos) qued(?:o|amos|aria|ariamos|are|aremos) con|dejemos(?:lo)? en)(?: (?:quiero|quisiera|necesito|me quedo con"
    r"|quedo con|quedemonos con|dejeme|deje|seria|serian|es|va|voy a|querria|llevo|want|need|the|el|la|los|las|un"
    r"|una|"
    r"unos|unas|dos|con|busco|llevar|comprar|por|a|me|interesa|o|os|as)){0,4} $"
)
GIVES_UP = re.compile(
    r" (?:ya no (?:quiero|necesito|deseo|busco|voy a (?:querer|comprar|necesitar))(?: (?:nada|ninguno|ninguna|eso"
    r"|comprar|comprar nada|gracias))?|ya no me interesan?(?: ningun[oa]| nada)?|ya (?:l[oa]s? )?(?:compre|compramos|consegui|conseguimos|encontre|encontramos) todo|ya no (?:lo|la|los|las|le) (?:quiero|necesito|quiere"
    r"|voy a (?:querer|comprar|llevar|necesitar)|compro|"
    r"llevo|queremos)|(?:al final |ya |mejor |por ahora |creo que ){0,5}no (?:voy|vamos) a (?:comprar|llevar|querer|necesitar|pedir|cotizar) nada|ya no (?:compro|compramos|llevo|llevamos) nada|ningun[oa] de (?:l[oa]s|es[oa]s) (?:dos|tres|cuatro)|mejor nada|(?:mejor )?(?:dejemoslo|dejelo|lo dejamos|dejamoslo|lo dejo) (?:ahi|asi|nomas|no mas)|ya (?:l[oa]s? )?(?:compre|compramos|consegui|conseguimos|encontre|encontramos) (?:un[oa]s? |tod[oa] )?(?:en|por) (?:otr[oa] (?:lado|parte|tienda|local|almacen|muebleria|sitio)|la competencia)|ya no (?:estoy|estamos) interesad[oa]s?|ya l[oa]s? (?:compre|compramos|consegui|conseguimos|encontre|encontramos)(?: (?:en|por|con|a) (?:\w+ ){0,2}\w+| ayer| hoy)?|desist(?:o|imos)|i don't want (?:it|them|anything)(?: anymore)?|nao quero mais(?: nada)?|no longer (?:need"
    r"|want) (?:it|them)|olvide (?:todo|eso)|cancele todo|dejelo (?:nomas|asi)|cambi(?:e|amos) de (?:idea|opinion|parecer|planes)|me arrepenti|ya no (?:voy|vamos) a comprar"
    r"(?: nada)?|ya no compr\w+(?: nada)?|olvidel[oa](?: todo)?|olvidal[oa]|ya nada|changed my mind|mudei de ideia|(?<=^ )(?:(?:no|nop|nada|ay|uy|ah|sabe que|sabes que|pensandol[oa](?: bien)?|pensando bien|ya pense|lo pense(?: bien)?|lo pensamos|la verdad|al final|bueno|en verdad|pucha|chuta|disculpe|perdon|sorry) ?(?:[,.…] )?){0,3}(?:mejor ya no|(?<=pensandolo )mejor no|(?<=pensandolo bien )mejor no|(?<=pensandolo bien , )mejor no|(?<=pensandolo , )mejor no|ya (?:mejor )?no|siempre no|al final no|ya nada|ya fue|ya no (?:me |nos )?(?:hace falta|hara falta|es necesario|va a ser necesario)|no longer needed|not anymore|deixa pra la|never ?mind)(?= (?:[.,!|¶]|gracias|$)|$)) (?=[.,;!|¶…]|$|porque|pero"
    r"|gracias)"
)
QUITS = re.compile(r" (?:quite|quita|quiten|saque|saca|olvide|olvida|elimine|borre|descarte|cancele)(?:me)?l[oa]s? ")
#: The one spoken of before was a mistake: *ese no*, *me confundí de foto*; what is named next takes its place.
RETRACTS = re.compile(
    r" (?:(?:es[eoa]|est[eoa]|aquel|aquella|es[eoa] modelo) no(?= [,.;!|¶…])|(?:me|nos) (?:confund|equivo)\w+|(?:foto|imagen|modelo|link|producto|captura|enlace) (?:equivocad|errad|incorrect)[oa]"
    r"|no (?:era|es) (?:es[eoa]|est[eoa]|eso|lo que)|wrong (?:one|photo|picture|link|item)|not that one|esse nao|foto errada|me enganei) "
)
#: After what is at home, a bare *no* says what is missing there: *el escritorio ya lo tengo, la silla no*.
BARE_NO = re.compile(r"^ (?:todavia |aun )?no(?= (?:[.,;!|¶]|$))")
#: *el comedor no me cabe, quiero uno de 4 puestos*
UNFIT = re.compile(r"^ (?:\w+ )?(?:ya )?no (?:me |nos |le )?(?:cabe|entra|sirve|da|aguanta|va)n? ")
#: *un sillón mejor*, *un banco alto más bien*
TRAILS = re.compile(
    r"^ (?:(?!no |y |o |que |lo |cual |el |la |es |si |cuanto |tambien )[a-z]+ ){0,5}(?:, )?(?:mas bien|mejor|melhor|mejor dicho|en su lugar|en su reemplazo|(?:quise|queria) (?:decir|poner|escribir)|instead|rather|em vez disso|en (?:su|vez de eso|lugar de eso)) (?:[.,!?;|¶…]|$|porfa\w*|por favor|pues|please)"
)
SWAPS = re.compile(r" (?:cambi\w+|reemplaz\w+|remplaz\w+|sustitu\w+|swap|change|trocar) (?:\S+ ){0,3}$")
PRONOUN = re.compile(r" ya no (lo|la|los|las) ")
ADDS = re.compile(
    r" (?:tambien|ademas|(?<!^ y )(?<! y si )(?<! y )si(?! mejor)|incluso|igual|also|too|as well|tambem) "
)
QUALITIES = (
    FUNCTION_WORDS
    | ATTRIBUTES
    | VERBS
    | frozenset("bueno buena buenos buenas nuevo nueva mejor urgente porfavor igual parecido parecida one ya".split())
)
DEFINITE = frozenset("el la los las the o a os as ese esa esos esas este esta estos estas del al that this".split())
BARE_REFUSALS = frozenset("ni sin without sem menos excepto salvo tampoco fuera except".split()) | {"nada de", "ya no"}
#: *ya quiero mi sofá nuevo* wishes for it; it is not at home.
WISHED = re.compile(r" (?:quiero|necesito|busco|deseo|comprar|comprarme|cotizar|escoger|elegir|want|need|buy) $")
PLAIN_REFUSAL = re.compile(
    r" (?:no|nao|don't|dont|not) (?:(?:quiero|queremos|busco|buscamos|necesito|necesitamos|deseo|deseamos|quero"
    r"|procuro|procuramos|preciso(?: de)?|want|need)|looking for|estoy buscando|estamos buscando)"
    r" (?:mas |ya |un |una |unos |unas |um |uma |el |la |los |las |ningun |ninguna |a |an |any |the )*$"
)
#: What ends the clause of such a refusal, or turns to what is wanted instead.
PLAIN_ENDS = frozenset(", . ; ! ¶ | sino but".split())
POSSESSIVES = frozenset("mi mis my nuestro nuestra nuestros nuestras our meu minha meus minhas".split())

#: Between *tengo* and a thing: what makes it a sum, a wish or another clause.
NOT_OWNED = frozenset("$ # , que hasta".split())
CREDIT = frozenset("credito creditos diferido cuotas".split())
#: *no solo la cama* refuses nothing.
LIMITERS = frozenset("solo solamente unicamente only just".split())
#: What ends the reach of a refusal.
TURNS = frozenset(
    ", que pero sino si . gastar gastarme pagar pasar pasarme invertir dar esperar demorar tanto mucho".split()
) | {ELLIPSIS}
#: When and where something was bought: they part the verb from its thing.
CIRCUMSTANCES = frozenset(
    "con ustedes aqui ahi alla en colineal su tienda almacen local el la ano mes semana pasado pasada ayer antier hace un dos tres poco "
    "meses semanas dias anos ya les por web".split()
)
#: *espejo\\**, *\\*espejo*: a typing error put right.
STARRED = re.compile(r" (?:\* [^*]{1,40}|[^*]{1,40} \*) ")
#: What sets a thing apart from the one before it, so that it shares nothing with it.
CONTRASTS = frozenset(
    "sea osea solo so somente solamente mejor sino pero digo perdon nomas only just instead entonces".split()
)
#: A refusal of one kind or state of a thing, not of the thing: *no quiero sofá de cuero, de tela*.
ANOTHER_KIND = re.compile(
    r"^ (?:no )?(?:(?!no )\w+ ){0,3}, (?:no )?(?:de|en|sino|hay|tienen|(?:(?:el|la|los|las) )?otr[oa]s?"
    r"|(?:el|la|los|las) (?:de|que (?!ya |tengo |tenemos |me )))\b|^ (?:\w+ )?(?:sin|hasta|antes de) "
)
#: What the thing wanted is for, said first: *para una mesa de 8, qué mantel me sirve?*
FRONTED = re.compile(r" (?:para|for) (?:una|un|mi|el|la|a|my) ")
ASKS_NEXT = re.compile(
    r" (?:que|cual(?:es)?|quiero|busco|necesito|quisiera|tienen|hay|venden|cuanto|what|which|do you have) "
)
#: *mejor dos sillones que un sofá*
PREFERRED_TO = re.compile(
    r" (?:mejor|prefiero|antes|rather)(?: \S+){1,4} (?:que|than)(?: un| una| el| la| los| las| a)? $"
)
#: Before what a thing may come with or be used as: *incluye los cojines?*, *se hace cama?*
COMES_WITH = re.compile(
    r" (?:incluyen?|traen?|vienen? con|sirven? (?:de|como)|se hacen?|se convierten? en|hacen? de|usar(?:l[oa])? (?:de|como))(?: (?:el|la|los|las|un|una|su|sus|de))* $"
)
WHICH = frozenset("que cuales cual what which quais".split())
#: *un sofá* after *olvídese de la cama,* is what is wanted instead.
INDEFINITE = frozenset("un una unos unas mejor solo deme dame a um uma".split())
#: Haste and repair ask for the thing of the complaint, not for another one.
REDRESS = re.compile(
    r"^(?!.* (?:cuanto|precio|venden|tienen|cotiz\w+|compr\w+|tambien|aparte|otra cos\w+|ademas|how much|buy|quanto) ).* (?:ya|urgente|hoy|ahora|ahorita"
    r"|otr[oa]|nuev[oa]|arreglad[oa]|cambiad[oa]|cuanto antes|en buen estado|complet[oa]) "
)
#: Buying beside a complaint, be it the same thing again.
PURCHASE = re.compile(
    r" (?:cuanto (?:cuesta|vale|sale|esta)n?|precio|cotiz\w+|compr(?:ar|aria|o)\w*|tambien|aparte|otra cos\w+|ademas|adicional|how much|buy|quanto|also) "
)
#: What another noun before it describes: *desk lamp*, *crib sheets*.
ENGLISH_HEADS = frozenset(
    "lamp lamps mirror mirrors rug rugs cushion cushions pillow pillows sheet sheets curtain curtains chair chairs table tables mattress "
    "mattresses desk stool stools bench painting paintings".split()
)
#: Before an indefinite thing they tell what was bought.
DESCRIBES = frozenset(
    "es era fue eran son compre compramos pedi pedimos con de por is was bought ordered comprei como".split()
)
#: Back from after-sales to what is to be bought.
RESUMES = re.compile(
    r" (?:tengo|hasta|presupuesto|maximo|unos|quiero|quisiera|llevo|compro|comprar\w*|cotiz\w+|precio|cuanto|venden|busco|interesa|s[ei]g(?:a|ui)mos"
    r"|separ\w+|reserv\w+|resuelto|solucionado|animo|encarg\w+|volv\w+|retom\w+|continu\w+|regres\w+|otra cosa|aparte|por otro lado|ademas|budget|buy|price|how much|quanto|quero|back to) "
)
#: A sofa that is a bed by night: *que de noche se haga cama*, *that turns into a bed*.
BECOMES = re.compile(
    r" (?:(?:que|y|para que|de los que|de es[oa]s que|that|which|vira) (?:\S+ ){0,6}?)?(?:se (?:hac|hag|conviert|vuelv|transform|abr|desdobl|pued\w+ (?:hac|convert|volv|transform|usar))\w*|sea|es|sirv\w*|vir[ae]|queda|haga de|haga las veces"
    r"|(?:(?:that|which) )?(?:turns?|converts?|folds?|opens?|pulls?) (?:out )?(?:in)?to|becomes?|works|doubles|serv\w+|transform\w+|vir[ae])(?: \w+mente| tambien| facil| also| en| de| como| into| as| para| una?| a| uma| out){0,4} $"
)
#: Said of things that the shop should lend, rent out or repair: *las mesas las alquilan?*
TAIL_SERVICE = re.compile(
    r"^ (?:l[oa]s? |(?:se )?(?:puede|pueden) |(?:para|en|de) )+(?:alquil\w+|arriend\w+|arrend\w+|rent(?:a|an|ar|en|ado)|prest(?:an|ar)|tapi[zc]\w+|retapi[zc]\w+|repar\w+|restaur\w+|arregl(?:an|ar|o))(?= )"
)
#: Somebody else's wish, who will write on their own: *pero ella les escribe*.
OTHERS_WRITE = re.compile(
    r" (?:ella|ellas|ellos|el|luego|despues|para que|manana|she|he|they|ela|ele)(?: mism[oa]s?| mismito| ya| luego| despues| tambien| manana| will| vai){0,4}(?: l[oe]s)?(?: va a| van a)? (?:l[oe]s? )?(?:escrib|contact|llam|habl|comuni|text|call|write|message|escrev)\w* "
)
OTHERS_WISH = re.compile(
    r" (?:mi|un|una|my|a|minha|meu) \w+(?: mia| mio| de \w+| \w+){0,2}?(?: tambien| anda)? (?:necesit|quier|busc|anda|dese|want|need|looking|look|quer|precis)\w*(?: \w+){0,3} $"
)
#: Taken back after it had been withdrawn: *mejor sí déjelo*, *póngala otra vez*.
RESTORES = re.compile(
    r" (?:(?:mejor|siempre|al final|pensandol[oa](?: bien)?|pensando bien|bueno|digo|no) (?:, )?si(?= (?:[.,!|¶]|$|porfa\w*|gracias|nomas))"
    r"|si (?:, )?(?:mejor |nomas |tambien )?(?P<left>(?:dej|manten|conserv)\w*?(?:me)?(?P<that>l[oa]s?))"
    r"|(?:si |no , si )?(?:pong|pon|inclu|agreg|anad|anot|sum|apunt|meta?|devuelv)\w*?(?:me)?(?P<added>l[oa]s?)"
    r"|(?:si |siempre |mejor |bueno ){1,4}(?P<wished>l[oa]s?) (?:quier\w+|queremos|necesit\w+|llev\w+|dej\w+|compr\w+|voy a|vamos a)"
    r"|(?:keep|put|add) (?:it|them)(?: back)?(?: in)?) "
)
#: *si el sofá no me entra* supposes, and refuses nothing.
SUPPOSES = re.compile(r" (?:si|if|se|cuando|por si|en caso de que) (?:\w+ ){0,3}$")
WISHES_FOR = re.compile(
    r" (?:quiero|queremos|quisiera|quisieramos|queria|queriamos|necesito|necesitamos|busco|buscamos|buscando|compremos|want|need|looking for|quero|preciso|procuro)"
    r"(?: (?:ver|comprar|cotizar|uno|una|un|unos|unas|dos|tres|cuatro|seis|buen|buena|a|an|um|uma|to|buy)){0,3} $"
)
#: *faltan dos taburetes* of what was delivered.
MISSES = re.compile(r" (?:me |nos )?(?:falt|faltar|missing)\w*(?: \w+){0,2} $")
#: *no tengo ni cama ni sábanas* misses them.
LACKS = re.compile(
    r" (?:no|ni siquiera|nao) (?:tengo|tenemos|hay|contamos con|tiene|tienen|tenho|temos)(?: \w+){0,2} (?:ni|nem) (?:\S+ ){0,6}$"
)
#: A choice among the things named before in the message.
CHOOSES = re.compile(
    r" (?:prefiero|preferiria|prefiro|me quedo con|me decido por|me voy por|i prefer|i'd rather)(?: \w+)? $"
)
