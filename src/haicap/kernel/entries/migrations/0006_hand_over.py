"""The worker hands work over when a post ends on a day: the one move that it may make."""

from django.db import migrations

FORWARD = """
CREATE POLICY entries_move_worker_hands_over ON entries_move FOR INSERT TO haicap_worker WITH CHECK (name = 'hand_over');
"""
BACK = "DROP POLICY entries_move_worker_hands_over ON entries_move"


class Migration(migrations.Migration):
    dependencies = [("entries", "0005_many_numbers")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
