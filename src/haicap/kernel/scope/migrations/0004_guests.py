"""Guests: somebody with a pass who is shown rows only of units that lend them, and only to read. The database holds that line.

A pass of kind `guest` is looked at by the first statement of every transaction, as every pass is. Whatever scope the
application asks for with it, a reading transaction gets the units that `scope_lent_units` names at this moment, and a
writing one none at all: a guest sees or writes, never both. Which units lend is told by the room that knows why; it puts
its own function in the place of the one made here.
"""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION scope_lent_units(p_actor int) RETURNS int[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$ SELECT '{}'::int[] $$;

CREATE FUNCTION scope_kind_of_pass(p_pass bigint, p_actor int) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT kind FROM public.scope_pass
  WHERE id = p_pass AND actor_id = p_actor AND revoked_at IS NULL AND expires_at > now() $$;

CREATE OR REPLACE FUNCTION scope_enter(p_pass bigint, p_actor int, p_name text, p_unit int, p_units text, p_agencies text,
                                       p_read_only boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_kind text;
BEGIN
  IF p_pass IS NOT NULL THEN
    v_kind := scope_kind_of_pass(p_pass, p_actor);
    IF v_kind IS NULL THEN
      RAISE EXCEPTION 'the pass has expired or was revoked' USING ERRCODE = 'HC401';
    END IF;
    IF v_kind = 'guest' THEN
      p_unit := NULL;
      p_units := CASE WHEN p_read_only THEN scope_lent_units(p_actor)::text ELSE '{}' END;
      p_agencies := '{}';
    END IF;
  END IF;
  PERFORM set_config('haicap.actor', coalesce(p_actor::text, ''), true),
          set_config('haicap.actor_name', p_name, true),
          set_config('haicap.unit', coalesce(p_unit::text, ''), true),
          set_config('haicap.units', p_units, true),
          set_config('haicap.agencies', p_agencies, true);
  IF p_read_only THEN
    PERFORM set_config('transaction_read_only', 'on', true);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION scope_end_other_sessions(p_keep bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH ended AS (
    UPDATE public.scope_pass SET revoked_at = now()
    WHERE actor_id = public.scope_actor() AND kind <> 'token' AND id IS DISTINCT FROM p_keep
      AND revoked_at IS NULL AND expires_at > now() RETURNING 1)
  SELECT count(*) FROM ended $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION scope_end_other_sessions(p_keep bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH ended AS (
    UPDATE public.scope_pass SET revoked_at = now()
    WHERE actor_id = public.scope_actor() AND kind = 'session' AND id IS DISTINCT FROM p_keep
      AND revoked_at IS NULL AND expires_at > now() RETURNING 1)
  SELECT count(*) FROM ended $$;
CREATE OR REPLACE FUNCTION scope_enter(p_pass bigint, p_actor int, p_name text, p_unit int, p_units text, p_agencies text,
                                       p_read_only boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_pass IS NOT NULL AND NOT scope_pass_is_alive(p_pass, p_actor) THEN
    RAISE EXCEPTION 'the pass has expired or was revoked' USING ERRCODE = 'HC401';
  END IF;
  PERFORM set_config('haicap.actor', coalesce(p_actor::text, ''), true),
          set_config('haicap.actor_name', p_name, true),
          set_config('haicap.unit', coalesce(p_unit::text, ''), true),
          set_config('haicap.units', p_units, true),
          set_config('haicap.agencies', p_agencies, true);
  IF p_read_only THEN
    PERFORM set_config('transaction_read_only', 'on', true);
  END IF;
END $$;
DROP FUNCTION scope_kind_of_pass(bigint, int); DROP FUNCTION scope_lent_units(int);
"""


class Migration(migrations.Migration):
    dependencies = [("scope", "0003_own_passes")]
    operations = [
        migrations.AlterField(
            model_name="pass",
            name="kind",
            field=models.TextField(choices=[("session", "Session"), ("token", "Token"), ("guest", "Guest")]),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
