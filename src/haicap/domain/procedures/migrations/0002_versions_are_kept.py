"""Versions are never edited or deleted, only ended, once; whatever changes the catalogue changes its revision."""

from django.db import migrations

MAKE = """
CREATE FUNCTION procedures_version_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL
            OR to_jsonb(OLD) - 'valid_to' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to' THEN
        RAISE EXCEPTION 'version % of procedure % is kept by dossiers: only its end may be set, once',
            OLD.number, OLD.procedure_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'procedures_versions_are_kept';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION procedures_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept by dossiers: they are not deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'procedures_versions_are_kept';
END $$;

CREATE TRIGGER procedures_version_only_ends BEFORE UPDATE ON procedures_procedureversion
    FOR EACH ROW EXECUTE FUNCTION procedures_version_only_ends();
CREATE TRIGGER procedures_version_is_kept BEFORE DELETE ON procedures_procedureversion
    FOR EACH ROW EXECUTE FUNCTION procedures_version_is_kept();

-- A sequence never runs backwards, so a revision read in a transaction that was rolled back is never met again.
CREATE SEQUENCE procedures_revision;
INSERT INTO procedures_cataloguestate (id, revision) VALUES (1, nextval('procedures_revision'));

CREATE FUNCTION procedures_catalogue_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE public.procedures_cataloguestate SET revision = nextval('public.procedures_revision') WHERE id = 1;
    RETURN NULL;
END $$;

CREATE TRIGGER procedures_version_changed AFTER INSERT OR UPDATE OR DELETE ON procedures_procedureversion
    FOR EACH STATEMENT EXECUTE FUNCTION procedures_catalogue_changed();
CREATE TRIGGER procedures_procedure_changed AFTER INSERT OR UPDATE OR DELETE ON procedures_procedure
    FOR EACH STATEMENT EXECUTE FUNCTION procedures_catalogue_changed();
CREATE TRIGGER procedures_area_changed AFTER INSERT OR UPDATE OR DELETE ON procedures_area
    FOR EACH STATEMENT EXECUTE FUNCTION procedures_catalogue_changed();

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON
    procedures_area, procedures_procedure, procedures_procedureversion, procedures_cataloguestate
    FROM haicap_app, haicap_worker;
"""

UNMAKE = """
DROP TRIGGER procedures_area_changed ON procedures_area;
DROP TRIGGER procedures_procedure_changed ON procedures_procedure;
DROP TRIGGER procedures_version_changed ON procedures_procedureversion;
DROP FUNCTION procedures_catalogue_changed();
DROP SEQUENCE procedures_revision;
DELETE FROM procedures_cataloguestate;
DROP TRIGGER procedures_version_is_kept ON procedures_procedureversion;
DROP TRIGGER procedures_version_only_ends ON procedures_procedureversion;
DROP FUNCTION procedures_version_is_kept();
DROP FUNCTION procedures_version_only_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial"), ("audit", "0002_functions")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
