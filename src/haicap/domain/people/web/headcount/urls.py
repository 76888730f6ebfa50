"""The addresses below `/quan-tri/bien-che/`."""

from django.urls import path, re_path

from haicap.domain.people.web.headcount import cases, service_units, staffing, tables

NUMBER, CODE = "[0-9]{1,15}", "[0-9]{2,5}"
TABLE = "bien-che|tinh-gian|don-vi-su-nghiep"
urlpatterns = [
    path("", staffing.overview, name="headcount"),
    re_path(r"^tai\.(?P<form>csv|xlsx)$", staffing.download, name="headcount-file"),
    re_path(rf"^nap/(?P<table>{TABLE})/$", tables.upload, name="headcount-upload"),
    re_path(rf"^nap/(?P<table>{TABLE})/mau\.(?P<form>csv|xlsx)$", tables.template, name="headcount-template"),
    re_path(rf"^nap/(?P<table>{TABLE})/ghi/$", tables.confirm, name="headcount-confirm"),
    path("tinh-gian/", cases.cases, name="cases"),
    path("tinh-gian/moi/", cases.new_case, name="new-case"),
    re_path(rf"^tinh-gian/(?P<case_id>{NUMBER})/$", cases.case, name="case"),
    re_path(rf"^tinh-gian/(?P<case_id>{NUMBER})/bang-tinh\.pdf$", cases.paper, name="case-paper"),
    re_path(
        rf"^tinh-gian/(?P<case_id>{NUMBER})/(?P<step>quyet-dinh|chi-tra|rut|thu-hoi)/$", cases.step, name="case-step"
    ),
    path("don-vi-su-nghiep/", service_units.service_units, name="service-units"),
    re_path(rf"^(?P<code>{CODE})/$", staffing.unit, name="headcount-unit"),
    re_path(rf"^(?P<code>{CODE})/nguoi/$", staffing.people, name="headcount-people"),
]
