-- Receiving a dossier in one round trip: the pass is checked, the number taken, every row written, or nothing at all.
-- The caller (commands/receive.py) has judged the request by rules.py; here the database has the last word: row-level
-- security binds each insert to the caller's units, the table of moves and the constraints bind the rest.
CREATE OR REPLACE FUNCTION dossiers_receive(
  p_pass bigint, p_actor int, p_name text, p_own_unit int, p_units text, p_agencies text,
  p_key text, p_digest bytea,
  p_prefix text, p_period text, p_book text, p_move text, p_state text, p_slip text,
  p_book_unit int, p_unit int, p_receiving_agency int, p_competent_agency int,
  p_version bigint, p_procedure text, p_title text, p_channel text, p_priority boolean,
  p_holder_role text, p_step text, p_at timestamptz, p_due timestamptz, p_step_due timestamptz, p_closed timestamptz,
  p_applicant jsonb, p_proxy jsonb, p_form jsonb, p_checklist jsonb, p_quantity int, p_fee bigint,
  p_return_method text, p_secret text, p_synthetic boolean, p_files jsonb, p_note text, p_data jsonb,
  OUT o_code text, OUT o_status int, OUT o_body jsonb)
LANGUAGE plpgsql AS $$
DECLARE n int; eid bigint; slip_no int; hung int;
BEGIN
  PERFORM scope_enter(p_pass, p_actor, p_name, p_own_unit, p_units, p_agencies, false);
  IF p_key <> '' THEN
    SELECT r.body, CASE WHEN r.digest = p_digest THEN r.status ELSE 0 END INTO o_body, o_status
    FROM web_reply r WHERE r.actor_id = p_actor AND r.key = p_key;
    IF FOUND THEN
      o_code := o_body->>'code';
      RETURN;
    END IF;
  END IF;

  n := entries_next_number(p_book_unit, p_book, p_period);
  -- lpad() cuts from the fifth digit on: the width grows with the number
  o_code := p_prefix || lpad(n::text, greatest(4, length(n::text)), '0');
  INSERT INTO entries_entry (kind, code, unit_id, book_unit_id, book, period, number, title, state, move_no,
    holder_agency_id, holder_role, step, pending, opened_at, due_at, step_due_at, closed_at, agencies)
  VALUES ('dossier', o_code, p_unit, p_book_unit, p_book, p_period, n, p_title, p_state, 1,
    CASE WHEN p_closed IS NULL THEN p_receiving_agency END, CASE WHEN p_closed IS NULL THEN p_holder_role ELSE '' END,
    p_step, false, p_at, p_due, p_step_due, p_closed, ARRAY[p_receiving_agency])
  RETURNING id INTO eid;
  INSERT INTO entries_move (entry_id, no, kind, name, from_state, to_state, at, actor_id, actor_name, agency_id, role,
    note, holder_agency_id, holder_role, step, pending, due_at, step_due_at, closed_at, data)
  VALUES (eid, 1, 'dossier', p_move, '', p_state, p_at, p_actor, p_name, p_receiving_agency, p_holder_role,
    p_note, CASE WHEN p_closed IS NULL THEN p_receiving_agency END,
    CASE WHEN p_closed IS NULL THEN p_holder_role ELSE '' END, p_step, false, p_due, p_step_due, p_closed, p_data);
  INSERT INTO dossiers_dossier (entry_id, version_id, procedure_code, competent_unit_id, receiving_unit_id,
    receiving_agency_id, competent_agency_id, channel, priority, applicant_name, applicant_folded,
    applicant_id_number, applicant_phone, applicant_email, applicant_address, proxy, form, checklist, quantity, fee,
    return_method, received_at, outcome, result_number, supplement_rounds, extensions, secret, synthetic, imported_from)
  VALUES (eid, p_version, p_procedure, p_unit, p_book_unit, p_receiving_agency, p_competent_agency, p_channel,
    p_priority, p_applicant->>'name', p_applicant->>'folded', p_applicant->>'id_number', p_applicant->>'phone',
    p_applicant->>'email', p_applicant->>'address', p_proxy, p_form, p_checklist, p_quantity, p_fee, p_return_method,
    p_at, '', '', 0, 0, p_secret, p_synthetic, '');
  IF p_files <> '[]'::jsonb THEN
    INSERT INTO files_attachment (entry_id, digest, name, media_type, size, paper, added_at, added_by)
    SELECT eid, f.digest, f.name, s.media_type, s.size, f.paper, p_at, p_actor
    FROM jsonb_to_recordset(p_files) AS f(digest text, name text, paper text)
    JOIN files_storedfile s ON s.digest = f.digest AND s.unit_id = ANY ((SELECT scope_units())::int[]);
    GET DIAGNOSTICS hung = ROW_COUNT;
    IF hung <> jsonb_array_length(p_files) THEN
      RAISE EXCEPTION 'a file is not stored here' USING ERRCODE = 'HC422';
    END IF;
  END IF;
  IF p_slip <> '' THEN
    -- a declined receipt stands in the book of its own form: its number there is the slip's
    slip_no := CASE WHEN p_slip = p_book THEN n ELSE entries_next_number(p_book_unit, p_slip, to_char(p_at, 'YYYY')) END;
    INSERT INTO dossiers_slip (entry_id, form, number, year, move_no, at, facts)
    VALUES (eid, p_slip, slip_no, extract(year FROM p_at)::int, 1, p_at, jsonb_build_object('reason', p_note));
  END IF;

  PERFORM audit_record('entry:' || eid, 'dossier:move:' || p_move, p_unit, jsonb_build_object(
    'code', o_code, 'procedure', p_procedure, 'to', p_state, 'due', p_due, 'files', p_files,
    'form', encode(sha256(convert_to(p_form::text || p_applicant::text, 'UTF8')), 'hex')) || p_data);
  INSERT INTO outbox_message (topic, key, unit_id, payload, created_at, available_at, attempts, error)
  VALUES ('dossier.' || p_move, 'dossier:' || o_code || ':1', p_unit,
    jsonb_build_object('code', o_code, 'move', p_move, 'state', p_state, 'at', p_at), now(), now(), 0, '');

  o_status := 201;
  o_body := jsonb_build_object('code', o_code, 'id', eid, 'state', p_state, 'due', p_due, 'number', n,
                               'secret', p_secret);
  IF p_key <> '' THEN
    INSERT INTO web_reply (actor_id, key, digest, status, body, at)
    VALUES (p_actor, p_key, p_digest, o_status, o_body, now());
  END IF;
END $$;
