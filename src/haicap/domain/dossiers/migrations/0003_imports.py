"""Another system's dossiers: each comes once, and the registers stay right."""

from pathlib import Path

from django.db import migrations, models

ROOM = Path(__file__).resolve().parents[1]
BACK = """
DROP FUNCTION dossiers_import_numbers(text, int[], text[], text[], int[]);
DROP FUNCTION dossiers_import_known(text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_functions")]
    operations = [
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.UniqueConstraint(
                fields=["imported_from"], condition=~models.Q(imported_from=""), name="dossiers_imported_once"
            ),
        ),
        migrations.RunSQL((ROOM / "commands" / "import.sql").read_text(encoding="utf-8"), BACK),
    ]
