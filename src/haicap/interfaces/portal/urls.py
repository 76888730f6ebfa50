"""Addresses for citizens and for everybody: the portal's own pages, and those that rooms bring."""

from __future__ import annotations

from django.urls import include, path

from haicap.domain.dossiers.web import tracking
from haicap.domain.people.web import openid, organisation, own_identities, passkey_doors, second_step
from haicap.domain.people.web import views as people
from haicap.domain.people.web.training import own as training
from haicap.interfaces.administration.staff_changes import own_sheet
from haicap.interfaces.portal import views
from haicap.kernel.limits.rules import Door
from haicap.kernel.limits.web import limited

urlpatterns = [
    path("", limited(None)(views.home), name="home"),
    path("tra-cuu/", tracking.find, name="track"),
    path("tra-cuu/<str:code>/", limited(Door.TRACKING)(tracking.show), name="tracked"),
    path("thu-tuc/", include("haicap.domain.procedures.web")),
    path("don-vi/<str:code>/to-chuc/", organisation.chart, name="organisation"),
    path("don-vi/", include("haicap.domain.units.web")),
    path("dia-chi/", include("haicap.domain.units.web.addresses")),
    path("chung-nhan/<str:code>/", limited(Door.TRACKING)(training.verify), name="completion"),
    path("dang-nhap/", limited(Door.SIGN_IN, only="POST")(people.sign_in_page), name="sign-in"),
    path("dang-nhap/ma/", limited(Door.SECOND_STEP, only="POST")(second_step.code_page), name="second-step"),
    path(
        "dang-nhap/khoa/",
        limited(Door.SIGN_IN, only="POST")(passkey_doors.passkey_page),
        name="sign-in-by-passkey",
    ),
    path("dang-nhap/khoa/thach-thuc/", passkey_doors.challenge, name="passkey-challenge"),
    path("dang-nhap/dinh-danh/<slug:key>/", openid.begin, name="openid"),
    path("dang-nhap/dinh-danh/<slug:key>/tra-ve/", openid.come_back, name="openid-back"),
    path("dang-nhap/dinh-danh/<slug:key>/lien-ket/", own_identities.go, name="openid-link"),
    path("tai-khoan/", include("haicap.domain.people.web.urls")),
    path("tai-khoan/ban-giao/<int:handover_id>.pdf", own_sheet, name="own-handover-sheet"),
    path("dang-xuat/", limited(None)(people.sign_out_page), name="sign-out"),
    path("ngon-ngu/", limited(None)(people.language_page), name="language"),
    path("robots.txt", limited(None)(views.robots), name="robots"),
    path(".well-known/security.txt", limited(None)(views.security_txt), name="security"),
]
