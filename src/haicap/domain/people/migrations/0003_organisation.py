"""A unit's bodies and their posts, dated."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from haicap.domain.units.models.units import DateRange

DAYS = (DateRange("valid_from", "valid_to"), "&&")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_second_factor"),
        ("units", "0002_history_is_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="Body",
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
                ("key", models.TextField()),
                ("under", models.TextField(blank=True, default="")),
                ("name", models.TextField()),
                ("name_en", models.TextField(default="")),
                ("position", models.SmallIntegerField()),
                ("certainty", models.TextField()),
                ("basis", models.TextField(default="")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bodies",
                        to="people.agency",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bodies", to="units.unit"
                    ),
                ),
            ],
            options={"verbose_name": "body"},
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField()),
                ("title", models.TextField()),
                ("title_en", models.TextField(default="")),
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
                ("seats", models.SmallIntegerField(null=True)),
                (
                    "role",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("counter", "Cán bộ một cửa"),
                            ("case_officer", "Chuyên môn"),
                            ("head", "Lãnh đạo phòng"),
                            ("chair", "Chủ tịch"),
                            ("clerk", "Văn thư"),
                            ("administrator", "Quản trị"),
                            ("operations", "Điều hành"),
                            ("department", "Chuyên viên sở"),
                        ],
                        default="",
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("certainty", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="people.body"
                    ),
                ),
            ],
            options={"verbose_name": "post"},
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="body_has_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("unit", "="), ("key", "="), DAYS], name="people_body_one_per_key_and_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="post_has_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(condition=Q(seats=None) | Q(seats__gt=0), name="post_has_a_seat"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("body", "="), ("key", "="), DAYS], name="people_post_one_per_key_and_day"
            ),
        ),
    ]
