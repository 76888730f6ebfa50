"""Public pages of units: find one, read one, see what a reorganisation made of a province and of the nation."""

from __future__ import annotations

from django.urls import path

from haicap.domain.units.web import units

app_name = "units"
urlpatterns = [
    path("", units.find, name="find"),
    path("<str:code>/", units.unit, name="unit"),
]
