"""Administrators see how messages of their units stand, try one again, give one up; they write subscriptions unread."""

from django.db import migrations, models

FORWARD = """
-- Row-level security says which messages; these columns are all that the application may change of them.
GRANT UPDATE (available_at, done_at, given_up_at, given_up_reason) ON outbox_message TO haicap_app;
GRANT SELECT ON outbox_delivery TO haicap_app;
-- The secret is written and never read: it signs for this house.
GRANT SELECT (id, name, topic_prefix, url, active), INSERT, UPDATE ON outbox_subscription TO haicap_app;
"""
BACK = """
REVOKE ALL ON outbox_subscription FROM haicap_app;
REVOKE ALL (id, name, topic_prefix, url, active) ON outbox_subscription FROM haicap_app;
REVOKE ALL ON outbox_delivery FROM haicap_app;
REVOKE UPDATE (available_at, done_at, given_up_at, given_up_reason) ON outbox_message FROM haicap_app;
"""
REASON = models.Q(given_up_at=None, given_up_reason="") | (
    models.Q(given_up_at__isnull=False, done_at__isnull=False) & ~models.Q(given_up_reason="")
)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_heartbeat")]
    operations = [
        migrations.AddField(model_name="message", name="given_up_at", field=models.DateTimeField(null=True)),
        # With a default of the database: what puts messages in by SQL does not name this column.
        migrations.AddField(
            model_name="message", name="given_up_reason", field=models.TextField(db_default="", default="")
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("given_up_at__isnull", False)), fields=["id"], name="outbox_given_up"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(condition=REASON, name="outbox_given_up_is_done_with_a_reason"),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
