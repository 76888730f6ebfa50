"""Addresses of one's own account, below `/tai-khoan/`."""

from django.urls import path

from haicap.domain.people.web import first_steps, officials, own_identities, own_passkeys
from haicap.domain.people.web import own_account as views

urlpatterns = [
    path("", views.own_account, name="own-account"),
    path("ho-so/", officials.own_record, name="own-record"),
    path("xac-thuc/", views.begin_second_factor),
    path("xac-thuc/bat/", views.confirm_second_factor),
    path("xac-thuc/tat/", views.end_second_factor),
    path("buoc-dau/", first_steps.owed, name="first-steps"),
    path("khoa/", own_passkeys.begin),
    path("khoa/them/", own_passkeys.add),
    path("khoa/<int:passkey_id>/xoa/", own_passkeys.remove),
    path("dinh-danh/", own_identities.begin_link, name="link-identity"),
    path("dinh-danh/<int:identity_id>/xoa/", own_identities.unlink, name="unlink-identity"),
    path("ma-khoi-phuc/", views.renew_codes),
    path("phien/<int:pass_id>/ket-thuc/", views.end_pass),
    path("phien-khac/ket-thuc/", views.end_others),
    path("khoi-phuc/<int:reset_id>/tu-choi/", views.refuse_reset),
    path("mat-khau/", views.new_password),
]
