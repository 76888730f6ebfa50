"""Public pages of the catalogue. Included under `/thu-tuc/`."""

from __future__ import annotations

from django.urls import path

from haicap.domain.procedures.web.catalogue import catalogue, procedure

app_name = "procedures"
urlpatterns = [
    path("", catalogue, name="catalogue"),
    path("<str:code>/", procedure, name="procedure"),
]
