-- A person's dossiers in the caller's scope, newest first: those they filed and those that were filed by them for others.
CREATE OR REPLACE FUNCTION dossiers_of_person(p_number text, p_limit int) RETURNS TABLE (code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.code FROM (
    SELECT d.entry_id FROM public.dossiers_dossier d
    WHERE d.applicant_id_number <> '' AND d.applicant_id_number = p_number
    UNION
    SELECT d.entry_id FROM public.dossiers_dossier d WHERE d.proxy <> '{}'::jsonb AND d.proxy->>'id_number' = p_number
  ) found JOIN public.entries_entry e ON e.id = found.entry_id
  WHERE e.unit_id = ANY ((SELECT public.scope_units())::int[]) OR e.agencies && (SELECT public.scope_agencies())::int[]
  ORDER BY e.opened_at DESC, e.id DESC LIMIT p_limit $$;

-- Who looked at a dossier, for its citizen: by post and unit, never by name; nothing without the slip's secret.
CREATE OR REPLACE FUNCTION dossiers_readers(p_code text, p_secret text, p_limit int) RETURNS TABLE (
  door text, whole boolean, purpose text, post text, unit_name text, first_at timestamptz, last_at timestamptz, times int,
  total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.door, r.whole, r.purpose, r.post, r.unit_name, r.first_at, r.last_at, r.times, count(*) OVER ()
  FROM public.entries_entry e
  JOIN public.dossiers_dossier d ON d.entry_id = e.id
  JOIN public.readings_reading r ON r.entry_id = e.id
  WHERE e.code = upper(p_code) AND e.kind = 'dossier' AND p_secret <> '' AND d.secret = p_secret
  ORDER BY r.id DESC LIMIT p_limit $$;
