"""The administrators' addresses, below `/quan-tri/`; the gallery of components is open to all who work here."""

from django.urls import path

from haicap.domain.people.access import works_here
from haicap.interfaces.administration import views
from haicap.kernel.access import allow
from haicap.kernel.web.gallery import gallery

urlpatterns = [
    path("", views.home, name="administration"),
    path("chua-kiem-chung/", views.uncertain_facts, name="uncertain-facts"),
    path("lich/", views.working_calendar, name="working-calendar"),
    path("thanh-phan/", allow(works_here)(gallery), name="gallery"),
]
