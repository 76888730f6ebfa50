"""The only ways to write the trail and to seal it; nobody but the owner may touch its rows otherwise."""

from django.db import migrations

from haicap.kernel.scope.policies import guard, unguard

FORWARD = """
CREATE FUNCTION audit_hash(p_before bytea, p_subject text, p_seq int, p_at timestamptz, p_actor int, p_name text,
                           p_tag text, p_unit int, p_data jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(p_before || convert_to(concat_ws(E'\\x1f', p_subject, p_seq::text,
    (extract(epoch FROM p_at) * 1000000)::bigint::text, coalesce(p_actor::text, '-'), p_name, p_tag,
    coalesce(p_unit::text, '-'), p_data::text), 'UTF8')) $$;

-- Adds one event to a subject's chain. Locks the chain's head, so that two writers make two links, not a fork.
CREATE FUNCTION audit_record(p_subject text, p_tag text, p_unit int, p_data jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE before bytea; number int; link bytea; event_id bigint;
        moment timestamptz := clock_timestamp();
        actor int := scope_actor(); named text := scope_actor_name();
BEGIN
  SELECT h.hash, h.seq INTO before, number FROM public.audit_head h WHERE h.subject = p_subject FOR UPDATE;
  number := coalesce(number, 0) + 1;
  link := audit_hash(coalesce(before, ''::bytea), p_subject, number, moment, actor, named, p_tag, p_unit, p_data);
  INSERT INTO public.audit_event (subject, seq, at, actor_id, actor_name, tag, unit_id, data, hash)
  VALUES (p_subject, number, moment, actor, named, p_tag, p_unit, p_data, link) RETURNING id INTO event_id;
  IF number = 1 THEN
    INSERT INTO public.audit_head (subject, seq, hash) VALUES (p_subject, 1, link);
  ELSE
    UPDATE public.audit_head SET seq = number, hash = link WHERE subject = p_subject;
  END IF;
  RETURN event_id;
END $$;

CREATE FUNCTION audit_root(p_before bytea, p_after bigint, p_through bigint, OUT counted bigint, OUT root bytea)
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT count(*), sha256(coalesce(p_before, ''::bytea)
                          || coalesce(string_agg(int8send(e.id) || e.hash, ''::bytea ORDER BY e.id), ''::bytea))
  FROM public.audit_event e WHERE e.id > p_after AND e.id <= p_through $$;

-- Seals everything recorded since the last seal. The lock waits for writers under way, so no event slips past.
CREATE FUNCTION audit_seal_all(p_day date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE last_id bigint := 0; last_root bytea := ''::bytea; upto bigint; counted bigint; fresh bytea;
BEGIN
  LOCK TABLE public.audit_seal IN SHARE ROW EXCLUSIVE MODE;
  LOCK TABLE public.audit_event IN SHARE MODE;
  SELECT s.through_id, s.root INTO last_id, last_root FROM public.audit_seal s ORDER BY s.through_id DESC LIMIT 1;
  last_id := coalesce(last_id, 0);
  SELECT max(e.id) INTO upto FROM public.audit_event e WHERE e.id > last_id;
  IF upto IS NULL THEN RETURN 0; END IF;
  SELECT r.counted, r.root INTO counted, fresh FROM audit_root(last_root, last_id, upto) r;
  INSERT INTO public.audit_seal (day, sealed_at, after_id, through_id, events, root)
  VALUES (p_day, clock_timestamp(), last_id, upto, counted, fresh);
  RETURN counted;
END $$;

REVOKE INSERT, UPDATE, DELETE ON audit_event, audit_head, audit_seal FROM haicap_app, haicap_worker;
REVOKE ALL ON FUNCTION audit_seal_all(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_seal_all(date) TO haicap_worker;

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'HC403';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""
SEES = "unit_id = ANY ((SELECT scope_units())::int[])"

BACK = """
DROP TRIGGER audit_seal_append_only ON audit_seal; DROP TRIGGER audit_event_append_only ON audit_event;
DROP FUNCTION audit_is_append_only(); DROP FUNCTION audit_seal_all(date);
DROP FUNCTION audit_root(bytea, bigint, bigint); DROP FUNCTION audit_record(text, text, int, jsonb);
DROP FUNCTION audit_hash(bytea, text, int, timestamptz, int, text, text, int, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("scope", "0002_functions")]
    operations = [
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(guard("audit_event", SEES, worker="SELECT"), unguard("audit_event")),
        migrations.RunSQL(guard("audit_head", "false", worker="SELECT"), unguard("audit_head")),
    ]
