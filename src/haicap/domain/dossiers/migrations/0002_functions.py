"""Whoever sees the entry sees the dossier; receiving, searching and tracking are one call each."""

from pathlib import Path

from django.db import migrations

from haicap.kernel.scope.policies import guard, unguard

ROOM = Path(__file__).resolve().parents[1]
ENTRY_IS_SEEN = "EXISTS (SELECT FROM entries_entry e WHERE e.id = entry_id)"
GRANTS = """
REVOKE DELETE ON dossiers_dossier, dossiers_slip FROM haicap_app, haicap_worker;
REVOKE UPDATE ON dossiers_slip, dossiers_dossier FROM haicap_app, haicap_worker;
-- what a move may change; all the rest of a dossier stays as it was received
GRANT UPDATE (decided_at, returned_at, outcome, result_number, supplement_rounds, extensions) ON dossiers_dossier
  TO haicap_app;
CREATE INDEX dossiers_dossier_name ON dossiers_dossier USING gin (applicant_folded gin_trgm_ops);
CREATE INDEX entries_entry_code ON entries_entry USING gin (code gin_trgm_ops);
"""
BACK = "DROP INDEX dossiers_dossier_name; DROP INDEX entries_entry_code;"


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0001_initial"), ("entries", "0003_perform"), ("files", "0002_guard"), ("web", "0002_guard"),
        ("people", "0001_initial"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(GRANTS, BACK),
        migrations.RunSQL(guard("dossiers_dossier", ENTRY_IS_SEEN, worker="SELECT"), unguard("dossiers_dossier")),
        migrations.RunSQL(guard("dossiers_slip", ENTRY_IS_SEEN, worker="SELECT"), unguard("dossiers_slip")),
        migrations.RunSQL((ROOM / "commands" / "receive.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((ROOM / "queries" / "functions.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
