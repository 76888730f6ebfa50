"""Whether a worker lives, and how the queue stands, for an application that may not see the messages."""

from django.db import migrations, models

FORWARD = """
-- Looks at p_most rows at most; they are found by the index of what waits.
CREATE FUNCTION outbox_queue(p_most int, OUT waiting bigint, OUT failing bigint, OUT late interval)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT count(*), count(*) FILTER (WHERE w.attempts > 0),
         greatest(coalesce(now() - min(w.available_at), interval '0'), interval '0')
  FROM (SELECT m.attempts, m.available_at FROM public.outbox_message m WHERE m.done_at IS NULL
        ORDER BY m.available_at, m.id LIMIT p_most) w $$;

REVOKE INSERT, UPDATE, DELETE ON outbox_heartbeat FROM haicap_app;
-- A subscription's secret signs for this house: the web tier never needs to read it.
REVOKE ALL ON outbox_subscription FROM haicap_app;
REVOKE INSERT, UPDATE, DELETE ON outbox_subscription FROM haicap_worker;
"""
BACK = """
GRANT INSERT, UPDATE, DELETE ON outbox_subscription TO haicap_worker;
GRANT ALL ON outbox_subscription TO haicap_app;
DROP FUNCTION outbox_queue(int);
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_guard")]
    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
