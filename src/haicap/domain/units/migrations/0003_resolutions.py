"""Resolutions as applied, what they formed, ended and recorded, and the names people still use."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0002_history_is_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="lineage",
            name="hamlets",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], size=None, verbose_name="thôn, bản, tổ dân phố"
            ),
        ),
        migrations.AddField(
            model_name="lineage",
            name="residual",
            field=models.BooleanField(db_default=False, verbose_name="nhận phần còn lại"),
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=60, verbose_name="số, ký hiệu")),
                ("body", models.CharField(max_length=200, verbose_name="cơ quan ban hành")),
                ("title", models.TextField(verbose_name="trích yếu")),
                ("adopted_on", models.DateField(verbose_name="ngày ban hành")),
                ("effective_on", models.DateField(verbose_name="có hiệu lực từ")),
                ("digest", models.CharField(max_length=64, verbose_name="mã băm của tệp")),
                ("source", models.TextField(verbose_name="nội dung tệp")),
                ("applied_at", models.DateTimeField(verbose_name="lúc áp dụng")),
                ("applied_by", models.CharField(max_length=200, verbose_name="người áp dụng")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="lúc hoàn tác")),
                ("undone_by", models.CharField(blank=True, max_length=200, verbose_name="người hoàn tác")),
            ],
            options={
                "verbose_name": "nghị quyết đã áp dụng",
                "ordering": ["effective_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("digest",),
                        name="units_resolution_one_application",
                        violation_error_message="Tệp nghị quyết này đã được áp dụng.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="lineage",
            name="recorded_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lineages",
                to="units.resolution",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="ended_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ended",
                to="units.resolution",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="formed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="formed",
                to="units.resolution",
            ),
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("alias", models.CharField(max_length=120, verbose_name="tên khác")),
                (
                    "alias_parent",
                    models.CharField(blank=True, max_length=120, verbose_name="đơn vị cấp trên của tên ấy"),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="loại tên")),
                ("source", models.CharField(max_length=60, verbose_name="nguồn")),
                ("search", models.TextField(verbose_name="chữ để tìm")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="units.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "tên khác của đơn vị",
                "ordering": ["id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="units_alias_search", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
    ]
