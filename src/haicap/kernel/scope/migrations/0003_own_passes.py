"""Somebody's own sessions and tokens: listed and ended by the one whose they are, by nobody else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION scope_own_passes()
RETURNS TABLE (id bigint, kind text, scopes text, created_at timestamptz, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT p.id, p.kind, p.scopes, p.created_at, p.expires_at FROM public.scope_pass p
  WHERE p.actor_id = public.scope_actor() AND p.revoked_at IS NULL AND p.expires_at > now() ORDER BY p.id DESC $$;

CREATE FUNCTION scope_end_own(p_pass bigint) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.scope_pass SET revoked_at = now()
  WHERE id = p_pass AND actor_id = public.scope_actor() AND revoked_at IS NULL AND expires_at > now() RETURNING kind $$;

CREATE FUNCTION scope_end_other_sessions(p_keep bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH ended AS (
    UPDATE public.scope_pass SET revoked_at = now()
    WHERE actor_id = public.scope_actor() AND kind = 'session' AND id IS DISTINCT FROM p_keep
      AND revoked_at IS NULL AND expires_at > now() RETURNING 1)
  SELECT count(*) FROM ended $$;
"""
BACK = """
DROP FUNCTION scope_end_other_sessions(bigint); DROP FUNCTION scope_end_own(bigint); DROP FUNCTION scope_own_passes();
"""


class Migration(migrations.Migration):
    dependencies = [("scope", "0002_functions")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
