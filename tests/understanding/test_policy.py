from understanding import Budget, Criteria, Slot, State, Understanding, advance, begin_anew, decide


def known(**values) -> Understanding:
    return Understanding({name: Slot(value, 0.97) for name, value in values.items()})


def test_the_flow_of_the_readme(customer):
    turns = [
        ("Hola, buenos días", "cold", "ask_clarifying_question"),
        ("Busco sofás", "warm", "request_contact_info"),
        ("Soy María, necesito un sofá de 3 puestos", "warm", "gather_more_details"),
        ("Mi presupuesto es $2000", "hot", "create_lead"),
    ]
    for text, quality, action in turns:
        customer.says(text)
        assert (customer.decision.quality, customer.decision.action) == (quality, action)


def test_hot_needs_name_product_and_budget_or_urgency():
    hot = known(name="Ana", products=("sofá",), budget=Budget(None, 500))
    assert decide(hot, State()).quality == "hot"
    assert decide(known(name="Ana", products=("sofá",), urgency="high"), State()).action == "create_lead"
    assert decide(known(name="Ana", products=("sofá",), urgency="medium"), State()).quality == "warm"
    assert decide(known(name="Ana", products=("mueble",), budget=Budget(None, 500)), State()).quality == "warm"
    assert decide(known(email="a@b.ec", products=("sofá",), budget=Budget(None, 5)), State()).quality == "warm"


def test_budget_below_the_minimum_is_not_hot():
    criteria = Criteria(hot_budget=500, hot_budgets={"lámpara": 50})

    def judge(products, budget, **values):
        seen = known(name="Ana", products=products, budget=budget, **values)
        return decide(seen, State(), criteria)

    low = judge(("sofá",), Budget(None, 300), urgency="high")
    assert (low.quality, low.action) == ("warm", "create_lead"), "nothing is left to ask"
    assert ("budget_below", "sofá", "500") in {(each.code, each.subject, each.detail) for each in low.reasons}
    assert judge(("sofá",), Budget(500, 500)).quality == "hot"
    assert judge(("sofá",), Budget(400, None)).quality == "warm"
    assert judge(("sofá", "lámpara"), Budget(None, 300)).quality == "hot", "it is enough for one of them"
    assert decide(known(name="Ana", products=("sofá",), urgency="high"), State(), criteria).quality == "hot"
    assert decide(known(name="Ana", products=("sofá",), budget=Budget(None, 1)), State()).quality == "hot"


def test_city_is_warm_only_with_a_question():
    assert decide(known(city="Loja"), State()).quality == "cold"
    asked = Understanding({"city": Slot("Loja", 0.97)}, inquired=True)
    assert decide(asked, State()).quality == "warm"
    assert decide(asked, State()).action == "ask_clarifying_question"


def test_one_insistence_then_a_warm_lead():
    state, seen = State(), known(name="Ana", products=("sofá",))
    first = decide(seen, state)
    second = decide(seen, advance(state, seen, first))
    assert [first.action, second.action, second.quality] == ["gather_more_details", "create_lead", "warm"]
    assert second.reasons[0].code == "insisted"


def test_insist_is_a_setting():
    for times in range(4):
        state, actions = State(), []
        while "create_lead" not in actions:
            seen = known(name="Ana", products=("sofá",))
            decision = decide(seen, state, Criteria(insist=times))
            state = advance(state, seen, decision)
            actions.append(decision.action)
        assert actions == ["gather_more_details"] * times + ["create_lead"]


def test_a_lead_stays_a_lead_and_support_comes_first():
    state = State(lead=True)
    assert decide(known(), state).action == "create_lead"
    assert decide(Understanding({}, support=True), state).action == "transfer_to_support"


def test_criteria():
    email = known(email="a@b.ec", products=("sofá",))
    assert decide(email, State()).action == "request_contact_info"
    assert decide(email, State(), Criteria(contact=("name", "email"))).action == "gather_more_details"
    assert decide(known(products=("sofá",)), State(), Criteria(contact=("phone",))).action == "gather_more_details"
    general = known(name="Ana", products=("mueble",))
    assert decide(general, State()).action == "ask_about_interest"
    assert decide(general, State(), Criteria(interest="any")).action == "gather_more_details"
    assert decide(general, State(), Criteria(interest="any", clear_intent=False)).action == "create_lead"
    hot = known(name="Ana", products=("sofá",), urgency="high")
    assert decide(hot, State(), Criteria(hot=("budget",))).quality == "warm"
    assert decide(hot, State(), Criteria(hot_needs_all=True)).quality == "warm"


def test_completeness():
    everything = known(
        name="Ana", products=("sofá",), need="x", email="a@b.ec", city="Loja", budget=Budget(None, 1), urgency="low"
    )
    assert decide(everything, State()).completeness == 1
    assert decide(known(), State()).completeness == 0
    assert decide(known(name="Ana"), State()).completeness == round(0.7 / 3, 4)
    assert decide(known(email="a@b.ec"), State()).completeness == 0.075


def test_state_survives_json(customer):
    customer.says("Soy Ana, busco sofá y cama", "hasta 500", "hacen envíos a Loja?")
    assert State.from_json(customer.state.to_json()) == customer.state


def test_reasons_are_data(customer):
    customer.says("Soy Ana, busco sofá, hasta 500")
    reasons = {(reason.code, reason.subject): reason.detail for reason in customer.decision.reasons}
    assert reasons["known", "budget"] == "-500"
    assert ("missing", "email") in reasons and ("quality", "hot") in reasons


def test_provenance(customer):
    customer.turn("Hola", "soy Ana Mora", "quiero una mesa")
    name, products = customer.state.slots["name"], customer.state.slots["products"]
    assert (name.quote, name.message, name.source) == ("Ana Mora", "m1", "rule")
    assert (products.quote, products.message) == ("mesa", "m2")


def test_a_complaint_is_remembered_in_json(customer):
    customer.says("el sofá que les compré llegó roto")
    assert customer.state.complained == ("sofá",)
    assert State.from_json(customer.state.to_json()) == customer.state


def after_the_sale(customer):
    customer.says("Soy Ana, vivo en Loja, busco un sofá", "tengo $900")
    assert customer.state.lead
    customer.state = begin_anew(customer.state)
    return customer


def test_after_a_sale_only_the_person_is_kept(customer):
    after_the_sale(customer).says("Ahora busco una mesa")
    assert customer.products == {"mesa"}
    assert (customer.value("name"), customer.value("city"), customer.budget) == ("Ana", "Loja", None)
    assert customer.decision.action == "gather_more_details"
    assert customer.says("unos $300").decision.action == "create_lead"
    assert customer.decision.reasons[0].code != "lead_exists"


def test_thanks_after_a_sale_are_no_wish(customer):
    after_the_sale(customer).says("Muchas gracias, ya me llegó, está precioso")
    assert (customer.decision.action, customer.decision.reasons[0].code) == ("ask_clarifying_question", "sale_over")
    assert customer.state.over
