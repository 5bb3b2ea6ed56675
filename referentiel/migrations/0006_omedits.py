"""One OMEDIT per region, by name: how each is reached is typed by the platform."""

from django.db import migrations

REGIONS = (
    "Auvergne-Rhône-Alpes", "Bourgogne-Franche-Comté", "Bretagne", "Centre-Val de Loire", "Corse",
    "Grand Est", "Guadeloupe", "Guyane", "Hauts-de-France", "Île-de-France", "La Réunion",
    "Martinique", "Mayotte", "Normandie", "Nouvelle-Aquitaine", "Occitanie", "Pays de la Loire",
    "Provence-Alpes-Côte d'Azur",
)  # fmt: skip


def add(apps, schema_editor):
    omedit = apps.get_model("referentiel", "Omedit")
    omedit.objects.bulk_create(
        [omedit(region=region, nom=f"OMEDIT {region}") for region in REGIONS],
        ignore_conflicts=True,
    )


def take_back(apps, schema_editor):
    """Those nobody completed."""
    untouched = {"courriel": "", "telephone": "", "site": "", "verifie_le": None}
    apps.get_model("referentiel", "Omedit").objects.filter(**untouched).delete()


class Migration(migrations.Migration):
    dependencies = [("referentiel", "0005_ligne_revue_motifs")]
    operations = [migrations.RunPython(add, take_back)]
