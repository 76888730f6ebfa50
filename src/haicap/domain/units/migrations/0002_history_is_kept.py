"""Units and their lineage are never edited or deleted, and the application's roles only read them."""

from django.db import migrations

MAKE = """
CREATE FUNCTION units_history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are history: they are neither edited nor deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'units_history_is_kept';
END $$;

-- the one change that a unit knows: a day is set on which it ends
CREATE FUNCTION units_unit_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL
            OR to_jsonb(OLD) - 'valid_to' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to' THEN
        RAISE EXCEPTION 'unit % (%) is history: only its end may be set, once', OLD.code, OLD.name
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'units_history_is_kept';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER units_unit_only_ends BEFORE UPDATE ON units_unit
    FOR EACH ROW EXECUTE FUNCTION units_unit_only_ends();
CREATE TRIGGER units_unit_is_not_deleted BEFORE DELETE ON units_unit
    FOR EACH ROW EXECUTE FUNCTION units_history_is_kept();
CREATE TRIGGER units_lineage_is_kept BEFORE UPDATE OR DELETE ON units_lineage
    FOR EACH ROW EXECUTE FUNCTION units_history_is_kept();
CREATE TRIGGER units_nationload_is_kept BEFORE UPDATE OR DELETE ON units_nationload
    FOR EACH ROW EXECUTE FUNCTION units_history_is_kept();

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON units_unit, units_lineage, units_nationload FROM haicap_app, haicap_worker;
"""

UNMAKE = """
DROP TRIGGER units_unit_only_ends ON units_unit;
DROP TRIGGER units_unit_is_not_deleted ON units_unit;
DROP TRIGGER units_lineage_is_kept ON units_lineage;
DROP TRIGGER units_nationload_is_kept ON units_nationload;
DROP FUNCTION units_unit_only_ends();
DROP FUNCTION units_history_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
