"""An applicant's data may be corrected by a move; a person's dossiers are found whether they filed or somebody for them."""

from pathlib import Path

from django.db import migrations

ROOM = Path(__file__).resolve().parents[1]
FORWARD = """
CREATE INDEX dossiers_dossier_proxy ON dossiers_dossier ((proxy->>'id_number')) WHERE proxy <> '{}'::jsonb;
CREATE INDEX entries_move_corrections ON entries_move (entry_id, no) WHERE name = 'correct_applicant';

-- The row of the move makes the change, and says truly what stood there before: there is no other way to it.
CREATE FUNCTION dossiers_correct() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE d public.dossiers_dossier; before jsonb := coalesce(NEW.data->'before', '{}');
        after jsonb := coalesce(NEW.data->'after', '{}');
BEGIN
  SELECT * INTO d FROM public.dossiers_dossier WHERE entry_id = NEW.entry_id FOR UPDATE;
  IF NOT jsonb_build_object('name', d.applicant_name, 'id_number', d.applicant_id_number, 'phone', d.applicant_phone,
       'email', d.applicant_email, 'address', d.applicant_address) @> before
     OR ARRAY(SELECT k FROM jsonb_object_keys(before) k ORDER BY k) <> ARRAY(SELECT k FROM jsonb_object_keys(after) k ORDER BY k)
  THEN
    RAISE EXCEPTION 'entry %: the correction does not fit on what stands there', NEW.entry_id USING ERRCODE = 'HC409';
  END IF;
  UPDATE public.dossiers_dossier SET
    applicant_name = coalesce(after->>'name', applicant_name),
    applicant_folded = coalesce(NEW.data->'search'->>'folded', applicant_folded),
    applicant_id_number = coalesce(after->>'id_number', applicant_id_number),
    applicant_phone = coalesce(after->>'phone', applicant_phone),
    applicant_email = coalesce(after->>'email', applicant_email),
    applicant_address = coalesce(after->>'address', applicant_address)
  WHERE entry_id = NEW.entry_id;
  RETURN NULL;
END $$;
CREATE TRIGGER dossiers_move_corrects AFTER INSERT ON entries_move FOR EACH ROW
  WHEN (NEW.kind = 'dossier' AND NEW.name = 'correct_applicant') EXECUTE FUNCTION dossiers_correct();
"""
BACK = """
DROP TRIGGER dossiers_move_corrects ON entries_move; DROP FUNCTION dossiers_correct();
DROP FUNCTION dossiers_readers(text, text, int); DROP FUNCTION dossiers_of_person(text, int);
DROP INDEX dossiers_dossier_proxy; DROP INDEX entries_move_corrections;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_imports"), ("readings", "0002_functions")]
    operations = [
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL((ROOM / "queries" / "personal.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
