"""Several numbers of a book at once, as gapless as one: for papers that are made by the hundred."""

from django.db import migrations

FORWARD = """
-- The first of `p_many` numbers that follow each other; as with one, a rollback gives them back.
CREATE FUNCTION entries_next_numbers(p_unit int, p_book text, p_period text, p_many int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE upto int;
BEGIN
  IF NOT (p_unit = ANY (scope_units()) OR p_unit IS NOT DISTINCT FROM scope_unit()) THEN
    RAISE EXCEPTION 'the books of unit % are not the caller''s', p_unit USING ERRCODE = 'HC403';
  END IF;
  IF p_many < 1 THEN
    RAISE EXCEPTION 'at least one number' USING ERRCODE = '22023';
  END IF;
  INSERT INTO public.entries_register AS r (unit_id, book, period, last) VALUES (p_unit, p_book, p_period, p_many)
  ON CONFLICT (unit_id, book, period) DO UPDATE SET last = r.last + p_many RETURNING last INTO upto;
  RETURN upto - p_many + 1;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("entries", "0004_abroad")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION entries_next_numbers(int, text, text, int)")]
