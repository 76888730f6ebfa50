"""The only ways to note a look and to forget old ones; whoever sees the entry sees who looked at it."""

from django.db import migrations

from haicap.kernel.scope.policies import guard, unguard

FORWARD = """
-- Notes a look at an entry that the caller may see; of others, and of nobody's, it says and writes nothing.
-- The same look by the same officer within ten minutes is counted on one row.
CREATE FUNCTION readings_note(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE account int := scope_actor(); seen bigint; moment timestamptz := (p->>'at')::timestamptz;
BEGIN
  IF account IS NULL THEN RETURN; END IF;
  IF p->>'code' <> '' THEN
    SELECT e.id INTO seen FROM public.entries_entry e
    WHERE e.code = p->>'code' AND (e.unit_id = ANY (scope_units()) OR e.agencies && scope_agencies());
  ELSE
    SELECT e.id INTO seen FROM public.files_attachment f JOIN public.entries_entry e ON e.id = f.entry_id
    WHERE f.id = (p->>'file')::bigint AND (e.unit_id = ANY (scope_units()) OR e.agencies && scope_agencies());
  END IF;
  IF seen IS NULL THEN RETURN; END IF;
  UPDATE public.readings_reading SET times = times + 1, last_at = greatest(last_at, moment)
  WHERE id = (SELECT r.id FROM public.readings_reading r
              WHERE r.entry_id = seen AND r.last_at > moment - interval '10 minutes' AND r.account_id = account
                AND (r.door, r.whole, r.purpose, r.detail, r.post)
                  = (p->>'door', (p->>'whole')::boolean, p->>'purpose', p->>'detail', p->>'post')
              ORDER BY r.last_at DESC LIMIT 1);
  IF NOT FOUND THEN
    INSERT INTO public.readings_reading (entry_id, account_id, actor_name, post, reader_unit_id, unit_name, door, whole,
                                         purpose, detail, first_at, last_at, times)
    VALUES (seen, account, scope_actor_name(), p->>'post', scope_unit(), p->>'unit_name', p->>'door',
            (p->>'whole')::boolean, p->>'purpose', p->>'detail', moment, moment, 1);
  END IF;
END $$;

-- Enters the scope, notes the look, and only then forbids all writing. A reading does not wait for the disk: the note
-- survives the end of the web process, and of the database all but the last half second.
CREATE FUNCTION readings_enter(p_pass bigint, p_actor int, p_name text, p_unit int, p_units text, p_agencies text,
                               p_read_only boolean, p_note jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scope_enter(p_pass, p_actor, p_name, p_unit, p_units, p_agencies, false);
  IF p_read_only AND p_pass IS NOT NULL AND scope_kind_of_pass(p_pass, p_actor) = 'guest' THEN
    PERFORM set_config('haicap.units', scope_lent_units(p_actor)::text, true); -- as `scope_enter` for a guest who reads
  END IF;
  PERFORM readings_note(p_note);
  IF p_read_only THEN
    PERFORM set_config('synchronous_commit', 'off', true), set_config('transaction_read_only', 'on', true);
  END IF;
END $$;

CREATE FUNCTION readings_forget(p_before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH gone AS (DELETE FROM public.readings_reading WHERE last_at < p_before RETURNING 1) SELECT count(*) FROM gone $$;
REVOKE ALL ON FUNCTION readings_forget(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION readings_forget(timestamptz) TO haicap_worker;

REVOKE INSERT, UPDATE, DELETE ON readings_reading FROM haicap_app, haicap_worker;

-- Not even the owner changes a look, or removes one that is younger than the shortest time that may be set.
CREATE FUNCTION readings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.times = OLD.times + 1 AND NEW.last_at >= OLD.last_at
     AND (NEW.id, NEW.entry_id, NEW.account_id, NEW.actor_name, NEW.post, NEW.unit_name, NEW.door, NEW.whole,
          NEW.purpose, NEW.detail, NEW.first_at)
       = (OLD.id, OLD.entry_id, OLD.account_id, OLD.actor_name, OLD.post, OLD.unit_name, OLD.door, OLD.whole,
          OLD.purpose, OLD.detail, OLD.first_at)
     AND NEW.reader_unit_id IS NOT DISTINCT FROM OLD.reader_unit_id THEN
    RETURN NEW;
  ELSIF TG_OP = 'DELETE' AND OLD.last_at < now() - interval '90 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the log of readings is append-only' USING ERRCODE = 'HC403';
END $$;
CREATE TRIGGER readings_append_only BEFORE UPDATE OR DELETE ON readings_reading
  FOR EACH ROW EXECUTE FUNCTION readings_stay();
"""
BACK = """
DROP TRIGGER readings_append_only ON readings_reading; DROP FUNCTION readings_stay();
DROP FUNCTION readings_forget(timestamptz);
DROP FUNCTION readings_enter(bigint, int, text, int, text, text, boolean, jsonb); DROP FUNCTION readings_note(jsonb);
"""
ENTRY_IS_SEEN = "EXISTS (SELECT FROM entries_entry e WHERE e.id = entry_id)"


class Migration(migrations.Migration):
    dependencies = [("readings", "0001_initial"), ("files", "0002_guard"), ("scope", "0004_guests")]
    operations = [
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(guard("readings_reading", ENTRY_IS_SEEN, worker="SELECT"), unguard("readings_reading")),
    ]
