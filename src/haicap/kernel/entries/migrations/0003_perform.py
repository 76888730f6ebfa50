"""One call for a move: the move's row, its event in the trail, its message in the outbox."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION entries_perform_move(p jsonb) RETURNS int LANGUAGE plpgsql AS $$
DECLARE m public.entries_move := jsonb_populate_record(NULL::public.entries_move, p);
BEGIN
  m.actor_id := scope_actor();
  m.actor_name := scope_actor_name();
  INSERT INTO entries_move SELECT m.*;
  PERFORM audit_record('entry:' || m.entry_id, m.kind || ':move:' || m.name, (p->>'unit_id')::int,
    jsonb_strip_nulls(jsonb_build_object('no', m.no, 'from', m.from_state, 'to', m.to_state, 'note', m.note,
      'due', m.due_at, 'holder', m.holder_agency_id, 'role', m.holder_role, 'data', m.data)));
  IF p->>'topic' <> '' THEN
    INSERT INTO outbox_message (topic, key, unit_id, payload, created_at, available_at, attempts, error)
    VALUES (p->>'topic', m.kind || ':' || (p->>'code') || ':' || m.no, (p->>'unit_id')::int,
            jsonb_build_object('code', p->>'code', 'move', m.name, 'state', m.to_state, 'at', m.at), now(), now(), 0, '');
  END IF;
  RETURN m.no;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("entries", "0002_moves"), ("audit", "0002_functions"), ("outbox", "0002_guard"),
    ]  # fmt: skip
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION entries_perform_move(jsonb)")]
