"""What makes a complaint by composition, what only sounds like one, and the way back to a purchase."""

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "La silla giratoria que me vendieron ya no sube",
        "ya cancelé el colchón y no sé cuándo llega",
        "ya pagué la mesa y quisiera saber si ya salió",
        "me mandaron la mesa con una pata más corta",
        "compré la butaca hace tres meses y la costura ya se abrió",
        "el escritorio que les compré cruje horrible",
        "el colchón huele raro desde que lo trajeron",
        "Me llegaron 5 almohadas de las 6 que pagué",
        "ya pasaron 10 días y mi comedor no llega",
        "el técnico que iba a venir nunca apareció",
        "los muchachos que armaron el ropero lo dejaron torcido",
        "en mi estado de cuenta salen dos débitos por la misma compra",
        "me cobraron el armado y en la promo decía gratis",
        "ya no quiero el velador que encargué, me devuelven lo que aboné?",
        "hice un pedido por la web y quiero modificar la dirección",
        "me equivoqué de RUC en la compra de ayer, pueden corregir?",
        "páseme con alguien que resuelva, tengo un problema con la entrega",
        "oiga la cama q me trajieron esta torsida",
        "Your driver never showed up",
        "I was overcharged on my last order",
        "minha mesa chegou com um risco enorme",
        "o montador não apareceu",
    ],
)
def test_composed(customer, text):
    customer.says(text)
    assert customer.support
    assert customer.products == set()


@pytest.mark.parametrize(
    "text",
    [
        "si el sofá no me entra por la puerta lo puedo devolver?",
        "cómo le quito la mancha de vino a la alfombra?",
        "no sé si llegan a Loja con el sofá",
        "y la garantía cubre si se hunde?",
        "mi cama se rompió anoche, necesito una urgente",
        "el que compré en otro almacén se me peló en un año",
        "mis hijos dañaron el sofá, qué telas resistentes tienen?",
        "buscamos sillas que no se desarmen",
        "nos casamos hace un mes y todavía no tenemos comedor",
        "la factura puede salir con otro RUC?",
        "no me llegó la foto, me la reenvía?",
        "me dijeron que hoy hay promoción",
        "can I get a refund if I don't like it?",
        "quebrou minha cadeira, quero comprar outra",
    ],
)
def test_before_a_purchase(customer, text):
    assert not customer.says(text).support


@pytest.mark.parametrize("text", ["volviendo a la lámpara, en negro", "la lámpara la quiero dorada, tengo 90"])
def test_back_to_what_was_asked_before(customer, text):
    customer.says("quiero una lámpara", "el sofá que me trajeron llegó roto", text)
    assert not customer.support
    assert customer.products == {"lámpara"}


@pytest.mark.parametrize("text", ["necesito el sofá ya", "quiero que me manden otro sofá", "el sofá lo compré en mayo"])
def test_still_the_complaint(customer, text):
    assert customer.says("mi sofá llegó roto", text).support


@pytest.mark.parametrize(
    "text",
    [
        "pagué el comedor y van 3 semanas sin entregarme nada",
        "hoy me entregan y nadie llega",
        "vinieron a armar el clóset y no terminaron",
        "el de la moto no ha venido",
        "mi reclinable dejó de funcionar",
        "la mesa que me mandaron baila",
        "el sofá ya se peló y no tiene ni un año",
        "para cuándo está mi sala? la pagué el 3",
        "la alfombra que compré no me queda, quiero cambiarla",
        "vengo por lo de la garantía del sofá",
        "me atendieron muy mal en la tienda",
    ],
)
def test_more_complaints(customer, text):
    assert customer.says(text).support


@pytest.mark.parametrize(
    "text",
    [
        "me mandaron mal la foto",
        "cuánto demora un pedido a Loja?",
        "se rompió mi silla de oficina, qué modelos tienen?",
        "el sofá que compré en Marcimex salió malo, quiero uno de calidad",
        "aún no recibo mi sueldo, a fin de mes compro",
    ],
)
def test_more_before_a_purchase(customer, text):
    assert not customer.says(text).support


@pytest.mark.parametrize(
    "text",
    ["quiero un sofá nuevo", "me costó 900 dólares el sofá", "necesito el sofá para el sábado", "y lo del sofá roto?"],
)
def test_what_was_complained_of_is_not_wanted(customer, text):
    assert customer.says("el sofá que les compré llegó roto", text).support


@pytest.mark.parametrize("text", ["un sillón para mi papá, qué tienen?", "ok. tengo 500 para un sillón"])
def test_another_thing_is_wanted(customer, text):
    customer.says("el sofá que les compré llegó roto", text)
    assert not customer.support
    assert customer.products == {"sillón"}
