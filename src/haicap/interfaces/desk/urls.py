"""The staff's addresses, below `/desk/`."""

from django.urls import include, path

from haicap.kernel.files import web as files
from haicap.kernel.limits.rules import Door
from haicap.kernel.limits.web import limited

urlpatterns = [
    path("", include("haicap.domain.dossiers.web.urls")),
    path("tep/", limited(Door.UPLOAD)(files.upload)),
    path("tep/<int:attachment_id>/", files.download),
]
