"""One invented product that can be asked for, granted and billed, whatever list is loaded."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from referentiel.models import Cadre, Specialite
from referentiel.services.medicines import (
    Question,
    add_cadre,
    add_code,
    add_produit,
    complete_produit,
    publish_criteria,
)
from referentiel.states import TypeCadre

UCD, CODE, NOM = "9990017", "NEXMP01", "EXEMPLIUM 25 MG (FICTIF)"


@transaction.atomic
def exemplium(*, by: Any) -> Cadre:
    """The cadre of the invented product, made once."""
    known = Specialite.objects.filter(ucd7=UCD).select_related("produit").first()
    if known is not None:
        found = known.produit.cadres.filter(code=CODE).first()
        if found is not None:
            return found
    produit = add_produit(
        by=by,
        ucd7=UCD,
        nom=NOM,
        dci="exemplium",
        forme="solution injectable",
        dosage="25 mg/5 ml",
        voie="intraveineuse",
        laboratoire="Laboratoire Exemple (fictif)",
        condition_prescription="Réservé à l'usage hospitalier (exemple fictif).",
    )
    produit = complete_produit(produit, by=by, exemple_fictif=True)
    cadre = add_cadre(
        produit,
        by=by,
        framework=TypeCadre.AAC,
        indication="Maladie fictive de l'enfant",
        exemple_fictif=True,
    )
    specialite = produit.specialites.get()
    add_code(specialite, by=by, code=CODE, cadre=cadre, debut=date(2022, 1, 1))
    cadre.refresh_from_db()
    questions = [
        Question("Le diagnostic fictif est-il confirmé ?"),
        Question("Un autre traitement a-t-il échoué ?"),
        Question("Existe-t-il une contre-indication fictive ?", attendu=False),
    ]
    return publish_criteria(cadre, questions, by=by, exemple_fictif=True)
