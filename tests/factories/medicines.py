"""Invented medicines, complete enough for a decision, with criteria and a billing code."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from referentiel.folding import search_text
from referentiel.models import Cadre, CodeIndication, Critere, Produit, Specialite
from referentiel.states import CadreSource, StatutCadre, TypeCadre


class ProduitFactory(DjangoModelFactory):
    class Meta:
        model = Produit

    nom = factory.Sequence(lambda n: f"FICTIVAX {n} MG")
    dci = factory.Sequence(lambda n: f"fictivacine {n}")
    forme = "solution injectable"
    dosage = "25 mg/5 ml"
    voie = "intraveineuse"
    laboratoire = "Laboratoire Imaginaire"
    condition_prescription = "réservé à l'usage hospitalier"
    texte_recherche = factory.LazyAttribute(lambda o: search_text(o.nom, o.dci))


class SpecialiteFactory(DjangoModelFactory):
    class Meta:
        model = Specialite

    produit = factory.SubFactory(ProduitFactory)
    ucd7 = factory.Sequence(lambda n: f"{9900000 + n}")
    libelle = factory.SelfAttribute("produit.nom")


class CadreFactory(DjangoModelFactory):
    class Meta:
        model = Cadre

    produit = factory.SubFactory(ProduitFactory)
    framework = TypeCadre.AAC
    indication = "Maladie fictive de l'enfant"
    statut = StatutCadre.CRITERES_PUBLIES
    debut = date(2021, 7, 1)
    code = "NFICT01"
    cadre_source = CadreSource.LETTRE
    criteres_publies = True
    version_criteres = 1


class Medicament:
    """One product with its UCD, an open AAC cadre, two criteria and the code to bill."""

    def __init__(self, *, criteres=2, **fields):
        self.specialite = SpecialiteFactory(**fields)
        self.produit = self.specialite.produit
        self.cadre = CadreFactory(
            produit=self.produit,
            criteres_publies=criteres > 0,
            statut=StatutCadre.CRITERES_PUBLIES if criteres else StatutCadre.SANS_CRITERES,
            version_criteres=1 if criteres else 0,
        )
        self.criteres = [
            Critere.objects.create(
                cadre=self.cadre,
                version=1,
                ordre=n,
                texte=f"Question fictive {n} ?",
                attendu=True,
                exemple_fictif=True,
            )
            for n in range(1, criteres + 1)
        ]
        self.code = CodeIndication.objects.create(
            specialite=self.specialite,
            cadre=self.cadre,
            code=self.cadre.code,
            libelle=self.cadre.indication,
            debut=date(2021, 7, 1),
            cadre_type=TypeCadre.AAC,
            source=CadreSource.LETTRE,
        )


def medicament(**fields):
    """A medicine that can be asked for, granted and billed."""
    return Medicament(**fields)
