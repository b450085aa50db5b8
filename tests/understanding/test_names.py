import pytest


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("claro, Andrés", "Andrés"),
        ("Andrés nomás", "Andrés"),
        ("con paola mora", "Paola Mora"),
        ("aquí Luis", "Luis"),
        ("le saluda Martín Egüez", "Martín Egüez"),
        ("me dicen Chela", "Chela"),
        ("de parte de Ricardo Bajaña", "Ricardo Bajaña"),
        ("soy yuli bajaña de manta", "Yuli Bajaña"),
        ("si claro mi nombre es Yuliana Bajaña y necesito que sea rápido", "Yuliana Bajaña"),
        ("JONATHAN VERA", "Jonathan Vera"),
        ("juan sebastián de la torre", "Juan Sebastián de la Torre"),
        ("Rodrigo Del Pozo", "Rodrigo Del Pozo"),
        ("Wladimir Paz y Miño", "Wladimir Paz y Miño"),
        ("Lcda. María Eugenia De la Cruz", "María Eugenia De la Cruz"),
        ("Soy el Arq. Mauro Cordero", "Mauro Cordero"),
        ("doña Mechita", "Mechita"),
        ("Hilda Moreira, maestra jubilada", "Hilda Moreira"),
        ("Teo Rivadeneira, gerente de compras", "Teo Rivadeneira"),
        ("soy mamá primeriza, Pamela Suárez", "Pamela Suárez"),
        ("Anita de Loja", "Anita"),
        ("soy Luis Quevedo de Quevedo", "Luis Quevedo"),
        ("Milagros", "Milagros"),
        ("no soy Juan, soy Pedro", "Pedro"),
        ("yo soy Pedro y mi esposa es Karina", "Pedro"),
        ("Está a nombre de Luis Peralta, ese soy yo", "Luis Peralta"),
        ("Nicolás Ubidia y quiero saber si tienen en gris", "Nicolás Ubidia"),
        ("soy nicolas quiero saber si hay en gris", "Nicolas"),
        ("Teo Rivadeneira 0991234567", "Teo Rivadeneira"),
        ("Patrick O'Connor", "Patrick O'Connor"),
        ("I'm Dakota", "Dakota"),
        ("Laura Chen here", "Laura Chen"),
        ("meu nome é Thaísa Prado", "Thaísa Prado"),
        ("sou a Letícia", "Letícia"),
        ("Tefa 🌸", "Tefa"),
        ("con Orlando Tapia habla", "Orlando Tapia"),
        ("Orlando Tapia habla", "Orlando Tapia"),
        ("Brian Collins speaking", "Brian Collins"),
        ("Mi nombrecito es Carmita Lituma", "Carmita Lituma"),
        ("puede poner Viviana Tigre", "Viviana Tigre"),
        ("Viviana Tigre / Machala", "Viviana Tigre"),
        ("Viviana Tigre CI 1712345678", "Viviana Tigre"),
        ("0987654321 Viviana Tigre", "Viviana Tigre"),
        ("Debe decir Graciela Ayala, que soy yo", "Graciela Ayala"),
        ("le saluda Ernesto Gavilanes de InverFácil", "Ernesto Gavilanes"),
        ("Jean-Pierre Dupont", "Jean-Pierre Dupont"),
        ("Ma. Fernanda Ríos", "Ma Fernanda Ríos"),
        ("rafaela la quiero de dos plazas", "Rafaela"),
        ("Jessenia está bien", "Jessenia"),
        ("solo Jessenia", "Jessenia"),
        ("Jessenia Chila y mi esposo Marco", "Jessenia Chila"),
        ("Juan Casas", "Juan Casas"),
        ("Consuelo Rey", "Consuelo Rey"),
        ("Nombre Patricio, apellido Larrea", "Patricio Larrea"),
        ("soy de apellido Larrea", "Larrea"),
        ("Patricio Larrea Msc.", "Patricio Larrea"),
    ],
)
def test_answer(customer, text, name):
    assert customer.says("Busco un sofá", text).value("name") == name


@pytest.mark.parametrize(
    "text",
    [
        "es para mi hija Camila",
        "mi mamá se llama Esperanza",
        "Karina, mi esposa, es la que sabe",
        "Hola Andrea",
        "gracias Andrea",
        "me atendió la señorita Rebeca",
        "soy de Loja",
        "soy cliente antiguo",
        "soy alérgica al polvo",
        "soy diseñadora de interiores",
        "soy el que llamó ayer",
        "el sofá Valentina",
        "color nogal",
        "de dos plazas",
        "ortopédico",
        "prefiero no decirlo",
        "no quiero dar mi nombre",
        "para qué quiere mi nombre?",
        "sofia.cedeno@gmail.com",
        "me equivoqué",
        "quítelo",
        "la factura a nombre de Comercial Loor",
        "el blanquito",
        "la chiquita",
        "la blanca",
        "medianito",
        "vintage",
        "mostaza",
        "Toscana",
        "la Oslo",
        "con patas",
        "soy hombre",
        "soy profe",
        "mi jefe, el señor Paredes, pregunta",
        "el arquitecto es Marco Bone",
        "quiero hablar con Luis",
        "call me back later",
        "okis",
    ],
)
def test_no_answer(customer, text):
    assert customer.says("Busco un sofá", text).value("name") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Socorro Pérez, necesito lámparas colgantes", "Socorro Pérez"),
        ("Necesito una mesa. Atentamente, Rebeca Tamayo", "Rebeca Tamayo"),
        ("Necesito una mesa.\n\nRebeca Tamayo", "Rebeca Tamayo"),
        ("Necesito una mesa. Saludos, Rebeca", "Rebeca"),
        ("Buenas noches, Rebeca Tamayo les saluda", "Rebeca Tamayo"),
        ("hola soy rebeca y quiero un sofa cama", "Rebeca"),
        ("Hola Rebeca, necesito un sofá", None),
        ("Estimada Rebeca: necesito un sofá", None),
        ("buenas tardes con rebeca, necesito una mesa", "Rebeca"),
        ("rebeca tamayo necesito sillas", "Rebeca Tamayo"),
        ("busco una mesa. Rebeca", "Rebeca"),
        ("busco una mesa - Rebeca", "Rebeca"),
        ("busco una mesa. Rebeca de Quito", "Rebeca"),
        ("Rebeca Tamayo, buenas tardes. Necesito sillas", "Rebeca Tamayo"),
        ("busco una mesa, Rebeca", None),
        ("buenas, con Rebeca por favor", None),
        ("con luz quiero un velador", None),
        ("quiero un cojín. Blanca", None),
        ("Rebeca gracias", None),
    ],
)
def test_unasked(customer, text, name):
    assert customer.says(text).value("name") == name


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("soy Ana", "mi apellido es Molina"), "Ana Molina"),
        (("me llamo Ana", "Ana Molina"), "Ana Molina"),
        (("mi nombre es efrén y mi apellido zambrano",), "Efrén Zambrano"),
        (("soy Jhoana Gonzales", "es con z al final: Gonzalez"), "Jhoana Gonzalez"),
        (("soy Jorje Paredes", "*Jorge"), "Jorge Paredes"),
        (("soy Alan Cedeño", "mal escrito, es Allan con doble ele"), "Allan Cedeño"),
        (("soy Luis Armas", "soy Luis"), "Luis Armas"),
        (("soy Luis", "mi esposa Ana va a ir"), "Luis"),
    ],
)
def test_over_time(customer, texts, name):
    assert customer.says(*texts).value("name") == name


def test_person_is_never_replaced(customer):
    from dataclasses import replace

    from understanding import Slot

    customer.says("hola")
    customer.state = replace(customer.state, slots={"name": Slot("Olga Rey", 1.0, source="person")})
    assert customer.says("soy Pedro Mora").value("name") == "Olga Rey"


@pytest.mark.parametrize(
    ("turns", "name"),
    [
        (["Zoraida Pilay por acá"], "Zoraida Pilay"),
        (["Wilmer", "Pincay es mi apellido"], "Wilmer Pincay"),
        (["Wilmer", "Tzukunanki"], "Wilmer Tzukunanki"),
        (["Yadira Loor", "no es Yadira, es Jadira"], "Jadira Loor"),
        (["Maritza Loor", "Maritza no, Marisa"], "Marisa Loor"),
        (["mis nombres son Luz María y mis apellidos Chango Tene"], "Luz María Chango Tene"),
        (["MARCO DEL CAMPO"], "Marco del Campo"),
        (["anote Rodolfo Beltrán"], "Rodolfo Beltrán"),
        (["Manuel Loja, cédula 1103344556"], "Manuel Loja"),
        (["Marlon Intriago - Quevedo"], "Marlon Intriago"),
        (["it's under my name, Claire Dunham"], "Claire Dunham"),
        (["soi kerly montesdeoca"], "Kerly Montesdeoca"),
        (["mentira, no es para ya"], None),
        (["uf, 1.480 me parece una barbaridad"], None),
        (["soy amigo de Luis"], None),
        (["soy Goku"], None),
        (["Preciooo"], None),
        (["Imformacion"], None),
        (["pensándolo bien, ya no"], None),
        (["somos Financiera PlataFácil"], None),
        (["Durán"], "Durán"),
        (["Elsa Cuencano"], "Elsa Cuencano"),
        (["va a nombre mío, Sandra Pilco"], "Sandra Pilco"),
        (["Yésica Paredes", "el corrector me lo cambió, es Jésica"], "Jésica Paredes"),
    ],
)
def test_more_ways_to_answer(customer, turns, name):
    assert customer.says("busco una cama", *turns).value("name") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("me disen Maru", "Maru"),
        ("me yaman Chío", "Chío"),
        ("mellamo Luis Quishpe", "Luis Quishpe"),
        ("nombre completo Walter Rivadeneira Plaza", "Walter Rivadeneira Plaza"),
        ("ernesto de la cuadra", "Ernesto de la Cuadra"),
        ("Miller, David", "David Miller"),
        ("Vera Loor, Carlos", "Carlos Vera Loor"),
        ("Karla\nQuijije", "Karla Quijije"),
        ("José\nde Quito", "José"),
        ("Luis Cama", "Luis Cama"),
        ("Luis, cama también", "Luis"),
        ("anóteme a nombre de Luis Vera", "Luis Vera"),
        ("Señora Blanca Ruales", "Blanca Ruales"),
    ],
)
def test_names_in_other_shapes(customer, text, name):
    assert customer.says("Busco un sofá", text).value("name") == name


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("Busco sofás", "Soy María, mi presupuesto es de 500 a 900 dólares"), "María"),
        (("hola", "soy Pedro Loor", "quiero una cama"), "Pedro Loor"),
        (("Quiero una cama", "me llamo Rosa, soy de Loja"), "Rosa"),
        (("soy Luis, mi correo es luis@example.com", "busco sillas"), "Luis"),
        (("Soy Carmen, tengo 300 para un velador",), "Carmen"),
        (("soy José, mi número es 0987654321, mi presupuesto 400",), "José"),
        (("Soy Elena, mi casa queda en Loja", "necesito un comedor"), "Elena"),
        (("cama de dos plazas", "para Loja", "Soy Marta Iza, mi hermana me pasó el número"), "Marta Iza"),
    ],
)
def test_presented_among_other_words(customer, texts, name):
    assert customer.turn(*texts).value("name") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Katiuska Perlaza B.", "Katiuska Perlaza B"),
        ("Gonzalo P. Estrella", "Gonzalo P Estrella"),
        ("Stalin Zambrano Z", "Stalin Zambrano Z"),
        ("Nelly Cruz Y necesito factura", "Nelly Cruz"),
    ],
)
def test_initials_belong_to_the_name_and_stay_without_their_dot(customer, text, name):
    assert customer.says("Busco un sofá", text).value("name") == name
