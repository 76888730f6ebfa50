"""Addresses of one's own account, below `/tai-khoan/`."""

from django.urls import path

from haicap.domain.people.web import officials
from haicap.domain.people.web import own_account as views

urlpatterns = [
    path("", views.own_account, name="own-account"),
    path("ho-so/", officials.own_record, name="own-record"),
    path("xac-thuc/", views.begin_second_factor),
    path("xac-thuc/bat/", views.confirm_second_factor),
    path("xac-thuc/tat/", views.end_second_factor),
    path("ma-khoi-phuc/", views.renew_codes),
    path("phien/<int:pass_id>/ket-thuc/", views.end_pass),
    path("phien-khac/ket-thuc/", views.end_others),
    path("mat-khau/", views.new_password),
]
