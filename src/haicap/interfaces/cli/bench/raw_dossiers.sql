-- Dossiers as the records keep them, spread over all communes of the day: no rules, no moves, no trail; for measuring what
-- a reorganisation costs beside them. How many: the setting haicap.bench_dossiers.
SET session_replication_role = replica;

CREATE TEMP TABLE commune AS
SELECT row_number() OVER (ORDER BY code) - 1 AS place, id FROM units_unit WHERE level = 'xa';

INSERT INTO entries_entry (id, kind, code, unit_id, book_unit_id, book, period, number, title, state, move_no,
  holder_agency_id, holder_role, step, pending, opened_at, due_at, step_due_at, agencies)
SELECT n, 'dossier', c.id || '-BENCH-' || n, c.id, c.id, 'BENCH', '250601', n, 'Trần Thị Bích · Đăng ký khai sinh',
  'received', 1, c.id, 'counter', 'receive', false, '2025-06-01 08:00+07', '2025-07-04 17:00+07', '2025-07-04 17:00+07',
  ARRAY[c.id]
FROM generate_series(1, current_setting('haicap.bench_dossiers')::int) n
JOIN commune c ON c.place = n % (SELECT count(*) FROM commune);

INSERT INTO dossiers_dossier (entry_id, version_id, procedure_code, competent_unit_id, receiving_unit_id,
  receiving_agency_id, competent_agency_id, channel, priority, applicant_name, applicant_folded, applicant_id_number,
  applicant_phone, applicant_email, applicant_address, proxy, form, checklist, quantity, fee, return_method, received_at,
  outcome, result_number, supplement_rounds, extensions, secret, synthetic, imported_from)
SELECT e.id, (SELECT min(id) FROM procedures_procedureversion), '1.001193', e.unit_id, e.unit_id, e.unit_id, e.unit_id,
  'direct', false, 'Trần Thị Bích ' || e.id, 'tran thi bich ' || e.id, lpad(e.id::text, 12, '0'), '0912345678', '',
  'Tổ 7', '{}', '{}', '[]', 1, 0, 'counter', e.opened_at, '', '', 0, 0, 'ABCDEFGH', true, ''
FROM entries_entry e;

SET session_replication_role = origin;

VACUUM ANALYZE entries_entry, dossiers_dossier;

CHECKPOINT;
