"""A unit's end may name its resolution, and the owner may undo a resolution as a whole while nothing depends on it."""

from django.db import migrations

MAKE = """
-- set for one transaction by the command that undoes a resolution; the application's roles cannot write here at all
CREATE FUNCTION units_undoing() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('haicap.undoing', true), '') = 'on'
$$;

CREATE OR REPLACE FUNCTION units_history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('units_unit', 'units_lineage') AND units_undoing() THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are history: they are neither edited nor deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'units_history_is_kept';
END $$;

-- the one change that a unit knows: the day on which it ends is set, with the resolution that ended it; undoing takes both back
CREATE OR REPLACE FUNCTION units_unit_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - 'valid_to' - 'ended_by_id' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to' - 'ended_by_id'
            OR (OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL)
               AND NOT (units_undoing() AND OLD.ended_by_id IS NOT NULL
                        AND NEW.valid_to IS NULL AND NEW.ended_by_id IS NULL) THEN
        RAISE EXCEPTION 'unit % (%) is history: only its end may be set, once', OLD.code, OLD.name
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'units_history_is_kept';
    END IF;
    RETURN NEW;
END $$;

-- of an application only its undoing may be noted, once
CREATE FUNCTION units_resolution_only_undone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
            OR to_jsonb(OLD) - 'undone_at' - 'undone_by' IS DISTINCT FROM to_jsonb(NEW) - 'undone_at' - 'undone_by' THEN
        RAISE EXCEPTION 'resolution % is history: only its undoing may be noted, once', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'units_history_is_kept';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER units_resolution_only_undone BEFORE UPDATE ON units_resolution
    FOR EACH ROW EXECUTE FUNCTION units_resolution_only_undone();
CREATE TRIGGER units_resolution_is_not_deleted BEFORE DELETE ON units_resolution
    FOR EACH ROW EXECUTE FUNCTION units_history_is_kept();

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON units_resolution, units_alias FROM haicap_app, haicap_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0003_resolutions")]

    operations = [migrations.RunSQL(MAKE, migrations.RunSQL.noop)]
