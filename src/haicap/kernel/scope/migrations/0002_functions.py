"""What row-level security reads, and the one statement that sets it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION scope_units() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('haicap.units', true), ''), '{}')::int[] $$;

CREATE FUNCTION scope_agencies() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('haicap.agencies', true), ''), '{}')::int[] $$;

CREATE FUNCTION scope_unit() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('haicap.unit', true), '')::int $$;

CREATE FUNCTION scope_actor() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('haicap.actor', true), '')::int $$;

CREATE FUNCTION scope_actor_name() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('haicap.actor_name', true), '') $$;

-- The pass is looked up as the owner: the application cannot read or list other people's passes.
CREATE FUNCTION scope_pass_is_alive(p_pass bigint, p_actor int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (SELECT FROM public.scope_pass
   WHERE id = p_pass AND actor_id = p_actor AND revoked_at IS NULL AND expires_at > now()) $$;

CREATE FUNCTION scope_new_pass(p_actor int, p_kind text, p_scopes text, p_from timestamptz, p_to timestamptz)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO public.scope_pass (actor_id, kind, scopes, created_at, expires_at)
  VALUES (p_actor, p_kind, p_scopes, p_from, p_to) RETURNING id $$;

CREATE FUNCTION scope_end_pass(p_pass bigint, p_actor int) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.scope_pass SET revoked_at = now() WHERE id = p_pass AND actor_id = p_actor AND revoked_at IS NULL $$;

CREATE FUNCTION scope_end_all(p_actor int, p_keep_tokens boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.scope_pass SET revoked_at = now()
  WHERE actor_id = p_actor AND revoked_at IS NULL AND NOT (p_keep_tokens AND kind = 'token') $$;

CREATE FUNCTION scope_revoke(p_pass bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH ended AS (UPDATE public.scope_pass SET revoked_at = coalesce(revoked_at, now()) WHERE id = p_pass RETURNING 1)
  SELECT EXISTS (SELECT FROM ended) $$;

REVOKE ALL ON scope_pass FROM haicap_app, haicap_worker;

CREATE FUNCTION scope_enter(p_pass bigint, p_actor int, p_name text, p_unit int, p_units text, p_agencies text,
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

CREATE FUNCTION scope_leave() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM set_config('haicap.actor', '', true), set_config('haicap.actor_name', '', true),
          set_config('haicap.unit', '', true),
          set_config('haicap.units', '', true), set_config('haicap.agencies', '', true);
END $$;
"""
BACK = """
DROP FUNCTION scope_leave(); DROP FUNCTION scope_enter(bigint, int, text, int, text, text, boolean);
DROP FUNCTION scope_revoke(bigint); DROP FUNCTION scope_end_all(int, boolean);
DROP FUNCTION scope_end_pass(bigint, int);
DROP FUNCTION scope_new_pass(int, text, text, timestamptz, timestamptz);
DROP FUNCTION scope_pass_is_alive(bigint, int); DROP FUNCTION scope_actor_name(); DROP FUNCTION scope_actor(); DROP FUNCTION scope_unit();
DROP FUNCTION scope_agencies(); DROP FUNCTION scope_units();
"""


class Migration(migrations.Migration):
    dependencies = [("scope", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
