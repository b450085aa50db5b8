"""Given names and surnames that are common in Ecuador and among its visitors. Folded.

A name needs not be here to be understood; being here tells it from other words where nothing else does.
"""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


GIVEN = _set("""
aaron abel abigail abraham ada adan adela adelaida adolfo adrian adriana agata agueda agustin agustina aida aitana
alan alba alberto alejandra alejandro alejo alessandra alex alexa alexander alexandra alexis alfonso alfredo alice
alicia alina alison allan allison alma alonso alvaro amalia amanda amelia america amparo amy ana anabel anahi analia
andrea andres andy angel angela angeles angelica angelina angelo angie anibal anita anna annie anthony antonela
antonella antonia antonio araceli aranza ariana ariel arleth armando arnaldo arsenio arturo astrid asuncion augusta
augusto aurelia aurelio aurora axel azucena barbara bartolome basilio beatriz beba becky belen belinda benedicto
benito benjamin berenice bernarda bernardo bertha berta betsy betty bianca blanca bolivar boris brandon brayan brenda
brian brigida brigitte britany bruno bryan byron camila camilo candy carina carla carlos carlota carmela carmen
carmita carol carola carolina caroline casandra catalina catherine cecilia cecy celeste celia celso cesar charito
charlie charlotte chela chelita chepe chris christian christina christopher cindy cinthya cintia clara clarisa claudia
claudio clemencia clemente clotilde clorinda concepcion concha conchita connie consuelo corina cornelia cristhian
cristian cristina cristobal cruz cynthia dagoberto daisy dalia damian damaris daniel daniela danilo danny dante dario
dave david dayana dayanara debora deborah delfin delia delfina demetrio denis denise dennis derek derian diana diego
digna dina dolores domenica domingo dora doris dorita douglas duval edgar edison edith edmundo eduarda eduardo edwin
efrain efren elena eleonor eleonora elias elisa elisabeth eliza elizabeth ella elsa elton elvia elvira elvis emanuel
emely emerita emilia emiliano emilio emily emma emmanuel enma enrique eric erica erick erik erika ernestina ernesto
esperanza esmeralda esteban estefania estefany estela estelita ester esther estrella eugenia eugenio eulalia eva
evelin evelyn evelina ezequiel fabian fabiana fabio fabiola fabricio fatima fausto federico felicia felipe felix
fermin fernanda fernando fico fidel filomena flavio flor florencia florinda francia francis francisca francisco franco
frank franklin fred freddy fredy frida gabino gabo gabriel gabriela gaby galo gary genaro genesis genoveva george
georgina gerardo germania german gerson gianella gilberto gilda gina giovanna giovanny gisela gissela giuliana gladys
glenda gloria gonzalo grace graciela greta gregorio grecia guadalupe guido guillermina guillermo gustavo hannah harold
haydee heather hector heidi helen helena henry heriberto hermelinda herminia hernan hilario hilda hipolito homero
honorio horacio hortencia hugo humberto ian idalia ignacia ignacio iker ileana iliana imelda ines inesita ingrid irene
iris irma isaac isabel isabela isabella isaias isaura isidro ismael israel itzel ivan ivana ivanna ivette ivonne jack
jackeline jacob jacinta jacinto jacqueline jadira jahir jaime jair jairo james jamil jane janeth janet janina jannet
jasmin javier jazmin jean jeanneth jefferson jennifer jenniffer jenny jeremias jeremy jerson jesica jessica jessenia
jesus jhon jhonatan jhonny jhoselyn jimena jimmy joan joana joanna joao joaquin jocelyn joel joffre johan johana
johanna john johnny jonas jonathan jordan jordy jorge jose josefa josefina joseline joselyn joseph josh joshua josue
joyce juan juana juanita juanjo judith julia julian juliana julieta julio julissa justin karen karin karina karla
karol karolina kate katherin katherine kathy katia katiuska katty kelly kenia kenny kerly kevin kiara kimberly klever
cleber kleber kristel laura laureano lauren lazaro leandro leandra leidy lenin leo leon leonardo leonel leonela leonor
leonidas leopoldo leslie leticia lia liam libia lida lidia ligia lila lili lilia lilian liliana lily lina linda lisa
lisbeth lisseth lissette livia liz lizbeth lizeth lolita lola lorena lorenzo lourdes lucas lucero lucia luciana
luciano lucila lucio lucrecia lucho lucy luigi luis luisa luisana lupe lupita luz luzmila lydia mabel macarena
madeleine magali magaly magda magdalena maite maira malena mando manolo manuel manuela mar mara marc marcela marcelo
marcia marcial marco marcos margarita margot maria mariana marianela mariano maribel maricela marie mariela marilu
marilyn marina mario marion marisa marisol maritza marjorie mark marlene marlon marta martha martin martina martita
maruja mary maryuri mateo mathias matias matilde mauricio mauro max maximiliano maximo mayra medardo megan meche
melania melany melba melissa melisa mercedes mercy mery mia micaela michael michel michelle miguel mike mikaela
milagro milagros milena milton mirella mireya miriam mirian mirna moises monica montserrat myriam nadia nancy naomi
narcisa narciso narda natalia nataly natasha nathalia nathaly nathan nayeli nelida nelly nelson nestor nicanor nicolas
nicole nidia nieves nilda nina noe noelia noemi nora norberto norma nubia nuria octavio ofelia olga oliver olivia
olmedo omar orlando oscar osvaldo oswaldo otto pablo paco pamela pancho paola paolo pastora pati patricia patricio
patty paul paula paulina paulo paz pedro pepa pepe perla peter petra piedad pierina pilar piero priscila priscilla
quique rafael rafaela ramiro ramon ramona raquel raul rebeca regina reina renata rene reinaldo renato ricardo richard
rigoberto rita robert roberto robin robinson rocio rodolfo rodrigo rogelio roger rolando romel romina romulo ronald
ronny roque rosa rosalba rosalia rosalva rosana rosario rosaura rosendo rosita rossana roxana roxanna roy ruben rubi
ruby rudy rufino ruth sabina sabrina sally salome salomon salvador sam samantha samira samuel sandra santiago santos
sara sarah sarita saul sebastian segundo selena serena sergio sharon sheila sheyla shirley sigifredo silvana silvia
silvio simon simone sixto socorro sofia sol solange soledad sonia stacy stalin stefania stefany stefano stella
stephanie stephany steve steven stuart sulema susan susana susanita susy sylvia tadeo tamara tania targelia tata
tatiana tefa tefi telmo teodoro teofilo tere teresa tereza teresita thais thalia thiago thomas tiago tito tobias tomas
tommy tony tona tono toya trinidad tyrone ulises ursula valentin valentina valeria valery vanesa vanessa vanina
veronica vero vicenta vicente vicky victor victoria vilma vinicio violeta virgilio virginia viviana vladimir walter
wanda washington wellington wendy wilfrido william willian wilmer wilson winston wladimir xavier ximena xiomara yadira
yahaira yajaira yamil yamile yanina yasmin yazmin yenny yesenia yolanda yomaira yuri zaida zoe zoila zulema zully
jahaira ayrton nixon milo felisa eloisa eloy elian dayra lisandro nahomi nohely thelma delmira bairon briggitte
kristina lady leydi lucinda manolito mafer majo maju juanca juanpa josefo pepito chabela chabelita chava chayo charo
chuchi coco cuca fanny gigi goyo guille jacky jano juli kike lalo lore lucha lulu mechita memo mili mimi moni nacho
nadya nando nati nena nicol pato paquita pipe polo queta rafa rafico rodri roro rosy rulo sandrita santi seba sebas
silvi sole tatis tavo titi toti tuti vale victoriano vivi wilo yola yoli zaira caio caua bruna camile fabiane gabriele
henrique isadora juliano larissa luana luan luiz luiza marcelle marcio mariane matheus mayara murilo otavio pietro
rafaella raimundo raissa renan rodrigues tainara tais taina vitor vitoria wagner yasmim debbie jason jeff jessie jill
jim joe julie keith ken kim larry laurie logan luke maggie margaret matt matthew melanie molly nick nicholas noah pam
patrick peggy phil rachel ray rick rob ron rose ross ryan scott sean seth sophie stan ted tim todd tom tracy troy zach
abby amber anne tyler taylor hunter connor cooper carter parker spencer tanner chandler jasper piper harper skyler
chester summer ginger santino estefy braulio ludwin teo yuliana yuli dakota duda maicol maru rina chicho monse yeyo
chio mafe mariuxi thaisa yessica yesica katy nico nicky emilie paulette dylan brad maykel josselyn nayelly odalys
mishell mishelle danna dayanna kimberley leydy wilder edy eddy elio elvio gorki hitler isauro jacobo josias lizandro
napoleon neptali olger orley sixta telma tulio ubaldo vidal wilman zenaida zoraida aldo alessio ambar analu bella
briana caetano celina cesarina dalila darwin edu eli elina flora gema gianna ivis jael keyla lara leonora magno mateus
merly nereida oriana otilia pamelita ramira rosmery samanta selina sandy tabata veronika yuliet ashley barry ben bill
bob brooke carl chad cheryl claire craig dan dean debra don doug ethan gail greg hank harry ike
""")

SURNAMES = _set("""
abad acosta acuna aguas aguayo aguilar aguilera aguirre alarcon alava albuja alcivar aldaz alfaro almeida alonso
altamirano alvarado alvarez alvear amaguana anchundia andino andrade andrango angulo anzules apolo aragon arauz
arboleda arce arcos arellano arevalo arguello arias armas armijos arroba arroyo arteaga astudillo avalos avellan avila
aviles ayala balarezo balladares ballesteros balseca banegas barba barcia barragan barreno barrera barreto barriga
barros basantes bastidas bautista bazan becerra bedoya bejarano benalcazar benavides benitez bermeo bermudez bernal
berru betancourt bohorquez bonilla borja bravo briones brito bueno burbano burgos bustamante bustos caballero cabezas
cabrera cachimuel cadena caicedo caiza cajas calderon calero calle calvache camacho campos campoverde campuzano cano
cantos carbo cardenas cardoso carpio carrasco carrera carrillo carrion carvajal casanova castaneda castelo castillo
castro catota cazar cedeno centeno cepeda cerda cevallos chacon chamba chang chavez chicaiza chica chiluisa chiriboga
choez cisneros clavijo cobo cobos collaguazo collins colon conde contreras cordero cordova coronel correa corral
correal cortes cortez coello crespo criollo cruz cuadrado cueva cuenca cuesta davila davalos delgado diaz dominguez
donoso drouet duarte duque duran echeverria egas eguiguren encalada endara enriquez erazo escobar escudero espejo
espin espinel espinosa espinoza estevez estrada estrella estupinan fajardo falconi farfan fernandez ferreira fierro
figueroa flores fonseca franco freire fuentes gaibor galarza galeano gallardo gallegos galvez gamboa gaona garces
garcia garofalo garrido garzon gavilanes gil giler giron godoy gomez gonzales gonzalez gordillo granda granja grijalva
guaman guamani guerra guerrero guerron guevara guijarro guillen gutierrez guzman haro heredia hermida hernandez
herrera hidalgo hinojosa holguin hurtado ibarra iglesias iniguez intriago izquierdo izurieta jacome jara jaramillo
jarrin jativa jimenez jurado lara larrea lasso leiva leon leones ledesma lema lescano lima linares lino llerena loaiza
loor lopez lozada lozano lucas lucero luna luque macas macias madrid maldonado manosalvas manrique mantilla marcillo
marin marquez martinez mata mayorga medina medranda mejia mena mendez mendieta mendoza menendez mera mero merino mesa
mesias meza mina mino miller miranda molina moncayo monge monsalve montalvo montano montenegro montero montes
montesdeoca monteros montoya montufar mora morales moran moreira morejon moreno morillo morocho mosquera moscoso moya
moyano munoz murillo naranjo narvaez naula navarrete navarro navas negrete noboa noguera noriega novoa nunez obando
obregon ocampo ochoa ojeda olmedo oliveira olivo olvera ona ontaneda orbe ordonez orellana orozco ortega ortiz osorio
otero oviedo pacheco padilla paez palacios palma paladines palomeque pantoja paredes parra parrales parreno pastor
patino paucar paz pazmino pazos penafiel penaherrera peralta perez pereira pesantez pico pilco pillajo pin pincay
pineda pinos pinto pinzon pita piedra plaza pogo ponce ponton portilla poveda pozo prado prieto proano puente puga
pulla quevedo quezada quichimbo quijano quijije quimi quinde quingaluisa quinones quintana quintero quinteros quinonez
quiroga quiroz quishpe quispe ramirez ramon ramos rea real recalde rendon rengifo requena restrepo reyes riascos
ribadeneira rico riera rincon rios riofrio rivadeneira rivas rivera rivero robalino robles roca rocha rodas rodriguez
rojas roldan rojano roman romero romo ron rosado rosales rosas rosero rubio rueda ruales ruiz ruilova saa saavedra
saenz salas salazar salcedo saldana salgado salguero salinas saltos salvador samaniego sanchez sandoval sangurima
santana santander santillan santos santamaria sarango sarmiento segarra segovia segura sempertegui serrano silva
simbana solano solis solorzano soria sosa sotomayor soto souza suarez sucuzhanay suquillo tamayo tapia tello tenorio
teran tituana toala toapanta tobar toledo tomala torres torre tovar toro trejo triana trujillo tufino ugalde ulloa
unda urbina urgiles uribe ureta usca uvidia uzcategui vaca valarezo valdez valdivieso valencia valenzuela valle
vallejo valverde vanegas vaquero varas varela vargas vasco vasconez vasquez vazquez vega vela velasco velastegui velez
velasquez velazquez veliz vera verdezoto verduga vergara villa villacis villacres villafuerte villagomez villalba
villalobos villamar villamarin villao villarreal villavicencio villegas vinces vinueza vintimilla viteri vivanco
vizcaino yagual yanez yaguana yepez yunda yumbo zambrano zamora zapata zapater zarate zavala zeballos zumba zuniga
zurita thompson smith johnson jones brown davis wilson taylor anderson moore jackson martin white harris clark lewis
walker hall allen young king wright scott green baker adams nelson carter mitchell roberts turner phillips campbell
parker evans edwards stewart morris rogers reed cook morgan bell murphy bailey cooper richardson cox howard ward
peterson gray ramsey watson brooks kelly sanders price bennett wood barnes ross henderson coleman jenkins perry powell
costa alves gomes ribeiro carvalho araujo barbosa dias nascimento nunes marques machado mendes freitas goncalves
teixeira cunha
""")

#: Cities that are also surnames: after a given name, without *de*, they belong to the name.
CITY_SURNAMES = _set("salinas cuenca ibarra duran quevedo lima madrid tena loja milagro medellin")

TITLES = _set("""
ing arq dr dra lic lcda lcdo licda licdo abg ab econ ec sr sra srta sres don dona msc mgs mg phd prof tlgo tlga mr mrs
ms miss sir ingeniero ingeniera arquitecto arquitecta doctor doctora licenciado licenciada abogado abogada economista
senor senora senorita profesor profesora padre madre sor fray hermana hermano rector rectora director directora
maestro maestra capitan coronel sargento teniente mayor cabo general pastor reverendo notario notaria psicologa
psicologo psic obstetra chef contador contadora cpa tnte crnl cap gral dir lcd senhor senhora seu professor mister
""")

#: After `soy`: what a person is, not how they are called.
ROLES = _set("""
mama papa mami papi madre padre hijo hija hermano hermana tio tia abuelo abuela abuelita esposo esposa marido mujer
novio novia primo prima cunado cunada suegra suegro nuera yerno viuda viudo soltera soltero casada casado divorciada
jubilado jubilada cliente clienta clientes comprador compradora dueno duena propietario propietaria administrador
administradora gerente jefe jefa secretaria secretario asistente encargado encargada empleado empleada vendedor
vendedora representante estudiante profesor profesora maestro maestra docente ingeniero ingeniera arquitecto
arquitecta medico medica doctor doctora enfermera enfermero abogado abogada contador contadora decorador decoradora
disenador disenadora interiorista constructor constructora carpintero carpintera ebanista tapicero chef cocinero
policia militar bombero chofer taxista comerciante emprendedora emprendedor empresario empresaria periodista artista
musico musica cantante deportista futbolista agricultor ganadero odontologo odontologa psicologo psicologa veterinario
veterinaria dentista notario economista ama independiente freelance influencer ecuatoriano ecuatoriana colombiano
colombiana venezolano venezolana peruano peruana argentino argentina chileno chilena mexicano mexicana brasileno
brasilena brasileiro brasileira espanol espanola cubano cubana gringo gringa americano americana extranjero extranjera
quiteno quitena guayaquileno guayaquilena cuencano cuencana lojano lojana manabita ambateno ambatena serrano costeno
costena riobambeno orense esmeraldeno imbabureno otavaleno manaba guayaco guayaca chulla latino latina catolica
catolico alergico alergica alta alto bajito bajita gordito gordita flaco zurdo zurda exigente indeciso indecisa
impaciente puntual nuevo nueva vecino vecina amigo amiga conocido conocida fan seguidor seguidora suscriptor
suscriptora miembro socia socio parte todo oidos quien aquel capaz consciente sincero sincera honesto honesta directo
directa feliz padrino madrina hincha humano real persona gente alguien nadie yo mayorista minorista proveedor
proveedora distribuidor distribuidora inquilino arrendatario fabricante revendedor turista estilista peluquera modista
costurera manicurista panadero mecanico electricista albanil pintor coordinador coordinadora director directora
supervisor supervisora analista consultor consultora asesor asesora agente guardia conserje pareja recien primeriza
primerizo embarazada del de interesado interesada mudo cuidadora ninera
""")

COMPANY = _set("""
fam familia cia ltda sa sas comercial constructora inmobiliaria hotel hostal hosteria restaurante cafe cafeteria
clinica hospital colegio escuela universidad unidad instituto fundacion banco cooperativa empresa corporacion grupo
almacen almacenes ferreteria farmacia salon spa gimnasio estudio consultorio agencia oficina consorcio industrias
distribuidora importadora exportadora editorial condominio edificio conjunto municipio gad ministerio compania company
inc corp llc muebleria colineal bar local tienda
""")
RELATIVES = _set("""
ermana ermano ija ijo nana nano nanito nanita mamita papito abue abu hija hijo hijas hijos hermana hermano mama papa
madre padre esposa esposo marido mujer novia novio tia tio prima primo abuela abuelo abuelita abuelito suegra suegro
cunada cunado sobrina sobrino nuera yerno nieta nieto amiga amigo vecina vecino jefa jefe socia socio comadre compadre
madrina padrino ahijada ahijado pareja bebe nene nena nino nina companera companero mami papi wawa guagua wife husband
son daughter mother father mom dad sister brother friend boss cousin aunt uncle grandma grandpa neighbor filha filho
mae pai irma irmao gemelos mascota perro perrita gata gato empleada cliente asistente secretaria arquitecto arquitecta
decoradora decorador vendedora vendedor asesora asesor
""")
