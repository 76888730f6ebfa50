"""The application puts messages in, the worker takes them out."""

from django.db import migrations

from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

REVOKE = """
REVOKE UPDATE, DELETE ON outbox_message FROM haicap_app;
REVOKE ALL ON outbox_delivery FROM haicap_app;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial"), ("scope", "0002_functions")]
    operations = [
        migrations.RunSQL(REVOKE, migrations.RunSQL.noop),
        # A message may be about another unit (a boundary-free dossier), so writing is open, reading is not.
        migrations.RunSQL(guard("outbox_message", SEES_UNIT, may_write="true"), unguard("outbox_message")),
    ]
