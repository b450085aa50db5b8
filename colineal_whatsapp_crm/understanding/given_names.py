"""Given names and surnames that are common in Ecuador and among its visitors. Folded.

A name needs not be here to be understood; being here tells it from other words where nothing else does.
"""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


GIVEN = _set("""
aaron abby abdon abel abelardo abigail abilio abner abraham abril ada adalberto adam adan adela adelaida adelardo
adelia adelina adiela adolfo adrian adriana adriel adrienne agapito agata agatha agostina agueda agustin agustina aida
aimee aina ainara ainoa aitana aitor aladino alamiro alan alana alba albano albeiro albert albertina alberto albina
albino alcibiades alcides alcira aldair aldemar aldo aldonza alec aleida aleix alejandra alejandrina alejandro alejo
alessandra alessandro alessio alex alexa alexander alexandra alexandre alexandria alexi alexia alexis alfonsina
alfonso alfred alfredo alice alicia alina aline alirio aliro alisha alison alix allan allana allen allison alma
almendra almudena alondra alonso alvaro alveiro alvin alyssa amalia amancio amanda amando amarilis amaro amaru amaya
ambar amber ambrosio amelia america americo amilcar amparo amy ana anabel anacleto anahi anahis anais analia analu
anastasia anastasio ancizar anderson andre andrea andres andrew andy anel angel angela angeles angelica angelina
angelino angelita angelo angie anibal anita anna anne annette annie anselma anselmo anthony antonela antonella antonia
antonieta antonio antony anunciacion anyelo anyi apolinar apollo apolonia aquiles araceli aracely aranza aranzazu
arbey arcelia argemiro ariadna ariana ariel ariela aristides arlet arleth arley armando armida armin arnaldo arnau
arnoldo arnulfo aroa aron arsenio artemio arthur arturo asafe asdrubal ashlee ashley astrid asuncion atilio audrey
augusta augusto aurea aurelia aureliano aurelio aurora austin avelino axel ayelen ayla ayleen aylin aylla ayrton
azahara azeneth azucena bailey bairon baldomero balduino baltasar baltazar barbara barry bartolome basilio bastian
baudelio bautista bayron beatriz beba becky begona belarmino belen belinda belisario bella ben benedicto benicio
benigna benigno benita benito benja benjamim benjamin berenice bernabe bernard bernarda bernardino bernardita bernardo
berta bertha berto beth bethany beto betsabe betsy betty beverly bianca bianka bibiana biel bill billy bladimir blake
blanca blas bob bobby bolivar bonifacio bonnie boris borja brad bradley brady brandi brandon brandy braulio brayan
breanna brenda brendan breno brent bret brett brian briana brianna bridget briggitte brigida brigitte brisa britany
brittany brittney brooke bruce bruna brunilda bruno bryan bryce byanca byron caetano caio caitlin caitlyn caleb calebe
calista calisto calixta calvin cameron cami camila camile camilo candace candelaria candelas candice candida candido
candy caridad carina carl carla carlito carlo carlos carlota carly carmela carmelita carmelo carmen carmenza carmina
carmita carol carola carolina caroline carolyn carrie carter casandra casemiro casey cassandra cassidy cassie cata
catalina catarina catherine cathy caua caue cayetana cayetano cebrian cecilia cecilio cecy ceferino celeste celestina
celestino celia celina celinda celso cesar cesarina chabe chabela chabelita chabuca chad chalo chandler charito
charlene charles charlie charlotte charo chava chavela chayo chela chelita chelo chelsea chelsey chema chepe cheryl
chester cheyenne chicho chio chiqui chloe chris christian christie christina christine christofer christopher christy
chuchi chucho cindy cinthia cinthya cintia cipriano ciriaco cirino ciro citlali claire clara clarence clarice clarisa
claudia claudina claudio clayton cleber clemencia clemente clementina cleofe cleto clifford climaco clinton clodomiro
cloe clorinda clotilde coco cody colin colleen collin colomba colton concepcion concha conchita connie connor conrado
constantino constanza consuela consuelo cooper corey corina cornelia cornelio cory cosme courtney craig crescencia
cristhian cristhofer cristian cristiane cristina cristobal cristofer cristopher cruz crystal cuca cuqui cynthia dafne
dagoberto dahiana dairo daisy dakota dalia dalila dalton damaris damian damon dan dana danae dani dania daniel daniela
daniella danielle danilo danitza danna danny dante darin dario darius darlene darling darrell darren darryl darwin
daryl dave davi david dawn dayana dayanara dayanna dayra daysi dayuma dean deanna debbie debora deborah debra deiby
deicy deifilio deisy delfin delfina delia delmira demetrio demian denis denise denisse dennis derek derian derly
derrick desiderio desiree devin devon deyanira deysi diana diane didier diego digna dilan dillon dimas dina diogo
dionisia dionisio dixon dolly dolores domenica dominga domingo dominic dominique domitila don donald donato donna dora
doralisa doris dorita dorotea dorothy doug douglas drew duane duban duda duilio duncan dustin duval duvan dwayne dylan
eddie eddison eddy edelina edelmira edelmiro eder edgar edgard edgardo edier edilberto edilma edilson edinson edison
edisson edith edmundo edna edson edu eduar eduard eduarda eduardo edwar edward edwin edy efigenia efrain efren eider
eileen eimy eithan eladio elaine elba elcira elcy eleazar elena eleodoro eleonor eleonora eleuterio eli elia elian
eliana elias eliecer eligia eligio elijah elina elio elisa elisabet elisabeth eliseo eliza elizabeth elkin ella ellen
elmer eloa eloah elodia eloisa eloy elpidio elsa elton elver elvia elvio elvira elvis emanuel emanuella emanuelly
emelina emely emerita emerson emi emigdio emilce emilia emiliana emiliano emilie emilio emilly emilse emily emiro emma
emmanuel emperatriz encarna encarnacion encarnita enith enma enrico enrique enriqueta enzo epifanio erasmo eric erica
erick erik erika erin erlinda ermel ermelinda erna ernest ernestina ernesto erwin esmeralda esneider espartaco
esperanza espiridion esteban estefania estefany estefy estela estelita estella ester esthela esther estiven estrella
etelvina ethan euclides eudoro eufemia eugene eugenia eugenio eulalia eulogio eusebia eusebio eustaquio eutimio
eutropio eva evan evangelina evaristo evelia evelin evelina evelio evelyn everton exequiel eydan ezequiel faber fabian
fabiana fabiane fabio fabiola fabricio fabrizio facundo fanny farid fatima faustino fausto federico feli felicia
feliciana felicitas felipa felipe felisa felix ferchito fercho fermin fernanda fernando ferney fico fidel fidela
filemon filomena fiona fiorella fito flavia flavio flor flora florencia florencio florentina florentino floresmilo
floridor florina florinda fortunata fortunato frances francesca francesco franchesca francia francis francisca
francisco franco francy frank franklin franz fred freddy frederick fredy frida froilan fulgencio gabi gabino gabo
gabriel gabriela gabriele gabriella gabrielle gabrielly gaby gael gail galo galvarino garrett gary gaspar gaston gavin
gema genaro genesis geno genoveva geoffrey george georgina geovanny geovany gerald geraldine geraldo gerardo german
germania geronimo gerson gertrudis gervasio gian giancarlo gianella gianfranco gianna gigi gilbert gilberto gilda
gildardo gilma gina ginger gino giovanna giovanni giovanny gis gisela gisele giselle gissela gisselle giuliana gladis
gladys glauco glen glenda gloria godofredo gonzalo gordon gorki goyo grace graciana graciano graciela graham grecia
greg gregg gregorio gregory greta gricelda griselda guadalupe guido guilherme guille guillermina guillermo guiomar
gumercindo gustavo gwendolyn hadassa hailey haley hank hannah hans harol harold haroldo harper harriet harry harvey
haydee hayden hayley hazel heather hector heidi heidy heitor helen helena heliodoro hellena heloisa henrique henry
heraclio heraldo herbert herberto heriberto herman hermel hermelinda hermenegildo hermes herminda herminia herminio
hermogenes hernan hernando herney hilario hilda hipolito hitler holger holly homero honorio horacio hortencia
hortensia howard hugo humberto hunter ian iban ibeth idalia ignacia ignacio igor ike iker ildefonso ileana iliana ilse
imelda inaki indira ines inesita ingrid inigo inmaculada inti irene iris irma isaac isabel isabela isabella isabelly
isadora isaiah isaias isaque isaura isauro isidora isidoro isidro ismael isolina israel italo itzel itziar ivan ivana
ivanna ivette ivis ivonne jacinta jacinto jack jackeline jackie jackson jacky jaclyn jacob jacobo jacqueline jader
jadira jael jafet jahaira jahir jaider jaime jair jairo jake james jamie jamil jane janet janeth janice janina jannet
janneth jano jaqueline jared jasmin jasmine jason jasper javi javier javiera jay jazmin jean jeanette jeanne jeanneth
jeannette jeferson jeff jefferson jeffery jeffrey jeison jeisson jenaro jenifer jeniffer jenna jennifer jenniffer
jenny jeremiah jeremias jeremy jermaine jerman jerome jeronimo jerry jerson jesica jesse jessenia jessica jessie jesus
jesusa jhan jhoan jhoana jhon jhonatan jhonny jhony jhoselyn jill jillian jim jimena jimmy joan joana joann joanna
joanne joao joaquim joaquin joaquina jocelyn jodi joe joel joffre johan johana johann johanna johans john johnathan
johnny jon jonas jonatan jonathan jonathon jonny jordan jordana jordi jordy jorge jose josefa josefina josefo joseline
joselito joselyn josep joseph josh joshua josias joss josselyn josue jovita joyce juan juana juanca juancho juanita
juanito juanjo juanpa judith judy juli julia julian juliana juliano julie julieta julieth julio julissa justin justina
juvenal kaique kaitlin kaitlyn kamilly karen kari karin karina karl karla karol karolina katalina kate katelyn
katerine katherin katherine katherinne kathleen kathryn kathy katia katie katiuska katrina katty katy kayla kaylee
keith kelli kellie kelly kelsey ken kendra kenia kenneth kenny kent kerly kerri kerry kevin keyla kiara kike kiko
killa kim kimberley kimberly kirsten kleber klever krishna krista kristel kristen kristi kristie kristin kristina
kristine kristopher kristy krystal kuri kurt kyle kylie ladi lady laia lais lali lalo lance lara larissa larry
lastenia latasha latoya laura laureano lauren laurie lautaro lavinia lawrence lazaro leandra leandro leider leidy
leire lenin leo leocadia leocadio leon leonard leonardo leoncio leonel leonela leonidas leonor leonora leontina
leopoldo leovigildo leroy leslie lesly leticia levi leydi leydy leyla leyre lia liam libardo libia liceth lida lidia
ligia lila lili lilia lilian liliana lilo lily lina linda lindsay lindsey lionel lisa lisandro lisbeth liseth lisette
lisseth lissette livia liz lizandro lizbeth lizeth logan loida lola loli lolita lonnie lore lorena lorenza lorenzo
loreto loretta lori lorraine louis louise lourdes luan luana luara luca lucas lucca lucero lucha luchin lucho lucia
luciana luciano lucila lucinda lucio lucrecia lucy ludmila ludwin luigi luis luisa luisana luisfer luisina luiz luiza
lukas luke lulu lunna lupe lupita luz luzmila luzmira lydia lynn mabel macarena macaria macario mackenzie madeleine
madeline madison mafe mafer magali magaly magda magdalena maggie magno magui maia maicol maikol maira maite maje majo
maju makarena makayla male malena malik mallory malu mando mane manfredo manolito manolo manu manuel manuela manuelita
manuella mar mara marc marcel marcela marcelina marcelino marcelle marcelo marcia marcial marciano marcio marco marcos
marcus margaret margarita margot margoth mari maria mariah mariana mariane marianela mariano maribel maricarmen
maricel maricela maricruz marie mariela marifer marilu mariluz marilyn marina mario marion marisa marisel marisela
marisol marissa maristela marita maritza mariusi mariuxi marjorie marjory mark marlen marlene marleny marlon marly
marta martha martin martina martirio martita maru maruja marvin mary maryuri massiel mateo mateus matheo matheus
mathew mathias mati matias matilda matilde matt matteo matthew maura maureen maurice mauricio mauro max maximiano
maximiliano maximino maximo maxwell mayara maye mayerly maykel maykol mayra maysa mayte mckenzie meagan meche mechita
medardo megan meghan melania melanie melany melba melchor melida melina melinda melisa melissa melvin memo mercedes
merche mercy meredith merly mery mia micaela michael michaela michel michele michelle miguel miguela mika mikaela
mikayla mike milagro milagros milan mile milena mili millaray miller milo milovan milton mimi mincho minerva miranda
mireia mirella mireya miriam mirian mirko mirna mirta mirtha miryam misael mishell mishelle mitchell mitzy modesto
mohamed moises molly moncho moni monica monique monse monserrat monserrate montserrat morgan muriel murilo myriam
nacho nadia nadya nahiara nahomi nahomy nahuel nancy nando naomi napoleon narcisa narciso narda natacha natali natalia
natalie natalio nataly natanael natasha nathalia nathalie nathaly nathan nathaniel nati nayara nayaret nayareth nayeli
nayelly nayely nayibe nazaret nazario neftali neider neil nelcy nelida nelly nelson nelsy nely nena neptali nerea
nereida nestor ney neymar nibaldo nicanor nicholas nichole nick nicky nico nicodemo nicol nicolas nicolasa nicole
nidia nieves nilda nilo nilson nina ninoska nixon noah noe noelia noemi nohely nohemi nohora nolberto nora noralma
norberto norbey norma norman nubia nuria nury nusta nydia obdulia obdulio octavia octavio odalis odalys ofelia olalla
olegario olga olger olimpia oliver olivia olmedo omaira omar onofre orfa orfelina oriana orlando orley oscar osvaldo
oswaldo otavio otilia otto ovidio owen pabla pablo paco paige paloma pam pame pamela pamelita pancha pancho panfilo
pantaleon pao paola paolo paquita parker pascal pascale pascual pascuala pastora pat pati pato patricia patricio
patrick patrocinio patty paty paul paula paulette pauli paulina paulino paulo paz pedro peggy pelayo pepa pepe pepita
pepito percy perla perry peter petra petrona petronila phil philip phillip phyllis pia piedad pierina piero pierre
pietra pietro pilar pili pipe piper pipo placido plinio plutarco pochita poli polibio policarpo polo poncio porfirio
priscila priscilla priya prospero prudencio queta quique quirino rachael rachel rael rafa rafael rafaela rafaella rafi
rafico raimundo raissa ralph ramira ramiro ramon ramona randall randy raquel raul raven ravi ravy ray rayen raymond
rebeca rebecca rebekah regina reginald reginaldo reina reinaldo reinel remedios remigio renan renata renato rene renee
renzo reyna reynaldo rhavi rhonda ricarda ricardo richard richi rick rickey ricky rigoberto riley rina rita ritchie
rob robert roberta roberto robin robinson robyn roci rocio rodney rodolfo rodri rodrigo rodrigues rogelio roger
rogerio rolando roldan rolo roman romel romi romina rommel romulo ron ronal ronald ronaldo roni ronnie ronny rony
roque roro rosa rosalba rosalia rosalina rosalinda rosalva rosamel rosana rosario rosaura rose rosenda rosendo rosi
rosita rosmery ross rossana rosy roxana roxanna roxy roy ruben rubi rubiela ruby rudecindo rudy rufina rufino rufo
rulo rumi ruperta ruperto russell ruth ryan sabas sabina sabrina sally salma salome salomon salvador sam samanta
samantha sami samir samira samu samuel sandra sandrita sandro sandy santi santiago santino santos sara sarah sarai
sarita saskia saturnina saturnino saul scarlet scarleth scarlett scarlette scott sean seba sebas sebastian segismundo
segundo selena selina serafin serafina serena sergio servio sessa seth seve severiano severino severo shane shannon
shari sharon shaun shawn shawna sheena sheila shelby shelia shelley shelly sheri sherri sherry sheryl sheyla shirley
sidney sigfrido sigifredo silvana silvano silverio silvestre silvi silvia silvio simon simone sinchi sindy sisa sixta
sixto skyler smith sneider socorro sofia sol solange sole soledad sonia sophia sophie soraya sosimo spencer stacie
stacy stalin stan stanley stefania stefanie stefano stefany stella stephanie stephany stephen steve steven stiven
stuart sueli sulema summer susan susana susanita susi susy suzanne sydney sylvia tabata tabita tabitha tadeo taina
tainara tais tamara tamia tammie tammy tania tanner tanya targelia tarquino tasha tata tati tatiana tatiane tatis tato
tavo taylor ted tefa tefi telma telmo teo teobaldo teodora teodoro teodosio teofila teofilo tere teresa teresita
tereza terrance terrence terri terry thais thaisa thalia thelma theodore theodoro theresa thiago thiare thomas tiago
tiburcio tiffany tim timoteo timothy tina tincho tita titi tito tiziana tiziano tobias todd tom tomas tomasa tommy
tona tonia tono tony tonya toribio toti toya tracey traci tracie tracy trajano travis trevor tricia trinidad tristan
troy tulia tulio tuti tyler tyrone ubaldo uberlinda ulises uriel ursula vagner valdir vale valentim valentin valentina
valentino valeria valerie valerio valero valery valeska vanderlei vane vanesa vanessa vania vanina vasco venceslas
vernon vero veronica veronika vicenta vicente vicki vickie vicky victor victoria victoriano vidal vilma vincent
vinicio vinicius violeta virgilio virginia vito vitor vitoria vivi vivian viviana viviane vladimir wacho wagner waldo
walter walther wanda warren washi washington washo wayne wayra welington wellington wenceslao wendolin wendy wesley
whitney wilber wilder wilfredo wilfrido william williams willian willie willy wilma wilman wilmar wilmer wilo wilson
wily winston wladimir wyatt xavi xavier xime ximena xiomara yadi yadira yahaira yair yaiza yajaira yaku yamid yamil
yamila yamile yamilet yamileth yanara yandri yandry yanet yaneth yanina yanira yaritza yaritzel yasmim yasmin yasna
yazmin yecid yeferson yeimy yeison yeni yenifer yenny yeny yerko yerson yesenia yesica yesid yessenia yessica yeyo
yina yineth yocelyn yohan yohana yola yolanda yoli yolima yomaira yonatan yonathan yordan yorgelis yoselin yudy
yuleidy yuleisi yuleisy yuli yuliana yuliet yulieth yuly yupanqui yurani yurany yuri yuridia yury yusleidy yvette
yvonne zacarias zach zachary zaida zaira zeferino zenaida zoe zoila zoilo zoraida zulay zulema zully zulma zunilda
""")

SURNAMES = _set("""
abad abarca abascal abella abellan abrego abreu aburto acedo acevedo acosta acuna adadia adame adams adan adasme aedo
aguas aguayo agudelo aguero aguila aguilar aguilera aguilo aguinaga aguirre agullo agurto agusti agustin ahumada
alarcon alava alban alberdi albero alberola alberto albornoz albuja albuquerque alcala alcalde alcantar alcantara
alcaraz alcivar alcolea aldas aldaz alegria alejandro aleman alemany alfaro alfonso aliaga allen allende allendes
aller almagro almansa almanza almaraz almazan almeida almonacid almonte alonso alonzo alsina altamirano alva alvarado
alvarez alvaro alvear alves alzate amador amaguana amaya amores amoros ampuero anaya anchundia anderson andi andino
andrade andrango andres andreu angarita angel anglada anguiano anguita angulo anrango anton antunes antunez anzules
apablaza aparicio apodaca apolo aponte aracena aragao aragon aragones aramburu arancibia araneda arango aranguiz
araujo arauz aravena araya arboleda arce archuleta arcos ardila arellano arevalo arguello arias arino ariza arizaga
arjona armas armendariz armengol armenta armijo armijos arnaiz arnal arnau aroca aros arosemena arpi arredondo arregui
arreola arriaga arriagada arribas arrieta arroba arroyo arteaga artigas asanza asencio asenjo asensio aspiazu astete
astorga astudillo atienza aulestia avalos avellan avendano avila aviles avilez ayala ayllon ayovi ayuso azcona azevedo
aznar azocar azorin badia badilla badillo baena baez baeza bahamonde bahamondes bahena bailey bajana baker balaguer
balarezo balderas balladares ballester ballesteros balseca banegas banuelos baque baquerizo baquero barahona barajas
barba barbera barberan barbero barbosa barcelo barcena barcia barela barnes barragan barral barreda barrena barreno
barrera barreto barrientos barriga barrionuevo barrios barros barroso bartolome barzallo barzola basantes bascunan
bastias bastida bastidas batalla batioja batista batlle bautista bauza bayo bayon bayona bazan bazurto becerra bedoya
bejarano belda bell belmar belmonte beltran benalcazar benavent benavente benavides benavidez benet benitez benito
bennett berenguer bermeo bermudez bernad bernal bernat berrios berrocal berru bertran betancourt betancur bilbao
blacio blanch blanes blasco blazquez boada bobadilla bohorquez boix bolanos bone bonet bonilla borbor borges borja
borras borrego borrell bosch botello bou bravo briceno briones briseno brito brooks brown bru bruna bucaram bueno
bugueno buitrago burbano burgos burneo busquets bustamante bustos caballero caban cabanillas cabezas cabra cabrera
caceres cachimuel cadena cagua caicedo caisaguano caiza cajamarca cajas calatayud calderon calero calle calleja
calvache calvet calvillo calvo calzada camacho camargo camarillo campbell campillo campos campoverde campoy camps
campuzano canals canas candia canellas canet canete canga cango canizares cano canovas cantillo canton cantos cantu
caparros capdevila caraballo carbajal carbajo carballo carbo carbonell carcamo carcelen cardenas cardona cardoso
cardozo carlos carmona carnero carpio carranza carrasco carreno carreon carrera carreras carriel carrillo carrion
carter cartes carvajal carvalho casanova casanovas casares casarez cases casillas cassiano castaneda castejon castell
castellanos castello castells castelo castilla castillo castrillo castrillon castro catalan catota catuto cavalcante
cavalcanti cavazos cavieres cazar cazares cazorla cea ceballos cedeno cedillo ceja celi celis centeno cepeda cerda
cerdan cerezo ceron cervantes cervantez cervera cespedes cevallos chacon chagla chala chamba chamorro chandia chang
chango chapa chaparro charcopa chavarria chaves chavez checa chele chica chicaiza chila chiluisa chinga chiriboga
choez chuchuca chuga chuquimarca cifuentes cintron cirino cisneros cisterna cisternas clark clavijo clemente cobena
cobo cobos codina coello coleman coll collado collaguazo collao collazo collins coloma colon colunga comas concepcion
conde conejo conesa congo contreras cook cooper corbacho cordero cordoba cordova cornejo corominas coronado coronel
corozo corral corrales correa correal correia cortes cortez corvalan costa costela cotacachi cotto covarrubias cox
cozar crespi crespo criollo cruz cuadrado cubillos cuchiparte cuellar cuenca cuero cuervo cuesta cueto cueva cuji
cunha curiel cusme dahik dalmau daquilema davalos davila davis daza delfin delgadillo delgado demera dias diaz diego
dieguez dillon dinamarca domenech dominguez donaire donoso donovan doyle droguett drouet duarte duenas duque duran
echevarria echeverria edwards egas egea eguiguren elgueta elias elizondo eljuri elorza encalada endara enriquez erazo
erices escalante escalona escamilla escobar escobedo escolano escriva escudero esparza espejo espin espinal espinel
espino espinosa espinoza espitia esquibel esquivel estay esteban esteve estevez estrada estrella estupinan evans fabra
fabregas fabregat fajardo falco falcon falconi farfan farias farinango farre faundez febres feijo feijoo feliciano
feliu fernandes fernandez ferrada ferran ferrandez ferrandiz ferrando ferraz ferreira ferrer ferrera ferreras ferrero
ferreyra fierro figueira figueroa figuerola fiol fletcher flores fogaca folch fonseca font fortuny foster franch
francisco franco fredes freile freire freitas frias frutos fuelantala fuentealba fuentes fuenzalida fuster gabaldon
gaete gaibor gaitan gajardo galarza galaz galdames galeano galiano galindo gallardo gallart gallego gallegos
galleguillos gallo galvan galvez galvis gamboa gangotena gaona garate garay garces garcia gargallo garibay garica
garmendia garofalo garrido garriga garza garzon gascon gastelum gatica gavilan gavilanes gaviria gaya gaytan gelabert
gibert gil gilabert giler gimenez gimeno giner giraldo giralt giron gisbert godinez godoy goicoechea gollum gomes
gomez gomila gomis goncalves goni gonzabay gonzales gonzalez gonzalo gordillo granado granados granda granja gras grau
gray green grefa griego grijalva guachamin guajardo gual guaman guamani guaminga guamushig guanoluisa guanuche guaraca
guaranda guardiola guartatanga guerra guerrero guerron guevara guijarro guillen guitart gurule gutierrez guzman hall
haro harris harrison henao henderson henriquez heras heredia hermida hermosilla hernadez hernandes hernandez hernando
herranz herrera herrero hervas hervia hidalgo hinojosa holguin hormazabal howard hoyos hoz hughes huguet hurtado
ibacache ibanez ibarra iborra icaza iglesias imbaquingo iniesta iniguez inostroza intriago inzunza iriarte irizarry
isaias isern iturra iturralde iza izaguirre izquierdo izurieta jackson jacome jaen jaime jaimes jaque jaquez jara
jaramillo jarrin jasso jativa jaume jauregui jenkins jerez jesus jijon jimenez jiminez jodar jofre johnson jones jorda
jordan jorquera jove jover juan juarez julia julian jumbo jurado keller kelly king klinger laboy labra lacerda
lafuente lagos lamas landa lara larranaga larrea lasa lascano lasso lastra laureano laverde lazcano lazo leao lebron
lechon ledesma leiva lema lemus leon leones lerma lescano letelier lewis leyton leyva lillo lima limon linares lindao
lino lira litardo lituma lizama lizana llabres llado llamas lledo llerena llobet llopis llorens llorente lloret lluch
llumiquinga loaiza lobato lobo loera logrono lojan lojano lomeli londono longoria loor lopes lopez lorca lorenzo
losada lovato loya loyola lozada lozano lucas lucena lucero lucio ludena luengo luevano lugo luis lujan lumbreras luna
luque macas macedo machado machuca macias madariaga madrid madrigal maestas maestre mafla magana maidana maigua malave
maldonado malo mamani mancilla manjarrez manjon manosalvas manrique manriquez mansilla mantilla manuel manzanares
manzano marambio marchant marcillo marco marcos mardones marin marino marques marquez marrero marroquin marti martin
martinez martins martorell masaquiza mascarenas mascaro mata matamala mate mateo mateos mateu matias matos maturana
matus maureira maya mayol mayoral mayorga maza medel medina medranda medrano mejia mejias melendez melero melgar
mellado melo mena menchaca mendes mendez mendieta mendizabal mendonca mendoza menendez meneses mera meraz merchan
merejildo merino mero mesa mesias meza mieles miguel millan miller mina minda minguez mino miralles miramontes miranda
mireles mitchell mite mogrovejo mojica molano moles molina moliner molineros molins moll moncada moncayo mondaca
mondragon monge monje monreal monroy monsalve montalban montalvo montana montanez montano montecino montecinos
monteiro montemayor montenegro montero monteros montes montesdeoca montesinos montez montoya montserrat montufar moore
mora moraes moraga moraleda morales moran morante morata morcillo moreira morejon morell moreno morera moreta morgan
morillo morocho morris moscoso mosquera moura moya moyano mugica mulet munguia munive muniz munoz mur murillo murphy
muyolema nadal nagua najera naranjo narvaez nascimento naula nava navarrete navarro navas navia nazareno nazario nebot
negrete negron neira nelson nevarez nicolas nicolau nieves noboa nogueira noguera nogues norambuena noriega novaes
novais novak novillo novoa nunes nunez obando obregon ocampo ocana ochoa ojeda olate olave olaya olea oleas olguin
olivares olivarez olivas olive oliveira oliver olivera oliveras olivo oller olmedo olmo olmos olvera ona onate onofre
ontaneda ontiveros opazo oquendo orbe ordonez orellana orjuela ormeno ornelas orosco orozco orrala orrantia orrego
orta ortega ortiz ortuno osorio ospina ospino ossandon osses osuna otero ovalle oviedo oyarce oyarzo oyarzun ozuna
pablo pabon pachacama pacheco padilla padron paez pages paguay palacio palacios paladines palau pallares palma palmer
palomar palomares palomeque palomino panchana paniagua pantoja paredes parejo parker parra parraga parraguez parrales
parreno partida pascual pasten pastor patino patterson paucar pauta pavez paz pazmino pazos pedraza pedro pedrosa
pedroza peiro peixoto pelaez pellicer pena penafiel penaherrera penaloza penalver pera perales peralta perdomo perea
pereira perello perera peres pereyra perez perlaza perry pesantez peterson phillips pichardo pico piedra pilamunga
pilataxi pilay pilco pillajo pimenta pin pinargote pincay pincheira pineda pinedo pineiro pinilla pinol pinos pintag
pinto pinzon piquer pires pita pizarro pla planas plaza plua poblete pogo pol polanco poma pomares pombo ponce pons
pont ponton porcel porras porta portilla portillo potosi pou poveda powell poza pozo pozuelo prado prat prats preciado
price priego prieto proano puente puentes puetate puga puig pujadas pujol pujos pulgar pulido pulla queiroz querol
quesada quevedo quezada quichimbo quijada quijano quijije quimi quimis quinatoa quinchuqui quinde quingaluisa quinones
quinonez quintana quintanilla quintero quinteros quiroga quiros quiroz quishpe quispe quito racines rael ramirez ramis
ramon ramos ramsey rangel rascon raya razo rea real rebolledo rebollo recalde redrovan reed regalado reguera reig
reinoso rendon rengifo renteria requena resendez restrepo retamal retamales revelo revilla rey reyes reyna reynoso
rezabala riascos riba ribadeneira ribas ribeiro ribes ricart richardson rico riera riffo rincon riofrio riojas rios
ripoll riquelme rius rivadeneira rivas rivera rivero riveros roa robalino roberts robledo robles roca rocamora rocha
roda rodarte rodas rodenas rodrigez rodrigo rodrigues rodriguez rodriquez rogers roig rojano rojas roldan rolon roma
roman romero romeu romo ron ronquillo roque ros rosado rosales rosario rosas rosell rosello rosero ross rossello roura
rovira roybal royo rozas ruales ruano rubilar rubio rueda ruelas ruilova ruiz ruz saa saavedra sacoto saenz saez
sailema sainz saiz salamanca salas salazar salcedo salcido saldana saldias saldivar saldivia salgado salguero salinas
salmeron salom saltos salva salvador samaniego sampaio samper sanabria sanches sanchez sancho sanders sandoval
sangurima sanhueza sanjuan sanmartin sanmiguel sans santacruz santamaria santana santander santiago santibanez
santillan santos sanz sarabia sarango sarmiento sauceda saucedo saura scott sebastian sedano segarra segovia seguel
segura semanate seminario sempertegui sepulveda serna serra serrano serrato sevilla sevillano shiguango siavichay
sigcha sigcho siguencia silva silveira simbana simo sinaluisa sinchi siqueira sisalima sisneros smith sobarzo solano
soler solera solis soliz solorio solorzano solsona somoza soria soriano sornoza sosa sotelo soto sotomayor sousa souza
stewart suarez suazo sucuzhanay sullivan sumba suquilanda suquillo sureda tabango taboada tacuri tafoya talavera
tamarit tamariz tamayo tamez tandazo tanguila tapia tapuy taylor teixeira tejada tejeda tejera tejero tellez tello
tenelema tenesaca tenorio teran terron teruel thompson tibanlombo tigre tigrero tijerina tinajero tipan tipantuna
tisalema tituana toala toapanta toaquiza tobar toledo tolosa toloza tomala tomas toral tormo toro torralba torre
torrecilla torrens torrent torrents torres torrez torrijos toscano tovar trejo trevino triana trillo troncoso troya
trujillo tuarez tubon tudela tufino tulcan tumbaco turner ubillus ugalde ugarte ulibarri ullauri ulloa unda urbina
urena ureta urgiles uria uriarte urias uribe urra urrutia urzua usca uvidia uzcategui uzhca vaca valadez valarezo
valbuena valcarcel valdebenito valderrama valdes valdez valdivia valdivieso valencia valentin valenzuela valera valero
valladares valle vallejo vallejos valverde vanegas vaquero varas varela vargas vasco vasconcelos vasconcez vasconez
vasquez vazquez veas vega vejar vela velandia velasco velasquez velastegui velazquez vele velez veliz veloso venegas
vera verdezoto verdu verduga verduzco vergara viana vicencio vicens vicente vidal videla vieira viera vigil vila
vilalta vilanova vilaplana vilar vilches villa villablanca villacis villacres villafuerte villagomez villagra
villagran villalba villalobos villalonga villalpando villamar villamarin villamil villamizar villanueva villao villar
villareal villarreal villarroel villasenor villaverde villavicencio villegas villena vina vinas vinces vintimilla
vinueza vite viteri vivanco vivar viveros vizcaino walker ward watson webb webster white wilson wood wright yagual
yaguana yancha yanez yautibug ybarra yepes yepez young yulan yumbla yumbo yunda yunga yuste zabala zabaleta zambrano
zamora zamorano zamudio zapata zapater zapatero zaragoza zarate zavala zayas zeas zeballos zedillo zelaya zenteno
zepeda zhagui zhindon zhunio zorrilla zorro zuluaga zumba zuniga zurita
""")

#: Cities that are also surnames: after a given name, without *de*, they belong to the name.
CITY_SURNAMES = _set("salinas cuenca ibarra duran quevedo lima madrid tena loja milagro medellin")

#: Towns that are surnames first, where a name was asked for.
SURNAMES_FIRST = _set("salinas duran quevedo ibarra")

TITLES = _set("""
ing arq dr dra lic lcda lcdo licda licdo abg ab econ ec sr sra srta sres don dona msc mgs mg phd prof tlgo tlga mr mrs
ms miss sir ingeniero ingeniera arquitecto arquitecta doctor doctora licenciado licenciada abogado abogada economista
senor senora senorita profesor profesora profe inge doc hna hno padre madre sor fray hermana hermano rector rectora director directora
maestro maestra capitan coronel sargento teniente mayor cabo general pastor reverendo notario notaria psicologa
psicologo psic obstetra chef contador contadora cpa tnte crnl cap gral dir lcd senhor senhora seu professor mister
""")

#: After `soy`: what a person is, not how they are called.
ROLES = _set("""
batman superman spiderman ironman hulk goku vegeta shrek pikachu barbie grinch santa papanoel dracula tarzan godzilla
vader rambo terminator messi neymar ronaldinho jesucristo mickey minnie gandalf picoro piolin
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
inc corp llc muebleria colineal financiera financieras crediticia prestamista aseguradora caja inversiones bar local tienda seguros servicios soluciones importaciones transportes viajes tecnologia
marketing publicidad bienes inmuebles finanzas consultores asociados decoraciones eventos catering turismo textiles
maderas imprenta laboratorio laboratorios confecciones construcciones arquitectos abogados hermanos asociacion gobierno
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
