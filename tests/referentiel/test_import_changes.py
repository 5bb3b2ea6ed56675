"""What an import tells the public log: nothing the first time, then each change in bulk."""

from collections import Counter

import pytest

from referentiel.models import Changement, Produit, Specialite
from referentiel.selectors.disponibilites import badges_of
from referentiel.services.imports import import_referentiel
from tests.referentiel import samples

pytestmark = pytest.mark.django_db


def told():
    return Counter(Changement.objects.values_list("nature", flat=True))


def test_first_import_of_a_source_announces_nothing(tmp_path):
    import_referentiel("atih", samples.atih(tmp_path))
    import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm"))
    assert told() == {}


def test_next_release_tells_what_opened_closed_and_changed(tmp_path):
    import_referentiel("atih", samples.atih(tmp_path))
    rows = [row.replace("SPORANOX 10MG/ML", "SPORANOX 10 MG/ML") for row in samples.ATIH_ROWS]
    rows[0] = rows[0] + "2025-01-31"  # ends
    rows[9] = rows[9].replace("Purpura", "Purpura aigu")  # reworded
    del rows[3]  # gone
    rows.append("9428828;3400894288282;NOUVEAU;NEDAR01;Essai;2025-01-01;")
    import_referentiel("atih", samples.atih(tmp_path, rows, name="a_2025-03.csv"))
    assert told() == {
        "PRODUIT_AJOUTE": 1,
        "PRODUIT_MODIFIE": 1,
        "CADRE_OUVERT": 1,
        "CADRE_FERME": 2,
        "CADRE_MODIFIE": 1,
        "CODE_AJOUTE": 1,
        "CODE_FERME": 2,
        "CODE_MODIFIE": 1,
    }
    assert set(Changement.objects.values_list("origine", flat=True)) == {"ATIH 2025-03"}
    ended = Changement.objects.get(nature="CADRE_FERME", champ="fin")
    assert ended.titre == "AAC NINDO05 : fin du cadre au 31/01/2025"
    assert (ended.avant, ended.apres, ended.sensible) == ("non précisé", "31/01/2025", True)
    gone = Changement.objects.get(nature="CADRE_FERME", champ="présence dans les listes")
    assert gone.titre == "AAP CBULE02 : absent de la liste, fermé au 01/03/2025"
    reworded = Changement.objects.get(nature="CADRE_MODIFIE")
    assert (reworded.avant, reworded.apres) == ("Purpura", "Purpura aigu")
    label = Changement.objects.get(nature="PRODUIT_MODIFIE")
    assert "SPORANOX 10 MG/ML" in label.apres


def test_what_is_told_costs_no_query_per_row(tmp_path, django_assert_max_num_queries):
    import_referentiel("atih", samples.atih(tmp_path, samples.filler(300)))
    rows = [row + "2025-01-31" for row in samples.filler(300)]
    path = samples.atih(tmp_path, rows, name="a_2025-03.csv")
    with django_assert_max_num_queries(60):
        import_referentiel("atih", path)
    assert told() == {"CADRE_FERME": 300, "CODE_FERME": 300}


def test_shortage_that_appears_changes_and_ends(tmp_path):
    import_referentiel("atih", samples.atih(tmp_path))
    produit = Specialite.objects.get(ucd7="9000525").produit
    quiet = [samples.BDPM_DISPO[2]]
    import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm_2026-04", dispo=quiet))
    import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm_2026-05"))
    appeared = Changement.objects.get(nature="DISPONIBILITE")
    assert (appeared.produit, appeared.titre) == (produit, "Rupture de stock depuis le 14/04/2026")
    assert appeared.origine == "BDPM 2026-05"
    touched = [row.replace("18/05/2026", "20/05/2026") for row in samples.BDPM_DISPO]
    import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm_2026-06", dispo=touched))
    assert Changement.objects.count() == 1
    ended = [row.replace("18/05/2026", "21/05/2026") for row in quiet]
    import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm_2026-07", dispo=ended))
    ended = Changement.objects.exclude(pk=appeared.pk).get()
    assert (ended.titre, ended.apres) == ("Rupture de stock : terminée", "")


def test_badges_of_products_in_a_constant_number_of_queries(tmp_path, django_assert_num_queries):
    import_referentiel("atih", samples.atih(tmp_path))
    import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm"))
    produits = list(Produit.objects.all())
    with django_assert_num_queries(4):
        found = badges_of(produits)
    hepcludex = Specialite.objects.get(ucd7="9000525").produit_id
    assert [(b.kind, b.label) for b in found[hepcludex]] == [
        ("rupture", "Rupture de stock"),
        ("mitm", "Médicament d'intérêt thérapeutique majeur"),
    ]
    assert f"{found[hepcludex][0].since:%d/%m/%Y}" == "14/04/2026"
    assert found[hepcludex][0].url == "https://ansm.sante.fr/hepcludex"
    assert [badges for pk, badges in found.items() if pk != hepcludex and badges] == []


def test_another_strength_of_the_brand_takes_no_badge(tmp_path):
    rows = [row.replace("HEPCLUDEX 2MG", "HEPCLUDEX 5MG") for row in samples.ATIH_ROWS]
    import_referentiel("atih", samples.atih(tmp_path, rows))
    Specialite.objects.update(cis="")
    import_referentiel("bdpm", samples.bdpm_whole(tmp_path / "bdpm"))
    assert not any(badges_of(list(Produit.objects.all())).values())
