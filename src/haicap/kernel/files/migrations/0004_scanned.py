"""What a virus scanner says of each digest, and the files that were taken out of the way.

A verdict belongs to bytes, whoever sent them, so its table has no unit and is nobody's to read: functions answer for a
digest that the caller knows, and take verdicts. An infected one is never called anything else again by them.
"""

from django.db import migrations, models

from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

FORWARD = """
INSERT INTO files_scan (digest, state, detail, told_at)
SELECT digest, 'not_scanned', '', now() FROM (SELECT digest FROM files_storedfile UNION SELECT digest FROM files_attachment) d;
CREATE INDEX files_scan_waiting ON files_scan (told_at) WHERE state = 'not_scanned';
CREATE INDEX files_scan_infected ON files_scan (digest) WHERE state = 'infected';
REVOKE ALL ON files_scan FROM haicap_app;
REVOKE UPDATE, DELETE ON files_quarantined FROM haicap_app;

CREATE FUNCTION files_verdict(p_digest text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT coalesce((SELECT s.state FROM public.files_scan s WHERE s.digest = p_digest), 'not_scanned') $$;

CREATE FUNCTION files_tell(p_digest text, p_state text, p_detail text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO public.files_scan AS s (digest, state, detail, told_at) VALUES (p_digest, p_state, p_detail, now())
  ON CONFLICT (digest) DO UPDATE SET state = excluded.state, detail = excluded.detail, told_at = excluded.told_at
  WHERE s.state <> 'infected' AND (excluded.state <> 'not_scanned' OR s.state = 'not_scanned') $$;

CREATE FUNCTION files_scan_counts(OUT waiting bigint, OUT infected bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT count(*) FILTER (WHERE state = 'not_scanned'), count(*) FILTER (WHERE state = 'infected')
  FROM public.files_scan WHERE state IN ('not_scanned', 'infected') $$;
"""
BACK = """
DROP FUNCTION files_scan_counts(); DROP FUNCTION files_tell(text, text, text); DROP FUNCTION files_verdict(text);
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0003_renew"), ("scope", "0002_functions")]
    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("state", models.TextField()),
                ("detail", models.TextField(default="")),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["not_scanned", "clean", "infected", "unscannable"])),
                        name="files_scan_state_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Quarantined",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("unit_id", models.IntegerField()),
                ("name", models.TextField(default="")),
                ("size", models.BigIntegerField()),
                ("signature", models.TextField()),
                ("entry_code", models.TextField(default="")),
                ("uploaded_by", models.IntegerField(null=True)),
                ("found_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["unit_id", "-id"], name="files_quarantined_unit")]},
        ),
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(guard("files_quarantined", SEES_UNIT), unguard("files_quarantined")),
    ]
