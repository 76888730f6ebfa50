"""A stored file is its unit's until it hangs on an entry; then whoever sees the entry sees the attachment."""

from django.db import migrations

from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

ENTRY_IS_SEEN = "EXISTS (SELECT FROM entries_entry e WHERE e.id = entry_id)"


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("entries", "0002_moves")]
    operations = [
        migrations.RunSQL(guard("files_storedfile", SEES_UNIT), unguard("files_storedfile")),
        migrations.RunSQL(guard("files_attachment", ENTRY_IS_SEEN, worker="SELECT"), unguard("files_attachment")),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON files_attachment, files_storedfile FROM haicap_app", migrations.RunSQL.noop
        ),
    ]
