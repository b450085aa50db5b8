import pytest


@pytest.mark.parametrize(
    ("text", "products"),
    [
        # Forms and spellings.
        ("busco sofacito barato", {"sofá"}),
        ("una sillita y una mesita para mis guaguas", {"silla", "mesa"}),
        ("q precio tiene el comedro de 6 puestos", {"comedor"}),
        ("kiero un eskritorio", {"escritorio"}),
        ("almoadas y sabanas", {"almohada", "sábana"}),
        ("colchn de 2 plasas", {"colchón"}),
        ("quisiera comprar unos mueblecitos", {"mueble"}),
        # Compounds.
        ("busco una mesa redonda de centro", {"mesa de centro"}),
        ("mueble para el televisor", {"mueble de tv"}),
        ("sofá que se haga cama", {"sofá cama"}),
        ("silla negra giratoria para oficina", {"silla de oficina"}),
        ("quiero una silla gamer o de escritorio que sea cómoda", {"silla de oficina"}),
        ("bancos altos para la barra", {"taburete"}),
        ("sillones de cuero reclinables", {"reclinable"}),
        ("muebles de jardín", {"mueble de exterior"}),
        ("mesita de luz", {"velador"}),
        ("I need a couch and two armchairs", {"sofá", "sillón"}),
        ("vocês vendem criado-mudo?", {"velador"}),
        # Parts, rooms and other senses.
        ("lámpara de mesa", {"lámpara"}),
        ("sábanas para cama king", {"sábana"}),
        ("clóset con espejo", {"clóset"}),
        ("comedor con 6 sillas", {"comedor"}),
        ("cama con cajones y dos veladores", {"cama", "velador"}),
        ("adornos para la mesa del comedor", {"adorno"}),
        ("sillas para la sala de espera", {"silla"}),
        ("lámpara para el comedor", {"lámpara"}),
        ("una silla cómoda", {"silla"}),
        ("cama veladores y cómoda", {"cama", "velador", "cómoda"}),
        ("quiero decorar mi sala", set()),
        ("quiero renovar mi comedor", {"comedor"}),
        ("quiero gastar 1500 en una sala", {"sala"}),
        ("puf, qué difícil", set()),
        ("silla de ruedas", set()),
        ("una funda para sofá", set()),
        ("tienen refrigeradoras?", set()),
        ("alquilan sillas para eventos?", set()),
        ("vendo mi sofá usado", set()),
        ("de qué fábrica de muebles son?", set()),
        # Owned and refused.
        ("ya tengo cama, necesito colchón", {"colchón"}),
        ("tengo sala y comedor, me falta la cama", {"cama"}),
        ("cojines que combinen con mi sofá café", {"cojín"}),
        ("mi sofá está viejo y quiero uno nuevo", {"sofá"}),
        ("tengo una mesa vieja y quiero otra mesa", {"mesa"}),
        ("no quiero sofá, quiero butaca", {"butaca"}),
        ("sofá no, butaca", {"butaca"}),
        ("cambiar el sofá por una butaca", {"butaca"}),
        ("colchón no porque ya tengo", set()),
        ("no es solo la cama, también los veladores", {"cama", "velador"}),
        ("no tienen cunas?", {"cuna"}),
    ],
)
def test_one_message(customer, text, products):
    assert customer.says(text).products == products


@pytest.mark.parametrize(
    ("texts", "products"),
    [
        (("quiero sofá", "y una mesa de centro"), {"sofá", "mesa de centro"}),
        (("quiero sofá y mesa", "mejor solo el sofá"), {"sofá"}),
        (("quiero sofá y mesa", "la mesa ya no"), {"sofá"}),
        (("quiero sofá", "perdón, sillón"), {"sillón"}),
        (("quiero sofá", "mejor una butaca"), {"butaca"}),
        (("quiero sofá", "también una butaca"), {"sofá", "butaca"}),
        (("quiero sofá", "ya no lo quiero"), set()),
        (("quiero sofá y cama", "quite la cama", "mejor sí la cama"), {"sofá", "cama"}),
        (("busco muebles", "sofá y cama"), {"sofá", "cama"}),
        (("venden manteles?", "pa mesa de 8 puestos"), {"mantel"}),
        (("quiero sofá", "la orden de antes llegó con la silla rota"), {"sofá"}),
    ],
)
def test_over_time(customer, texts, products):
    assert customer.says(*texts).products == products


def test_need_is_in_the_customers_words(customer):
    customer.says("Hola! necesito un sofá de 3 puestos, gracias")
    assert customer.value("need") == "necesito un sofá de 3 puestos"


@pytest.mark.parametrize(
    ("turns", "products"),
    [
        (["todavía no tengo ni cama ni sábanas"], {"cama", "sábana"}),
        (["estoy en cama con gripe, quiero ver colchones"], {"colchón"}),
        (["quiero cambiar mi sofá viejo por un chaise longue"], {"sofá"}),
        (["ella compró un comedor y yo quiero una alfombra"], {"alfombra"}),
        (["busco una lámpara", "cuna y velador ya tengo"], {"lámpara"}),
        (["ya hay 2 escritorios, falta una silla giratoria"], {"silla de oficina"}),
        (["quiero un comedor", "con seis sillas"], {"comedor"}),
        (["un tocador, lo quiero con espejo redondo"], {"tocador"}),
        (["quiero una mesa de centro", "la mesita en negro"], {"mesa de centro"}),
        (["quiero una cama", "olvídese de la cama, un sofá"], {"sofá"}),
        (["quiero una cama", "ya no"], set()),
        (["travesseiro não precisa, só almofada"], {"cojín"}),
        (["retapizan sillones antiguos? tengo uno"], set()),
        (["arriendan sillas para bautizos?"], set()),
        (["cómo limpio el colchón?"], set()),
        (["con qué saco la mancha de vino de la alfombra?"], set()),
        (["quiero 4 sillas, la mesa sigue buena"], {"silla"}),
        (["el ropero que me vendieron tiene una puerta rota, y quiero una cómoda"], {"cómoda"}),
        (["quiero una cama", "y si mejor es litera?"], {"litera"}),
        (["quiero una cama", "un sofá cama más bien"], {"sofá cama"}),
        (["quiero un sofá", "ay no, ese no. El que quiero es el reclinable"], {"reclinable"}),
        (["quiero un sofá", "pensándolo bien, mejor no"], set()),
        (["a couch and a desk", "scrap the desk, we have one"], {"sofá"}),
    ],
)
def test_more_ways_to_want(customer, turns, products):
    assert customer.says(*turns).products == products


@pytest.mark.parametrize(
    "text",
    [
        "al final no vamos a comprar el espejo",
        "ya no me cotice el espejo",
        "descartemos el espejo",
        "desisto del espejo",
        "me arrepentí del espejo",
        "we decided against the mirror",
        "el espejo ya lo conseguí",
        "el espejo me lo presta mi hermana",
        "el espejo lo dejamos para después",
        "el espejo queda para otra ocasión",
        "el espejo está muy caro, ese no",
        "lo del espejo ya no va",
        "el espejo queda fuera",
        "quedémonos con el colchón",
        "el colchón nomás",
        "si no tienen el espejo me llevo solo el colchón",
    ],
)
def test_left_out(customer, text):
    assert customer.says("busco un colchón y un espejo", "Ana Mora", text).products == {"colchón"}


@pytest.mark.parametrize(
    "text",
    [
        "no encuentro el espejo en la página",
        "no me gusta el espejo redondo, hay cuadrado?",
        "ese espejo no, el otro que tenían en la vitrina",
        "no compraría el espejo sin verlo",
        "no quiero que el espejo sea pesado",
        "no quiero esperar tanto por el espejo",
        "no estoy segura del espejo",
        "incluye los cojines?",
        "no me gusta el color del espejo",
        "no llevo prisa con el espejo",
        "que no sea muy caro el espejo",
        "no es para mí el espejo, es para mi mamá",
        "cuando cancele el espejo me lo entregan el mismo día?",
        "saque la cuenta con el espejo",
    ],
)
def test_not_left_out(customer, text):
    assert customer.says("busco un colchón y un espejo", "Ana Mora", text).products == {"colchón", "espejo"}


@pytest.mark.parametrize(
    ("turns", "products"),
    [
        (["busco un colchón", "Ana", "en vez del colchón un espejo"], {"espejo"}),
        (["busco un colchón", "Ana", "espejo quise decir"], {"espejo"}),
        (["busco un colchón", "Ana", "*espejo"], {"espejo"}),
        (["busco un sofá y una alfombra", "Ana", "en realidad necesito sillón, no sofá"], {"sillón", "alfombra"}),
        (["busco un sofá y una alfombra", "Ana", "mejor 2 sillones que un sofá"], {"sillón", "alfombra"}),
        (["busco un sofá y una alfombra", "Ana", "y el sofá que sea cama"], {"sofá cama", "alfombra"}),
        (["busco un sofá y una alfombra", "Ana", "ninguno de los dos"], set()),
        (["busco un sofá", "Ana", "ya lo compré en la feria"], set()),
        (["tengo cama queen y el colchón que compré en otra tienda se hundió, quiero uno nuevo"], {"colchón"}),
        (["tengo cama de 2 plazas, qué sábanas tienen?"], {"sábana"}),
        (["mi comedor ya está feo, quiero otro"], {"comedor"}),
        (["mi cuarto tiene cama, necesito cómoda"], {"cómoda"}),
        (["como en la cama porque no tengo comedor"], {"comedor"}),
        (["quisiera sacar a crédito una sala"], {"sala"}),
        (["I'd like to buy a desk lamp"], {"lámpara"}),
        (["un espego"], {"espejo"}),
        (["el tocador con taburete"], {"tocador"}),
        (["sofá", "es para la sala, junto al comedor"], {"sofá"}),
        (["busco un sofá", "Ana", "me olvidé de pedirle también una lámpara"], {"sofá", "lámpara"}),
        (["para una mesa de 8 puestos qué mantel me sirve?"], {"mantel"}),
        (["quiero cambiar el look de mi sala con una alfombra"], {"alfombra"}),
        (["quiero tapizar mis sillas o comprar nuevas"], {"silla"}),
        (["alquilan sillas tiffany para una boda?"], set()),
        (["busco muebles", "de sala"], {"sala"}),
        (["me fue bien con el comedor que les compré, ahora vamos por la sala"], {"sala"}),
    ],
)
def test_still_more_ways_to_want(customer, turns, products):
    assert customer.says(*turns).products == products


@pytest.mark.parametrize(
    "text",
    [
        "toca ir en carro?",
        "where is the closest store?",
        "something that matches my walls",
        "venden tablets?",
        "cuando desees",
    ],
)
def test_words_a_letter_from_a_product(customer, text):
    assert customer.says(text).products == set()


@pytest.mark.parametrize(
    ("last", "products"),
    [
        ("mi cuñada nos regala la litera y el escritorio", set()),
        ("el escritorio me lo hace mi tío, que es carpintero", {"litera"}),
        ("busco escritorio, mi vecina me vende la litera", {"escritorio"}),
        ("mi vecina me vende la litera, la quito de la lista", {"escritorio"}),
        ("ya no va la litera", {"escritorio"}),
    ],
)
def test_what_others_provide_leaves_the_list(customer, last, products):
    assert customer.says("Quiero una litera y un escritorio", last).products == products


@pytest.mark.parametrize(
    ("last", "back"),
    [
        ("mejor sí déjela", True),
        ("siempre sí la quiero", True),
        ("no, sí póngala nomás", True),
        ("mejor sí", True),
        ("sí, está bien así", False),
        ("déjelo así nomás", False),
        ("ok gracias", False),
    ],
)
def test_what_was_withdrawn_comes_back_by_a_pronoun(customer, last, back):
    customer.says("Quiero un sofá y una mesa", "quite la mesa", last)
    assert customer.products == ({"sofá", "mesa"} if back else {"sofá"})


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("un sofá que de noche se haga cama", {"sofá cama"}),
        ("un sofá de los que se abren y queda una cama", {"sofá cama"}),
        ("un sofá que también sirva de cama", {"sofá cama"}),
        ("a couch that turns into a bed", {"sofá cama"}),
        ("quiero un sofá y una cama", {"sofá", "cama"}),
        ("comedor sin sillas, solo la mesa", {"mesa"}),
        ("del comedor solo quiero la mesa", {"mesa"}),
        ("tengo escritorio pero no silla", {"silla"}),
        ("el comedor no me cabe, quiero uno de 4 puestos", {"comedor"}),
        ("el escritorio ya lo tengo, la silla no", {"silla"}),
        ("no es librero, es cómoda", {"cómoda"}),
        ("alkilan mesas y siyas?", set()),
        ("sillas para alquilar tienen?", set()),
        ("cuánto por el alquiler de 50 sillas?", set()),
        ("mi hermana necesita una cómoda pero ella les escribe", set()),
        ("mi mamá quiere una cama, cuánto cuesta?", {"cama"}),
    ],
)
def test_one_piece_or_two_and_whose(customer, text, products):
    assert customer.says(text).products == products
