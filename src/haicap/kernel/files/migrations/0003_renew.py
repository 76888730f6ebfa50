"""A second upload of the same bytes renews the moment of the first; nothing else of a stored file ever changes."""

from django.db import migrations

FORWARD = """
GRANT UPDATE (uploaded_at) ON files_storedfile TO haicap_app;
CREATE INDEX files_attachment_digest ON files_attachment (digest);
"""
BACK = "DROP INDEX files_attachment_digest; REVOKE UPDATE (uploaded_at) ON files_storedfile FROM haicap_app;"


class Migration(migrations.Migration):
    dependencies = [("files", "0002_guard")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
