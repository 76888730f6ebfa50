"""OpenID providers, which identity at one is which account, and the personal identification number of a citizen."""

from __future__ import annotations

from django.db import models

from haicap.domain.people.models.posts import Account
from haicap.kernel.language import bi, choose


class IdentityProvider(models.Model):
    """Somebody who vouches for people: for officials or for citizens.

    `secret_from` says where the client's secret lies ("env:NAME" or "file:/path"), never the secret; empty for a public
    client. `claim` names the claim that says who somebody is: for citizens the one with the personal identification
    number; for officials "email", one that holds the sign-in name, or empty, where they link their accounts themselves.
    `acr`: the levels of assurance that are accepted, with blanks between; empty for any. `both_factors`: a sign-in there
    counts as both steps where the provider says by `acr` or `amr` that it took both.
    """

    class Audience(models.TextChoices):
        STAFF = "staff", bi("Cán bộ, công chức", "Officials")
        CITIZENS = "citizens", bi("Công dân", "Citizens")

    key = models.TextField(unique=True)
    name = models.TextField()
    name_en = models.TextField(default="")
    issuer = models.TextField()
    client_id = models.TextField()
    secret_from = models.TextField(default="", blank=True)
    scopes = models.TextField(default="openid profile")
    audience = models.TextField(choices=Audience.choices)
    claim = models.TextField(default="", blank=True)
    acr = models.TextField(default="", blank=True)
    both_factors = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "audience"], name="provider_once")]

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return choose(self.name, self.name_en)


class Identity(models.Model):
    """Somebody at a provider (`subject`) is an account here. Row-level security shows the row to its account alone."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.PROTECT, related_name="+")
    subject = models.TextField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["provider", "account"], name="identity_one_each_provider"),
        ]


class Citizen(models.Model):
    """The personal identification number (số định danh, 12 digits) that a provider vouched for. Seen by its account alone."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="+")
    id_number = models.TextField(unique=True)
