"""Who may do what with accounts and posts, in the office's words; and somebody of each role, by whom rules are tried."""

from __future__ import annotations

from collections.abc import Sequence

from haicap.domain.people.queries.administrators import administrators_for
from haicap.domain.people.rules import UNIT_WIDE_ROLES, Role
from haicap.kernel.access import Trial, right
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

COMMUNE, PROVINCE = "commune", "province"
LENGTH_OF_A_PROVINCE = 2  # digits of its code
_CODES = {COMMUNE: "00000", PROVINCE: "00"}  # of no unit: their lengths tell the level
PROVINCE_ROLES = frozenset({Role.OPERATIONS, Role.DEPARTMENT, Role.SUPPORT})  # no commune has such


@right(
    bi("Xem việc của mình và trang dùng chung của cán bộ", "See one's own work and the pages that all staff share"),
    within=bi("việc đang chờ chức vụ của mình", "what waits for one's own posts"),
)
def works_here(actor: Actor) -> bool:
    """Somebody who holds a post today."""
    return not actor.is_anonymous and bool(actor.roles)


@right(
    bi("Tiếp nhận hồ sơ tại quầy", "Receive dossiers at the counter"),
    within=bi("quầy của đơn vị mình", "the counter of one's own unit"),
)
def can_receive(actor: Actor) -> bool:
    """Only counter officers receive, and only with a pass that carries dossiers:write."""
    return actor.has_role(Role.COUNTER) and actor.may("dossiers:write")


@right(
    bi("Xem các trang quản trị", "See the administration pages"),
    within=bi("đơn vị mình và tỉnh của đơn vị", "one's own unit and its province"),
)
def can_administer(actor: Actor) -> bool:
    """Administrators of a unit."""
    return actor.has_role(Role.ADMINISTRATOR)


@right(
    bi("Mở tài khoản, bổ nhiệm, cho thôi vị trí, cấp lại mật khẩu", "Open accounts, appoint, end posts, set new passwords"),
    within=bi("đơn vị mình quản trị; cấp tỉnh: mọi xã của tỉnh; không phải của chính mình",
              "the units that one administers, a province's: all its communes; never one's own account"),
)  # fmt: skip
def can_manage_accounts(actor: Actor) -> bool:
    """Administrators of a unit; whose accounts and which posts says `queries.reach`."""
    return actor.has_role(Role.ADMINISTRATOR)


@right(
    bi("Giữ hồ sơ cán bộ: ghi, sửa, phân công vị trí", "Keep staff records: enter, correct, assign posts"),
    within=bi(
        "đơn vị mình quản trị; cấp tỉnh: mọi xã của tỉnh",
        "the units that one administers; a province's: all its communes",
    ),
)
def can_keep_staff(actor: Actor) -> bool:
    """Administrators of a unit, by a session: a token has no business with staff records."""
    return actor.has_role(Role.ADMINISTRATOR) and "*" in actor.scopes


@right(
    bi("Xin, xem lại và kết thúc truy cập hỗ trợ kỹ thuật", "Ask for, look back at and end support access"),
    within=bi(
        "đơn vị của mình; người hỗ trợ: đề nghị của chính mình", "one's own unit; support: what one asked for oneself"
    ),
    own=True,
)
def can_see_support(actor: Actor) -> bool:
    """Administrators, the chair, and technical support itself."""
    return actor.has_role(Role.ADMINISTRATOR, Role.CHAIR, Role.SUPPORT)


@right(
    bi("Cho hoặc không cho hỗ trợ kỹ thuật xem dữ liệu", "Let technical support see data, or not"),
    within=bi(
        "đơn vị mình, tối đa 8 giờ mỗi lần, chỉ để xem", "one's own unit, 8 hours at most at a time, only to look"
    ),
)
def can_decide_support(actor: Actor) -> bool:
    """Administrators and the chair; of which unit they are judges the database."""
    return actor.has_role(Role.ADMINISTRATOR, Role.CHAIR)


@right(
    bi("Mở lớp, ghi danh, điểm danh, xem ai còn thiếu chuyên đề nào",
       "Open classes, enrol, mark attendance, see who lacks which topic"),
    within=bi("đơn vị mình quản trị; cấp tỉnh: mọi xã của tỉnh",
              "the units that one administers; a province's: all its communes"),
)  # fmt: skip
def can_train(actor: Actor) -> bool:
    """Administrators of a unit, by a session; whose people says `queries.reach`."""
    return actor.has_role(Role.ADMINISTRATOR) and "*" in actor.scopes


@right(
    bi("Sửa danh mục chuyên đề và vị trí cần học", "Edit the topics and which posts need them"),
    within=bi("toàn tỉnh", "the whole province"),
)
def can_edit_topics(actor: Actor) -> bool:
    """Administrators of a province."""
    return can_train(actor) and len(actor.unit_code) == LENGTH_OF_A_PROVINCE


@right(
    bi("Quản lý chứng thư số và thiết bị ký số", "Keep digital certificates and signing devices"),
    within=bi("đơn vị mình quản trị; cấp tỉnh: mọi xã của tỉnh",
              "the units that one administers; a province's: all its communes"),
)  # fmt: skip
def can_keep_certificates(actor: Actor) -> bool:
    """Administrators of a unit, by a session."""
    return actor.has_role(Role.ADMINISTRATOR) and "*" in actor.scopes


@right(
    bi("Giữ chứng thư nơi cấp và danh sách thu hồi", "Keep issuers' certificates and revocation lists"),
    within=bi("toàn tỉnh", "the whole province"),
)
def can_keep_anchors(actor: Actor) -> bool:
    """Administrators of a province."""
    return can_keep_certificates(actor) and len(actor.unit_code) == LENGTH_OF_A_PROVINCE


@right(
    bi("Xem hồ sơ cán bộ", "See staff records"),
    within=bi(
        "quản trị: đơn vị mình giữ hồ sơ; chủ tịch, lãnh đạo phòng: đơn vị mình, số định danh và điện thoại bị che",
        "administrators: the units whose records they keep; chair and heads: their own unit, ID and telephone masked",
    ),
)
def can_read_staff(actor: Actor) -> bool:
    """Whoever keeps the records, and who leads in the unit; by a session."""
    return actor.has_role(Role.ADMINISTRATOR, Role.CHAIR, Role.HEAD) and "*" in actor.scopes


@right(
    bi("Ủy quyền vị trí của mình cho người khác", "Authorise somebody to act in one's own post"),
    within=bi("vị trí chủ tịch mà mình được bổ nhiệm, cho người cùng đơn vị, có văn bản và thời hạn",
              "a chair's post of one's own, to somebody of the unit, by a paper and for a time"),
)  # fmt: skip
def can_authorise(actor: Actor) -> bool:
    """Chairs by their own appointment, by a session; whoever acts in a chair's place authorises nobody in turn."""
    return "*" in actor.scopes and any(
        role == Role.CHAIR and not actor.inheritance.has(agency_id) and actor.acts_for(agency_id, role) is None
        for agency_id, role in actor.roles
    )


@right(
    bi("Bật, tắt nhà cung cấp định danh", "Switch identity providers on and off"),
    within=bi("cả hệ thống; chỉ quản trị cấp tỉnh", "the whole installation; a province's administrator alone"),
)
def can_switch_providers(actor: Actor) -> bool:
    """Administrators of a province."""
    return actor.has_role(Role.ADMINISTRATOR) and len(actor.unit_code) == LENGTH_OF_A_PROVINCE


@right(
    bi("Nạp mẫu tổ chức bộ máy", "Load a template of the organisation"),
    within=bi("tỉnh của mình và các xã của tỉnh", "one's own province and its communes"),
)
def can_load_organisation(actor: Actor) -> bool:
    """Administrators of a province, by a session."""
    return leads_administration(actor) and "*" in actor.scopes


def levels_of(role: Role) -> tuple[str, ...]:
    """The kinds of unit in which a role exists."""
    if role in PROVINCE_ROLES:
        return (PROVINCE,)
    return (COMMUNE, PROVINCE) if role == Role.ADMINISTRATOR else (COMMUNE,)


def trial(role: Role, at: str) -> Trial:
    """Somebody invented in one post: agency 1 of unit 1."""
    wide = (1,) if role in UNIT_WIDE_ROLES else ()
    actor = Actor(
        name=f"trial:{role.value}", account_id=0, unit_id=1, unit_code=_CODES[at], unit_ids=wide, agency_ids=(1,),
        roles=frozenset({(1, role.value)}), guest=role == Role.SUPPORT,
    )  # fmt: skip
    return Trial(role.value, role.label, at, actor)


class People:
    """This room as the kernel's directory of roles."""

    def trials(self) -> Sequence[Trial]:
        """One for each role and level."""
        return [trial(role, at) for role in Role for at in levels_of(role)]

    def held(self, actor: Actor) -> Sequence[str]:
        """The actor's roles today, in words and in the order of the roles."""
        return [str(role.label) for role in Role if role.value in actor.role_names]

    def helpers(self, actor: Actor) -> Sequence[str]:
        """The administrators of their unit, with it; of their last unit where they hold no post today."""
        return administrators_for(actor)


@right(
    bi("Mở trang tài khoản của mình", "Open the page of one's own account"),
    within=bi("tài khoản của chính mình", "one's own account"),
    own=True,
)
def owns_account(actor: Actor) -> bool:
    """Somebody who signed in: an API token, whatever its scopes, does not open its account's settings."""
    return not actor.is_anonymous and "*" in actor.scopes


@right(
    bi("Xem biên chế, nghỉ theo sắp xếp và đơn vị sự nghiệp", "See quotas, streamlining and service units"),
    within=bi("đơn vị mình; cấp tỉnh: mọi xã của tỉnh", "one's own unit; at a province: all its communes"),
)
def can_see_headcount(actor: Actor) -> bool:
    """Administrators, chairs and the province's operations center, by a session; which rows, the database decides."""
    return actor.has_role(Role.ADMINISTRATOR, Role.CHAIR, Role.OPERATIONS) and "*" in actor.scopes


def leads_administration(actor: Actor) -> bool:
    """An administrator whose post is in a province: what they set holds for all its communes."""
    return actor.has_role(Role.ADMINISTRATOR) and len(actor.unit_code) == LENGTH_OF_A_PROVINCE


@right(
    bi("Nhập ngày nghỉ, ngày làm bù và giờ làm việc của tỉnh", "Enter the province's days off, make-up days and opening hours"),
    within=bi("lịch của tỉnh mình; không phải lịch cả nước", "one's own province's calendar; never the nation's"),
)  # fmt: skip
def can_set_calendar(actor: Actor) -> bool:
    """The province's administrators: a commune has no calendar of its own."""
    return leads_administration(actor)


@right(
    bi("Xem hàng đợi gửi đi; gửi lại, thôi gửi một thông điệp", "See what waits to leave; send again or give up a message"),
    within=bi("thông điệp của đơn vị mình quản trị; không thấy nội dung", "messages of the units one administers; never "
              "their content"),
)  # fmt: skip
def can_run_queue(actor: Actor) -> bool:
    """Administrators of a unit; row-level security says whose messages."""
    return can_administer(actor)


@right(
    bi("Xem việc nền, tình trạng hệ thống; cho chạy một việc ngay", "See jobs and the system's health; run a job now"),
    within=bi("cả hệ thống của tỉnh", "the province's whole installation"),
)
def can_run_system(actor: Actor) -> bool:
    """The province's administrators: jobs, disk and database are the whole installation's."""
    return leads_administration(actor)


@right(
    bi("Thêm, dừng nơi nhận thông điệp, cấp khóa ký mới", "Add and stop receivers of messages, renew their secrets"),
    within=bi("cả hệ thống của tỉnh", "the province's whole installation"),
)
def can_subscribe(actor: Actor) -> bool:
    """The province's administrators: a subscription receives messages of all units."""
    return leads_administration(actor)


@right(
    bi("Nạp danh mục thủ tục", "Load the catalogue of procedures"),
    within=bi("danh mục chung của cả hệ thống", "the catalogue of the whole installation"),
)
def can_load_procedures(actor: Actor) -> bool:
    """The province's administrators (Decree 63/2010/NĐ-CP: the province publishes its procedures)."""
    return leads_administration(actor) and actor.may("procedures:write")


@right(
    bi("Áp dụng, hẹn ngày, hoàn tác nghị quyết sắp xếp đơn vị", "Apply, schedule and undo resolutions on units"),
    within=bi("chỉ đơn vị của tỉnh mình", "units of one's own province only"),
)
def can_apply_resolutions(actor: Actor) -> bool:
    """The province's administrators."""
    return leads_administration(actor) and actor.may("units:write")
