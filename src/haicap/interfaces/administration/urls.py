"""The administrators' addresses, below `/quan-tri/`; the gallery of components is open to all who work here."""

from django.urls import path, re_path

from haicap.domain.people.access import works_here
from haicap.interfaces.administration import permissions, reorganisations, views
from haicap.kernel.access import allow
from haicap.kernel.web.gallery import gallery

urlpatterns = [
    path("", views.home, name="administration"),
    path("chua-kiem-chung/", views.uncertain_facts, name="uncertain-facts"),
    path("lich/", views.working_calendar, name="working-calendar"),
    path("quyen/", permissions.permissions, name="permissions"),
    path("sap-xep/", reorganisations.reorganisations, name="reorganisations"),
    re_path(
        r"^sap-xep/(?P<resolution_id>[0-9]{1,9})/giay-chung-nhan\.(?P<form>json|pdf)$",
        reorganisations.certificate,
        name="certificate-of-conservation",
    ),
    path("thanh-phan/", allow(works_here)(gallery), name="gallery"),
]
