"""Everybody finds their own answers again, and nobody else's."""

from django.db import migrations

from haicap.kernel.scope.policies import guard, unguard


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial"), ("scope", "0002_functions")]
    operations = [migrations.RunSQL(guard("web_reply", "actor_id = (SELECT scope_actor())"), unguard("web_reply"))]
