"""Who decides a procedure from a day to a day; a change of it changes the catalogue's revision, as all of it does."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import haicap.domain.units.models.units

MAKE = """
CREATE TRIGGER procedures_competence_changed AFTER INSERT OR UPDATE OR DELETE ON procedures_competence
    FOR EACH STATEMENT EXECUTE FUNCTION procedures_catalogue_changed();
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON procedures_competence FROM haicap_app, haicap_worker;
"""
UNMAKE = "DROP TRIGGER procedures_competence_changed ON procedures_competence"


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0002_versions_are_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="Competence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("xa", "Cấp xã"), ("huyen", "Cấp huyện"), ("tinh", "Cấp tỉnh")],
                        max_length=8,
                        verbose_name="cấp",
                    ),
                ),
                ("agency", models.CharField(default="", max_length=40, verbose_name="loại cơ quan")),
                ("agency_name", models.CharField(default="", max_length=120, verbose_name="tên cơ quan")),
                ("agency_name_en", models.CharField(default="", max_length=120, verbose_name="tên tiếng Anh")),
                ("signer", models.CharField(default="", max_length=200, verbose_name="người ký")),
                ("signer_en", models.CharField(default="", max_length=200, verbose_name="người ký (tiếng Anh)")),
                ("valid_from", models.DateField(verbose_name="có hiệu lực từ")),
                ("valid_to", models.DateField(null=True, verbose_name="đến trước ngày")),
                ("shared", models.BooleanField(default=False, verbose_name="cấp khác cũng có thẩm quyền")),
                ("basis", models.JSONField(default=list, verbose_name="căn cứ")),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("A", "Đã có nguồn"),
                            ("B", "Có nguồn; thời hạn suy từ luật"),
                            ("C", "Có nguồn; thời hạn chưa có nguồn"),
                            ("K", "Chưa kiểm chứng"),
                        ],
                        max_length=1,
                        verbose_name="độ tin cậy",
                    ),
                ),
                ("source", models.CharField(max_length=400, verbose_name="nguồn")),
                ("note", models.CharField(default="", max_length=1000, verbose_name="ghi chú")),
                ("note_en", models.CharField(default="", max_length=1000, verbose_name="ghi chú tiếng Anh")),
                ("imported_at", models.DateTimeField(verbose_name="lúc nạp")),
                ("imported_by", models.CharField(max_length=150, verbose_name="người nạp")),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="competences",
                        to="procedures.procedure",
                    ),
                ),
            ],
            options={
                "verbose_name": "thẩm quyền giải quyết",
                "ordering": ["procedure_id", "valid_from", "level"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("procedure", "="),
                            ("level", "="),
                            (haicap.domain.units.models.units.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="procedures_one_agency_of_a_level_a_day",
                        violation_error_message="Mỗi ngày một cấp chỉ có một cơ quan có thẩm quyền.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("shared", False)),
                        expressions=[
                            ("procedure", "="),
                            (haicap.domain.units.models.units.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="procedures_one_level_a_day_unless_shared",
                        violation_error_message="Hai cấp cùng có thẩm quyền thì phải ghi rõ.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_from__lt", models.F("valid_to")), _connector="OR"
                        ),
                        name="procedures_competence_ends_after_it_begins",
                        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agency_name", ""), ("level", "xa"), models.Q(("agency", ""), _negated=True)),
                            models.Q(
                                ("agency", ""),
                                ("level", "huyen"),
                                ("valid_to__lte", "2025-07-01"),
                                models.Q(("agency_name", ""), _negated=True),
                            ),
                            models.Q(("agency", ""), ("level", "tinh"), models.Q(("agency_name", ""), _negated=True)),
                            models.Q(("agency_name", ""), ("level", "tinh"), models.Q(("agency", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="procedures_competence_names_its_agency",
                        violation_error_message="Cần loại cơ quan hoặc tên cơ quan; cấp huyện kết thúc ngày 01/07/2025.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
