-- What bringing in another system's dossiers needs from the owner: which rows are there already, and numbers.
-- The rows themselves are inserted by the application's role, so row-level security binds an import as any receipt.

-- Of the given source keys those that were imported before, also where the caller does not see the dossier.
CREATE OR REPLACE FUNCTION dossiers_import_known(p_keys text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.imported_from FROM public.dossiers_dossier d WHERE d.imported_from <> '' AND d.imported_from = ANY (p_keys) $$;

-- Numbers for new entries, in the order given. A row with a code of its own keeps code and number where both are free;
-- every other row takes the next number of its unit's register. The registers are raised to the highest number, and
-- stay locked until the caller commits, so that nobody takes the same number meanwhile.
CREATE OR REPLACE FUNCTION dossiers_import_numbers(p_book text, p_units int[], p_periods text[], p_codes text[],
                                                   p_numbers int[])
RETURNS TABLE (place int, given int, kept boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT FROM unnest(p_units) u WHERE NOT u = ANY (scope_units())) THEN
    RAISE EXCEPTION 'the books of another unit are not the caller''s' USING ERRCODE = 'HC403';
  END IF;
  INSERT INTO public.entries_register AS r (unit_id, book, period, last)
  SELECT DISTINCT a.u, p_book, a.p, 0 FROM unnest(p_units, p_periods) AS a(u, p)
  ORDER BY a.u, a.p
  ON CONFLICT (unit_id, book, period) DO UPDATE SET last = r.last;

  RETURN QUERY
  WITH asked AS (
    SELECT a.place::int, a.unit, a.period, a.code, a.number,
           a.code <> '' AND row_number() OVER (PARTITION BY a.code ORDER BY a.place) = 1
             AND row_number() OVER (PARTITION BY a.unit, a.period, a.number ORDER BY a.code = '', a.place) = 1
             AND NOT EXISTS (SELECT FROM public.entries_entry e WHERE e.code = a.code)
             AND NOT EXISTS (SELECT FROM public.entries_entry e WHERE (e.book_unit_id, e.book, e.period, e.number)
                             = (a.unit, p_book, a.period, a.number)) AS keeps
    FROM unnest(p_units, p_periods, p_codes, p_numbers) WITH ORDINALITY AS a(unit, period, code, number, place)
  ), highest AS (
    SELECT a.unit, a.period, greatest(r.last, max(a.number) FILTER (WHERE a.keeps)) AS upto,
           count(*) FILTER (WHERE NOT a.keeps) AS fresh
    FROM asked a JOIN public.entries_register r ON (r.unit_id, r.book, r.period) = (a.unit, p_book, a.period)
    GROUP BY a.unit, a.period, r.last
  ), raised AS (
    UPDATE public.entries_register r SET last = h.upto + h.fresh
    FROM highest h WHERE (r.unit_id, r.book, r.period) = (h.unit, p_book, h.period)
  )
  SELECT a.place,
         CASE WHEN a.keeps THEN a.number
              ELSE (h.upto + row_number() OVER (PARTITION BY a.unit, a.period, a.keeps ORDER BY a.place))::int END,
         a.keeps
  FROM asked a JOIN highest h ON (h.unit, h.period) = (a.unit, a.period);
END $$;
