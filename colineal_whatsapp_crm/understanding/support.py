"""After-sales, told from questions before a purchase: what makes a message a matter of support."""

import re

from .aftersales import IN_CHAT, composed
from .text import Text

_OBJECT = (
    r"(?:pedido|orden|compra|entrega|envio|paquete|producto|mercaderia|despacho|order|delivery|purchase|package"
    r"|encomenda|compra|entrega|reclamo|caso|tramite|devolucion|reembolso|garantia|factura|mueble|muebles)"
)
_BROKEN = (
    r"(?:rot[oa]s?|danad[oa]s?|rayad[oa]s?|golpead[oa]s?|quebrad[oa]s?|manchad[oa]s?|incomplet[oa]s?"
    r"|equivocad[oa]s?|defectuos[oa]s?|trizad[oa]s?|chuec[oa]s?|desportillad[oa]s?|"
    r"despegad[oa]s?|hundid[oa]s?|partid[oa]s?|viradas?|torcid[oa]s?|descosid[oa]s?|desteni\w+|apolillad[oa]s?"
    r"|flojas?|oxidad[oa]s?|abollad[oa]s?|broken|damaged|wrong|missing|scratched|defective|faulty|ripped|torn"
    r"|stained|cracked|arranhad[oa]|quebrad[oa]|danificad[oa]|"
    r"errad[oa]s?|rasgad[oa]s?|aplastad[oa]s?|astillad[oa]s?|raspad[oa]s?|despintad[oa]s?|mal\ estado|desarmad[oa]"
    r"|suci[oa]s?|usad[oa]s?)"
)

# One of these is enough: they only make sense after a purchase.
_ALONE = re.compile(
    r"""(?<!\ hacer)(?<!\ realizar)(?<!\ confirmar)(?<!\ hago)\ (?:
    (?:(?:mi|lo\ de\ mi|lo\ de\ la|de\ mi|my)\ (?:devolucion|reclamo|reembolso|queja|reclamacion|refund|complaint)
        |reclamo|reclamos|reclamar|reclamacion|reclamacao|queja|quejas|quejarme|quejar|complaint|complain|reclamando
        |denuncia|denunciar|denunciarlos|defensoria)
  | (?:reembolso|reembolsen|reembolsar|reembolsenme|refund|refunded|money\ back|devuelvan(?:me)?\ (?:mi|la
        |el)?\ ?(?:plata|dinero)|devolucion\ de\ (?:mi|la|el)\ (?:dinero|plata|compra|pago)|que\ me\ devuelvan
        |dinero\ de\ vuelta|reembolso)
  | (?:mi|el|la|del|de\ mi|sobre\ mi|con\ mi|su|nuestro|nuestra|meu|minha|my|our|the)\ (?:\w+\ )?(?:pedido|orden
        |order|encomenda)(?:\ (?:\#|n|nro|numero|no))?\ (?:\d|\#|°|n|no\ |nunca|llego|llega|esta|sigue|salio|vino
        |aun|todavia|arrived|is|was|has|hasn't|hasnt|nao|ainda|que|para\ cuando|cuando|de\ (?:la|hace)|anterior|ya
        |va|figura|aparece|sale)
  | (?:estado|status|seguimiento|rastreo|rastrear|tracking|track|novedades|noticias|novedad|fecha\ de\ entrega
        |cancelar|anular|cambiar|modificar|cancelo|anulo|cancelacion|anulacion|cambio|cancel|change|cancelen|anulen
        |cancelenme|donde\ esta|where\ is|where's|numero\ de|saber\ de|sabe\ de|paso\ con|pasa\ con|pasado\ con
        |hay\ de|saber\ que\ paso\ con|problema\ con|problemas\ con|inconveniente\ con|inconvenientes\ con
        |issue\ with|problem\ with|cadê|cade
        |onde\ esta)\ (?:el\ |la\ |de\ |del\ |de\ la\ |de\ mi\ |con\ |en\ )?(?:mi|mis|my|meu|minha|nuestro|nuestra
        |el|la|una|un|the|o|a|su|este|esta|esa|ese)\ (?:\w+\ )?OBJECT
  | (?:estado|status|seguimiento|rastreo|rastrear|tracking|anular|cancelar
        |cambiar)\ (?:de\ |del\ |mi\ |el\ |la\ |una\ |un\ )*OBJECT(?!\ si)
  | (?:tengo|tuve|tuvimos|tenemos|hay|tuve|having
        |have)\ (?:un\ |una\ |unos\ |varios\ |muchos\ |a\ |mucho\ |um\ )?(?:problema|problemas|inconveniente
        |inconvenientes|novedad|problem|issue|lio|drama)\ (?:con|en|with)
  | (?:en\ que\ (?:va|quedo|estado\ esta|anda|estado)|como\ va|por\ donde\ (?:va|viene)|cuando\ (?:me\ )?(?:llega
        |llegara|sale|entregan|traen)|ya\ salio|ya\ esta\ listo|ya\ despacharon|donde\ (?:esta|viene))\ (?:mi|mis|el
        |la|nuestro|nuestra|lo\ que|los\ que|las\ que)\ (?:\w+\ ){0,2}?(?:pedido|orden|compra
        |que\ (?:ya\ )?(?:compre|pague|pedi|compramos|pedimos|pagamos)|despacho|entrega|compre|pague|pedi)
  | (?:(?:aun|todavia|ya|hasta\ ahora|hasta\ hoy|hasta\ la\ fecha)\ no|sigue\ sin|siguen\ sin
        |nunca)\ (?:me\ |nos\ |se\ )?(?:llega|llegan|(?<!\ ya\ no\ )llego|llegado|ha\ llegado|han\ llegado|entregan|entregaron
        |han\ entregado|ha\ entregado|traen|trajeron|llegar|entregar|despachan|lo\ entregan|la\ entregan|lo\ traen
        |recibo|recibimos|he\ recibido|hemos\ recibido|me\ lo\ (?:traen|entregan|dan)|lo\ han\ entregado
        |la\ han\ entregado)\ (?!a\ |hasta\ |(?:el\ |mi\ |mis\ |los\ |las\ )?(?:sueldo|pago|decimo|quincena|bono|salario|utilidades|jubilacion|plata)|el\ catalogo|la\ cotizacion|la\ proforma|su\ |respuesta
        |las\ fotos|la\ foto|la\ info|informacion)
  | (?:no|nunca)\ (?:me\ |nos\ )(?:llega|llegan|llego|llegaron|ha\ llegado|han\ llegado|han\ entregado|entregaron
        |entregan|trajeron|han\ traido|ha\ entregado|lo\ entregaron|la\ entregaron|lo\ han|la\ han
        |despacharon)\ (?!el\ catalogo|la\ cotizacion|la\ proforma|las\ fotos|la\ foto|la\ info|informacion
        |los\ precios|el\ precio|nada\ de\ lo\ que\ pregunt)
  | (?:llevo|llevamos|tengo|ya\ van)\ (?:\w+\ ){1,3}(?:dias|semanas|meses|semana|mes)\ (?:esperando|sin|de\ espera
        |aguardando|y\ nada)|sigo\ esperando\ (?:el|la|mi|los|las|que\ me\ (?:entreg|tra|arregl|cambi|devuel))
        |seguimos\ esperando\ (?:el|la|mi|los|las|nuestro)
  | (?:me|nos)\ (?:prometieron|dijeron|ofrecieron|aseguraron|quedaron|ofrecio|dijo)\ (?:\w+\ ){0,4}?(?:entrega
        |entregar|entregaban|llegaba|entregarian|llegaria|traian|traerian|traer|visita|venir|arreglar|cambiar|llegar
        |vendrian|venian|devolver|el\ (?:lunes|martes|miercoles|jueves|viernes|sabado
        |domingo))\ (?:\w+\ ){0,6}?(?:nada|no|nadie|nunca|todavia|aun)
  | (?:llego|llegaron|vino|vinieron|entregaron|trajeron|mandaron|enviaron|recibi|recibimos|salio|arrived|came
        |delivered|received|got|chegou|veio|despacharon|vendieron|dieron)\ (?:\S+\ ){0,6}?(?:BROKEN|mal|sin\ (?:las?
        |los|el|una?|tornillos|patas|manual|cojines|tapas|jaladeras|espejo|almohadas|pernos|funda)|con\ (?:un[ao]?s?
        |l[ao]s?|el|manchas?|rayones|rayas|falla|fallas|golpes?|defectos?|huecos?)\ ?(?:\w+\ )?(?:BROKEN|rayon
        |rayones|golpe|golpes|falla|fallas|mancha|manchas|defecto|defectos|hueco|huecos|menos|polilla|rajadura|crack
        |scratch)|otro\ (?:color|modelo|tamano)|otra\ (?:cosa|tela|medida|talla)|diferente|distint[oa]|de\ otro
        |de\ otra|no\ era|no\ es\ (?:el|la|lo)|incomplet[oa]|equivocad[oa]|faltando|con\ falla|con\ manchas
        |con\ rayones|tarde|a\ medias|con\ polilla|cambiad[oa]|chueco|in\ the\ wrong|with\ (?:a
        |an)\ (?:\w+\ )?(?:missing|broken|crack|scratch|dent|stain)|in\ pieces)
  | (?:me|nos)\ (?:cobraron|debitaron|descontaron|facturaron|estan\ cobrando|siguen\ cobrando
        |hicieron\ (?:un\ )?doble|han\ cobrado|cargaron|cobro)\ (?:\w+\ ){0,5}?(?:doble|dos\ veces|de\ mas|mal
        |2\ veces|demas|otra\ vez|tres\ veces|otro\ valor|un\ valor|mas\ de\ lo|sin\ autorizacion|repetido
        |algo\ que|interes|intereses|veces|el\ doble|incorrecto|mas)
  | (?:doble\ cobro|cobro\ (?:doble|indebido|duplicado|repetido|incorrecto|equivocado|erroneo)|mal\ cobrado
        |charged\ (?:me\ )?(?:twice|double|wrong)|double\ charge|cobrado\ (?:dos|doble|mal|de\ mas)
        |cobraram\ (?:duas|errado|dobrado|a\ mais)|debito\ (?:duplicado|doble|repetido)|overcharged)
  | (?:hacer\ (?:valida|efectiva|valer|uso\ de)\ (?:la|mi)\ garantia|reclamo\ de\ garantia
        |reclamar\ (?:la\ )?garantia|aplicar\ (?:la|mi)\ garantia|usar\ (?:la|mi)\ garantia|warranty\ claim
        |claim\ (?:the|my)\ warranty|garantia\ de\ (?:mi|lo\ que\ compre|la\ compra)|por\ garantia
        |entra\ en\ (?:la\ )?garantia|cubre\ la\ garantia\ (?:si\ )?(?:se\ me|mi)|activar\ (?:la|mi)\ garantia
        |acionar\ a\ garantia|under\ warranty|en\ garantia)
  | (?:reenvi\w+|mand\w+|envi\w+|pas\w+|necesito|quiero|requiero|copia|duplicado|perdi|resend|send\ me
        |no\ me\ (?:llega|llego|enviaron|mandaron|dieron|han\ enviado|han\ mandado)|todavia\ no\ me\ (?:llega|mandan
        |envian)|falta|corregir|correccion|corrijan|anular|cambiar|refacturar|error\ en|mal)\ (?:\w+\ ){0,3}?(?:la
        |mi|una|de\ la|de\ mi|copia\ de\ la|copia\ de|my|the|a)\ (?:\w+\ )?(?:factura|nota\ de\ credito
        |invoice)\ (?:\w+\ ){0,2}?(?:de|del|que|por|con|mal|anterior|electronica\ de|for|of|esta|salio)\ (?:mi|la|lo
        |compr\w+|mal|otro|error|nombre|ruc|hace|ayer|pasad\w+|anterior|pague|emiti\w+|my|the\ (?:order|purchase)
        |ultim\w+|el\ (?:mes|dia))
  | (?:la|mi|esa|su)\ factura\ (?:\w+\ ){0,2}?(?:salio|esta|vino|llego|tiene|sale|emitieron|no\ (?:me\ )?(?:llega
        |llego|ha\ llegado))\ (?:\w+\ ){0,2}?(?:mal|errores?|equivocad\w+|otro|incorrect\w+|con|a\ nombre
        |incomplet\w+|[.,!?¶])
  | (?:pesim[oa]|mal[ao]?|malisim[oa]|horrible|terrible|deplorable|fatal|asco\ de|verguenza\ de|decepcion|worst
        |terrible|awful|bad|pessimo)\ (?:el\ |la\ |su\ )?(?:servicio|atencion|experiencia|postventa|post\ venta
        |entrega|calidad\ de\ lo\ que|service|experience|customer\ service|atendimento|servico)
  | (?:me|nos)\ (?:estafaron|robaron\ con|quedaron\ mal|incumplieron|fallaron|enganaron|vieron\ la\ cara
        |tienen\ (?:esperando|botad[oa]|pelotead[oa]|de\ un\ lado)|dejaron\ plantad[oa]s?|ignoran|mintieron
        |han\ fallado|hacen\ esperar)|son\ unos\ (?:estafadores|incumplidos|informales|mentirosos\ con)|incumplidos
  | (?:(?:servicio|soporte|asistencia|suporte|assistencia)\ tecnic[oa]|technical\ support|tech\ support|visita\ (?:el|del|un)\ tecnico|visita\ tecnica|mandar\ (?:un|al)\ tecnico|envien\ (?:un
        |al)\ tecnico|post\ ?venta|postventa|servicio\ al\ cliente|after\ sales|aftersales|pos\ (?:-\ )?venda
        |post\ -\ venta|reclamacoes)
  | (?:quiero|quisiera|necesito|deseo|puedo|como\ hago\ para|want\ to|need\ to|como\ puedo|solicito|vengo\ a
        |como)\ (?:devolver|hacer\ (?:una\ |la\ )?devolucion\ de|devolverles|return|devolverlo|devolverla
        |una\ devolucion\ de|anular|cancelar\ (?:mi|la|el)\ (?:compra|pedido|orden)|cambiar\ (?:el|la
        |lo)\ (?:\w+\ )?que\ (?:compre|me\ (?:llego|entregaron|vendieron))|cambiar\ (?:mi|la|el)\ (?:compra|pedido
        |orden))
  | (?:faltan|falta|faltaron|falto|faltaba|hacen\ falta|missing|no\ vino|no\ vinieron|no\ llego|no\ llegaron
        |no\ vienen|no\ trajeron)\ (?:\w+\ ){0,2}?(?:piezas?|tornillos?|patas?|partes?|pernos|herrajes|screws|legs?
        |pieces?|parts|almohadas?|cojines|cajon|cajones|puertas?|bisagras|tablas?|manual|sillas?|vidrios?|fundas?|control|jaladeras?|cable)\ (?:de|del|en|a|al
        |que)\ (?:mi|el|la|lo|los|las)(?!\ (?:casa|sala|oficina|depa\w*|cuarto|dormitorio|negocio|local|cocina|terraza)\ )
  | (?:pedi|pedimos|compre|compramos|pague|encargue|elegi|escogi|ordered|bought|paid\ for)\ (?!(?:una?\ |mi\ |la\ |el\ |nuestr[oa]\ )?(?:casa|casita|depa\w*|suite|villa|terreno|carro|arriendo)\ )(?:\S+\ ){1,8}?(?:y|pero
        |and|but|,)\ (?:me\ |nos\ |i\ |ustedes\ )?(?:mandaron|trajeron|llego|llegaron|entregaron|vino|dieron
        |enviaron|mandan|got|received|despacharon)
  | (?:rayo|rayaron|rompio|rompieron|golpearon|golpeo|mancharon|mancho|danaron|quebraron|astillaron|doblaron)\ (?:la
        |el|mi|los|las|una|un|todo)\ (?:\w+)
  | me\ (?:cambian|cambiarian|pueden\ cambiar|podrian\ cambiar|cambien)\ (?:la|el|los|las
        |mi)\ (?:\S+\ ){1,4}?por\ (?:otr|un|el|la)\w*
  | no\ (?:estoy|estamos|quede|quedamos|quedo)\ (?:nada\ |muy\ |tan\ )?(?:conforme|conformes|satisfech[oa]s?
        |content[oa]s?)\ con
  | (?:my|our)\ (?:delivery|refund|invoice)|(?:was|were)\ supposed\ to\ (?:come|arrive|be\ delivered)
  | (?:reprogram|reagend|posterg|adelant|aplaz|coordin)\w*\ (?:la|mi|una|otra|el)\ (?:nueva\ |fecha\ de\ |dia\ de\ )*(?:entrega|visita|despacho|instalacion|armado)\ (?:de\ (?:mi|la|el|los|las|mis)|del|que)
  | me\ vendieron\ (?:una\ |un\ )?(?:porqueria|basura|estafa)
  | (?:de|sobre|con)\ (?:la|mi)\ compra\ (?:de\ (?:ayer|hoy|la\ semana)|del\ (?:lunes|martes|miercoles|jueves
        |viernes|sabado|domingo|mes)|anterior|pasada)
  | (?:pasaron|van|pasado|llevo|llevamos|esperando)\ (?:\S+\ ){1,3}(?:dias|semanas|meses|semana
        |mes)\ y\ (?:no|nada|nunca|sin|aun|todavia)
  | (?:quedaron|quedo|quedaban)\ (?:en|de)\ (?:entreg|tra(?:er|ia)|instal|venir|retir|reparar|arregl|cambi
        |devolver)\w*
  | me\ dijeron\ (?:\S+\ ){1,4}?(?:dias|semanas)\ y\ (?:ya\ )?(?:van|pasaron|son|llevo|nada)
  | (?:no\ )?(?:me\ )?(?:han\ |ha\ )?(?:devuelto|devolvieron|devolvio)\ (?:el|mi|la|nada)
  | por\ que\ me\ (?:cobraron|cobran|descontaron|debitaron)
  | (?:cambiar|corregir|modificar|arreglar|corrijan|cambien)\ (?:\S+\ ){1,3}(?:de\ )?(?:mi|la|esa)\ factura
  | (?:perdi|perdio|perdimos|extravio|extravie)\ (?:la|mi)\ factura
  | (?:orden|pedido|order)\ (?:web\ |es\ |es\ la\ |es\ el\ |numero\ |nro\ |num\ |n\ |\#\ |°\ )*\d{3,}
  | (?:cambiar|modificar|corregir|change|cambien)\ (?:la|el|the|my)\ (?:fecha|direccion|hora|dia|delivery
        |lugar)\ (?:de\ (?:la\ |mi\ )?(?:entrega|envio|despacho)|address|date)
  | (?:entregaron|mandaron|trajeron|llegaron|enviaron)\ (?:\S+\ ){1,4}(?:y|pero)\ (?:yo\ )?(?:pague|compre|pedi|eran
        |son|deben)
  | (?:mandaron|trajeron|entregaron|llegaron|enviaron)\ (?:\S+\ ){1,3}menos
  | (?:devolver|trocar|exchange|return|retornar)\ (?:\S+\ ){1,4}(?:que|i)\ (?:ya\ )?(?:compre|comprei|compramos
        |bought|ordered)
  | (?:my|minha|meu)\ \w+\ (?:broke|fell\ apart|quebrou|rasgou|estragou)|damaged\ my
  | (?:copia|duplicado)\ de\ (?:la|mi|una|su)\ factura
  | (?:me|nos)\ (?:deben|quedaron\ debiendo|estan\ debiendo|falta\ que|faltan\ que)|falta(?:n)?\ que\ (?:me
        |nos)\ (?:entreg|tra|mand|envi|arm|instal|devuel)\w+
  | (?:si|que)\ (?:ya\ )?(?:salio|despacharon|enviaron|mandaron|entregan|salieron)\ (?:mi|mis|nuestro|nuestra|el
        |la)\ (?:\w+)|(?:viene|llega|pasa|vienen|llegan)\ (?:el\ camion|el\ transporte|el\ transportista
        |los\ de\ entrega|el\ repartidor|el\ delivery)
  | lo\ del?\ (?:mi\ |la\ |el\ )?\w+\ BROKEN
  | ya\ (?:salio|salieron|despacharon|enviaron|mandaron)\ (?:lo\ (?:mio|nuestro)|mis?|nuestr[oa]s?)
  | que\ (?:les\ |le\ )?compr(?:e|amos)\ (?!(?:\w+\ ){0,3}anos)(?:[^.?!\ ]+\ ){0,8}?(?:cambiarl[oa]s?|devolverl[oa]s?)
  | garantia\ (?:me\ |nos\ |no\ )?(?:l[oa]\ )?(?:nieg|neg|quieren\ (?:dar|reconocer|respetar))\w*|(?:nieg|neg)\w*\ la\ garantia
        |(?:(?:vengo|escribo|llamo)\ por|lo\ de)\ (?:lo\ de\ )?(?:la|mi)\ garantia
  | (?:me|nos)\ (?:trat|atend)(?:o|io|aron|ieron)\ (?:\w+\ )?(?:mal|pesimo|horrible|feo)
  | (?:urge|necesito|espero|esperando)\ (?:al|el|un)\ tecnico
  | (?:hago|hacer|como\ hago)\ (?:valida|efectiva|valer)\ (?:la|mi)\ garantia
  | (?:hicieron|quedo|quedaron|dejaron|armaron|instalaron|pusieron)\ (?:muy\ |re\ |\w+\ )?mal\ (?:la|el|los|las
        |arm\w+|instal\w+|puest\w+|hech\w+|cosid\w+|tapizad\w+|colocad\w+)
  | (?:my|our)\ order|order\ (?:number|status|\#)|haven't\ received|have\ not\ received|never\ (?:arrived|received
        |came)|hasn't\ arrived|has\ not\ arrived|didn't\ arrive|not\ (?:been\ )?delivered|still\ waiting\ (?:for|on)
        |nao\ (?:chegou|recebi|veio|entregaram)|ainda\ nao\ (?:chegou|recebi|entregaram)|meu\ pedido
        |minha\ (?:compra|encomenda)|quero\ (?:devolver|reembolso|trocar\ o\ que)|trocar\ o\ produto
  )""".replace("BROKEN", _BROKEN).replace("OBJECT", _OBJECT),
    re.VERBOSE,
)
_BOUGHT = re.compile(
    r" (?:de ustedes|hice (?:el|un|una|mi|la) (?:pago|transferencia|deposito|compra|pedido)|transferi|deposite"
    r"|realice|compre"
    r"|compramos|compro mi|saque|sacamos|lleve|llevamos|tengo comprad[oa]|habia comprado|he comprado|transportista"
    r"|los del camion|repartidor|repartidores|instalador|instaladores|tecnicos|chofer|you (?:delivered|sold|sent)"
    r"|delivered|dejaron|me dejo|me armaron|me vino|me mando|mandaron|adquirido|pague|pagamos|pedi|pedimos|compra"
    r"|adquiri|adquirimos|mi pedido|mi orden|me (?:vendieron|entregaron|llego|llegaron|mandaron|trajeron|enviaron"
    r"|instalaron|dieron|armaron)|nos (?:vendieron|entregaron|llego|llegaron|mandaron|trajeron|instalaron|armaron)"
    r"|"
    r"les compre|le compre|que les|despacharon|bought|ordered|purchased|paid|comprei|paguei|(?<!un )(?<!hacer )(?<!hago )(?<!cada )pedido|(?<!una )orden|encargue|encargamos"
    r"|abone|recibi|recibimos|hice la compra|orden \d+|factura \d+|vino|vinieron|lo que ustedes|ustedes me|arrived"
    r"|received) "
)
_PROBLEM = re.compile(
    (
        r" (?:BROKEN|se (?:me |nos |le )?(?:dano|danaron|rompio|rompieron|hundio|hundieron|despego|despegaron"
        r"|desarmo|partio|partieron|trizo|quebro|quebraron|cayo|salio|salieron|zafo|descosio|rajo|pelo|desinflo"
        r"|deformo|peladas?|aflojo|viro|abrio|esta (?:danando|hundiendo|despegando|pelando|rompiendo|cayendo"
        r"|descosiendo)|dana|hunde|despega)|"
        r"(?:ya )?no (?:me |se |le |quiere )?(?:funcionan?|sirven?|suben?|subir|bajan?|bajar|reclinan?|abren?"
        r"|cierran?|prenden?|enciend\w+|encajan?|cuadran?|calzan?|giran?|ruedan?|corren?|entran?|arman?|sostienen?"
        r"|aguantan?|inflan?|estiran?|pegan?|mueven?|deslizan?|funciono|sirvio|se puede armar|coincide|corresponde"
        r"|cierran|abren|es (?:el|la|lo) que (?:pedi|compre|pague)|es (?:el|la) mism[oa])|(?:esta|estaba|estan"
        r"|llego|vino|vinieron|llegaron) (?:mal|fall\w+|flojo|floja|torcid\w+|con falla)|otro color"
        r"|color equivocado|equivocad\w+|"
        r"falla|fallas|fallado|fallada|defecto|defectos|scratch|scratches|dent|dents|crack|stain|stains|hole"
        r"|hecho (?:pedazos|trizas|pure|un desastre)|hecha (?:pedazos|trizas)|hechos pedazos|pedazos|astillas"
        r"|rayon|rayones|raspon|raspones|rajadura|rajaduras|mancha|manchas|golpe|golpes|hueco|huecos|moho|hongo"
        r"|hongos|humedad|mojad[oa]s?|patoj[oa]s?|cojo|coja|viniendose|se (?:me |le |nos )?(?:esta|estan|fue"
        r"|fueron|despinto|daño|safo|pelo|pudrio|oxido|mancho|encogio|salio|solto|soltaron|bajo|trabo|descolgo"
        r"|vencio|vencieron|abrio|afloja|aflojan|mueve|descuadro|tuerce|torcio)|desnivelad[oa]s?|problema"
        r"|problemas|rechina|cruje|huele|suena feo|cojea|descuadrad\w+|mal armad\w+|mal hech\w+|mal cosid\w+"
        r"|nadie (?:me |nos )?(?:contesta|responde|llama|da razon|atiende|soluciona|viene|vino|ha venido|ayuda"
        r"|confirma)|no (?:me |nos )?(?:confirman|contestan|responden|dan razon|solucionan|atienden|ayudan"
        r"|dan solucion|devuelven|"
        r"contesta nadie|responde nadie|llaman)|cambiar (?:el color|la direccion|la fecha|el modelo|la tela"
        r"|de color)|cambien|me (?:lo|la|los|las) (?:cambien|arreglen|reparen)|arreglen|arreglar(?:lo|la|me)"
        r"|solucion\w*|tecnico|cambio de (?:color|direccion|fecha|modelo)|direccion de entrega|"
        r"antes (?:del|de que) (?:despach\w+|entreg\w+|salga)|factura|garantia|devolver|devolverlo|devolverla"
        r"|not working|doesn't work|stopped working|won't|falls? apart|fell apart|wrong|missing|nao funciona"
        r"|quebrou|com defeito|estragou|polilla|ruido|hueco|no es lo que|mentira|molest[oa]|indignad[oa]"
        r"|decepcionad[oa]|"
        r"hace (?:\w+ ){0,2}(?:dias|semanas|mes|meses|semana) y (?:nada|no|aun|todavia|nadie)"
        r"|y (?:hasta ahora )?nada|sin respuesta|cuando (?:me )?(?:la |lo |las |los )?(?:llega|llegan|entregan"
        r"|traen|despachan|mandan|visita|vienen)|a que hora (?:me )?(?:llega|llegan|entregan|traen|vienen)|demora"
        r"|atraso|retraso|atrasad\w+|quedaron en (?:entregar|traer|venir)|donde esta|parpadea\w*|otra direccion"
        r"|no consta|no llegan?|(?:van a|me van a|cuando me) (?:entregar|traer|mandar|enviar|entregan)"
        r"|saber (?:cuando|si ya)|"
        r"le falta|les falta|le faltan|faltan|falto|faltaba|faltaban|faltaron|no vino|no trajo|no trae|mal cobrado"
        r"|sin (?:las|los|el|la) (?:patas|tornillos|cojines)) "
    ).replace("BROKEN", _BROKEN)
)
# How a thing at home goes wrong; said of a certain thing it is enough.
_FAILS = re.compile(
    r" (?:ya no (?:me |se )?(?:funciona|sirve|sube|baja|reclina|abre|cierra|prende|gira|sostiene|aguanta|infla"
    r"|estira)n?|no (?:cierra|abre|reclina|gira|prende|sube|baja|funciona|encaja)n?(?: bien)?|se (?:me |nos |le "
    r"|les )?(?:esta|estan) (?:pelando|hundiendo|danando|despegando|descosiendo|"
    r"rompiendo|cayendo|partiendo|abriendo|destinendo|oxidando|deformando)|se (?:me |nos |les )(?:dano|rompio"
    r"|hundio|despego|partio|quebro|descosio|trizo|rajo|zafo|pelo|cayo)"
    r"|se (?:cayo|rompio|dano|hundio|despego|partio|quebro|descosio)(?= (?:[.,!?¶|]|$)| $)|(?:llego|llegaron|vino"
    r"|vinieron) (?:\w+ )?(?:rot|rayad|danad|golpead|manchad|quebrad|incomplet|mal)\w*|is falling apart|dej(?:o|aron) de (?:funcionar|servir|subir|bajar|prender|reclinar|girar)"
    r"|stopped working|doesn't (?:close|open|recline|work)) "
)
_GRIEVANCE = re.compile(
    r" (?:arregl\w+|solucion\w+|lo que (?:me |nos )?(?:falta\w*|deben|quedaron)|lo (?:mio|nuestro)|cobro|cobros|cobrado|devolv\w+|devuelv\w+|reclam\w+|queja\w*|garantia"
    r"|tecnico|factura|mi pedido|mi orden|mi compra|reembols\w+|dan\w+ad[oa]s?|rot[oa]s?|cambi(?:en|enme|o|e|arlo"
    r"|arla|arme)|refund|complaint|debito|debitaron|cobraron|pague|reponer|reposicion|nadie|"
    r"respuesta|problema|inconveniente|el cambio|credito a favor|nota de credito|entreguen|cuando llega|no llega"
    r"|vengan a (?:ver|revisar|retirar)|retiren|retirar el|retirar la|replacement|reposicao|esperando) "
)
# What makes such words harmless: nothing was bought, or not here, or it is denied, or only supposed.
_DENIED = re.compile(
    r" (?:no es (?:ningun |ninguna |un |una |por (?:un |ningun )?|nada de )?(?:reclamo|queja|reclamos|devolucion"
    r"|problema|complaint)|no tengo (?:ningun |ninguna |ni )?(?:reclamo|queja|quejas|problema|problemas"
    r"|inconveniente)|sin (?:ningun |ninguna )?(?:reclamo|queja|quejas|problema|problemas|inconveniente)"
    r"|no (?:quiero|vengo a|es para|voy a|estoy) (?:reclamar|quejarme|reclamando|hacer (?:ningun )?reclamo)"
    r"|ninguna queja|ningun reclamo|not a complaint|no complaints|"
    r"nunca (?:he tenido|tuve|tuvimos) (?:\w+ )?(?:problema|problemas|queja|quejas)"
    r"|no he tenido (?:\w+ )?(?:problema|problemas|queja)|nada que reclamar|zero problemas|devolver\w* (?:la|el|su) (?:vida|brillo|alegria|aire|color)) "
)
_ELSEWHERE = re.compile(
    r" (?:(?:en|de) (?:otra|otro) (?:tienda|lado|lugar|parte|muebleria|almacen|local|marca|sitio|empresa)"
    r"|(?:en|de|from|at) (?:marcimex|comandato|artefacta|la ganga|almacenes japon|pycca|sukasa|todohogar|megamaxi|supermaxi|kywi|ferrisariato|coral|ikea|amazon|temu|shein|aliexpress|walmart)"
    r"|de enfrente|de al lado|de la esquina|en la competencia|de la competencia|otra marca|por internet en|en amazon|en mercado libre|en marketplace"
    r"|no (?:es|era|son|eran) de (?:ustedes|ahi|alla|colineal)|no (?:lo|la|los|las) compre (?:ahi|con ustedes"
    r"|en colineal|alli)|another (?:store|shop)|"
    r"somewhere else|outra loja|de un carpintero|un carpintero|me lo hizo|en otra parte|que era de mi"
    r"|de segunda mano|heredad[oa]|de mi (?:abuela|abuelita|mama|suegra)) "
)
_SUPPOSED = re.compile(
    r" (?:(?:tecnic|instalador|armador|repartidor|chofer|transportist)\w*(?: de ustedes| suyos?| que)? (?:l[oa]s? |me |nos |tambien )*(?:arm|instal|sub|mont|coloc|entreg|cobr|vien|ven|va|hac|ayud)(?:a|an|e|en|gan?)"
    r"|(?:tienen|mandan|envian|hay|incluye|ponen) (?:\w+ ){0,2}(?:tecnic|instalador|armador)\w*|y si|que pasa si|que pasaria si|en caso de|antes de (?:comprar|pagar|decidir|pedir|hacer)\w*|si (?:el|la|los|las|un|una|algo|alguna?|por|it|the|se|me|no|llega|llegara|llegase|viene|vienen|sale|algo"
    r"|acaso|yo|despues|luego|quisiera|quiero|compro|compramos|lo|la|los|las|llevo|cambio|ya|pido|uno|una|llegan"
    r"|hay)|por si|si despues|cuando (?:yo |ya )?(?:compre|pague)|aceptan|tienen politica|politica de|politicas de|hacen (?:cambios|devoluciones)"
    r"|(?:tienen|hay|ofrecen|dan|cuentan con) (?:servicio tecnico|postventa|mantenimiento)|dan (?:garantia"
    r"|factura)|que garantia|cuanto (?:tiempo )?(?:de|dura la|dan de|es la|tiene de) garantia"
    r"|cuanta garantia|tiempo de garantia|"
    r"tienen garantia|tiene garantia(?= (?:\?|el|la|los|las|de cuanto|$))|la garantia (?:es|cubre|incluye|dura"
    r"|de cuanto)|con garantia|what if|return policy|do you (?:accept|offer|have|give)|puedo devolver(?:lo|la)? si"
    r"|se puede (?:devolver|cambiar)|emiten|dan factura|con factura|facturan|puedo cancelar con|cancelar con"
    r"|cancelar en|puede (?:salir|ser|ir)|pueden (?:emitir|hacer|sacar)|podria (?:salir|ser|ir)|if (?:i|it|they|we) (?:don't|do not|doesn't|change|want|decide|arrives?|is|comes?)"
    r"|how long|what's the warranty|what is the warranty|e se) "
)
_REPLACES = re.compile(
    r" (?:(?:quiero|necesito|busco|quisiera|comprar|comprarme|compro|toca|tocara|me hace falta|hay que|need|want"
    r"|preciso)(?: \w+){0,3} (?:o[u]?tr[oa]s?|nuev[oa]s?|new|another|novo|nova|cambiarl[oa]s?|reemplazarl[oa]s?|"
    r"renovarl[oa]s?)|(?:quiero|necesito|busco|quisiera|comprar) un[oa]s?(?= (?:[.,!?¶|]|buen\w*|nuev\w*|mejor|mas"
    r"|que|de|grande|pequen\w|resistente|comod\w|barat\w|urgente|urgentemente|ya|pronto|con|para|$)|$)|(?:quiero|necesito|busco|quisiera|comprar) uno|(?<!al )comprar"
    r"|(?:que|cuales) (?:modelos?|opciones|precios?|marcas?|colores|estilos) (?:\w+ )?(?:tienen|hay|venden|manejan|me)|(?:cuanto|precio|tienen|venden|how much|quanto) (?:\w+ ){0,4}(?:otr[oa]s?|nuev[oa]s?|un[oa] (?:nuev|igual|parecid|similar)\w+|new|nova|novo|outr[oa])"
    r"|(?:el|la|los|las|lo) (?:mi[oa]s?|nuestr[oa]s?|anterior|anteriores|viej[oa]s?|actual|que (?:tengo|tenia|tenemos))) "
)
_BOUGHT_ELSEWHERE = re.compile(
    r" (?:(?:compr|vend|saque|adquiri|hizo)\w* (?:\S+ ){0,5}?(?:en|de) (?:(?:otra|otro) (?:tienda|lado|lugar|parte"
    r"|almacen"
    r"|muebleria|local)|la competencia)|(?:en|de) (?:(?:otra|otro) (?:tienda|lado|lugar|parte|almacen|muebleria"
    r"|local)"
    r"|la competencia) (?:\S+ ){0,3}?(?:compr|vend|saque|adquiri)\w*) "
)
#: Dogs, children and moves break things too: nobody's fault in the shop.
_AT_HOME = re.compile(
    r" (?:perr\w+|gat\w+|mascotas?|hij[oa]s?|nin[oa]s?|bebe|wawas?|guaguas?|niet[oa]s?|esposo|marido|suegra|mudanza|temblor|inundacion"
    r"|dog|cat|kids?|puppy|cachorro|filhos?|gatos?) (?:\w+ ){0,2}?(?:romp|dan|ray|mord|comi|orin|destroz|mancha|manch|hizo|acab|ruin|chew|broke|scratch|rasg|quebr)\w* "
    r"| (?:departamento|depa|depto|casa|suite|constructora|inmobiliaria|apartamento|apartment|arrendador\w*|landlord) (?:\w+ ){0,4}?"
    r"(?:entreg|dej|dieron|dio|vino|veio|came|lleg)\w* (?:\w+ )?(?:sin|without|with|sem) "
)
_BEYOND_DOUBT = re.compile(r"reclam|queja|refund|reembols|pedido|orden|order|devolucion")
_CHANGES_ORDER = re.compile(
    r" mi (?:pedido|orden|compra) (?:\S+ ){0,8}?(?:cambiar|cancelar|anular|modificar|equivoque|aumentar|agregar) "
    r"| (?:cambiar|cancelar|anular|modificar|equivoque|equivocad[oa]|aumentar|agregar) (?:\S+ ){0,8}?mi (?:pedido"
    r"|orden|compra) "
)
#: Something is told as having happened, and not only asked about.
_HAPPENED = re.compile(
    r"(?<! cuando)(?<! cuando yo)(?<! si) (?:compre|compramos|pague|pagamos|llego|llegaron|vino|vinieron|entregaron|trajeron|vendieron|cobraron|recibi"
    r"|mandaron|se (?:me )?(?:dano|rompio|hundio|despego)|mi pedido|mi orden|mi compra|my order|bought|ordered|paid|arrived"
    r"|received) "
)
_FROM_SHOP = re.compile(
    r" (?:les compre|le compre|llego|llegaron|vino|vinieron|entregaron|compre (?:ahi|aqui|con ustedes|en colineal"
    r"|en su|en la tienda|alli|alla|en linea)|me vendieron|nos vendieron|ustedes|colineal|su tienda|me entregaron"
    r"|me llego|chegou|veio|arrived|bought from you|you sold|pedido|orden|me (?:trajeron|mandaron)) "
)
_WENT_WELL = re.compile(
    r" (?:(?:lleg|vin|qued|sali|entreg)\w* (?:muy |todo |tod[oa]s? |super |re |bastante )*(?:bien|perfect[oa]s?|impecables?|excelentes?|lind[oa]s?|hermos[oa]s?|buen[oa]s?|a tiempo)"
    r"|arrived (?:fine|safely|on time|perfectly)|chegou (?:bem|certinho|direitinho|perfeit[oa])) "
)
_PRAISE = re.compile(
    r" (?:excelente|buenisim[oa]s?|encantad[oa]s?|feliz|contenta|contento|me encanto|salio (?:muy )?(?:buen"
    r"|excelente|bonit)\w*|recomend\w+|felicitaciones|felicito|muy buen\w*|lind[oa]|perfect[oa]|happy|great|love) "
)


_ARRIVED = re.compile(
    r" (?:compr(?:e|amos)|lleg(?:o|aron)|trajeron|entreg(?:o|aron)|vend(?:io|ieron)|mandaron|garantia|bought|ordered|arrived|delivered|comprei|chegou) "
)
#: Household advice: *cómo le saco la mancha de vino*.
_HOW_TO = re.compile(
    r" (?:como|con que|que (?:uso|sirve) para|how (?:do|can|to)) (?:(?:i|we|you|se|le|les|lo|la|los|las|puedo|podria|hago|para|debo|puede) ){0,3}"
    r"(?:quit|limpi|lav|sac(?!aron)|desmanch|cuid|pul|hidrat|aspir|clean|wash|get|remov|tir[oa])\w* "
)


def is_complaint(
    text: Text, ongoing: bool, named: bool = False, keywords: tuple[str, ...] = (), wished: bool = False
) -> float:
    """How sure it is that a message is about after-sales; 0 when it is not.

    named: a certain thing of the shop's kind is named. wished: one is wished for. ongoing: the conversation already is about after-sales, so that
    less is needed to stay there.
    """
    flat = text.flat
    if any(f" {keyword} " in flat for keyword in keywords):
        return 0.95
    if _DENIED.search(flat) or _BOUGHT_ELSEWHERE.search(flat) or _AT_HOME.search(flat):
        return 0.0
    if _WENT_WELL.search(flat) and not _PROBLEM.search(flat):
        return 0.0
    alone = next((match for match in _ALONE.finditer(flat) if not IN_CHAT.match(flat, match.end())), None)
    bought = _BOUGHT.search(flat)
    if _HOW_TO.search(flat) and not _ARRIVED.search(flat):
        return 0.0
    supposed = _SUPPOSED.search(flat) and not _HAPPENED.search(flat)
    # What is to be bought anew was not bought here, unless it is said so.
    replaces = (wished or _REPLACES.search(flat)) and not _FROM_SHOP.search(flat)
    if _ELSEWHERE.search(flat) and (replaces or not alone):
        return 0.0
    if alone and not supposed:
        return 0.96 if not replaces or bought or ongoing or _BEYOND_DOUBT.search(alone.group()) else 0.0
    if not supposed and not replaces and not _PRAISE.search(flat) and (sure := composed(text)):
        return sure
    if bought and _PROBLEM.search(flat) and not (supposed or replaces or _PRAISE.search(flat)):
        return 0.92
    if _CHANGES_ORDER.search(flat):
        return 0.9
    if named and not (replaces or _SUPPOSED.search(flat)) and _FAILS.search(flat):
        return 0.86
    return 0.9 if ongoing and _GRIEVANCE.search(flat) else 0.0
