"""Word lists that several extractors share. Folded, and in the spelling that `text.normal_word` gives."""


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


#: Words that may stand between the parts of a compound: *mueble PARA LA tele*, *sofá QUE SE HACE cama*.
CONNECTORS = _set(
    "de del la las el los lo para por a al un una unos unas mi mis su sus tu tus nuestra nuestro tipo como estilo",
    "que se hace haga hacen hagan convierte convierta vuelve vuelva transforma pueda puede sea",
    "of the for my our a an do da dos das pro pra um uma meu minha",
)
#: Words that end a compound: what follows belongs to something else.
GAP_STOPS = _set(
    "y e o u ni con sin en pero no si ya and or with without in on but not ou com sem em mas porque cuando donde "
    "quiero",
    "quisiera necesito busco tengo tiene tienen es son esta estan soy vivo i need want quero preciso tambien "
    "ademas mejor",
    "entra entran cabe caben viene vienen llega llegan lado",
    "sobre junto igual hasta desde entre solo me te le nos les cuanto cuesta vale sale precio ahi aqui alla hoy "
    "gracias",
)

DETERMINERS = _set(
    "el la los las lo un una unos unas uno este esta estos estas ese esa esos esas aquel aquella otro otra otros otras",
    "algun alguna algunos algunas mi mis tu tus su sus nuestro nuestra nuestros nuestras dos tres cuatro cinco "
    "seis siete",
    "ocho nueve diez doce quince veinte par cada the a an some this that these those my our your his her um uma "
    "uns umas o",
    "os as meu minha two three four five six ten another both ambos ambas varios varias unas cuantos cualquier tal",
)

#: Names of things that are adjectives too: *una silla cómoda para oficina*.
ALSO_ADJECTIVES = _set("comoda comodas reclinable reclinables")

NUMBER_WORDS = _set(
    "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cuarenta cincuenta",
    "sesenta setenta ochenta noventa cien ciento doscientos trescientos cuatrocientos quinientos seiscientos "
    "setecientos",
    "ochocientos novecientos mil two three four five six seven eight nine ten twenty thirty forty fifty hundred "
    "thousand",
)

FUNCTION_WORDS = _set(
    "a al ante bajo con contra de del desde durante en entre hacia hasta para por segun sin sobre tras y e o u ni "
    "que si no",
    "el la los las lo un una unos unas uno este esta esto estos estas ese esa eso esos esas aquel aquella aquello "
    "mi mis tu",
    "tus su sus nuestro nuestra nuestros nuestras yo ella ellos ellas nosotros ustedes usted ud uds vos me te se "
    "le les nos",
    "como cuando donde quien quienes cual cuales cuanto cuanta cuantos cuantas porque pues pero sino aunque mientras",
    "entonces luego despues antes ahora ya aun todavia siempre nunca jamas tambien tampoco muy mas menos mucho "
    "mucha muchos",
    "muchas poco poca pocos pocas tan tanto tanta todo toda todos todas nada nadie algo alguien algun alguna "
    "algunos algunas",
    "ningun ninguna ninguno otro otra otros otras mismo misma mismos mismas cada cualquier asi aqui ahi alli alla solo",
    "solamente nomas apenas casi quiza quizas tal vez hoy ayer manana pronto tarde temprano bien mal mejor peor ademas",
    "incluso excepto salvo ambos ambas demas propio propia sea o sea ok okay okey dale listo lista listos",
    "the of and or to in on at for with from by is are was were be been am i you he she it we they me him her us "
    "them my your",
    "his its our their this that these those not do does did have has had will would can could should may might "
    "what which",
    "who when where why how there here just only also too very so if then than but as about up out no yes yeah "
    "yep sure some",
    "any all please thanks thank hi hello hey bye good great nice fine want need looking like love one two new",
    "os as um uma uns umas do da dos das no na nos nas em com por ao aos pelo pela nao sim eu voce ele ela nos "
    "eles elas meu",
    "minha seu sua isso isto esse essa aquele aquela muito muita mais mas tambem onde quando quanto qual quais "
    "obrigado",
    "obrigada oi ola bom boa dia tarde noite tudo bem rs kkk favor agora hoje amanha ainda ja so ate",
)

CHAT_WORDS = _set(
    "facebook instagram insta tiktok marketplace web pagina internet anuncio anuncios publicidad black friday "
    "navidad sucursal",
    "sucursales ubicaciones ayuda disponible disponibles interesado interesada presente listo ofertas rebajas "
    "online app",
    "urgente rapido rapidito visa mastercard diners discover pichincha produbanco pacifico bolivariano pacificard "
    "deuna paypal ikea marcimex",
    "guayas azuay manabi tungurahua imbabura cotopaxi chimborazo pastaza napo sucumbios oro carchi galapagos "
    "sierra oriente",
    "mentira mentirita broma bromita juro verdad obvio uf uff ufa puf chuta chuzo achachay arrarray ayayay ala chevere carajo caramba "
    "vaya upa epa uyuyui naranjas nones nanay simon sipi yap yeap nope yup wow omg jo jue juesu chucha elay oops ups upsi eso asi tal cual "
    "nada todavia luego despues rato momentito momento segundito permiso ahorita tranqui tranquilo tranquila fresco fresca "
    "listos genial barbaro relax paciencia",
    "hola buenas buenos buen buena dias dia tardes tarde noches noche saludos saludo gracias muchas porfavor "
    "favor disculpe",
    "disculpa disculpen perdon perdone gentil amable amabilidad gusto mucho encantado encantada bendiciones feliz "
    "jaja jajaja",
    "jajajaja jaj jeje jejeje jijiji jiji haha hahaha lol xd ja je eh ah ay oh uy uff ufff mmm mm hmm aja aha umm "
    "este ejem",
    "claro obvio perfecto excelente genial chevere bacan bakan super excelente vale sip sii nop ntp vea mire oiga oye",
    "oigan disculpame veci vecino vecina vecinita veciño ñaño naño nano nana nanito nanita pana panita loco loca "
    "bro brother mano manito maestro maestrito patron pana causa chamo parce panas amigo amiga amigos amigas "
    "amiguito amiguita mijo mija mijita mi",
    "caserita casero casera jefe jefa jefecito reina rey linda lindo guapa guapo corazon senor senora senorita "
    "senores joven",
    "caballero dama don dona sres estimado estimada estimados estimadas atentamente atte cordialmente cordial "
    "cordiales",
    "respetuosamente slds dios bendiga vaya chao chau adios abrazo abrazos beso besos cuidese cuidate hasta luego",
    "whatsapp wasap mensaje mensajes numero telefono celular correo email mail cel contacto bot robot asesor "
    "asesora agente",
    "persona alguien consulta pregunta informacion info informe catalogo foto fotos video imagen imagenes precio "
    "precios",
    "costo costos valor valores cotizacion proforma presupuesto plata dinero dolares dolar efectivo tarjeta "
    "credito debito",
    "cuotas meses mes semana semanas ano anos hora horas minuto minutos lunes martes miercoles jueves viernes "
    "sabado domingo",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre navidad hi hello "
    "hey please",
    "thanks thank good morning afternoon evening night sorry catalog price prices photo photos photograph info "
    "welcome cheers",
    "obrigado obrigada valeu bom boa ola oi tchau abs att atenciosamente abracos",
)

VERBS = _set(
    "olvidese olvidense olvidelo desisto desistimos descarto descartemos llegamos quedamos ponemos damos subimos bajamos gastamos pagamos",
    "decirlo decirla decirle depende dependera adivine adivina adivinen secreto anonimo cualquiera nadie alguien todos ninguno ninguna quizas",
    "soy eres es somos son era eran fue fueron ser seria sera serian sere estoy esta estas estan estamos estaba "
    "estar este tengo tiene",
    "tienes tenes tienen tenemos tener tenia tendra tendran tendria hay habia haber he ha han hemos hacer hace "
    "hacen hago",
    "haga hagan hizo hice quiero quiere quieres quieren queremos querer quisiera quisiera queria querria necesito "
    "necesita",
    "necesitas necesitan necesitamos necesitar necesitaba busco busca buscas buscan buscamos buscar buscando "
    "buscaba deseo",
    "desea desean deseamos desear requiero requiere requerimos requieren compro compra compras compran compramos "
    "comprar",
    "compre comprado comprando comprarlo comprarla vendo vende vendes vendes venden vendemos vender vendan "
    "vendame vendanme",
    "puedo puede puedes pueden podemos poder podria podrian podes pudo voy va vas van vamos ir iba ire vaya vayan iria",
    "vivo vive vives viven vivimos vivir vivia veo ve ves ven vemos ver vi vio vimos vieron visto viendo mirar "
    "mirando miro",
    "mira digo dice dices dicen decir dijo dijeron dije diga digame decime dime digan dicho doy da das dan damos "
    "dar dame",
    "deme denme den diera dieron di se saben sabe sabes sabemos saber sabia supo llego llega llegan llegar llegue "
    "llegaron",
    "llegado paso pasa pasan pasar pase pasen pasame paseme pasado espero espera esperar esperando estaria "
    "estarian llamo",
    "llama llaman llamar llame llamen llamame llameme llamenme llamando hablo habla hablan hablar hable hablen "
    "hablando hablado",
    "escribo escribe escriben escribir escriba escriban escribame manda mandan mandar mande manden mandame "
    "mandeme mandenme",
    "envio envia envian enviar envie envien enviame envieme envienme mando ayuda ayudar ayude ayudeme ayudame ayuden",
    "gusta gustan gustaria gustarian gusto encanta encantan encanto encantaria interesa interesan interesaria "
    "interesado",
    "interesada cuesta cuestan costaria costar costo cueste sale salen salir saldria sale cobra cobran cobrar "
    "pago paga pagan",
    "pagar pagaria pague pagando gasto gastar invierto invertir ahorro ahorrar pienso piensa pensar pensaba "
    "pensando pense",
    "pensamos creo cree creen creer parece parecen pareceria importa falta faltan faltaria queda quedan quedar "
    "quedaria quedo",
    "queden quede sirve sirven servir serviria entra entran entrar cabe caben caber mide miden medir llevar llevo "
    "lleva llevan",
    "llevaria lleve lleven llevarme llevarmelo traer trae traen traigo entregar entrega entregan entregue "
    "entreguen entregado",
    "entregaron recibir recibo recibi recibe reciben recoger retirar retiro cambiar cambio cambia cambian cambien "
    "cambie",
    "cambiaron devolver devuelvo devuelvan cancelar cancelo arreglar arreglen arreglo reparar reparen revisar "
    "revisen revise",
    "atender atiende atienden atendio atendieron responder responda responden respondan contestar contesta contestan",
    "contesten mudo mudamos mudar mudarme mudo muda caso casa casamos casar amoblar decorar renovar remodelar "
    "remodelando",
    "construyendo trabajo trabaja trabajar estudio estudia estudiar usar uso usa usan dormir duermo duermen comer "
    "leer jugar",
    "prefiero prefiere preferiria preferir decidi decidir decido decidimos averiguo averiguar averiguando "
    "averigue cotizar",
    "cotizo coticeme cotice cotizame cotizando recomienda recomiendan recomendar recomiende confirmo confirmar "
    "confirma",
    "confirme aviso avisar avise aviseme avisen quitar quito quite quiteme agregar agregue agregueme aumentar "
    "anade sumar sume",
    "sumele poner pongo pone ponga pongame ponen puse apunte anote anoteme anotar guardar guarde guardeme separar "
    "separeme",
    "separe reservar reserve reserveme dejar deja dejan deje dejeme dejo olvide olvidelo olvida olvidate entiendo "
    "entiende",
    "entendi entender explique expliqueme explica repito repetir perdi perdio acabo acaba acaban encontre "
    "encontrar encuentro",
    "preguntar pregunto pregunta preguntaba probar pruebo conocer conozco conoce sentar sentarse volver vuelvo "
    "seguir sigo",
    "sigue empezar empezamos empecemos empieza termino terminar abrir abren abre cerrar cierran cierra aceptan "
    "acepta reciben",
    "need needs want wants wanted looking buy buying get getting have has live lives living ship deliver send "
    "call pay paid",
    "cost costs spend afford think thinking move moving see show tell give know help work works love like would could",
    "quero quer preciso precisa procuro procurando gostaria queria tenho tem moro mora posso pode vou vai estou "
    "fica custa",
    "vende vendem entregam manda mande mudo sou falo fala chamo chama",
)

# Words that describe a piece or its place: what customers answer with when they are asked for their name.
ATTRIBUTES = _set(
    "grande grandes pequeno pequena pequenos pequenas chico chica chiquito chiquita mediano mediana medianos alto "
    "alta altos",
    "altas bajo baja ancho ancha largo larga corto corta cortita cortito redondo redonda redondos redondas "
    "cuadrado cuadrada",
    "rectangular ovalado ovalada moderno moderna modernos modernas clasico clasica rustico rustica elegante "
    "bonito bonita",
    "bonitos bonitas lindo linda hermoso hermosa economico economica economicos barato barata baratos caro cara "
    "caros comodo",
    "comodos sencillo sencilla simple nuevo nueva nuevos nuevas viejo vieja usado usada doble triple individual "
    "matrimonial",
    "queen king size twin full plaza plazas puestos puesto cuerpos cuerpo cajon cajones puerta puertas nivel "
    "niveles pieza",
    "piezas unidad unidades color colores blanco blanca blancos blancas negro negra negros negras gris grises "
    "cafe cafes",
    "beige crema azul azules rojo roja rojos verde verdes amarillo amarilla naranja morado morada lila celeste "
    "celestes",
    "dorado dorada plateado plateada natural nogal wengue roble pino laurel teca mdf melamina vidrio cristal metal",
    "metalico metalica hierro acero aluminio cuero cuerina tela lino terciopelo algodon madera marmol ratan "
    "mimbre plastico",
    "plastica tapizado tapizada esquinero esquinera modular extensible plegable giratorio giratoria reclinable "
    "ortopedico",
    "ortopedica resistente duro dura suave blando blanda firme ergonomico lavable impermeable sala comedor cocina",
    "dormitorio cuarto bano oficina casa departamento depa dpto departamentito hogar local negocio terraza jardin "
    "patio",
    "balcon estudio recibidor entrada pasillo garaje bodega hostal hotel restaurante consultorio clinica edificio piso",
    "espacio metro metros centimetros cm medida medidas ancho alto largo fondo profundidad modelo modelos estilo "
    "diseno",
    "disenos marca linea coleccion oferta ofertas promo promocion promociones descuento descuentos garantia "
    "entrega entregas",
    "domicilio tienda tiendas almacen almacenes sucursal direccion ubicacion horario horarios exhibicion stock "
    "disponible",
    "disponibilidad factura ruc cedula pedido orden compra compras producto productos articulo articulos cosa "
    "cosas tipo",
    "regalo boda matrimonio novios cumple cumpleanos bebe bebes nino nina ninos ninas hijo hija hijos hijas mama "
    "papa madre",
    "padre esposo esposa marido mujer novio novia hermano hermana tio tia abuelo abuela abuelita suegra suegro "
    "primo prima",
    "sobrino sobrina gemelos wawa guagua guaguas familia vecinos perro perros gato gatos mascota mascotas visita "
    "visitas",
    "red blue green black white gray grey brown big small large medium round square modern cheap expensive nice "
    "beautiful wood",
    "leather fabric glass size color colour king queen twin double single living room bedroom kitchen office "
    "house home",
    "apartment gift wedding wife husband son daughter mother father sister brother preto branco cinza azul "
    "vermelho madeira",
    "fucsia turquesa mostaza plomo plomos tomate habano tabaco wenge guayacan seike chanul mdp mate brillante cabezal seminuevo seminueva",
    "couro grande pequeno casal solteiro quarto cozinha casa apartamento escritorio",
)

#: Known words: never a misspelt product or city, and no name unless something says so.
COMMON_WORDS = FUNCTION_WORDS | CHAT_WORDS | VERBS | ATTRIBUTES | NUMBER_WORDS | DETERMINERS | CONNECTORS
