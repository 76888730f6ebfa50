-- Search among what the caller may see: the scope is applied here, inside, so that the indexes on text may be used.
CREATE OR REPLACE FUNCTION dossiers_search(p_code text, p_name text, p_limit int)
RETURNS TABLE (entry_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE units int[] := scope_units(); agencies_seen int[] := scope_agencies();
        digits text := regexp_replace(p_code, '\D', '', 'g');
BEGIN
  RETURN QUERY
  WITH hits AS (
    SELECT e.id FROM public.entries_entry e WHERE e.kind = 'dossier' AND e.code = p_code
    UNION
    SELECT d.entry_id FROM public.dossiers_dossier d
    WHERE length(digits) >= 9 AND d.applicant_id_number <> '' AND d.applicant_id_number = digits
    UNION
    SELECT d.entry_id FROM public.dossiers_dossier d
    WHERE length(digits) >= 9 AND d.applicant_phone <> '' AND d.applicant_phone = digits
    UNION
    SELECT e.id FROM public.entries_entry e
    WHERE e.kind = 'dossier' AND length(p_code) >= 4 AND e.code LIKE '%' || replace(replace(p_code, '\', '\\'), '%', '\%') || '%'
    UNION
    SELECT d.entry_id FROM public.dossiers_dossier d
    WHERE length(p_name) >= 2 AND d.applicant_folded LIKE '%' || replace(replace(p_name, '\', '\\'), '%', '\%') || '%'
  )
  SELECT e.id FROM hits h JOIN public.entries_entry e ON e.id = h.id
  WHERE e.unit_id = ANY (units) OR e.agencies && agencies_seen
  ORDER BY e.closed_at IS NOT NULL, e.opened_at DESC LIMIT p_limit;
END $$;

-- What the caller's agencies hold or held of dossiers that were received for other units: a list asks here, because under
-- the policy the planner reads all of the caller's own unit to find these few.
CREATE OR REPLACE FUNCTION dossiers_abroad() RETURNS SETOF entries_entry
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public AS $$
  SELECT e.* FROM public.entries_entry e
  WHERE e.kind = 'dossier' AND e.unit_id <> e.book_unit_id
    AND e.agencies && (SELECT public.scope_agencies()) AND e.unit_id <> ALL (coalesce((SELECT public.scope_units()), '{}'))
$$;

-- The public's view of one dossier: state and dates for anybody who knows the code; persons, moves and notes only with
-- the secret that is printed on the slip.
CREATE OR REPLACE FUNCTION dossiers_track(p_code text, p_secret text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object(
    'code', e.code, 'state', e.state, 'procedure', d.procedure_code, 'version', d.version_id,
    'received_at', d.received_at, 'due', e.due_at, 'paused_at', e.paused_at, 'decided_at', d.decided_at,
    'returned_at', d.returned_at, 'closed_at', e.closed_at, 'unit_id', d.receiving_unit_id,
    'agency', a.name, 'phone', a.phone, 'competent', c.name, 'competent_kind', c.kind,
    'competent_unit', c.unit_id, 'synthetic', d.synthetic, 'channel', d.channel,
    'opened', d.secret = p_secret) ||
  CASE WHEN d.secret = p_secret THEN jsonb_build_object(
    'applicant', d.applicant_name, 'return_method', d.return_method, 'fee', d.fee, 'result_number', d.result_number,
    'supplement', (SELECT jsonb_build_object('reason', s.facts->>'reason', 'items', s.facts->'items', 'at', s.at)
                   FROM public.dossiers_slip s WHERE s.entry_id = e.id AND s.form = 'PBS' ORDER BY s.id DESC LIMIT 1),
    'moves', (SELECT jsonb_agg(jsonb_build_object('name', m.name, 'at', m.at, 'to', m.to_state, 'agency', g.name,
                'note', CASE WHEN m.name IN ('request_supplement', 'refuse', 'decline_receipt', 'extend_deadline', 'stop')
                             THEN m.note ELSE '' END) ORDER BY m.no)
              FROM public.entries_move m LEFT JOIN public.people_agency g ON g.id = m.agency_id
              WHERE m.entry_id = e.id AND m.name NOT IN ('appraise', 'hand_over')))
  ELSE '{}'::jsonb END
  FROM public.entries_entry e
  JOIN public.dossiers_dossier d ON d.entry_id = e.id
  JOIN public.people_agency a ON a.id = d.receiving_agency_id
  JOIN public.people_agency c ON c.id = d.competent_agency_id
  WHERE e.code = upper(p_code) AND e.kind = 'dossier' $$;

-- What decides who answers today for a dossier whose unit has ended; for the server alone, which tells the unit and no more.
CREATE OR REPLACE FUNCTION dossiers_line(p_code text, OUT entry_id bigint, OUT agencies int[], OUT address text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.id, e.agencies, d.applicant_address FROM public.entries_entry e JOIN public.dossiers_dossier d ON d.entry_id = e.id
  WHERE e.code = upper(p_code) AND e.kind = 'dossier' $$;
