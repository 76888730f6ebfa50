"""Files that a scanner called clean are asked about again, by newer signatures: a day later, then after 4, 16, 64, 256 days.

What is new to the world today is known to scanners days later; a file that was clean for a year is hardly found then. Only a
scan that was due moves the next one away, so that nobody puts it off by sending the same bytes again.
"""

from django.db import migrations, models

FORWARD = """
UPDATE files_scan SET again_at = now(), times = 1 WHERE state IN ('clean', 'unscannable');
CREATE INDEX files_scan_again ON files_scan (again_at) WHERE again_at IS NOT NULL;
DROP FUNCTION files_tell(text, text, text);

CREATE FUNCTION files_tell(p_digest text, p_state text, p_detail text, p_signatures text DEFAULT '') RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO public.files_scan AS s (digest, state, detail, told_at, again_at, times, signatures)
  VALUES (p_digest, p_state, p_detail, now(), CASE WHEN p_state IN ('clean', 'unscannable') THEN now() + interval '1 day' END,
          CASE WHEN p_state IN ('clean', 'unscannable') THEN 1 ELSE 0 END, p_signatures)
  ON CONFLICT (digest) DO UPDATE SET state = excluded.state, detail = excluded.detail, told_at = excluded.told_at,
    signatures = excluded.signatures,
    again_at = CASE WHEN excluded.again_at IS NULL THEN NULL WHEN s.again_at IS NULL THEN excluded.again_at
                    WHEN s.again_at > now() THEN s.again_at
                    ELSE now() + interval '1 day' * power(4, least(s.times, 4)) END,
    times = CASE WHEN excluded.again_at IS NULL THEN 0 WHEN s.again_at IS NULL THEN 1
                 WHEN s.again_at > now() THEN s.times ELSE s.times + 1 END
  WHERE s.state <> 'infected' AND (excluded.state <> 'not_scanned' OR s.state = 'not_scanned') $$;
"""
BACK = """
DROP FUNCTION files_tell(text, text, text, text);
DROP INDEX files_scan_again;
CREATE FUNCTION files_tell(p_digest text, p_state text, p_detail text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO public.files_scan AS s (digest, state, detail, told_at) VALUES (p_digest, p_state, p_detail, now())
  ON CONFLICT (digest) DO UPDATE SET state = excluded.state, detail = excluded.detail, told_at = excluded.told_at
  WHERE s.state <> 'infected' AND (excluded.state <> 'not_scanned' OR s.state = 'not_scanned') $$;
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0004_scanned")]
    operations = [
        migrations.AddField("scan", "again_at", models.DateTimeField(null=True)),
        migrations.AddField("scan", "times", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("scan", "signatures", models.TextField(db_default="", default="")),
        migrations.RunSQL(FORWARD, BACK),
    ]
