"""Two-person publication in the demonstration: news published, a proposal to read."""

from __future__ import annotations

from engine.clocks import today
from referentiel.models import Nouvelle, Produit, User
from referentiel.services.publications import propose, publish
from referentiel.states import NaturePublication


def seed_publications(produit: Produit, *, by: User, relecteur: User) -> None:
    """What a gestionnaire proposes waits for the other one; the news has both."""
    news = propose(
        nature=NaturePublication.NOUVELLE,
        subject=None,
        values={
            "titre": "Le référentiel se suit par courriel et par fil Atom",
            "texte": "Depuis la fiche d'un médicament, « Suivre » envoie un message par jour au "
            "plus, seulement quand quelque chose a changé. Aucun compte n'est demandé.",
        },
        effet_le=today(),
        motif="Annonce de démonstration (exemple fictif).",
        by=by,
    )
    publish(news, by=relecteur)
    Nouvelle.objects.filter(titre=news.valeurs["titre"]).update(exemple_fictif=True)
    propose(
        nature=NaturePublication.FICHE,
        subject=produit,
        values={"alias": "CODE-DEMO-1"},
        effet_le=today(),
        motif="Nom de code cité par le titulaire (exemple fictif).",
        by=by,
    )
