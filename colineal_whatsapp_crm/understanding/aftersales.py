"""After-sales told by composition: what was bought or brought, and what is wrong with it.

`support.py` knows the turns of phrase that are complaints by themselves; here are families of words, and which of them
make a complaint together. `EVIDENCE` says it in one place.
"""

import re
from bisect import bisect_left

from .given_names import RELATIVES
from .text import Text

# Stems of what goes wrong with a piece of furniture, by the conjugation that their endings follow.
_AR = (
    r"(?:raj|triz|deshilach|destap|carcom|quebr|ray|golpe|aboll|manch|astill|desportill|descascar|despint|despeg|peg|desgarr|rasg|cuarte"
    r"|descuadr|desnivel|desgast|desarm|deform|oxid|pel|agriet|resquebraj|vir|dan|afloj|solt|zaf|saf|destrab|trab"
    r"|atasc|atranc|ator|descolg|desinfl|infl|hinch|mof|apolill|desmoron|despelleja|despellej|decolor|desmonta|arrug"
    r"|chanc|remord|quem|mastic|parch|moj|pic|doblega|dobl|lastim|estrope|averi|malogr|descompens|desbord|levant)"
)
_ER_IR = r"(?:romp|part|hund|torc|tuerc|descos|destin|encog|pudr|cae|ca|venc|abr|descompon|descompus)"
_WRONG = (
    rf"(?:{_AR}(?:ad|it)[oa]s?|{_ER_IR}id[oa]s?|rot[oa]s?|rotit[oa]s?|ro(?:t|mp)id[oa]s?|suelt[oa]s?|chuec[oa]s?"
    r"|floj[oa]s?|coj[oa]s?|patoj[oa]s?|defectuos[oa]s?|incomplet[oa]s?|equivocad[oa]s?|descompuest[oa]s?"
    r"|al\ reves|en\ mal\ estado|mal\ (?:arm|hech|cos|instal|tapiz|pint|cort|pegad|puest|acabad|sellad|colocad)\w*"
    r"|rayon(?:es|azos?)?|raspon(?:es)?|rajaduras?|roturas?|fisuras?|grietas?|golpes?|golpecitos?|manch(?:as?|itas?|ones)|huecos?|huequitos?"
    r"|fallas?|defectos?|danos?|abolladuras?|hundimientos?|polillas?|comejen|moho|hongos?|humedad|grumos|quemaduras?|oxido"
    r"|tela\ corrida|bultos?|tears?|cosid[oa]s?\ mal|descosid[oa]s?|pedazos|trizas|astillas|hilachas|sin\ (?:un[oa]?\ |las?\ |los\ |el\ |sus?\ |dos\ |una\ de\ las\ )?"
    r"(?:\w*tornill\w*|patas?|patitas?|tapas?|jaladeras?|manijas?|pernos?|puertas?|cajon(?:es)?|tablas?|tablero|manual|instructivo"
    r"|instrucciones|herrajes?|vidrios?|espejos?|cojin(?:es)?|almohad\w+|fundas?|foco|focos|bisagras?|repisas?|ruedas?"
    r"|rueditas|garruchas|sillas?|respald\w+|cable|control|base|soportes?|piezas?|ganchos|parantes|largueros|pie)"
    r"|broken|damaged|cracked|scratch\w*|dent\w*|chip\w*|torn|ripped|stain\w*|faulty|defective|wrong|missing|loose|bent|incomplete|dirty"
    r"|crooked|warped|mold\w*|hole|holes|crushed|shattered|snapped|wobbl\w+|without\ (?:the\ |its\ |any\ )?(?:legs?|screws?|doors?|drawers?|shelves|parts|glass|instructions|hardware)"
    r"|quebrad[oa]s?|danificad[oa]s?|arranhad[oa]s?|rasgad[oa]s?|riscad[oa]s?|amassad[oa]s?|lascad[oa]s?|trincad[oa]s?|rachad[oa]s?|solt[oa]s?|tort[oa]s?|errad[oa]s?"
    r"|manchad[oa]s?|faltando|riscos?|arranhoes|arranhao|furos?|buracos?|amassados?|com\ defeito|defeito|sem\ (?:as\ |os\ |o\ |a\ |uma?\ )?(?:portas?|pes|pernas|parafusos|gavetas?|tampo|manual|prateleiras?|vidro|puxador\w*))"
)
#: What is wrong with a thing only where it is told how it arrived.
_WRONG_ON_ARRIVAL = (
    r"(?:suci[oa]s?|usad[oa]s?|viej[oa]s?|distint[oa]s?|diferentes?|cambiad[oa]s?|abiert[oa]s?|mal|fatal|horribles?|a\ medias"
    r"|tarde|equivocad[oa]s?|otr[oa]s?|menos|sin|solo|late|dirty|used|different|another|tarde|diferente)"
)
_FAILS = (
    r"(?:(?:ya\ )?no\ (?:me\ |se\ |nos\ |le\ |les\ )?(?:quieren?\ |pued\w+\ |dej\w+\ )?(?:funciona|sirv|prend|enciend|encend|cierr|cerr|abr|subi?|sube|baj|reclin|gir|rued|corr|encaj|cuadr|calz|encend|alumbr"
    r"|sostien|sosten|aguant|infl|estir|desliz|traba|asegur|ajust|coincid|correspond|da\ luz|carg|regul|nivel|asient|gira|levant|arranc|par[ae]\ recto|qued[ae]\ (?:fij|quiet|recto|derech))\w*"
    r"|dej(?:o|aron|a|an)\ de\ (?:funcion|serv|sub|baj|prend|reclin|gir|cerr|abr|alumbr|encend|correr)\w*|bail(?:a|an)\b|se\ (?:va|baja|cae)\ (?:para\ abajo|sol[oa])|(?:esta|estan)\ dando\ (?:dolor|problemas|guerra)|(?:cruj|rechin|chirri|traquete|tambale|cojea|bailotea|bambole|gote|filtr|apest|parpade|titil|chispe|tiembl)\w*|hace\ (?:un\ |mucho\ )?(?:ruid\w+|sonid\w+|bulla)|suena(?:n)?(?!\ (?:bien|bueno|excelente|perfecto|chevere|interesante|lindo|genial|bonito|razonable))|(?:huele|olor\ a|un\ olor|mal\ olor)\b"
    rf"|se\ (?:me\ |le\ |les\ |nos\ )*(?:esta\ |estan\ |fue\ |fueron\ |ha\ |han\ |va\ |anda\ |viene\ )?(?:todit[oa]\ |tod[oa]s?\ )?(?:{_AR}(?:o|aron|ando|ado|an?)|{_ER_IR}(?:io|ieron|iendo|yendo|yo|yeron|ido|en?)|rompe|salio|salieron|sale|salen|soltaron|fundio|apaga|afloja|mueve|mueven|hizo\ (?:pedazos|trizas)|siente\ (?:el|los|la)|sienten|quedo\ (?:trabad|floj|pegad)\w*|daño)"
    r"|(?:doesn't|does\ not|don't|won't|wont|can't|cannot|not|stopped)\ (?:\w+\ )?(?:clos|open|work|reclin|turn\ on|fit|lock|slid|roll|light)\w*|(?:is|are|keeps?|it's|started|already)\ (?:\w+\ )?(?:peel|sag|sink|creak|squeak|wobbl|leak|crack|fray|fading|falling\ apart|coming\ (?:off|apart)|smell)\w*|(?:creak|squeak|wobbl|smell)s"
    r"|broke|fell\ (?:off|apart)|came\ (?:off|apart)|collapsed|nao\ (?:funciona|fecha|abre|liga|reclina|acende|encaixa|sobe|desce)\w*|(?:esta|ficou)\ (?:\w+\ )?(?:descasc|afund|rang|balanc|solt|quebr|cheir)\w*|(?:esta|estao|ficou|ficaram)\ com\ (?:a|o|as|os|um|uma)\ \w+\ (?:\w+ndo|WRONG)|quebrou|rasgou|estragou|soltou|afundou|descascou|rachou|desmontou|manchou"
    r"|tiene\ (?:el|la|los|las|un|una|unos|unas|varios|varias|mucho|mucha|muchos|dos|tres)\ (?:\w+\ ){0,2}WRONG|has\ (?:a|an|some|several|two)\ (?:\w+\ ){0,2}WRONG|tem\ (?:um|uma|uns|varios)\ (?:\w+\ )?WRONG)"
).replace("WRONG", _WRONG)

_CAME = (
    r"(?:(?:me|nos)\ (?:l[oa]s?\ )?(?:lleg|mand|envi|entreg|despach|vend|instal|arm|arregl|repar|cambi|tapiz|dej)(?:o|aron|ieron|io)|(?:me|nos)\ (?:l[oa]s?\ )?(?:trajo|vino|vinieron|pusieron)|(?<!\ ya\ )(?:me|nos)\ (?:l[oa]s?\ )?(?:dieron|dio)(?!\ (?:el|la|las|los|un|una|su|mi)\ (?:depa\w*|casa|llaves?|suite|visa|plata|bono|credito))"
    r"|(?<!\ de\ )(?<!\ color\ )(?<!\ con\ )(?:lleg|vin)(?:o|ieron|aron)|trajeron|entregaron|mandaron|enviaron|despacharon|bajaron|dejaron|instalaron|armaron|recibi|recibimos|he\ recibido|salio|salieron|venia|venian"
    r"|arrived|came|delivered|received|sent\ me|sent\ us|got|chegou|chegaram|veio|vieram|recebi|entregaram|mandaram|enviaram|montaram)"
)
_BOUGHT = (
    r"(?:compre|compramos|compro\ mi|pedi(?:mos)?(?!\ (?:una?\ |la\ |el\ |su\ |unos\ |que\ )?(?:cotizaci|proforma|informaci|precio|catalogo|cita|foto|permiso|ayuda|consejo|credito|prestamo|me\ ))|encargue|encargamos|pague|pagamos|abone|abonamos|adquiri|adquirimos|cancele\ (?:el|la|todo)|di\ (?:el|un|de|una)\ (?:abono|anticipo|entrada)|deposite|transferi|separe|reserve|ordene|saque|sacamos|he\ comprado|habia\ comprado|hemos\ comprado|escogi|escogimos|elegi|elegimos|contrate"
    r"|(?:me|nos)\ vend(?:ieron|io)|mis?\ compras?|nuestra\ compra|mis?\ pedidos?|nuestro\ pedido|mi\ orden|de\ comprad[oa]s?|al\ comprar|no\ (?:tiene|tienen|cumple|ha\ cumplido|pasa|paso|ha\ pasado|llega)\ ni\ (?:un|una|dos|tres|\d+)\ (?:ano|mes|semana|dia)s?|de\ us(?:o|arl[oa]s?)\b|(?:me|nos)\ duro\b|recien\ comprad[oa]s?|compra\ (?:anterior|pasada|del|de\ (?:ayer|anoche|la\ semana|hace))|la\ (?:ultima|misma)\ compra|misma\ compra|hice\ (?:una|la|mi|un|el)\ (?:\w+\ )?(?:compra|pedido|orden|pago|deposito|transferencia)|ya\ (?:esta\ )?pagad[oa]s?|esta\ pagad[oa]|lo\ pagado|tengo\ (?:pagad|comprad)[oa]s?"
    r"|que\ (?:les\ |le\ )?(?:compre|pedi|encargue|pague|saque|lleve|adquiri)|(?:i|we|i've|we've)\ (?:already\ |just\ |have\ )?(?:bought|ordered|purchased|paid)|my\ (?:order|purchase|delivery)|same\ purchase|you\ sold|comprei|compramos\ (?:com|de)\ voces|paguei|encomendei|meu\ pedido|minha\ (?:compra|encomenda))"
)
_CREW = (
    r"(?:(?:el|los|un|al|del|sus?|unos|mi|the|your|o|os)\ (?:senor(?:es)?\ |chicos?\ |muchachos?\ |tipos?\ |manes\ |jovenes\ )?(?:del?\ )?(?:la\ |el\ )?(?:tecnicos?|repartidor(?:es)?|camion(?:es|cito)?|chofer(?:es)?|transport\w+|instalador(?:es)?|armador(?:es)?|entregador(?:es)?|montador(?:es)?|tapicero|ayudantes|motorizado|mensajero|courier|driver|movers|technician|installers?|camioneta)"
    r"|(?:el|los)\ del?(?:\ la|\ los)?\ (?:moto|camion|reparto|transporte|entregas?|armado|instalacion|flete)\b|vin(?:o|ieron)\ a\ (?:arm|instal|arregl|repar|dej|entreg|revis|tapiz)\w*|(?:los|unos)\ (?:senores|chicos|muchachos|manes|tipos)\ (?:que|de)|(?:los|el|las)\ (?:senor(?:es)?\ |chicos?\ )?del?\ (?:la\ |el\ )?(?:entrega|despacho|bodega|delivery|mudanza|reparto)|delivery\ (?:guys?|men|man|people|team|crew|driver|truck)|the\ (?:guys|men|people)\ (?:who|that)|(?:el|la|los|un|una|unos)\ (?:senor|senora|chico|muchacho|joven|man|tipo|persona|gente)(?:es|s)?\ que\ (?:vin|arm|instal|entreg|traj|lleg|dej|mand)\w*|quien\ (?:vino|trajo|entrego|armo))"
)
_NO_SHOW = (
    r"(?:sin\ (?:que\ (?:me|nos|se)\ (?:l[oa]s?\ )?)?(?:entreg|tra[ei]|lleg|recib|despach|instal|solucion|respuesta)\w*|(?:nunca|no|jamas|tampoco|nadie|ni)\ (?:me\ |nos\ |se\ |lo\ |la\ |los\ |las\ |ha\ |han\ |hay\ )*(?:lleg|vin|viene|vien|venid|ven[ií]|aparec|asom|present|vendr|termin|acab|complet|entreg|traj|traid|trae|despach|instal|arm|arregl|devuelv|devolv|solucion|reembols|cumpl|cambia|repar|hay\ (?:rastro|noticias?|nada|nadie))\w*|(?:no\ (?:se|sabemos|tengo\ idea|tenemos\ idea|me\ dicen|me\ avisan|me\ confirman|nos\ dicen)|sin\ saber)\ (?:\w+\ ){0,2}?(?:si|cuando|donde|que\ dia|a\ que\ hora)\ (?:\w+\ ){0,3}?(?:despach|lleg|sal|envi|entreg|mand|vien|ven|traj|tra|list)\w*|(?:no\ se|no\ sabemos|sin\ saber)\ nada\ de|ni\ (?:rastro|sombra|noticias?|senales?|luces|la\ sombra)|(?:sin|ninguna|cero)\ (?:noticias?|novedades|senales?)"
    r"|(?:never|didn't|did\ not|hasn't|haven't|not|nobody|no\ one)\ (?:\w+\ )?(?:came|come|call\w*|answer\w*|respond\w*|repl\w+|show\w*|arriv\w*|deliver\w*|received?|fix\w*)|(?:nao|nunca|ninguem|ainda\ nao)\ (?:\w+\ )?(?:vei|cheg|aparec|entreg|recebi|vem)\w*|me\ dejaron\ (?:plantad|esperando|botad)\w*|(?:sigo|seguimos|sigue|siguen|llevo|llevamos|estoy|estamos|still|continuo)\ (?:\w+\ ){0,3}(?:esperando|sin|sentad\w+|durmiendo\ en|comiendo\ en|waiting|esperando|en\ el\ (?:piso|suelo))|aqui\ no\ (?:hay|ha\ llegado|llego)\ nada|y\ nada\b|en\ el\ aire)"
)
_CHARGED = r"(?:(?:me|nos|han|habian|siguen|estan|volvieron\ a)\ (?:\w+\ )?(?:cobr|debit|descont|factur|carg)(?:o|aron|ado|ando|ar)|(?:un|dos|los|el|otro|tres|doble|varios|2|3|unos)\ (?:cobro|cargo|debito|consumo)s?|(?:dos|doble|2|tres)\ pagos?|aparecen?\ (?:un|dos|2|otro|doble|tres)\ |cobro\b|cobros\b|debitos?\b|charged|charge\b|charges|billed|cobraram|cobrad[oa]|cobranca|cargo\ en\ mi|hicieron\ (?:el\ )?(?:pago|cobro|cargo|debito)|pase\ la\ tarjeta|estado\ de\ cuenta)"
_MISCHARGED = (
    r"(?:dos\ (?:veces|debitos|cobros|cargos|pagos|consumos|valores)|2\ (?:veces|debitos|cobros|cargos|pagos|consumos)|tres\ veces|(?:por\ )?doble|duplicad[oa]s?|repetid[oa]s?|de\ mas|demas|de\ menos|otro\ valor|un\ valor\ (?:que|diferente|distinto|mayor)|mas\ de\ lo|mas\ caro|mas\ (?:que\ lo|de\ la\ cuenta)|sin\ (?:autoriz|permiso|avis|mi\ )\w*|no\ autoric\w+|que\ no\ (?:hice|compre|reconozco|es\ mio|pedi)|no\ reconozco|indebid\w+|por\ error|de\ nuevo|otra\ vez|nuevamente|gratis|no\ (?:era|es|correspond\w+|me\ dijeron)|mal\b|equivocad\w+|incorrect\w+|erroneo|intereses|el\ (?:envio|armado|flete|transporte|seguro)\ (?:y|si|cuando|pero|que|aunque)|misma\ compra|mismo\ (?:dia|valor|monto|pedido)|y\ (?:no|nunca|nadie)|pero\ (?:no|nunca|nadie)"
    r"|twice|two\ times|double|again|too\ much|extra|more\ than|wrong|same\ (?:purchase|order|thing)|duas\ vezes|em\ dobro|dobrado|duplicado|a\ mais|errado|indevid\w+)"
)
_MONEY_BACK = (
    r"(?:(?:(?:me|nos|que)\ )?(?:devuelv|devolv|reembols|reintegr|regres(?:en|an|ar|enme)|retorn)\w*\ (?:\w+\ ){0,3}?(?:plata|platita|dinero|dinerito|abono|anticipo|entrada|diferencia|excedente|dolares|\$|lo\ que\ (?:\w+\ )?(?:pague|abone|di|deposite|gaste|transferi|entregue|adelante|pagamos)|(?:mis?|los|el|mi\ pago)\ (?:\$\ )?\d\S*|mi\ (?:valor|pago)|mis\ (?:reales|latas))"
    r"|(?:quiero|exijo|necesito|espero|cuando|where's|want|get|quero)\ (?:\w+\ ){0,3}?(?:mi|my|meu)\ (?:plata|dinero|money|reembolso|refund|dinheiro)(?:\ (?:de\ vuelta|back|de\ volta))?|(?:money|dinheiro|plata|dinero)\ (?:back|de\ vuelta|de\ volta)|(?:reembols|refund)\w*)"
)
_MINE = r"(?:(?<!hacer\ )(?<!hago\ )(?<!realizar\ )(?<!poner\ )(?<!confirmar\ )(?:mi|mis|nuestro|nuestra|nuestros|my|our|meu|minha)\ (?:\w+\ )?(?:pedid[ow]\w*|orden(?:es)?|compras?|entregas?|envios?|despachos?|paquetes?|mercaderia|orders?|delivery|package|purchase|encomenda|guia|tramite|garantia|reclamo|instalacion|caso|ticket|expediente)\b|fotos?\ (?:del?|de\ la)\ (?:dano|falla|defecto|golpe|rotura|problema|reclamo))"
_STATUS = r"(?:donde|dnd|por\ donde|adonde|en\ que|cuando|a\ que\ hora|que\ dia|para\ cuando|ya\ (?:salio|esta|viene|va|llega|mero)|como\ va|que\ (?:paso|pasa|fue|es|hubo|novedad|ha\ pasado)|sabe(?:r|n)?\ (?:de|algo)|novedad(?:es)?|noticias?|estado|status|rastre\w+|tracking|track|seguimiento|informacion|info|averig\w+|verific\w+|confirm\w+|demora|retras\w+|atras\w+|tarda\w*|revis\w+|retir\w+|recog\w+|reprogram\w+|reagend\w+|coordinar|adelantar|where|when|what\ happened|update|onde|cade|quando|cambi\w+|modific\w+|cancel\w+|anul\w+|suspend\w+|agreg\w+|aument\w+|problema|inconveniente|lio|error|equivoc\w+|incomplet\w+|cuestion|tema)"
_PROMISE = r"(?:qued(?:o|aron|amos)\ (?:en|de|que)|(?:prometi|asegur|ofreci)(?:o|eron|aron)|(?:me|nos)\ (?:\w+\ )?(?:prometi|dij|asegur|ofreci|indic|confirm|inform|agend|program)\w*|(?:hoy|ayer|esta\ manana|esta\ tarde)\ me\ (?:entreg|tra|instal|arm|lleg)\w*|(?:iba|iban|tenia|tenian|debia|debian|deberia|deberian)\ (?:a|que|de|\w+r\b)|supuestamente|se\ supon\w+|segun\ (?:ustedes|ellos|me)|era\ para|estaba\ (?:para|program|agend)\w*|supposed\ to|was\ due|promised|prometeram|disseram|ficaram\ de|ficou\ de)"
_FULFIL = r"(?:fecha\ de\ (?:la\ )?entrega|pas\w+\ a\ (?:dej|retir|rev|ver)\w+|dejar\w*|entreg\w+|entrega|llegar?|llegab\w+|llegar?ia|traer\w*|traian?|traen|venir|venian?|vendrian?|viene|vienen|instal\w+|armar\w*|arreglar\w*|repar\w+|devol\w+|despach\w+|sal(?:ir|ia|e)|cambi\w+|retir\w+|reembols\w+|visit\w+|revis\w+|deliver\w*|arrive\w*|come|fix\w*|refund\w*|entregar|trazer|chegar)"
_LATE = r"(?:y\ (?:ya\ |hasta\ |ni\ |no\ |nada|nadie|nunca|todavia|aun|van|sigo|es\ |son\ |estamos\ )|pero\ (?:no|nada|nadie|nunca|todavia|aun|ya)|ya\ (?:van|pas\w+|es|son|llevo|estamos)|era\ (?:ayer|antier|anteayer|el|la|para|hoy|hace)|ayer|antier|anteayer|la\ semana\ pasada|hace\ (?:\w+\ ){0,2}(?:dias?|semanas?|mes(?:es)?)|nada\b|nadie|nunca|plantad\w+|but|and\ (?:no|nothing|nobody|still|i'm)|mas\ (?:ate|nada|nao|ninguem))"
_PAID = r"(?:abon(?:e|amos)|deposit(?:e|amos)|transferi|separe|reserve|di\ (?:\S+\ ){0,3}?(?:abono|anticipo|entrada|adelanto)|ya\ pag(?:ue|amos)|dej(?:e|amos)\ (?:\S+\ ){0,3}?(?:abono|anticipo|entrada|pagad|sena))"
_SETTLED = r"(?:l[oa]s?\ (?:pague|compre|abone|cancele|pagamos|compramos)\b|ya\ (?:(?:les|le|lo|la|los|las|esta|estan|tengo)\ )*(?:pag|compr|cancel|deposit|transf|abon)(?:ue|e|eri|amos|ad[oa]s?)|already\ (?:paid|bought|ordered)|ja\ (?:paguei|comprei))"
_DISPATCH = r"(?:(?:ya\ |cuando\ |para\ cuando\ )(?:esta|estan|estara|estaran)(?:\ list[oa]s?)?|(?:si|cuando|para\ cuando|que\ dia|a\ que\ hora|when|if|quando|se)\ (?:\w+\ ){0,3}?(?:despach\w+|llega|llegue|llegaria|salio|sale|envi\w+|entreg\w+|mand\w+|traen|vienen|ship\w*|deliver\w*|arriv\w+|chega|saiu))"
_REFUNDS = r"(?:(?:me|nos)\ (?:lo\ |la\ )?(?:devuelv|devolv|reembols|regres|reintegr)\w*|ya\ no\ (?:l[oa]s?\ )?(?:quiero|queremos|deseo|necesito)|devolucion|no\ voy\ a\ poder|desist\w+|anul\w+|cancel(?:ar|en|o)\b)"
#: Changes that only an order already made can need.
_AMEND = r"(?:(?:cambi|modific|correg|corrig|actualiz|rectific|cancel|anul|change|alterar|mudar)\w*\ (?:la|el|mi|los|las|una|un|the|my|o|a|esa|ese)\ (?:\w+\ )?(?:direccion|fecha|color|tela|hora|telefono|nombre|datos|ruc|modelo|cantidad|pedido|compra|orden|address|date|endereco)|(?:me\ )?equivoque|correg\w+|corrij\w+)"
_UPKEEP = r"(?:manual|instructivo|repuestos?|piezas?|revis\w+|visita|mantenimiento|limpi\w+|ayud\w+\ con|problema\w*|assembly|instructions)"
_WAITING = r"(?:(?:where(?:'s|\ is|\ are)|donde\ estan?|onde\ esta)\ (?:my|mis?|meu|minha)\ (?!\w*(?:cotiz|proform|respuest|turno|sueldo|bono|bebe|hij|espos|marid|mam|pap|famil|suegr|herman|herman|ti[oa]|prim|novi|abuel|amig|sobrin|niet|cumple|visita|cuna|filh|mae|pai|quincena|jubil|plata|pago|decimo|presupuest))\w+|(?:is|are|was|were)\ missing\ (?:a|an|the|two|three|one|some|its|\d+)\b|(?:viene|vienen|llega|llegan|traen|entregan|despachan|esper(?:o|amos|ando))\ (?:hoy\ |ya\ |manana\ |por\ )?(?:mis?|nuestr[oa]s?|meu|minha)\ (?!\w*(?:cotiz|proform|respuest|turno|sueldo|bono|bebe|hij|espos|marid|mam|pap|famil|suegr|herman|herman|ti[oa]|prim|novi|abuel|amig|sobrin|niet|cumple|visita|cuna|filh|mae|pai|quincena|jubil|plata|pago|decimo|presupuest))\w+|(?:been\ )?waiting\ (?:\w+\ ){0,4}for\ (?:my|our|the\ (?:delivery|driver|truck))|(?:mi|mis|nuestro|nuestra|my|our|meu|minha)\ (?!presupuesto|plata|sueldo|budget|novi|espos|mam|marido|herman|hij|wife|husband)\w+\ (?:\w+\ ){0,2}?(?:no|nunca|not|never|nao|hasn't|haven't|sin)\ (?:me\ |ha\ |han\ |been\ )?(?:lleg[aou]\w*|aparec\w+|arriv\w+|came|chegou|entreg\w+|deliver\w+))"
_CANCEL = r"(?:(?:ya\ )?no\ (?:lo\ |la\ |los\ |las\ )?(?:quiero|queremos|deseo|necesito|voy\ a\ (?:querer|llevar|retirar|necesitar))|cancel\w+|anul\w+|desist\w+|devolv\w+|devuelv\w+|cambi\w+|modific\w+|return\w*|exchange|swap|send\ back|devolucion|(?:agreg|aument|anad|sum)\w*\ (?:\w+\ ){1,4}(?:al|a\ mi|a\ la|en\ mi)\ (?:pedido|orden|compra)|trocar|cancelar|arrepent\w+|dar\ de\ baja|suspend\w+|retract\w+)"
_ORDERED_THING = r"(?:que\ (?:ya\ |les\ |le\ |me\ |nos\ |yo\ |te\ |hice\b|i\ |we\ )*(?:compr(?:e|amos|ado)|pedi(?:mos)?|encarg(?:ue|amos|ado)|pag(?:ue|amos)|separ(?:e|amos|ado)|reserv(?:e|amos|ado)|orden(?:e|amos)|sa(?:que|camos)|aparte|apartamos|hice|hicimos|vend(?:ieron|io)|traj(?:eron|o)|lleg(?:o|aron)|entreg(?:aron|o)|mandaron|bought|ordered|comprei|pedi)|(?:mi|el|la|una|nuestro|nuestra|my|the|meu|minha)\ (?:\w+\ )?(?:pedido|compra|orden|order|purchase|reserva|encomenda)\b)"
_INVOICE = (
    r"(?:factur(?:a|as|ita|acion)\b|nota\ de\ (?:credito|venta)|comprobante|invoice|receipt|nota\ fiscal|retencion)"
)
_INVOICE_WRONG = r"(?:mal\b|error\w*|equivoc\w+|incorrect\w+|otro\ (?:nombre|ruc|valor)|otra\ (?:empresa|persona|cedula|direccion|razon)|a\ nombre\ de\ (?:otr\w+|mi\ (?:esposo|ex))|(?:no|nunca|todavia\ no|aun\ no)\ (?:me\ |nos\ |la\ |ha\ |han\ )*(?:lleg|envi|mand|entreg|dieron|emit|ha\ llegado)\w*|copia\b|duplicado|reenv\w+|reimpr\w+|volver\ a\ (?:mandar|enviar|emitir)|corr(?:eg|ig|ecc)\w*|rectific\w+|refactur\w+|anul\w+|cambi\w+\ (?:el|la|los|de|mi)|se\ (?:me\ )?(?:perdio|extravio|borro|dano)|perdi\b|extravie|no\ (?:encuentro|coincide|cuadra|corresponde)|wrong|copy\b|resend|lost|never|haven't|errad[oa]|segunda\ via|nao\ (?:chegou|recebi)|del\ mes\ pasado|de\ mi\ (?:compra|pedido)|de\ la\ compra|de\ (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b)"
_HUMAN = r"(?:habl\w+\ con|comuniq\w+|pas[ea]\w*\ con|contact\w+|que\ alguien|p[aá]s\w+\ (?:a|al|con)|transf\w+|un\ human\w|una\ persona|persona\ real|encargad\w+|supervisor\w*|gerente|jef[ea]|responsable|alguien\ que|quien\ (?:me\ )?(?:da|puede|resuelv)|speak|talk|human|manager|real\ person|falar\ com|atendente)"
_UPSET = r"(?:problema\w*|inconveniente\w*|reclam\w+|queja\w*|nadie\ (?:me\ |nos\ )?(?:\w+)|no\ (?:me\ |nos\ )?(?:resuelv|solucion|contest|respond|ayud|atiend|dan)\w*|solucion\w*|resuelv\w+|molest[oa]s?\b|indignad\w+|furios\w+|hart[oa]s?\b|cansad[oa]s?\ de|maltrat\w+|groser\w+|incumpl\w+|estaf\w+|robo\b|ladron\w+|mentir(?:os\w+|as)|colmo|falta\ de\ respeto|irrespet\w+|verguenza|pesim\w+|complain\w*|issue|problem\b|unacceptable|ridiculous|reclamar|problema)"
_GOODS = r"(?:(?:mis|nuestras|nuestros|my|our|minhas|meus)\ (?:cosas|muebles|sillas|camas|cortinas|compras|things|stuff|furniture|moveis))"
_GRUDGE = r"(?:ladron(?:es|as)?|estafador(?:es|as)?|rateros?|sinverguenzas?|incumplid[oa]s|estafa\b|mentiros[oa]s|abusiv[oa]s|informales|irresponsables|robo\b|thieves|scam\w*|liars|colmo|gato\ por\ liebre|nunca\ mas\ (?:les\ )?(?:compr|vuelv)\w+|golpistas|ladroes|falta\ de\ respeto|burla\b)"
_HARM = r"(?:ray(?:o|aron|ando)|rompi(?:o|eron)|golpe(?:o|aron)|manch(?:o|aron)|dan(?:o|aron)|quebr(?:o|aron)|astill(?:o|aron)|dobl(?:o|aron)|rasp(?:o|aron)|ensuci(?:o|aron)|botaron|estrope(?:o|aron)|perdieron|lastim(?:o|aron)|trat(?:o|aron)\ mal|grit(?:o|aron)|(?:dej(?:o|aron)|hicieron|hizo)\ (?:\w+\ ){0,3}(?:hueco|mancha|rayon|desastre|regad|suci|marca|golpe|bot|tirad|en\ la\ (?:vereda|calle|puerta|entrada)|a\ medias|a\ medio|mal\b)\w*|groser\w+|scratch\w*|broke\b|damaged|dented|left\b|rude|hit\b|quebraram|arranharam|sujaram|grosseir\w+|riscaram)"
_MISSING = r"(?:(?<!\ hace\ )(?<!\ hacen\ )(?<!\ haga\ )falt(?:an?|aron|o|aba|aban)|incomplet\w+|solo\ (?:me\ |nos\ |hay\ |bajaron|trajeron|llegaron|vinieron|entregaron|mandaron)|de\ menos|menos\ (?:un|una|dos)|missing|only\ (?:got|received|came)|faltou|faltam|faltaram)"
_NOT_ASKED_FOR = r"(?:no\ (?:es|era|son|eran)\ (?:el|la|lo|los|las|del?|ni)?\ ?(?:\w+\ ){0,3}(?:que\ (?:\w+\ )?(?:pedi|compre|escogi|elegi|pague|vi|mostraron|encargue|ofrecieron|me\ dijeron|quer[ií]a)\w*|mism[oa]|color)|(?:otro|otra|distint[oa]|diferente)\ (?:color|modelo|tela|medida|tamano|talla|material|diseno|tono|cosa|mueble)|(?:y|pero|cuando|siendo\ que)\ (?:yo\ |nosotros\ )?(?:pedi|pague|compre|escogi|encargue|elegi|habia\ (?:pedido|comprado)|pedimos|pagamos)\b|not\ (?:the\ one|what)\ (?:i|we)\ (?:ordered|bought|chose)|en\ vez\ (?:de|del)\ \w+|nao\ (?:e|era)\ (?:o|a)\ que|(?:mas|menos)\ (?:cort|chic|pequen|grand|angost|anch|baj|alt|delgad|clar|oscur|larg|grues)\w*|(?:de|a)\ lo\ que\ (?:pedi|pague|compre|escogi|decia|vi)|de\ l[oa]s\ (?:\d+|dos|tres|cuatro|cinco|seis|ocho|diez)\ que|smaller\ than|bigger\ than|instead\ of)"


#: What a thing comes with that should not be on it: *con una raya*, *con dos golpes*.
_FLAW = r"con\ (?:un[ao]s?|vari[oa]s|much[oa]s|dos|tres|algun[oa]s?|tremend[oa]s?)\ (?:\w+\ ){0,2}?(?:ray(?:a|as|ita|itas)|rasp\w+|pic\w*ad\w+|mell\w+|quin\w+|marc(?:as?|ot[ae]s?)|lascad\w*|desnivel\w*|hilos?\ suelt\w+|costuras?|esquinas?|puntas?|patas?|puertas?|cajon(?:es)?|lados?|tablas?|burbujas?|hoyos?|abertura|corte|quiebre|hendidura|lunar(?:es)?|pelada|descosido|parche|imperfeccion\w*|detalles?)\b"


def _class(pattern: str) -> re.Pattern[str]:
    # The literal blank in front lets the engine skip from word to word.
    return re.compile(rf"\ {pattern}", re.VERBOSE)


_CLASSES = {
    name: _class(pattern)
    for name, pattern in {
        "wrong": _WRONG,
        "wrong_on_arrival": _WRONG_ON_ARRIVAL,
        "flaw": _FLAW,
        "fails": _FAILS,
        "came": _CAME,
        "bought": rf"{_BOUGHT}\b",
        "crew": _CREW,
        "no_show": _NO_SHOW,
        "charged": _CHARGED,
        "mischarged": _MISCHARGED,
        "money_back": _MONEY_BACK,
        "mine": _MINE,
        "goods": _GOODS,
        "status": _STATUS,
        "promise": _PROMISE,
        "fulfil": _FULFIL,
        "late": _LATE,
        "paid": _PAID,
        "refunds": _REFUNDS,
        "settled": _SETTLED,
        "dispatch": _DISPATCH,
        "cancel": _CANCEL,
        "amend": _AMEND,
        "upkeep": _UPKEEP,
        "waiting": _WAITING,
        "ordered_thing": rf"{_ORDERED_THING}\b",
        "invoice": _INVOICE,
        "invoice_wrong": _INVOICE_WRONG,
        "human": _HUMAN,
        "upset": _UPSET,
        "grudge": _GRUDGE,
        "harm": _HARM,
        "missing": _MISSING,
        "not_asked_for": _NOT_ASKED_FOR,
    }.items()
}

#: Which classes make a complaint together: each of a row within reach of the first, and how sure that is.
EVIDENCE: tuple[tuple[tuple[str, ...], int, float], ...] = (
    (("money_back",), 0, 0.94),
    (("came", "wrong"), 110, 0.94),
    (("came", "wrong_on_arrival"), 28, 0.88),
    (("came", "flaw"), 90, 0.92),
    (("came", "fails"), 110, 0.93),
    (("came", "missing"), 60, 0.91),
    (("came", "not_asked_for"), 90, 0.93),
    (("bought", "wrong"), 110, 0.92),
    (("bought", "fails"), 130, 0.93),
    (("bought", "no_show"), 150, 0.93),
    (("bought", "upset"), 110, 0.9),
    (("bought", "not_asked_for"), 110, 0.9),
    (("charged", "mischarged"), 90, 0.94),
    (("mine", "status"), 80, 0.93),
    (("mine", "no_show"), 90, 0.94),
    (("mine", "late"), 90, 0.91),
    (("mine", "wrong"), 90, 0.93),
    (("mine", "missing"), 60, 0.91),
    (("mine", "upset"), 110, 0.93),
    (("goods", "crew"), 70, 0.91),
    (("goods", "no_show"), 70, 0.91),
    (("crew", "no_show"), 90, 0.93),
    (("crew", "harm"), 90, 0.94),
    (("crew", "wrong"), 90, 0.91),
    (("crew", "status"), 50, 0.89),
    (("promise", "fulfil", "late"), 80, 0.91),
    (("promise", "fulfil", "no_show"), 80, 0.91),
    (("cancel", "ordered_thing"), 60, 0.92),
    (("waiting",), 0, 0.92),
    (("wrong", "no_show"), 60, 0.88),
    (("bought", "amend"), 90, 0.92),
    (("ordered_thing", "upkeep"), 60, 0.88),
    (("paid", "refunds"), 110, 0.92),
    (("settled", "dispatch"), 90, 0.91),
    (("paid", "dispatch"), 90, 0.91),
    (("invoice", "invoice_wrong"), 60, 0.92),
    (("human", "upset"), 120, 0.93),
    (("grudge", "bought"), 160, 0.93),
    (("grudge", "came"), 160, 0.92),
    (("grudge", "charged"), 160, 0.92),
    (("grudge", "no_show"), 160, 0.9),
    (("grudge", "mine"), 160, 0.93),
    (("grudge", "fulfil"), 100, 0.9),
)
#: Before these words nothing is wrong: *llegó sin un rayón*, *no vino ningún golpe*.
_NEGATED = re.compile(
    r" (?:sin|ningun|ninguna|ni|cero|nada|without|no|any|sem|nenhum|nenhuma)(?: un| una| ningun| ninguna| a| any)? $"
)

#: *mi abuelita nos dio una cómoda* tells of no delivery.
_FROM_FAMILY = re.compile(
    rf" (?:mis?|una?|unos|su|my|minha|meu) (?:{'|'.join(sorted(RELATIVES))})(?:it[oa])?s?(?: \w+)?(?: ya| que)? $"
)
#: What is sent in a chat: *me mandaron mal la foto* is about no furniture.
IN_CHAT = re.compile(
    r" (?:(?:mal|otr[oa]|el|la|los|las|una?|unos|unas|su|sus|solo|por \w+|wrong|the) ){0,3}(?:foto|fotos|catalogos?|cotizacion|cotizaciones|proformas?|link|links|enlace"
    r"|mensajes?|audios?|ubicacion|imagen|imagenes|informacion|promo|promos|promocion|publicidad|photos?|catalog|quote|orcamento)\b"
)


def composed(text: Text) -> float:
    """How sure the words taken together make it that this is after-sales; 0 when they do not."""
    if len(text) < 3:
        return 0.0
    found: dict[str, list[int]] = {}

    def places(name: str) -> list[int]:
        if name not in found:
            matches = _CLASSES[name].finditer(text.flat)
            if name == "came":
                matches = (
                    m
                    for m in matches
                    if not (IN_CHAT.match(text.flat, m.end()) or _FROM_FAMILY.search(text.flat, 0, m.start() + 1))
                )
            if name == "wrong":
                matches = (m for m in matches if not _NEGATED.search(text.flat[max(0, m.start() - 24) : m.start() + 1]))
            found[name] = [match.start() for match in matches]
        return found[name]

    best = 0.0
    for (first, *others), reach, sure in EVIDENCE:
        if sure <= best or not places(first):
            continue
        if all(places(name) for name in others) and any(
            all(_near(places(name), at, reach) for name in others) for at in places(first)
        ):
            best = sure
    return best


def _near(places: list[int], at: int, reach: int) -> bool:
    """Whether one of the sorted places is within reach."""
    index = bisect_left(places, at - reach)
    return index < len(places) and places[index] <= at + reach
