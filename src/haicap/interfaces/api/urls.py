"""Addresses under `/api/`: version 1, its pages for people, and what problems mean."""

from __future__ import annotations

from django.urls import path, re_path

from haicap.interfaces.api import views
from haicap.interfaces.api.v1 import api

urlpatterns = [
    path("v1/docs", views.docs, name="api-docs"),
    path("problems/<str:code>", views.problem, name="api-problem"),
    path("v1/", api.urls),
    re_path(r"", views.nowhere),
]
