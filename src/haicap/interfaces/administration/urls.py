"""The administrators' addresses, below `/quan-tri/`; the gallery of components is open to all who work here."""

from django.urls import include, path, re_path, register_converter

from haicap.domain.people.access import works_here
from haicap.domain.people.web import contacts, officials, providers, roster, safety, staff, support
from haicap.interfaces.administration import (
    calendar,
    health,
    home,
    jobs,
    name_papers,
    organisation_template,
    pages,
    permissions,
    procedures,
    quarantine,
    queue,
    reorganisations,
    retention,
    staff_changes,
    template_page,
    units,
    views,
)
from haicap.kernel.access import allow
from haicap.kernel.web.gallery import gallery

NUMBER = "[0-9]{1,9}"
accounts = [
    path("", staff.accounts, name="accounts"),
    path("moi/", staff.new_account, name="new-account"),
    path("bang/", roster.upload, name="roster"),
    re_path(r"^bang/mau\.(?P<form>xlsx|csv)$", roster.template, name="roster-template"),
    path("bang/ghi/", roster.confirm, name="roster-confirm"),
    path("an-toan/", safety.safety, name="safety"),
    re_path(rf"^an-toan/(?P<reset_id>{NUMBER})/xac-nhan/$", safety.confirm, name="confirm-reset"),
    re_path(rf"^an-toan/(?P<reset_id>{NUMBER})/tu-choi/$", safety.refuse, name="refuse-reset"),
    re_path(rf"^(?P<account_id>{NUMBER})/xac-thuc/$", safety.ask, name="ask-reset"),
    re_path(rf"^(?P<account_id>{NUMBER})/$", staff.account, name="account"),
    re_path(rf"^(?P<account_id>{NUMBER})/bo-nhiem/$", staff.appoint, name="appoint"),
    re_path(rf"^(?P<account_id>{NUMBER})/thoi/(?P<post_id>{NUMBER})/$", staff.end_post, name="end-post"),
    re_path(rf"^(?P<account_id>{NUMBER})/mat-khau/$", staff.reset_password, name="reset-password"),
    re_path(rf"^(?P<account_id>{NUMBER})/khoa/$", staff.close, name="close-account"),
    re_path(rf"^(?P<account_id>{NUMBER})/mo-lai/$", staff.reopen, name="reopen-account"),
]
staff_records = [
    path("", officials.officials, name="officials"),
    path("the-ten/", name_papers.choose, name="name-papers"),
    path("the-ten/the.pdf", name_papers.badges, name="badges-pdf"),
    path("the-ten/bien.pdf", name_papers.signs, name="signs-pdf"),
    path("vi-tri-trong/", officials.vacant_posts, name="vacant-posts"),
    path("moi/", officials.new_official, name="new-official"),
    re_path(rf"^(?P<official_id>{NUMBER})/$", officials.official, name="official"),
    re_path(rf"^(?P<official_id>{NUMBER})/sua/$", officials.correct, name="correct-official"),
    re_path(rf"^(?P<official_id>{NUMBER})/phan-cong/$", officials.assign, name="assign-official"),
    re_path(rf"^(?P<official_id>{NUMBER})/uy-quyen/$", officials.authorise, name="authorise"),
    re_path(rf"^(?P<official_id>{NUMBER})/vang-mat/$", officials.deputise, name="deputise"),
    re_path(
        rf"^(?P<official_id>{NUMBER})/thay/(?P<delegation_id>{NUMBER})/$",
        officials.end_standing_in,
        name="end-standing-in",
    ),
    re_path(rf"^(?P<official_id>{NUMBER})/thoi-viec/$", staff_changes.leave, name="leave-service"),
    re_path(rf"^vi-tri/(?P<assignment_id>{NUMBER})/thoi/$", staff_changes.end_assignment, name="end-assignment"),
    re_path(rf"^vi-tri/(?P<assignment_id>{NUMBER})/huy/$", officials.withdraw, name="withdraw-assignment"),
    re_path(rf"^ban-giao/(?P<handover_id>{NUMBER})\.pdf$", staff_changes.sheet, name="handover-sheet"),
]
register_converter(pages.DayInAddress, "day")
working_calendar = [
    path("", calendar.working_calendar_page, name="working-calendar"),
    path("ngay/", calendar.calendar_day, name="calendar-day"),
    path("ngay/<day:day>/bo/", calendar.remove_calendar_day, name="remove-calendar-day"),
    path("gio/", calendar.opening_hours, name="opening-hours"),
    path("gio/<day:day>/rut/", calendar.take_hours_back, name="take-hours-back"),
]
waiting = [
    path("", queue.messages, name="messages"),
    path("noi-nhan/", queue.receivers, name="receivers"),
    re_path(rf"^noi-nhan/(?P<receiver_id>{NUMBER})/khoa/$", queue.renew_secret, name="renew-secret"),
    re_path(rf"^noi-nhan/(?P<receiver_id>{NUMBER})/gui/$", queue.switch_receiver, name="switch-receiver"),
    re_path(r"^(?P<message_id>[0-9]{1,15})/$", queue.message, name="message"),
    re_path(r"^(?P<message_id>[0-9]{1,15})/gui-lai/$", queue.try_again, name="try-again"),
    re_path(r"^(?P<message_id>[0-9]{1,15})/thoi/$", queue.give_up, name="give-up"),
]
by_the_clock = [
    path("", jobs.jobs, name="jobs"),
    path("<slug:name>/", jobs.job, name="job"),
    path("<slug:name>/chay/", jobs.run_now, name="run-job"),
]
catalogue = [
    path("", procedures.procedures, name="procedures"),
    path("nap/", procedures.load, name="load-procedures"),
    path("nap/ghi/", procedures.confirm, name="confirm-procedures"),
    path("nap/danh-muc.xlsx", procedures.template, name="procedures-template"),
    path("<str:code>/", procedures.procedure, name="procedure-versions"),
]
own_units = [
    path("", units.units, name="units"),
    path("nghi-quyet/", units.load, name="load-resolution"),
    path("nghi-quyet/ap-dung/", units.apply, name="apply-resolution"),
    re_path(r"^nghi-quyet/co-san/(?P<name>[0-9a-z-]{1,80}[.]yaml)/$", units.carried, name="carried-resolution"),
    re_path(rf"^nghi-quyet/(?P<resolution_id>{NUMBER})/hoan-tac/$", units.undo, name="undo-resolution"),
]
urlpatterns = [
    path("", home.home, name="administration"),
    path("chua-kiem-chung/", views.uncertain_facts, name="uncertain-facts"),
    path("nguoi-dung/", include(accounts)),
    path("lien-he/", contacts.contacts, name="contacts"),
    re_path(rf"^lien-he/(?P<agency_id>{NUMBER})/$", contacts.save_contact, name="save-contact"),
    path("dao-tao/", include("haicap.domain.people.web.training.urls")),
    path("chung-thu/", include("haicap.domain.people.web.signing.urls")),
    path("can-bo/", include(staff_records)),
    path("bien-che/", include("haicap.domain.people.web.headcount.urls")),
    path("luu-giu/", retention.retention, name="retention"),
    path("ho-tro/", support.overview, name="support"),
    re_path(rf"^ho-tro/(?P<grant_id>{NUMBER})/$", support.grant, name="support-grant"),
    re_path(rf"^ho-tro/(?P<grant_id>{NUMBER})/tra-loi/$", support.decide, name="support-decide"),
    re_path(rf"^ho-tro/(?P<grant_id>{NUMBER})/ket-thuc/$", support.end, name="support-end"),
    path("tep-cach-ly/", quarantine.quarantine, name="quarantine"),
    path("lich/", include(working_calendar)),
    path("hang-doi/", include(waiting)),
    path("cong-viec/", include(by_the_clock)),
    path("suc-khoe/", health.system_health, name="system-health"),
    path("thu-tuc/", include(catalogue)),
    path("don-vi/", include(own_units)),
    path("dinh-danh/", providers.providers, name="identity-providers"),
    path("dinh-danh/<slug:key>/", providers.switch, name="switch-provider"),
    path("mau/", template_page.templates, name="templates"),
    re_path(r"^mau/giay/(?P<form>[a-z0-9-]{2,40})\.pdf$", template_page.sample, name="sample-paper"),
    path("mau/to-chuc/", organisation_template.load, name="load-organisation"),
    path("mau/to-chuc/ghi/", organisation_template.confirm, name="confirm-organisation"),
    re_path(rf"^mau/to-chuc/(?P<number>{NUMBER})\.yaml$", organisation_template.file, name="organisation-template"),
    path("quyen/", permissions.permissions, name="permissions"),
    path("sap-xep/", reorganisations.reorganisations, name="reorganisations"),
    re_path(
        r"^sap-xep/(?P<resolution_id>[0-9]{1,9})/giay-chung-nhan\.(?P<form>json|pdf)$",
        reorganisations.certificate,
        name="certificate-of-conservation",
    ),
    path("thanh-phan/", allow(works_here)(gallery), name="gallery"),
]
