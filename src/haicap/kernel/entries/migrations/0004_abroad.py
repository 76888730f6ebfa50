"""Entries that one unit received and another decides: found by the agencies that held them, without reading all others."""

from django.db import migrations

FORWARD = "CREATE INDEX entries_abroad ON entries_entry USING gin (agencies) WHERE unit_id <> book_unit_id"


class Migration(migrations.Migration):
    dependencies = [("entries", "0003_perform")]
    operations = [migrations.RunSQL(FORWARD, "DROP INDEX entries_abroad")]
