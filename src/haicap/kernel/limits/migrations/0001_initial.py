"""One row a source: until when it has used up what it may. Unlogged: a crash forgets it, and nothing is lost by that."""

from django.db import migrations

FORWARD = """
CREATE UNLOGGED TABLE limits_source (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 16),
  until timestamptz NOT NULL
) WITH (fillfactor = 50);
REVOKE ALL ON limits_source FROM haicap_app, haicap_worker;

-- Counts one request; gives 0, or the seconds to wait. One row lock orders all web processes. Two statements inside, for the
-- second only a refusal pays.
CREATE FUNCTION limits_take(p_key bytea, p_each interval, p_period interval) RETURNS double precision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  v_until timestamptz;
BEGIN
  INSERT INTO public.limits_source AS s (key, until) VALUES (p_key, clock_timestamp() + p_each)
  ON CONFLICT (key) DO UPDATE SET until = greatest(s.until, clock_timestamp()) + p_each
    WHERE greatest(s.until, clock_timestamp()) + p_each <= clock_timestamp() + p_period
  RETURNING until INTO v_until;
  IF v_until IS NOT NULL THEN
    RETURN 0;
  END IF;
  SELECT until INTO v_until FROM public.limits_source WHERE key = p_key;
  RETURN greatest(extract(epoch FROM coalesce(v_until, clock_timestamp()) + p_each - p_period - clock_timestamp()), 0.001);
END $$;

CREATE FUNCTION limits_give_back(p_key bytea, p_each interval) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.limits_source SET until = until - p_each WHERE key = p_key $$;

CREATE FUNCTION limits_sweep() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH gone AS (DELETE FROM public.limits_source WHERE until < now() RETURNING 1) SELECT count(*) FROM gone $$;
REVOKE ALL ON FUNCTION limits_sweep() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION limits_sweep() TO haicap_worker;
"""
BACK = """
DROP FUNCTION limits_sweep(); DROP FUNCTION limits_give_back(bytea, interval);
DROP FUNCTION limits_take(bytea, interval, interval); DROP TABLE limits_source;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("scope", "0002_functions")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
