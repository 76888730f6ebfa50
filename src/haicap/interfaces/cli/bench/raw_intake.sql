-- The rows that one receipt writes (dossiers_receive), written by nothing but INSERTs in one call: no pass, no rules, no
-- row-level security (the owner runs it), no hash chain, no move trigger (switched off for the raw half of the run).
CREATE FUNCTION bench_raw_receive(p_unit int, p_agency int, p_version bigint, p_tag int) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE n int; eid bigint; new_code text;
BEGIN
  INSERT INTO entries_register AS r (unit_id, book, period, last) VALUES (p_unit, 'RAW', '000000', 1)
  ON CONFLICT (unit_id, book, period) DO UPDATE SET last = r.last + 1 RETURNING last INTO n;
  new_code := p_unit || '-RAW-' || n;
  INSERT INTO entries_entry (kind, code, unit_id, book_unit_id, book, period, number, title, state, move_no,
    holder_agency_id, holder_role, step, pending, opened_at, due_at, step_due_at, agencies)
  VALUES ('dossier', new_code, p_unit, p_unit, 'RAW', '000000', n, 'Trần Thị Bích · Đăng ký khai sinh', 'received', 1,
    p_agency, 'counter', 'receive', false, now(), now() + interval '1 day', now() + interval '1 day', ARRAY[p_agency])
  RETURNING id INTO eid;
  INSERT INTO entries_move (entry_id, no, kind, name, from_state, to_state, at, actor_id, actor_name, agency_id, role,
    note, holder_agency_id, holder_role, step, pending, due_at, step_due_at, data)
  VALUES (eid, 1, 'dossier', 'receive', '', 'received', now(), 1, 'Trần Thị Bích', p_agency, 'counter', '', p_agency,
    'counter', 'receive', false, now() + interval '1 day', now() + interval '1 day', '{}');
  INSERT INTO dossiers_dossier (entry_id, version_id, procedure_code, competent_unit_id, receiving_unit_id,
    receiving_agency_id, competent_agency_id, channel, priority, applicant_name, applicant_folded,
    applicant_id_number, applicant_phone, applicant_email, applicant_address, proxy, form, checklist, quantity, fee,
    return_method, received_at, outcome, result_number, supplement_rounds, extensions, secret, synthetic, imported_from)
  VALUES (eid, p_version, '1.001193', p_unit, p_unit, p_agency, p_agency, 'direct', false, 'Trần Thị Bích ' || p_tag,
    'tran thi bich ' || p_tag, lpad(p_tag::text, 12, '0'), '0912345678', '', 'Tổ 7, phường Chiềng An', '{}',
    '{"child_name": "Nguyễn Văn Bình", "child_born_on": "2026-10-01", "child_sex": "male", "child_ethnic_group": "Kinh", "child_nationality": "Việt Nam", "child_birthplace": "Bệnh viện Đa khoa tỉnh Sơn La", "child_hometown": "Sơn La", "mother_name": "Trần Thị Bích", "mother_born_on": "1998-05-06", "declarant_relation": "mother"}',
    '[]', 1, 0, 'counter', now(), '', '', 0, 0, 'ABCDEFGH', true, '');
  INSERT INTO audit_event (subject, seq, at, actor_id, actor_name, tag, unit_id, data, hash)
  VALUES ('entry:' || eid, 1, now(), 1, 'Trần Thị Bích', 'dossier:move:receive', p_unit,
    jsonb_build_object('code', new_code, 'to', 'received', 'procedure', '1.001193',
                       'form', '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b'),
    '\x6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b');
  INSERT INTO audit_head (subject, seq, hash)
  VALUES ('entry:' || eid, 1, '\x6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b');
  INSERT INTO outbox_message (topic, key, unit_id, payload, created_at, available_at, attempts, error)
  VALUES ('dossier.receive', 'dossier:' || new_code || ':1', p_unit,
    jsonb_build_object('code', new_code, 'move', 'receive', 'state', 'received', 'at', now()), now(), now(), 0, '');
  INSERT INTO web_reply (actor_id, key, digest, status, body, at)
  VALUES (1, 'raw-' || eid, '\x6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 201,
    jsonb_build_object('code', new_code, 'id', eid, 'state', 'received', 'due', now(), 'number', n, 'secret', 'ABCDEFGH'), now());
  RETURN eid;
END $$;
