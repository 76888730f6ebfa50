"""Public pages of units: find one, read one, see what a reorganisation made of a province and of the nation."""

from __future__ import annotations

from django.urls import path

from haicap.domain.units.web import downloads, reorganisation, units

app_name = "units"
urlpatterns = [
    path("", units.find, name="find"),
    path("sap-xep/", reorganisation.nation, name="nation"),
    path("sap-xep.csv", downloads.nation_csv, name="nation-csv"),
    path("sap-xep.json", downloads.nation_json, name="nation-json"),
    path("<str:code>/sap-xep/", reorganisation.province, name="reorganisation"),
    path("<str:code>/sap-xep.csv", downloads.province_csv, name="reorganisation-csv"),
    path("<str:code>/sap-xep.json", downloads.province_json, name="reorganisation-json"),
    path("<str:code>/", units.unit, name="unit"),
]
