"""Addresses of certificates and devices, below `/quan-tri/chung-thu/`."""

from django.urls import path, re_path

from haicap.domain.people.web.signing import devices, register, standing, trust

NUMBER = "[0-9]{1,9}"
_CERTIFICATE = rf"^so/(?P<certificate_id>{NUMBER})"
_DEVICE = rf"^thiet-bi/(?P<device_id>{NUMBER})"
urlpatterns = [
    path("", standing.standing, name="signing"),
    path("so/", register.index, name="certificates"),
    path("so/moi/", register.new, name="new-certificate"),
    path("so/gui/", register.send, name="certificates-send"),
    path("so/tra-loi/", register.answers, name="certificates-answers"),
    re_path(r"^so/de-nghi\.(?P<form>pdf|xlsx)$", register.export, name="certificates-export"),
    re_path(_CERTIFICATE + "/$", register.show, name="certificate"),
    re_path(_CERTIFICATE + "/rut/$", register.withdraw, name="certificate-withdraw"),
    re_path(_CERTIFICATE + "/thu-hoi/$", register.revoke, name="certificate-revoke"),
    re_path(_CERTIFICATE + "/tep/$", register.bring_file, name="certificate-file"),
    path("noi-cap/", trust.index, name="signing-issuers"),
    path("noi-cap/xem/", trust.look, name="signing-issuer-look"),
    path("noi-cap/nhan/", trust.trust, name="signing-issuer-trust"),
    path("noi-cap/danh-sach/", trust.take_list, name="signing-issuer-list"),
    re_path(rf"^noi-cap/(?P<anchor_id>{NUMBER})/bo/$", trust.distrust, name="signing-issuer-distrust"),
    path("thiet-bi/", devices.index, name="devices"),
    path("thiet-bi/them/", devices.add, name="device-add"),
    re_path(_DEVICE + "/$", devices.show, name="device"),
    re_path(_DEVICE + "/giao/$", devices.hand_over, name="device-hand-over"),
    re_path(_DEVICE + "/tra/$", devices.take_back, name="device-take-back"),
    re_path(_DEVICE + "/mat/$", devices.lost, name="device-lost"),
]
