"""Orders received and lots in stock, walked through the steps of an order."""

from datetime import timedelta

from access.models import Commande
from engine.clocks import today
from engine.steps import perform


def step(commande, name, by, **data):
    """One step on the freshest version of an order."""
    fresh = Commande.objects.get(pk=commande.pk)
    return perform(fresh, name, by=by, version=fresh.version, **data)


def lot_inputs(lot="LOT1", quantite="10", **data):
    """What is typed when a lot arrives."""
    peremption = (today() + timedelta(days=400)).isoformat()
    return {"lot": lot, "peremption": peremption, "quantite": quantite} | data


def order_of(aac):
    """The order drafted when the request was transmitted."""
    return Commande.objects.get(titre=aac)


def stocked(aac, **lot):
    """The order of an authorisation, sent and received: a lot is in stock."""
    by = aac.monde.pharmacien
    order = step(order_of(aac), "send", by)
    return step(order, "receive", by, **lot_inputs(**lot))


def dispensing(lot="LOT1", quantite="2", jour=None, **data):
    """The inputs of a dispensing."""
    day = jour or today()
    return {
        "jour": day.isoformat(),
        "lot": lot,
        "quantite": quantite,
        "contexte": "SEJOUR",
        "ordonnance_date": day.isoformat(),
        "ordonnance_prescripteur": "Dr Exemple",
        "ordonnance_dose": "10 mg deux fois par jour",
        "ordonnance_duree_jours": "28",
        "mention_legale": True,
        "commentaire": "",
    } | data
