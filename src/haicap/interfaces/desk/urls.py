"""The staff's addresses, below `/desk/`."""

from django.urls import include, path, re_path

from haicap.domain.people.web import lending
from haicap.domain.people.web.training import own as training
from haicap.kernel.files import web as files
from haicap.kernel.limits.rules import Door
from haicap.kernel.limits.web import limited

urlpatterns = [
    path("", include("haicap.domain.dossiers.web.urls")),
    path("to-cao/", include("haicap.domain.voice.web.urls")),
    path("lop-hoc/", training.mine, name="my-training"),
    re_path(r"^lop-hoc/chung-nhan/(?P<completion_id>[0-9]{1,9})\.pdf$", training.paper, name="completion-paper"),
    path("uy-quyen/", lending.lending, name="lending"),
    path("uy-quyen/giao/", lending.lend, name="lend"),
    re_path(r"^uy-quyen/(?P<delegation_id>[0-9]{1,9})/ket-thuc/$", lending.end, name="end-lending"),
    path("tep/", limited(Door.UPLOAD)(files.upload)),
    path("tep/<int:attachment_id>/", files.download),
]
