"""Opening hours say on which paper they rest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calendar_days", "0001_initial")]
    operations = [
        migrations.AddField(model_name="openinghours", name="source", field=models.TextField(blank=True, default="")),
    ]
