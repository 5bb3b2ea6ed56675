"""Orders: drafted with the request, sent once granted, answered, received by lots."""

from datetime import timedelta

import pytest
from django.urls import reverse

from access.models import Commande, Reception
from access.rules import commande as rules
from access.services.commandes import open_stock_order
from access.states import AacState, CommandeState, DemandeAacState, Kind
from engine.clocks import today
from engine.errors import Blocked, Conflict, Forbidden, InvalidInput
from engine.journal import history
from engine.steps import perform, steps_of
from tests.factories import people
from tests.factories.dossiers import do, dossier_at, monde
from tests.factories.pharmacie import lot_inputs, order_of, step, stocked

S, D = CommandeState, DemandeAacState
OPEN = {S.ENVOYEE, S.CONFIRMEE, S.PARTIELLE, S.EN_RUPTURE}
LATER = {S.ENVOYEE, S.CONFIRMEE, S.EN_RUPTURE}
PHARM, INTERNE, SYSTEM = "PHARMACIEN", "INTERNE_PUI", "SYSTEME"
# step, states it starts from, who, state it leads to (None: stays)
TABLE = [
    ("send", {S.PREPAREE}, {PHARM}, S.ENVOYEE),
    ("revise", {S.PREPAREE}, {PHARM, INTERNE}, None),
    ("cancel", {S.PREPAREE}, {PHARM}, S.ANNULEE),
    ("drop", {S.PREPAREE}, {SYSTEM}, S.ANNULEE),
    ("confirm", LATER, {PHARM}, S.CONFIRMEE),
    ("mark_out_of_stock", {S.ENVOYEE, S.CONFIRMEE, S.PARTIELLE}, {PHARM}, S.EN_RUPTURE),
    ("mark_refused", LATER, {PHARM}, S.REFUSEE),
    ("receive_part", OPEN, {PHARM}, S.PARTIELLE),
    ("receive", OPEN, {PHARM}, S.RECUE),
    ("close_partial", {S.PARTIELLE}, {PHARM}, S.RECUE),
]
PATHS = {
    S.PREPAREE: [],
    S.ENVOYEE: ["send"],
    S.CONFIRMEE: ["send", "confirm"],
    S.PARTIELLE: ["send", "receive_part"],
    S.EN_RUPTURE: ["send", "mark_out_of_stock"],
    S.RECUE: ["send", "receive"],
    S.REFUSEE: ["send", "mark_refused"],
    S.ANNULEE: ["cancel"],
}


def inputs(name):
    return {
        "revise": {"quantite": "12", "fournisseur": "Autre Imaginaire"},
        "confirm": {"livraison_prevue": today().isoformat()},
        "mark_out_of_stock": {"reponse_texte": "rupture d'un mois"},
        "mark_refused": {"reponse_texte": "plus fabriqué"},
        "receive_part": lot_inputs(),
        "receive": lot_inputs(),
    }.get(name, {})


@pytest.fixture
def aac(db):
    return dossier_at(AacState.ACTIVE)


def order_at(state, aac):
    order = order_of(aac)
    for name in PATHS[state]:
        order = step(order, name, aac.monde.pharmacien, **inputs(name))
    return order


def test_every_step_of_an_order_is_in_the_table():
    assert {row[0] for row in TABLE} == set(steps_of(Commande))


@pytest.mark.parametrize("state", list(PATHS))
def test_order_matrix(state, aac):
    from django.db import transaction

    order = order_at(state, aac)
    assert order.state == state
    hospital, other = aac.monde.hopital, people.hopital()
    second = people.PuiFactory(etablissement=hospital.etablissement)
    actors = [
        (PHARM, aac.monde.pharmacien), (INTERNE, hospital.interne_pui()),
        ("AILLEURS", other.pharmacien()), ("AILLEURS", other.interne_pui()),
        ("AILLEURS", hospital.interne_pui(pui=second)),
        ("SERVICE", aac.monde.prescripteur), ("SERVICE", hospital.interne()),
    ]  # fmt: skip
    for name, sources, who, target in TABLE:
        for actor, by in actors:
            with transaction.atomic():
                try:
                    got = step(order, name, by, **inputs(name)).state
                except Forbidden:
                    got = "403"
                except Conflict:
                    got = "409"
                transaction.set_rollback(True)
            want = "409" if state not in sources else target or state
            assert got == (want if actor in who else "403"), (name, actor)


def test_order_is_drafted_at_transmission_and_waits_for_the_grant(db):
    m = monde()
    dossier = dossier_at(D.TRANSMISE_ANSM, m)
    order = Commande.objects.get(titre=dossier)
    assert (order.quantite, order.fournisseur) == (180, "Laboratoire Imaginaire")
    with pytest.raises(Blocked) as caught:
        step(order, "send", m.pharmacien)
    assert caught.value.blockers[0].code == "SANS_AUTORISATION"


def test_order_of_a_granted_request_leaves(aac):
    order = step(order_of(aac), "send", aac.monde.pharmacien)
    assert order.state == S.ENVOYEE
    assert order.titre.kind == Kind.AAC
    aac.refresh_from_db(fields=["tour", "tour_nom"])
    assert (aac.tour, aac.tour_nom) == ("", "Laboratoire Imaginaire")


def test_order_without_supplier_does_not_leave(aac):
    Commande.objects.update(fournisseur="")
    with pytest.raises(Blocked) as caught:
        step(order_of(aac), "send", aac.monde.pharmacien)
    assert [b.code for b in caught.value.blockers] == ["SANS_FOURNISSEUR"]


@pytest.mark.parametrize("state", [D.REFUSEE])
def test_order_of_a_failed_request_is_dropped_with_it(db, state):
    dossier = dossier_at(state)
    order = Commande.objects.get(titre=dossier)
    assert order.state == S.ANNULEE
    last = history(order).last()
    assert (last.action, last.actor_id) == ("drop", None)


@pytest.mark.parametrize(
    ("kind", "state", "stock", "codes"),
    [
        (Kind.AAC, AacState.ACTIVE, False, []),
        (Kind.AAC, AacState.A_VENIR, False, []),
        (Kind.AAC, AacState.EXPIREE, False, ["AUTORISATION_TERMINEE"]),
        (Kind.AAC, AacState.SUSPENDUE, False, ["AUTORISATION_TERMINEE"]),
        (Kind.DEMANDE_AAC, D.EN_INSTRUCTION, False, ["SANS_AUTORISATION"]),
        (Kind.DEMANDE_AAC, D.REFUSEE, False, ["DEMANDE_TERMINEE"]),
        ("", "", True, []),
    ],
)
def test_what_an_order_rests_on(kind, state, stock, codes):
    facts = rules.FaitsCommande(stock, True, kind, state, "Labo")
    assert [b.code for b in rules.sending_blockers(facts)] == codes


def test_stock_order_asks_for_product_and_pharmacy(db):
    m = monde()
    by, drug = m.pharmacien, m.medicament
    asked = {"specialite": drug.specialite, "quantite": 5, "fournisseur": "Labo Imaginaire"}
    for pui, produit in ((False, False), (True, False), (False, True)):
        m.hopital.pui.stock_autorise, drug.produit.stock_autorise = pui, produit
        m.hopital.pui.save()
        drug.produit.save()
        with pytest.raises(Blocked):
            open_stock_order(by=by, **asked)
    m.hopital.pui.stock_autorise = True
    m.hopital.pui.save()
    order = open_stock_order(by=by, **asked)
    assert order.pour_stock
    assert step(order, "send", by).state == S.ENVOYEE
    with pytest.raises(Forbidden):
        open_stock_order(by=m.prescripteur, **asked)


def test_a_second_order_proposes_what_is_left(aac):
    from access.forms.pharmacie import CommandeForm
    from access.selectors.commandes import left_to_order

    step(order_of(aac), "revise", aac.monde.pharmacien, quantite="100", fournisseur="Labo A")
    assert left_to_order(aac) == 80
    form = CommandeForm(subject=aac, by=aac.monde.pharmacien)
    assert form["quantite"].value() == 80
    assert form["fournisseur"].value() == "Labo A"
    do(aac, "order", aac.monde.pharmacien, quantite="80", fournisseur="Labo A")
    assert aac.commandes.count() == 2
    assert left_to_order(aac) == 0


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        (["receive_part"], 80),
        (["receive_part", "close_partial"], 170),
        (["receive_part", "mark_out_of_stock", "mark_refused"], 170),
        (["mark_refused"], 180),
        (["confirm"], 120),
        (["receive"], 170),
    ],
    ids=["open", "closed-short", "refused-after-a-part", "refused", "confirmed-for-less", "short"],
)
def test_what_will_not_come_is_left_to_order(aac, answers, left):
    """Of 180 units authorised 100 are ordered; a lot received brings 10, the supplier has 60."""
    from access.selectors.commandes import beyond_authorised, left_to_order

    by = aac.monde.pharmacien
    order = step(order_of(aac), "revise", by, quantite="100", fournisseur="Labo A")
    step(order, "send", by)
    for name in answers:
        less = {"quantite_confirmee": "60"} if name == "confirm" else {}
        step(order, name, by, **inputs(name), **less)
    assert left_to_order(aac) == left
    do(aac, "order", by, quantite=str(left), fournisseur="Labo B")
    assert beyond_authorised(aac.commandes.get(fournisseur="Labo B")) == ""


@pytest.mark.parametrize(
    ("day", "message"),
    [(-1, "jour à venir"), (0, ""), (30, ""), (3650, "Relisez l'année")],
)
def test_delivery_day_sanity(day, message):
    assert message in rules.livraison_error(today() + timedelta(days=day), today())


@pytest.mark.parametrize(
    ("day", "message"),
    [(-1, "périmé depuis"), (0, ""), (700, "")],
)
def test_expiry_sanity(day, message):
    assert message in rules.peremption_error(today() + timedelta(days=day), today())


def test_several_lots_of_one_order(aac):
    by = aac.monde.pharmacien
    order = step(order_of(aac), "send", by)
    step(order, "receive_part", by, **lot_inputs("lot-a", "100"))
    order = step(order, "receive", by, **lot_inputs("LOT-B", "80", certificat=True))
    assert order.state == S.RECUE
    assert [r.lot for r in order.receptions.all()] == ["LOT-A", "LOT-B"]
    aac.refresh_from_db(fields=["tour"])
    assert aac.tour == "PHARMACIEN"


def test_surplus_asks_for_a_comment(aac):
    by = aac.monde.pharmacien
    order = step(order_of(aac), "send", by)
    with pytest.raises(InvalidInput) as caught:
        step(order, "receive", by, **lot_inputs(quantite="181"))
    assert "commentaire" in caught.value.errors
    step(order, "receive", by, **lot_inputs(quantite="181", commentaire="boîte entière"))
    assert Reception.objects.get().commentaire == "boîte entière"


def test_one_lot_has_one_expiry(aac):
    by = aac.monde.pharmacien
    order = step(order_of(aac), "send", by)
    step(order, "receive_part", by, **lot_inputs(quantite="1"))
    other = (today() + timedelta(days=20)).isoformat()
    with pytest.raises(InvalidInput) as caught:
        step(order, "receive", by, **lot_inputs(quantite="1", peremption=other))
    assert "peremption" in caught.value.errors


def test_bad_inputs_are_sentences(aac):
    by = aac.monde.pharmacien
    order = step(order_of(aac), "send", by)
    bad = ["", "0", "-1", "1e9", "NaN", "abc", "0,0001", "99999999999"]
    for quantity in bad:
        with pytest.raises(InvalidInput):
            step(order, "receive", by, **lot_inputs(quantite=quantity))
    step(order, "receive", by, **lot_inputs(quantite="2,5"))
    assert str(Reception.objects.get().quantite) == "2.500"


# --- pages ------------------------------------------------------------------------------


@pytest.fixture
def page(client, aac):
    return people.login(client, aac.monde.pharmacien)


def test_list_shows_own_orders_by_tab(page, aac):
    url = reverse("access:commandes")
    assert order_of(aac).numero in page.get(url).content.decode()
    stocked(aac)
    assert order_of(aac).numero not in page.get(url).content.decode()
    assert order_of(aac).numero in page.get(url + "?onglet=recues&q=CDE").content.decode()
    assert page.get(url + "?onglet=nimporte&page=zz&q=%00").status_code == 200


def test_list_has_a_constant_query_count(page, aac, django_assert_max_num_queries):
    url = reverse("access:commandes") + "?onglet=toutes"
    page.get(url)
    with django_assert_max_num_queries(30) as few:
        page.get(url)
    for _ in range(5):
        do(aac, "order", aac.monde.pharmacien, quantite="1", fournisseur="Labo")
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert page.get(url).content.decode().count("CDE-") >= 6


def test_order_page_sends_by_one_click(page, aac):
    order = order_of(aac)
    url = reverse("access:commande", args=[order.pk])
    content = page.get(url).content.decode()
    assert "Envoyer la commande" in content
    assert aac.numero in content
    assert aac.patient.nom not in content
    sent = page.post(url + "etapes/send/", {"version": order.version}, follow=True)
    assert sent.status_code == 200
    assert "adressez maintenant le bon" in sent.content.decode()
    again = page.post(url + "etapes/send/", {"version": order.version})
    assert again.status_code == 409


def test_order_page_keeps_what_was_typed(page, aac):
    order = step(order_of(aac), "send", aac.monde.pharmacien)
    url = reverse("access:commande_etape", args=[order.pk, "receive"])
    assert page.get(url).status_code == 200
    answer = page.post(url, {"version": order.version, "lot": "ZZ9", "peremption": "2001-01-01"})
    assert answer.status_code == 422
    assert "ZZ9" in answer.content.decode()
    assert "périmé depuis" in answer.content.decode()


def test_blocked_order_shows_its_reason(client, db):
    m = monde()
    dossier = dossier_at(D.TRANSMISE_ANSM, m)
    order = Commande.objects.get(titre=dossier)
    page = people.login(client, m.pharmacien)
    url = reverse("access:commande", args=[order.pk])
    assert "pas encore accordée" in page.get(url).content.decode()
    answer = page.post(url + "etapes/send/", {"version": order.version})
    assert answer.status_code == 422
    assert "pas encore accordée" in answer.content.decode()


def test_orders_of_others_do_not_exist(client, aac):
    order = order_of(aac)
    url = reverse("access:commande", args=[order.pk])
    people.login(client, people.hopital().pharmacien())
    assert client.get(url).status_code == 404
    assert order.numero not in client.get(reverse("access:commandes")).content.decode()
    people.login(client, aac.monde.prescripteur)
    assert client.get(url).status_code == 403
    assert client.get(url + "etapes/inconnue/").status_code == 403


def test_order_page_refuses_nonsense(page, aac):
    url = reverse("access:commande", args=[order_of(aac).pk])
    assert page.get(url + "etapes/inconnue/").status_code == 404
    assert page.post(url + "etapes/drop/", {"version": "1"}).status_code == 403
    for version in ("", "abc", "9" * 40, "-1"):
        assert page.post(url + "etapes/send/", {"version": version}).status_code == 409


def test_ordering_page_opens_an_order(page, aac):
    url = reverse("access:commander", args=[aac.pk])
    assert page.get(url).status_code == 200
    wrong = page.post(url, {"version": aac.version, "quantite": "0", "fournisseur": "Labo Z"})
    assert wrong.status_code == 422
    assert "Labo Z" in wrong.content.decode()
    done = page.post(url, {"version": aac.version, "quantite": "3", "fournisseur": "Labo Z"})
    assert done.status_code == 302
    assert aac.commandes.filter(fournisseur="Labo Z", quantite=3).exists()
    stale = page.post(url, {"version": aac.version, "quantite": "4", "fournisseur": "Labo Y"})
    assert stale.status_code == 409
    assert "Labo Y" in stale.content.decode()


def test_stock_order_page(page, aac):
    url = reverse("access:commande_stock")
    assert "pas autorisée" in page.get(url).content.decode()
    pui, produit = aac.monde.hopital.pui, aac.monde.medicament.produit
    pui.stock_autorise = produit.stock_autorise = True
    pui.save()
    produit.save()
    data = {"specialite": aac.specialite_id, "quantite": "5", "fournisseur": "Labo"}
    assert page.post(url, data).status_code == 302
    assert page.post(url, data | {"specialite": "zzz"}).status_code == 422
    assert Commande.objects.filter(pour_stock=True).count() == 1
    assert page.get(reverse("access:commandes")).status_code == 200


def test_perform_checks_the_version(aac):
    order = order_of(aac)
    with pytest.raises(Conflict):
        perform(order, "send", by=aac.monde.pharmacien, version=order.version + 1)


def test_order_past_the_decision_is_pointed_out(client, db):
    small = dossier_at(AacState.ACTIVE, quantite="60")
    page = people.login(client, small.monde.pharmacien)
    content = page.get(reverse("access:commande", args=[order_of(small).pk])).content.decode()
    assert "La décision autorise 60 unités" in content
    assert "180 sont commandées" in content
