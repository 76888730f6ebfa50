"""Numbers without gaps, moves that the database checks, rows that each unit sees alone."""

from django.db import migrations

from haicap.kernel.scope.policies import guard, unguard

FORWARD = """
-- The next number of a unit's book: the row stays locked until the entry that takes the number is committed,
-- so a rollback gives the number back and no gap is left.
CREATE FUNCTION entries_next_number(p_unit int, p_book text, p_period text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE number int;
BEGIN
  IF NOT (p_unit = ANY (scope_units()) OR p_unit IS NOT DISTINCT FROM scope_unit()) THEN
    RAISE EXCEPTION 'the books of unit % are not the caller''s', p_unit USING ERRCODE = 'HC403';
  END IF;
  INSERT INTO public.entries_register AS r (unit_id, book, period, last) VALUES (p_unit, p_book, p_period, 1)
  ON CONFLICT (unit_id, book, period) DO UPDATE SET last = r.last + 1 RETURNING last INTO number;
  RETURN number;
END $$;

ALTER TABLE entries_move ADD CONSTRAINT entries_move_is_legal
  FOREIGN KEY (kind, name, from_state, to_state) REFERENCES entries_rule (kind, name, from_state, to_state);
ALTER TABLE entries_entry ADD CONSTRAINT entries_state_has_its_move
  FOREIGN KEY (id, move_no) REFERENCES entries_move (entry_id, no) DEFERRABLE INITIALLY DEFERRED;

-- A move makes the entry what the row says. The first moves of a new entry come with it (a receipt, an import);
-- every later one must fit on the entry's present state, which is locked.
CREATE FUNCTION entries_perform() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE e public.entries_entry; before text;
BEGIN
  SELECT * INTO e FROM public.entries_entry WHERE id = NEW.entry_id FOR UPDATE;
  IF NOT FOUND OR e.kind <> NEW.kind THEN
    RAISE EXCEPTION 'no entry % of kind %', NEW.entry_id, NEW.kind USING ERRCODE = 'HC409';
  END IF;
  IF NEW.no > 1 THEN
    SELECT to_state INTO before FROM public.entries_move WHERE entry_id = NEW.entry_id AND no = NEW.no - 1;
  ELSE
    before := '';
  END IF;
  IF before IS DISTINCT FROM NEW.from_state OR NEW.no > e.move_no + 1 THEN
    RAISE EXCEPTION 'entry % has moved on: it is %', NEW.entry_id, e.state USING ERRCODE = 'HC409';
  END IF;
  IF NEW.no = e.move_no + 1 THEN
    UPDATE public.entries_entry SET
      move_no = NEW.no, state = NEW.to_state, holder_agency_id = NEW.holder_agency_id, holder_role = NEW.holder_role,
      holder_account_id = NEW.holder_account_id, step = NEW.step, pending = NEW.pending, due_at = NEW.due_at,
      step_due_at = NEW.step_due_at, paused_at = NEW.paused_at, closed_at = NEW.closed_at,
      agencies = CASE WHEN NEW.holder_agency_id IS NULL OR NEW.holder_agency_id = ANY (agencies) THEN agencies
                      ELSE agencies || NEW.holder_agency_id END
    WHERE id = NEW.entry_id;
  ELSIF NEW.no = e.move_no AND NEW.to_state <> e.state THEN
    RAISE EXCEPTION 'entry % is %, its last move says %', NEW.entry_id, e.state, NEW.to_state USING ERRCODE = 'HC409';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entries_move_performs BEFORE INSERT ON entries_move FOR EACH ROW EXECUTE FUNCTION entries_perform();

CREATE FUNCTION entries_moves_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'moves are append-only' USING ERRCODE = 'HC403';
END $$;
CREATE TRIGGER entries_move_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries_move
  FOR EACH STATEMENT EXECUTE FUNCTION entries_moves_stay();

CREATE INDEX entries_entry_agencies ON entries_entry USING gin (agencies);

REVOKE UPDATE, DELETE ON entries_entry FROM haicap_app, haicap_worker;
REVOKE UPDATE, DELETE ON entries_move FROM haicap_app, haicap_worker;
REVOKE INSERT, UPDATE, DELETE ON entries_register, entries_rule FROM haicap_app, haicap_worker;
"""
BACK = """
DROP INDEX entries_entry_agencies;
DROP TRIGGER entries_move_append_only ON entries_move; DROP TRIGGER entries_move_performs ON entries_move;
DROP FUNCTION entries_moves_stay(); DROP FUNCTION entries_perform();
ALTER TABLE entries_entry DROP CONSTRAINT entries_state_has_its_move;
ALTER TABLE entries_move DROP CONSTRAINT entries_move_is_legal;
DROP FUNCTION entries_next_number(int, text, text);
"""
SEES = "unit_id = ANY ((SELECT scope_units())::int[]) OR agencies && (SELECT scope_agencies())::int[]"
MOVE_SEES = "EXISTS (SELECT FROM entries_entry e WHERE e.id = entry_id)"


class Migration(migrations.Migration):
    dependencies = [("entries", "0001_initial"), ("scope", "0002_functions")]
    operations = [
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(guard("entries_entry", SEES, worker="SELECT"), unguard("entries_entry")),
        migrations.RunSQL(guard("entries_move", MOVE_SEES, worker="SELECT"), unguard("entries_move")),
        migrations.RunSQL(
            guard("entries_register", "unit_id = ANY ((SELECT scope_units())::int[])", worker=""),
            unguard("entries_register"),
        ),
    ]
