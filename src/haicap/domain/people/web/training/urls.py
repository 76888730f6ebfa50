"""Addresses of training, below `/quan-tri/dao-tao/`."""

from django.urls import path, re_path

from haicap.domain.people.web.training import classes, competence, importing, learners, topics

NUMBER = "[0-9]{1,9}"
_CLASS = rf"^lop/(?P<class_id>{NUMBER})"
urlpatterns = [
    path("", classes.index, name="training"),
    path("lop/moi/", classes.new, name="new-class"),
    re_path(_CLASS + "/$", classes.show, name="training-class"),
    re_path(_CLASS + "/diem-danh/$", classes.mark, name="class-mark"),
    re_path(_CLASS + "/huy/$", classes.cancel, name="class-cancel"),
    re_path(_CLASS + "/chung-nhan/$", classes.certify, name="class-certify"),
    re_path(_CLASS + "/chung-nhan/thu-hoi/$", classes.withdraw, name="class-withdraw"),
    re_path(_CLASS + "/ghi-danh/$", learners.propose, name="class-enrol"),
    re_path(_CLASS + "/ghi-danh/ghi/$", learners.enrol, name="class-enrol-write"),
    re_path(_CLASS + "/bo-ghi-danh/$", classes.take_out, name="class-take-out"),
    path("nang-luc/", competence.matrix, name="training-competence"),
    path("nang-luc/danh-sach/", competence.people, name="training-people"),
    path("chuyen-de/", topics.topics, name="training-topics"),
    path("chuyen-de/ghi/", topics.save, name="topic-save"),
    re_path(rf"^chuyen-de/(?P<topic_id>{NUMBER})/thoi/$", topics.retire, name="topic-retire"),
    re_path(rf"^chuyen-de/(?P<topic_id>{NUMBER})/vi-tri/$", topics.add_need, name="need-add"),
    re_path(rf"^chuyen-de/vi-tri/(?P<need_id>{NUMBER})/bo/$", topics.remove_need, name="need-remove"),
    path("nap/", importing.upload, name="training-import"),
    path("nap/ghi/", importing.confirm, name="training-import-write"),
    re_path(r"^nap/mau-(?P<kind>lop|diem-danh)\.(?P<form>xlsx|csv)$", importing.template, name="training-template"),
]
