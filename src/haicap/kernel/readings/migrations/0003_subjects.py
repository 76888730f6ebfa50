"""Looks at records that are no entry's: a room that has such records says whose they are and who sees them."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

_EARLIER = import_module("haicap.kernel.readings.migrations.0002_functions").FORWARD

FORWARD = """
-- The record that `p_subject` names ("official:7"), where the caller may see it; NULL else. A room replaces it by its own.
CREATE FUNCTION readings_subject(p_subject text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;

CREATE OR REPLACE FUNCTION readings_note(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE account int := scope_actor(); seen bigint; about text := ''; same bigint; moment timestamptz := (p->>'at')::timestamptz;
BEGIN
  IF account IS NULL THEN RETURN; END IF;
  IF coalesce(p->>'subject', '') <> '' THEN
    about := coalesce(public.readings_subject(p->>'subject'), '');
    SELECT r.id INTO same FROM public.readings_reading r
    WHERE r.subject = about AND r.subject <> '' AND r.last_at > moment - interval '10 minutes' AND r.account_id = account
      AND (r.door, r.whole, r.purpose, r.detail, r.post)
        = (p->>'door', (p->>'whole')::boolean, p->>'purpose', p->>'detail', p->>'post')
    ORDER BY r.id DESC LIMIT 1;
  ELSE
    IF p->>'code' <> '' THEN
      SELECT e.id INTO seen FROM public.entries_entry e
      WHERE e.code = p->>'code' AND (e.unit_id = ANY (scope_units()) OR e.agencies && scope_agencies());
    ELSE
      SELECT e.id INTO seen FROM public.files_attachment f JOIN public.entries_entry e ON e.id = f.entry_id
      WHERE f.id = (p->>'file')::bigint AND (e.unit_id = ANY (scope_units()) OR e.agencies && scope_agencies());
    END IF;
    SELECT r.id INTO same FROM public.readings_reading r
    WHERE r.entry_id = seen AND r.last_at > moment - interval '10 minutes' AND r.account_id = account
      AND (r.door, r.whole, r.purpose, r.detail, r.post)
        = (p->>'door', (p->>'whole')::boolean, p->>'purpose', p->>'detail', p->>'post')
    ORDER BY r.last_at DESC LIMIT 1;
  END IF;
  IF seen IS NULL AND about = '' THEN RETURN; END IF;
  IF same IS NOT NULL THEN
    UPDATE public.readings_reading SET times = times + 1, last_at = greatest(last_at, moment) WHERE id = same;
    IF FOUND THEN RETURN; END IF;
  END IF;
  INSERT INTO public.readings_reading (entry_id, subject, account_id, actor_name, post, reader_unit_id, unit_name, door, whole,
                                       purpose, detail, first_at, last_at, times)
  VALUES (seen, about, account, scope_actor_name(), p->>'post', scope_unit(), p->>'unit_name', p->>'door',
          (p->>'whole')::boolean, p->>'purpose', p->>'detail', moment, moment, 1);
END $$;

CREATE OR REPLACE FUNCTION readings_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.times = OLD.times + 1 AND NEW.last_at >= OLD.last_at
     AND (NEW.id, NEW.subject, NEW.account_id, NEW.actor_name, NEW.post, NEW.unit_name, NEW.door, NEW.whole,
          NEW.purpose, NEW.detail, NEW.first_at)
       = (OLD.id, OLD.subject, OLD.account_id, OLD.actor_name, OLD.post, OLD.unit_name, OLD.door, OLD.whole,
          OLD.purpose, OLD.detail, OLD.first_at)
     AND NEW.entry_id IS NOT DISTINCT FROM OLD.entry_id
     AND NEW.reader_unit_id IS NOT DISTINCT FROM OLD.reader_unit_id THEN
    RETURN NEW;
  ELSIF TG_OP = 'DELETE' AND OLD.last_at < now() - interval '90 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the log of readings is append-only' USING ERRCODE = 'HC403';
END $$;
"""


def _earlier(name: str) -> str:
    """A function as the migration before made it."""
    begin = _EARLIER.index(f"CREATE FUNCTION {name}(")
    end = _EARLIER.index("END $$;", begin) + len("END $$;")
    return _EARLIER[begin:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


BACK = f"""
ALTER TABLE readings_reading DISABLE TRIGGER readings_append_only; DELETE FROM readings_reading WHERE entry_id IS NULL;
ALTER TABLE readings_reading ENABLE TRIGGER readings_append_only;
{_earlier("readings_note")}
{_earlier("readings_stay")}
DROP FUNCTION readings_subject(text);
"""  # noqa: S608 - of fixed parts
DOORS = [
    ("page", "Trang hồ sơ"),
    ("api", "Phần mềm khác (API)"),
    ("paper", "In phiếu"),
    ("file", "Mở tệp đính kèm"),
    ("counter", "Dùng lại thông tin tại quầy"),
    ("export", "Xuất dữ liệu theo yêu cầu"),
    ("record", "Trang hồ sơ cán bộ"),
    ("search", "Tìm bằng số định danh"),
    ("table", "Danh sách, bảng tính tải về"),
]


class Migration(migrations.Migration):
    dependencies = [("readings", "0002_functions")]

    operations = [
        migrations.AlterField("reading", "door", models.TextField(choices=DOORS)),
        migrations.AlterField(
            "reading",
            "entry",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="entries.entry",
            ),
        ),
        migrations.AddField("reading", "subject", models.TextField(db_default="", default="")),
        migrations.AddIndex(
            "reading",
            models.Index(
                condition=models.Q(("subject", ""), _negated=True),
                fields=["subject", "-id"],
                name="readings_of_subject",
            ),
        ),
        migrations.AddConstraint(
            "reading",
            models.CheckConstraint(
                condition=models.Q(models.Q(("entry", None), models.Q(("subject", ""), _negated=True)))
                | models.Q(("entry__isnull", False), ("subject", "")),
                name="readings_of_one_thing",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
