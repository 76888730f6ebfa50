"""Addresses of the staff's pages of dossiers, below `/desk/`."""

from django.urls import path

from haicap.domain.dossiers.web import allotment, case, counter, lists, people, slips, worklist

urlpatterns = [
    path("", worklist.my_work),
    path("tiep-nhan/", counter.receive_page),
    path("tiep-nhan/nguoi-nop/", counter.applicant),
    path("tiep-nhan/tom-tat/", counter.summary),
    path("ho-so-chia-tach/", allotment.divided_work),
    path("tim/", lists.find),
    path("du-lieu-ca-nhan/", people.person),
    path("ho-so/", lists.all_dossiers),
    path("ho-so/<str:code>/", case.dossier),
    path("ho-so/<str:code>/hien-day-du/", case.show),
    path("ho-so/<str:code>/nguoi-xem/", people.looks),
    path("ho-so/<str:code>/phieu/<slug:form>/", slips.slip),
    path("ho-so/<str:code>/<slug:name>/", case.move),
]
