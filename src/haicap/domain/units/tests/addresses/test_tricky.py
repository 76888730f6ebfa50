"""Addresses that trap: each with the codes it must give, or that it must not be answered for certain."""

from __future__ import annotations

from datetime import date

import pytest

from haicap.domain.units.addresses import EdgeRow, Gazetteer, Resolver, Status, UnitRow
from haicap.kernel.language import speaking

CHIENG_AN = ["03664"]


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La", CHIENG_AN),
        ("bản Tam, xa chieng den, tp son la, son la", CHIENG_AN),
        ("Tỉnh Sơn La, TP Sơn La, xã Chiềng Đen", CHIENG_AN),
        ("xãChiềng Đen, Sơn La", CHIENG_AN), ("xachieng den, son la", CHIENG_AN),
        ("Chieengf DDen, Sown La", CHIENG_AN), ("Chie6ng2 D9en, So7n La", CHIENG_AN),
        ("Chiềng Đem, tp Sơn La", CHIENG_AN), ("Chiềng Dden, Sơn La", CHIENG_AN),
        ("CHIỀNG ĐEN - TP SƠN LA - SƠN LA - VIỆT NAM", CHIENG_AN),
        ("xã Chiềng Đen (thành phố Sơn La, tỉnh Sơn La), 360000", CHIENG_AN),
        ("xã Chiềng Đen thuộc thành phố Sơn La thuộc tỉnh Sơn La", CHIENG_AN),
        ("123 đường Hà Nội, xã Chiềng Đen, Sơn La", CHIENG_AN), ("thôn Sơn La, xã Chiềng Đen, Sơn La", CHIENG_AN),
        ("phường Chiềng An, tỉnh Sơn La", CHIENG_AN), ("Chiềng An, thành phố Sơn La", CHIENG_AN),
        ("P.4 Q.10 TPHCM", ["27190"]), ("p4q10", ["27190"]), ("F4, Quận 10, HCM", ["27190"]), ("P.04, Q10, Sài Gòn", ["27190"]),
        ("12/5A Lê Lợi P4 Q10", ["27190"]), ("Ward 4, District 10, Ho Chi Minh City, Vietnam", ["27190"]),
        ("Ben Thanh Ward, District 1, Ho Chi Minh City", ["26743"]),
        ("Phường 4, Tây Ninh", ["25459"]), ("P.4, Tân An", ["27694"]), ("P.4, TP. Tân An, Tây Ninh", ["27694"]),
        ("Thảo Điền, Quận 2, TP.HCM", ["27094"]), ("Phường Thủ Dầu Một, Bình Dương", ["25747"]),
        ("Phường 01, TP Vũng Tàu, BR-VT", ["26506"]), ("phường Phú Hội, Tp Huế, TT-Huế", ["19789"]),
        ("xã Ea H'Leo huyện Ea H’leo Đăk Lăk", ["24184"]), ("Huyện Côn Đảo", ["26732"]),
        ("Th ịxã Sơn Tây, Phườn gXuân Khanh, Hà Nội", ["09604"]), ("xãchiềngđen, thànhphốsơnla, tỉnhsơnla", CHIENG_AN),
        ("Phưnờg 17, Qaan Gò Vấp, HCM", ["26884"]), ("166 Quế Xuân 2, Chư Prông, Chư Prông, Gia Lai", ["23887"]),
        ("XÃ ĐÔNG HOÀ, TP THÁI BÌNH, THÁI BÌNH 410000", ["12817"]),
        ("Xã Hòa Xá, huyện Ứng Hòa, Hà Tây", ["10417"]),
        ("Hà Giang", ["08"]), ("tỉnh Yên Bái", ["15"]),
    ],
)  # fmt: skip
def test_one_answer(resolver: Resolver, address: str, codes: list[str]) -> None:
    answer = resolver.resolve(address)
    assert (answer.status, list(answer.codes)) == (Status.EXACT, codes), answer.as_json()


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("Xã Kiên Mộc, huyện Đình Lập, Lạng Sơn", {"06625", "06637"}),
        ("Xã Kiên Mộc, Lạng Sơn", {"06625", "06637"}),
        ("Bính Xá, Đình Lập, Lạng Sơn", {"06625", "06613"}),
        ("Quận 1, HCM", {"26737", "26740", "26743", "26758"}),
    ],
)
def test_all_that_fit_and_only_these(resolver: Resolver, address: str, codes: set[str]) -> None:
    answer = resolver.resolve(address)
    assert (answer.status, set(answer.codes)) == (Status.AMBIGUOUS, codes), answer.as_json()
    assert sum(one.score for one in answer.candidates) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    "address",
    [
        "", "   ", ",,,", "???", "12345", "Việt Nam", "số 5", "12 Lê Lợi, Hà Nội", "xã Không Có, huyện Mộc Châu, Sơn La",
        "Phường Bến Thành, Quận 3, TPHCM", "xã Yên Phú, p.Yên Mỹ, Hưng Yên",
        "123 Nguyễn Trãi, Thanh Xuân, Hà Nội", "Mộc Châu, Sơn La", "Quận 99, TPHCM",
        "phường", "P.", "Q.", "thành phố", "x" * 5000, "xã " * 300, "Sơn La, Hà Nội", "Tỉnh Sơn La, Tỉnh Hà Nam, xã Tân Lập",
        "\u0301\u0301\u0301", "🏠 nhà tôi", "p p p p q q q", "None", "NULL", "a" * 60 + " " + "b" * 60,
    ],
)  # fmt: skip
def test_never_certain(resolver: Resolver, address: str) -> None:
    assert resolver.resolve(address).status is not Status.EXACT


def test_on_a_day_before_the_change_the_old_unit_is_the_answer(before: Resolver) -> None:
    assert before.resolve("Xã Chiềng Đen, TP Sơn La").codes == ("03661",)
    assert before.resolve("Xã Kiên Mộc, huyện Đình Lập, Lạng Sơn").status is Status.EXACT
    assert before.resolve("Huyện Đình Lập, Lạng Sơn").unit.name == "Huyện Đình Lập"
    assert set(before.resolve("Phường Tân Ninh, Tây Ninh").codes) >= {"25459"}


def test_each_candidate_says_why_in_both_languages(resolver: Resolver) -> None:
    (unit,) = resolver.resolve("Xã Chiềng Đen, TP Sơn La").candidates
    assert "Toàn bộ Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La nay thuộc Phường Chiềng An" in str(unit.why)
    with speaking("en"):
        assert str(unit.why).startswith("All of Chiềng Đen commune, Sơn La city, Sơn La province now belongs to")
    for one in resolver.resolve("Xã Kiên Mộc, huyện Đình Lập").candidates:
        assert "đã được chia" in str(one.why)
    former = resolver.resolve("Phường Nguyễn Trung Trực, quận Ba Đình, Hà Nội").candidates[0]
    assert "“Phường Nguyễn Trung Trực” là tên khác của Phường Trúc Bạch" in str(former.why)
    assert "chieng dem" in str(resolver.resolve("Xã Chiềng Đem, TP Sơn La").candidates[0].why)
    assert str(resolver.resolve("Phường Bến Thành, Quận 3, TPHCM").note).startswith("Địa chỉ tự mâu thuẫn")


@pytest.fixture(scope="module")
def divided() -> Resolver:
    """A commune divided in two, whose hamlets the resolution names."""
    old, new = date(2025, 1, 1), date(2025, 7, 1)
    units = [
        UnitRow(1, "20", "Tỉnh Lạng Sơn", "tinh", "tinh", None, None, old, None),
        UnitRow(2, "189", "Huyện Đình Lập", "huyen", "huyen", 1, 1, old, new),
        UnitRow(3, "06625", "Xã Kiên Mộc", "xa", "xa", 2, 1, old, new),
        UnitRow(4, "06625", "Xã Kiên Mộc", "xa", "xa", 1, 1, new, None),
        UnitRow(5, "06637", "Xã Châu Sơn", "xa", "xa", 1, 1, new, None),
    ]
    edges = [
        EdgeRow(3, 4, "part", "1672/NQ-UBTVQH15", new, (), residual=True),
        EdgeRow(3, 5, "part", "1672/NQ-UBTVQH15", new, ("Bản Chạo", "Thôn Khe Luồng")),
    ]
    return Resolver(Gazetteer(units, edges, []), new)


def test_a_named_hamlet_decides_within_a_divided_commune(divided: Resolver) -> None:
    answer = divided.resolve("ban chao, xa kien moc, huyen dinh lap, lang son")
    assert (answer.status, answer.codes) == (Status.EXACT, ("06637",))
    assert "Bản Chạo" in str(answer.candidates[0].why)
    assert divided.resolve("bản Hin Đăm, xã Kiên Mộc, huyện Đình Lập").status is Status.AMBIGUOUS


def test_a_proposal_is_made_by_hamlet_or_by_the_heir_that_the_address_names(divided: Resolver) -> None:
    assert divided.propose(3, "Thôn Khe Luồng, xã Kiên Mộc, huyện Đình Lập", {4, 5})[0] == 5
    unit, why = divided.propose(3, "xã Châu Sơn, tỉnh Lạng Sơn", {4, 5})
    assert unit == 5
    assert "Châu Sơn" in str(why)
    assert divided.propose(3, "xã Kiên Mộc, huyện Đình Lập", {4, 5}) is None
    assert divided.propose(3, "", {4, 5}) is None
    assert divided.propose(3, "xã Châu Sơn, tỉnh Lạng Sơn", {4}) is None
