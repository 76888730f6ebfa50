"""Every address, by who uses it."""

from django.urls import include, path

from haicap.domain.people.ports import register_fetch
from haicap.interfaces.gateways.openid import fetch
from haicap.interfaces.operations import views as operations
from haicap.interfaces.portal import views as portal
from haicap.kernel.limits.web import limited

register_fetch(fetch)
urlpatterns = [
    path("api/", include("haicap.interfaces.api.urls")),
    path("", include("haicap.interfaces.portal.urls")),
    path("desk/", include("haicap.interfaces.desk.urls")),
    path("quan-tri/", include("haicap.interfaces.administration.urls")),
    path("healthz", limited(None)(operations.healthz)),
    path("readyz", limited(None)(operations.readyz)),
    path("metrics", limited(None)(operations.metrics)),
]

handler400 = portal.bad_request
handler403 = portal.forbidden
handler404 = portal.not_found
handler500 = portal.server_error
