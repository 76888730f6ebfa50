"""Staff records and who holds which post: rows that their unit sees, a unit that somebody works in beside, and they themselves."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import haicap.domain.units.models.units
from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

OFFICIAL = f"{SEES_UNIT} OR also_in && (SELECT scope_units())::int[] OR account_id = (SELECT scope_actor())"
ASSIGNMENT = f"{SEES_UNIT} OR EXISTS (SELECT FROM people_official o WHERE o.id = official_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_posts_by_decision"),
        ("units", "0006_conversions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Official",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "also_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("full_name", models.TextField()),
                ("female", models.BooleanField(null=True)),
                ("born_on", models.DateField(null=True)),
                ("id_number", models.TextField(blank=True, default="")),
                ("phone", models.TextField(blank=True, default="")),
                ("email", models.TextField(blank=True, default="")),
                (
                    "staff_kind",
                    models.TextField(
                        choices=[
                            ("cadre", "Cán bộ"),
                            ("civil_servant", "Công chức"),
                            ("public_employee", "Viên chức"),
                            ("contract", "Hợp đồng"),
                            ("armed_forces", "Lực lượng vũ trang"),
                            ("concurrent", "Kiêm nhiệm, dân cử"),
                        ]
                    ),
                ),
                ("insured_from", models.DateField(null=True)),
                ("salary", models.IntegerField(null=True)),
                ("left_on", models.DateField(null=True)),
                (
                    "left_why",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("retired", "Nghỉ hưu"),
                            ("streamlined", "Tinh giản, nghỉ theo sắp xếp"),
                            ("resigned", "Thôi việc"),
                            ("transferred", "Chuyển ra ngoài hệ thống"),
                            ("other", "Lý do khác"),
                        ],
                        default="",
                    ),
                ),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "account",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official",
                        to="people.account",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "official",
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "block",
                    models.TextField(
                        choices=[
                            ("party", "Đảng"),
                            ("council", "Hội đồng nhân dân"),
                            ("committee", "Ủy ban nhân dân"),
                            ("front", "Mặt trận Tổ quốc và các tổ chức thành viên"),
                        ]
                    ),
                ),
                ("body_key", models.TextField()),
                ("post_key", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("primary", "Chính thức"),
                            ("concurrent", "Kiêm nhiệm"),
                            ("secondment", "Biệt phái"),
                            ("acting", "Phụ trách, quyền"),
                        ]
                    ),
                ),
                ("decision_number", models.TextField()),
                ("decision_date", models.DateField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "appointment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assignment",
                        to="people.appointment",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="people.official"
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
            },
        ),
        migrations.AddIndex(
            model_name="official",
            index=models.Index(fields=["unit", "left_on"], name="people_official_unit"),
        ),
        migrations.AddConstraint(
            model_name="official",
            constraint=models.UniqueConstraint(
                condition=models.Q(("id_number", ""), _negated=True), fields=("id_number",), name="official_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="official",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_on", None), models.Q(("left_why", ""), _negated=True), _connector="OR"),
                name="official_left_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="official",
            constraint=models.CheckConstraint(
                condition=models.Q(("salary", None), ("salary__gt", 0), _connector="OR"),
                name="official_pay_is_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="official",
            constraint=models.CheckConstraint(
                condition=models.Q(("staff_kind", "concurrent"), _negated=True), name="official_has_a_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["unit", "body_key", "post_key"], name="people_assignment_post"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="assignment_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind", "primary")),
                expressions=[
                    ("official", "="),
                    (haicap.domain.units.models.units.DateRange("valid_from", "valid_to"), "&&"),
                ],
                name="people_assignment_one_own_post",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("official", "="),
                    ("unit", "="),
                    ("body_key", "="),
                    ("post_key", "="),
                    (haicap.domain.units.models.units.DateRange("valid_from", "valid_to"), "&&"),
                ],
                name="people_assignment_once",
            ),
        ),
        migrations.RunSQL(
            guard("people_official", OFFICIAL, may_write=SEES_UNIT, worker="SELECT"), unguard("people_official")
        ),
        migrations.RunSQL(
            guard("people_assignment", ASSIGNMENT, may_write=SEES_UNIT, worker="SELECT"), unguard("people_assignment")
        ),
    ]
