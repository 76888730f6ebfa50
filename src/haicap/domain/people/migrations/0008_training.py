"""Training, digital certificates and devices: a unit keeps its rows, a person sees their own, a verifier sees one by its code."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import haicap.domain.units.models.units
from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

OWN_PEOPLE = "official_id IN (SELECT id FROM people_official)"  # row-level security decides which records these are
# What may be read beyond one's own units: names no person, or belongs to somebody whose record one sees.
ALSO_READ = {
    "people_topic": "true",
    "people_trainingneed": "true",
    "people_trainingclass": "invited && (SELECT scope_units())::int[] OR id IN (SELECT training_class_id FROM people_enrolment)",
    "people_enrolment": OWN_PEOPLE,
    "people_completion": "enrolment_id IN (SELECT id FROM people_enrolment)",
    "people_told": OWN_PEOPLE,
    "people_signingdevice": "id IN (SELECT device_id FROM people_devicehandover)",
    "people_devicehandover": OWN_PEOPLE,
    "people_digitalcertificate": OWN_PEOPLE,
}
WORKER = {"people_told": "ALL"}
# Who reads the code on a paper learns whether it is valid, and of the name only what a holder can be known by.
SHOWN = """
CREATE FUNCTION people_completion_shown(p_code text)
RETURNS TABLE (number int, year int, organiser text, masked_name text, topic text, topic_en text, title text,
               first_day date, last_day date, issued_on date, known_until date, withdrawn_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.number, c.year, u.name, regexp_replace(o.full_name, '(\\S)\\S*(?=\\s)', '\\1.', 'g'), t.name, t.name_en, k.title,
         k.first_day, k.last_day, c.issued_on, e.known_until, c.withdrawn_on
  FROM people_completion c
  JOIN people_enrolment e ON e.id = c.enrolment_id
  JOIN people_official o ON o.id = e.official_id
  JOIN people_trainingclass k ON k.id = e.training_class_id
  JOIN people_topic t ON t.id = e.topic_id
  JOIN units_unit u ON u.id = c.unit_id
  WHERE c.code = p_code
$$;
"""
# How many have a seat in each class: an invited commune sees its own learners only, and a seat is taken by anybody.
TAKEN = """
CREATE FUNCTION people_class_taken(p_classes int[]) RETURNS TABLE (training_class_id bigint, taken bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.training_class_id, count(*) FROM people_enrolment e WHERE e.training_class_id = ANY (p_classes) GROUP BY 1
$$;
"""


def _guarded() -> list[migrations.RunSQL]:
    found = []
    for table, also in ALSO_READ.items():
        forward = guard(table, SEES_UNIT, worker=WORKER.get(table, "SELECT"))
        reading = f"CREATE POLICY {table}_read ON {table} FOR SELECT TO haicap_app USING ({also});"
        found.append(migrations.RunSQL(forward + reading, f"DROP POLICY {table}_read ON {table};" + unguard(table)))
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_headcount"),
        ("units", "0006_conversions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SigningDevice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.TextField(
                        choices=[("usb_token", "USB Token"), ("sim", "SIM PKI"), ("remote", "Ký số từ xa")]
                    ),
                ),
                ("serial", models.TextField()),
                ("lost_on", models.DateField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "signing device",
            },
        ),
        migrations.CreateModel(
            name="DigitalCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body_key", models.TextField(blank=True, default="")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("requested", "Đã đề nghị"),
                            ("sent", "Đã gửi cơ quan cấp"),
                            ("issued", "Đã cấp"),
                            ("blocked", "Đã khóa, chờ thu hồi"),
                            ("revoked", "Đã thu hồi"),
                            ("withdrawn", "Đã rút đề nghị"),
                        ]
                    ),
                ),
                (
                    "carrier",
                    models.TextField(
                        choices=[("usb_token", "USB Token"), ("sim", "SIM PKI"), ("remote", "Ký số từ xa")]
                    ),
                ),
                ("requested_on", models.DateField()),
                ("sent_on", models.DateField(null=True)),
                ("sent_number", models.TextField(blank=True, default="")),
                ("serial", models.TextField(blank=True, default="")),
                ("issuer", models.TextField(blank=True, default="")),
                ("subject", models.TextField(blank=True, default="")),
                ("fingerprint", models.TextField(blank=True, default="")),
                ("valid_from", models.DateTimeField(null=True)),
                ("valid_to", models.DateTimeField(null=True)),
                ("blocked_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "why",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("compromised", "Lộ khóa bí mật"),
                            ("device_lost", "Mất, hỏng thiết bị"),
                            ("left_post", "Thôi vị trí"),
                            ("changed", "Đổi thông tin chủ thể"),
                            ("other", "Lý do khác"),
                        ],
                        default="",
                    ),
                ),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "official",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="people.official",
                    ),
                ),
                (
                    "renews",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="people.digitalcertificate",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="people.signingdevice",
                    ),
                ),
            ],
            options={
                "verbose_name": "digital certificate",
            },
        ),
        migrations.CreateModel(
            name="DeviceHandover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.official"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="people.signingdevice"
                    ),
                ),
            ],
            options={
                "verbose_name": "handover of a device",
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField(unique=True)),
                ("told_at", models.DateTimeField()),
                (
                    "official",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.official"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "reminder",
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40)),
                ("name", models.TextField()),
                ("name_en", models.TextField(blank=True, default="")),
                ("basis", models.TextField(blank=True, default="")),
                ("months", models.SmallIntegerField(null=True)),
                ("position", models.SmallIntegerField(default=0)),
                ("retired_on", models.DateField(null=True)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "topic",
            },
        ),
        migrations.CreateModel(
            name="TrainingClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField()),
                ("title", models.TextField()),
                ("organiser", models.TextField(blank=True, default="")),
                ("trainer", models.TextField(blank=True, default="")),
                ("place", models.TextField(blank=True, default="")),
                ("link", models.TextField(blank=True, default="")),
                ("days", django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("seats", models.SmallIntegerField()),
                (
                    "invited",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("cancelled_on", models.DateField(null=True)),
                ("cancelled_why", models.TextField(blank=True, default="")),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="classes", to="people.topic"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "class",
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("enrolled_at", models.DateTimeField()),
                (
                    "attended",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), default=list, size=None),
                ),
                (
                    "result",
                    models.TextField(
                        blank=True,
                        choices=[("passed", "Đạt"), ("failed", "Chưa đạt"), ("absent", "Không dự")],
                        default="",
                    ),
                ),
                ("passed_on", models.DateField(null=True)),
                ("known_until", models.DateField(null=True)),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="people.official"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                (
                    "topic",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.topic"),
                ),
                (
                    "training_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="people.trainingclass",
                    ),
                ),
            ],
            options={
                "verbose_name": "enrolment",
            },
        ),
        migrations.CreateModel(
            name="TrainingNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.TextField(
                        blank=True, choices=[("", "Cả tỉnh và xã"), ("xa", "Cấp xã"), ("tinh", "Cấp tỉnh")], default=""
                    ),
                ),
                ("body_key", models.TextField(blank=True, default="")),
                ("post_key", models.TextField(blank=True, default="")),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="needs", to="people.topic"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "training need",
            },
        ),
        migrations.CreateModel(
            name="Completion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                ("code", models.TextField(unique=True)),
                ("issued_on", models.DateField()),
                ("withdrawn_on", models.DateField(null=True)),
                ("withdrawn_why", models.TextField(blank=True, default="")),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="completion", to="people.enrolment"
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate of completion",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "year", "number"), name="completion_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on", None), models.Q(("withdrawn_why", ""), _negated=True), _connector="OR"
                        ),
                        name="completion_withdrawn_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="signingdevice",
            constraint=models.UniqueConstraint(fields=("kind", "serial"), name="device_once"),
        ),
        migrations.AddConstraint(
            model_name="signingdevice",
            constraint=models.CheckConstraint(
                condition=models.Q(("serial", ""), _negated=True), name="device_has_a_number"
            ),
        ),
        migrations.AddIndex(
            model_name="digitalcertificate",
            index=models.Index(fields=["unit", "state", "valid_to"], name="people_certificate_unit"),
        ),
        migrations.AddConstraint(
            model_name="digitalcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("body_key", ""), ("official__isnull", False)),
                    models.Q(("official", None), models.Q(("body_key", ""), _negated=True)),
                    _connector="OR",
                ),
                name="certificate_has_one_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitalcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["issued", "blocked", "revoked"]), _negated=True),
                    models.Q(
                        ("valid_from__isnull", False),
                        ("valid_to__isnull", False),
                        models.Q(("serial", ""), _negated=True),
                        models.Q(("issuer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="certificate_issued_with_its_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitalcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("blocked", "revoked")), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="certificate_revoked_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitalcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="certificate_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitalcertificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("serial", ""), _negated=True),
                fields=("issuer", "serial"),
                name="certificate_serial_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitalcertificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("requested", "sent"))),
                fields=("official",),
                name="certificate_one_open_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitalcertificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("official", None), ("state__in", ("requested", "sent"))),
                fields=("unit", "body_key"),
                name="certificate_one_open_request_of_a_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="devicehandover",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="handover_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="devicehandover",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("device", "="),
                    (haicap.domain.units.models.units.DateRange("valid_from", "valid_to"), "&&"),
                ],
                name="device_in_one_hand",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(fields=("unit", "key"), name="topic_once"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("months", None), ("months__gt", 0), _connector="OR"), name="topic_counts_some_time"
            ),
        ),
        migrations.AddIndex(
            model_name="trainingclass",
            index=models.Index(fields=["-first_day", "-id"], name="people_class_begins"),
        ),
        migrations.AddConstraint(
            model_name="trainingclass",
            constraint=models.UniqueConstraint(fields=("unit", "number"), name="class_number_once"),
        ),
        migrations.AddConstraint(
            model_name="trainingclass",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="class_has_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingclass",
            constraint=models.CheckConstraint(condition=models.Q(("seats__range", (1, 2000))), name="class_has_a_seat"),
        ),
        migrations.AddConstraint(
            model_name="trainingclass",
            constraint=models.CheckConstraint(
                condition=models.Q(("link", ""), ("place", ""), _negated=True), name="class_is_somewhere"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingclass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cancelled_on", None), models.Q(("cancelled_why", ""), _negated=True), _connector="OR"
                ),
                name="class_cancelled_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["unit", "topic"], name="people_enrolment_unit"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(fields=("training_class", "official"), name="enrolment_once"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("passed_on__isnull", False), ("result", "passed")),
                    models.Q(models.Q(("result", "passed"), _negated=True), ("known_until", None), ("passed_on", None)),
                    _connector="OR",
                ),
                name="enrolment_passed_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingneed",
            constraint=models.UniqueConstraint(
                fields=("topic", "level", "body_key", "post_key"), name="training_need_once"
            ),
        ),
        *_guarded(),
        migrations.RunSQL(SHOWN, "DROP FUNCTION people_completion_shown(text)"),
        migrations.RunSQL(TAKEN, "DROP FUNCTION people_class_taken(int[])"),
    ]
