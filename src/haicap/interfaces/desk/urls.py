"""The staff's addresses, below `/desk/`."""

from django.urls import include, path

from haicap.kernel.files import web as files

urlpatterns = [
    path("", include("haicap.domain.dossiers.web.urls")),
    path("tep/", files.upload),
    path("tep/<int:attachment_id>/", files.download),
]
