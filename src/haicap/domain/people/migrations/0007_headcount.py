"""Quotas, cases of streamlining, service units: rows that their unit sees; a case its own official too."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import haicap.domain.units.models.units
from haicap.kernel.scope.policies import SEES_UNIT, guard, unguard

CASE = (
    f"{SEES_UNIT} OR EXISTS "
    "(SELECT FROM people_official o WHERE o.id = official_id AND o.account_id = (SELECT scope_actor()))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_passkeys"),
        ("units", "0006_conversions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Quota",
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
                (
                    "staff_kind",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("cadre", "Cán bộ"),
                            ("civil_servant", "Công chức"),
                            ("public_employee", "Viên chức"),
                            ("contract", "Hợp đồng"),
                            ("armed_forces", "Lực lượng vũ trang"),
                            ("concurrent", "Kiêm nhiệm, dân cử"),
                        ],
                        default="",
                    ),
                ),
                ("seats", models.IntegerField()),
                ("decision_number", models.TextField()),
                ("decision_date", models.DateField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "quota",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("seats__gte", 0)), name="quota_is_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="quota_has_a_day",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("unit", "="),
                            ("block", "="),
                            ("staff_kind", "="),
                            (haicap.domain.units.models.units.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="people_quota_one_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("name", models.TextField()),
                (
                    "field",
                    models.TextField(
                        choices=[
                            ("education", "Giáo dục"),
                            ("health", "Y tế"),
                            ("culture", "Văn hóa, thể thao, truyền thông"),
                            ("agriculture", "Nông nghiệp, môi trường"),
                            ("economy", "Kinh tế, hạ tầng"),
                            ("other", "Khác"),
                        ]
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("school", "Trường"),
                            ("station", "Trạm"),
                            ("hospital", "Bệnh viện"),
                            ("center", "Trung tâm"),
                            ("board", "Ban quản lý"),
                            ("other", "Khác"),
                        ]
                    ),
                ),
                ("decision_number", models.TextField(blank=True, default="")),
                ("decision_date", models.DateField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "ending",
                    models.TextField(
                        blank=True, choices=[("merged", "Sáp nhập, hợp nhất"), ("dissolved", "Giải thể")], default=""
                    ),
                ),
                ("ended_by", models.TextField(blank=True, default="")),
                ("ended_by_date", models.DateField(null=True)),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="people.serviceunit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "service unit",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "code"), name="service_unit_one_code"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="service_unit_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ending", ""), ("successor", None), ("valid_to", None)),
                            models.Q(
                                ("ending", "merged"),
                                ("successor__isnull", False),
                                ("valid_to__isnull", False),
                                models.Q(("ended_by", ""), _negated=True),
                            ),
                            models.Q(
                                ("ending", "dissolved"),
                                ("successor", None),
                                ("valid_to__isnull", False),
                                models.Q(("ended_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="service_unit_ends_by_a_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StreamliningCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "scheme",
                    models.TextField(
                        choices=[
                            ("early_retirement", "Nghỉ hưu trước tuổi (NĐ 178)"),
                            ("resignation", "Thôi việc (NĐ 178)"),
                            ("downsizing", "Tinh giản biên chế (NĐ 154)"),
                        ]
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("proposed", "Đề xuất"),
                            ("decided", "Đã quyết định"),
                            ("paid", "Đã chi trả"),
                            ("withdrawn", "Đã rút"),
                        ],
                        default="proposed",
                    ),
                ),
                ("leave_on", models.DateField()),
                ("reorganised_on", models.DateField()),
                ("entered_amount", models.BigIntegerField(null=True)),
                ("salary", models.IntegerField(null=True)),
                ("insured_from", models.DateField(null=True)),
                ("decision_number", models.TextField(blank=True, default="")),
                ("decision_date", models.DateField(null=True)),
                ("version", models.TextField(blank=True, default="")),
                ("lines", models.JSONField(default=list)),
                ("total", models.BigIntegerField(null=True)),
                ("paid_on", models.DateField(null=True)),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="people.official"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "streamlining case",
                "indexes": [models.Index(fields=["unit", "state"], name="people_case_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("official",),
                        name="case_one_scheme_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("proposed", "withdrawn")),
                            models.Q(
                                models.Q(("decision_number", ""), _negated=True),
                                ("decision_date__isnull", False),
                                ("total__isnull", False),
                                models.Q(("version", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="case_decided_is_frozen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_on__isnull", False), ("state", "paid")),
                            models.Q(models.Q(("state", "paid"), _negated=True), ("paid_on", None)),
                            _connector="OR",
                        ),
                        name="case_paid_has_a_day",
                    ),
                ],
            },
        ),
        *(
            migrations.RunSQL(guard(table, sees, may_write=SEES_UNIT, worker="SELECT"), unguard(table))
            for table, sees in (
                ("people_quota", SEES_UNIT),
                ("people_streamliningcase", CASE),
                ("people_serviceunit", SEES_UNIT),
            )
        ),
    ]
