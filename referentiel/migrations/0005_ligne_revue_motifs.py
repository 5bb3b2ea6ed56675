from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referentiel", "0004_register"),
    ]

    operations = [
        migrations.AddField(
            model_name="lignerevue",
            name="motifs",
            field=models.JSONField(
                blank=True, default=list, verbose_name="ce qui empêche de la dire certaine"
            ),
        ),
    ]
