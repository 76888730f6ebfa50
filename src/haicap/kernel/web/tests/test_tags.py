"""Tags and filters: words, escaping, ties between label, hint, control and error."""

import re
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from haicap.kernel.clock import ZONE
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, speaking
from haicap.kernel.web.forms import DateField

NASTY = '<b onclick="x">&'


def draw(source, path="/", **context):
    request = RequestFactory().get(path)
    return Template("{% load haicap %}" + source).render(
        Context({"request": request, "csrf_token": "token", **context})
    )


def test_both_languages_stand_beside_each_other():
    source = '{% t "Còn {n} ngày" "{n} days left" n=days %}'
    assert draw(source, days=3) == "Còn 3 ngày"
    with speaking("en"):
        assert draw(source, days=3) == "3 days left"
        assert draw('{% t "Chỉ tiếng Việt" %}') == "Chỉ tiếng Việt"
        assert draw('{{ "Lưu"|en:"Save" }}') == "Save"


def test_facts_are_escaped_and_braces_of_a_text_without_facts_are_left_alone():
    assert draw('{% t "{x}" "{x}" x=x %}', x=NASTY) == "&lt;b onclick=&quot;x&quot;&gt;&amp;"
    assert draw('{% t "{x}" "{x}" %}') == "{x}"
    assert draw("{% t a b %}", a=NASTY, b="") == "&lt;b onclick=&quot;x&quot;&gt;&amp;"


def test_a_name_falls_back_to_vietnamese():
    with speaking("en"):
        assert draw("{{ u|named }}", u=SimpleNamespace(name="Xã Bắc Yên", name_en="")) == "Xã Bắc Yên"
        assert draw("{{ u|named }}", u=SimpleNamespace(name_vi="Tỉnh", name_en="Province")) == "Province"
    assert draw("{{ u|named }}", u=None) == ""


def test_days_moments_money_and_numbers():
    day, moment = date(2025, 9, 5), datetime(2025, 9, 5, 17, 5, tzinfo=ZONE)
    assert draw("{{ d|vi_date }}", d=day) == "05/09/2025"
    assert draw("{{ d|vi_date }}", d=moment) == "05/09/2025"
    assert draw("{{ d|vi_long_date }}", d=day) == "Thứ Sáu, 05/09/2025"
    assert draw("{{ d|vi_moment }}", d=moment) == "17:05 ngày 05/09/2025"
    assert draw("{{ d|vi_due }}", d=moment) == "Thứ Sáu, 05/09/2025, trước 17:05"
    assert draw("{{ d|vi_due }}{{ d|vi_date }}{{ d|vi_moment }}{{ d|money }}{{ d|number }}", d=None) == ""
    assert draw("{{ n|money }}", n=20000) == "20.000 đ"
    assert draw("{{ n|number }}", n=88300) == "88.300"
    assert draw("{{ n|number }}", n=1234.5) == "1.234,5"
    with speaking("en"):
        assert draw("{{ n|number }}", n=88300) == "88,300"


def test_chips_say_colour_icon_and_word():
    moment = datetime(2025, 9, 5, 17, 0, tzinfo=ZONE)
    drawn = draw("{% deadline_chip d now=n days_left=-2 %}", d=moment, n=datetime(2025, 9, 9, 9, 0, tzinfo=ZONE))
    assert "deadline--overdue" in drawn
    assert "#triangle-alert" in drawn
    assert "Quá hạn 2 ngày làm việc" in drawn
    assert 'title="Thứ Sáu, 05/09/2025, trước 17:00"' in drawn
    assert draw("{% deadline_chip None %}") == ""
    assert NASTY not in draw("{% state_chip 'x' nasty %}", nasty=NASTY)


def test_buttons_and_links():
    plain = draw('{% button "Lưu" hx_post="/x/" small=True %}')
    assert plain == '<button class="ds-button" hx-post="/x/" type="submit" data-small><span>Lưu</span></button>'
    link = draw('{% button label href="/?a=1&b=2" key="n" %}', label=NASTY)
    assert link.startswith("<a ")
    assert 'class="ds-button"' in link
    assert "<kbd>n</kbd>" in link
    assert NASTY not in link


def test_the_present_section_is_marked():
    assert 'aria-current="page"' in draw('{% nav_link "/thu-tuc/" "Thủ tục" "Procedures" %}', path="/thu-tuc/1.001193/")
    assert "aria-current" not in draw('{% nav_link "/" "Trang chủ" "Home" exact=True %}', path="/thu-tuc/")


def test_a_changed_filter_goes_back_to_the_first_page():
    assert draw('{% query_string q="b" state=None %}', path="/?q=a&state=x&trang=4") == "?q=b"
    assert draw("{% query_string trang=2 %}", path="/?q=a") == "?q=a&amp;trang=2"


def test_a_column_sorts_up_then_down():
    source = '{% sort_link "Hạn" "due" %}'
    assert 'href="?sap-xep=due"' in draw(source)
    assert 'href="?sap-xep=-due"' in draw(source, path="/?sap-xep=due")
    assert "giảm dần" in draw(source, path="/?sap-xep=-due")


def test_pages_by_number_and_by_cursor():
    page = Paginator(range(95), 30).page(2)
    drawn = draw("{% pager page %}", page=page, path="/?q=a&trang=2")
    assert "31–60 trong 95" in drawn
    assert "?q=a&amp;trang=3" in drawn
    assert 'aria-current="page">2<' in drawn
    assert "?tiep=abc" in draw('{% pager next_cursor="abc" %}')
    assert "Về đầu" in draw("{% pager %}", path="/?tiep=abc")


class Sample(forms.Form):
    name = forms.CharField(label=bi("Họ và tên", "Full name"), help_text="Như trên giấy tờ.")
    born_on = DateField(label="Ngày sinh", required=False)
    channel = forms.ChoiceField(label="Nhận", choices=[("a", "Tại quầy"), ("b", "Bưu chính")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="Đồng ý")
    paper = forms.FileField(label="Tệp")
    unit = forms.ChoiceField(label="Xã", choices=[("", "—"), ("1", "Xã Bắc Yên")])


def test_a_field_ties_label_hint_and_error_to_its_control():
    drawn = draw("{% field form.name %}", form=Sample({}))
    assert '<label class="field__label" for="id_name">Họ và tên' in drawn
    assert "(bắt buộc)" in drawn
    control = re.search(r"<input[^>]*>", drawn).group(0)
    assert 'aria-describedby="id_name_error id_name_hint"' in control
    assert 'aria-invalid="true"' in control
    assert 'id="id_name_hint"' in drawn
    assert 'id="id_name_error"' in drawn


def test_every_kind_of_field_can_be_drawn():
    form = Sample({})
    for bound in form:
        drawn = draw("{% field f %}", f=bound)
        assert f'id="{bound.auto_id}' in drawn
    assert "data-date" in draw("{% field form.born_on %}", form=form)
    assert "data-combobox" in draw("{% field form.unit search=True %}", form=form)
    assert '<datalist id="id_name_list">' in draw("{% field form.name list=names %}", form=form, names=["Ánh"])
    assert 'id="f"' in draw('{% field form.unit id="f" %}', form=form)


def test_a_checked_radio_stays_checked():
    drawn = draw("{% field form.channel %}", form=Sample({"channel": "b"}))
    assert len(re.findall(r"\bchecked\b", drawn)) == 1
    assert "<legend" in drawn


def test_the_error_summary_links_to_each_field_and_is_silent_without_errors():
    drawn = draw("{% error_summary form %}", form=Sample({"agree": "on", "channel": "a", "unit": "1"}))
    assert 'href="#id_name"' in drawn
    assert "Còn 2 chỗ cần sửa" in drawn
    assert draw("{% error_summary form %}", form=Sample()) == ""
    problems = [Problem("phone", NASTY)]
    drawn = draw("{% error_summary problems %}", problems=problems)
    assert 'href="#id_phone"' in drawn
    assert NASTY not in drawn


def test_blocks_keep_their_content_and_escape_their_titles():
    for name in (
        "notice",
        "page_head",
        "card",
        "side_panel",
        "filter_bar",
        "data_table",
        "empty",
        "dialog",
        "print_sheet",
    ):
        drawn = draw("{% " + name + " title %}<i>{{ x }}</i>{% end" + name + " %}", title=NASTY, x=NASTY)
        assert "<i>&lt;b onclick" in drawn, name
        assert NASTY not in drawn, name


def test_a_chart_is_a_table_too():
    drawn = draw('{% bar_chart "Theo xã" rows unit="hồ sơ" %}', rows=[{"label": NASTY, "value": 1240}])
    assert "<table" in drawn
    assert "1.240" in drawn
    assert NASTY not in drawn
    drawn = draw(
        '{% line_chart "Theo tháng" rows %}', rows=[{"label": "01", "value": 1}, {"label": "02", "value": 2.5}]
    )
    assert re.search(r'd="M60 \S+ L468\.0 ', drawn) or "L468" in drawn


def test_a_qr_code_is_black_on_white_with_a_title():
    drawn = draw("{% qr text label %}", text="https://x/", label=NASTY)
    assert 'class="qr"' in drawn
    assert NASTY not in drawn
    assert "style=" not in drawn


@pytest.mark.parametrize("typed", ["05/09/2025", "5-9-2025", "05092025", "2025-09-05", " 5.9.2025 "])
def test_a_day_may_be_typed_in_many_ways(typed):
    assert DateField().clean(typed) == date(2025, 9, 5)


@pytest.mark.parametrize("typed", ["31/02/2025", "2025", "hôm qua", "99/99/9999"])
def test_what_is_no_day_is_refused_with_an_example(typed):
    with pytest.raises(forms.ValidationError, match="05/09/2025"):
        DateField().clean(typed)


def test_a_wrong_day_stays_as_it_was_typed():
    assert 'value="31/02/2025"' in draw("{% field form.born_on %}", form=Sample({"born_on": "31/02/2025"}))
    assert 'value="05/09/2025"' in draw("{% field form.born_on %}", form=Sample(initial={"born_on": date(2025, 9, 5)}))


@pytest.mark.parametrize("frame", ["", "portal", "in"])
def test_the_gallery_draws_every_component_in_both_languages(frame):
    from haicap.kernel.scope import ANONYMOUS
    from haicap.kernel.web.gallery import gallery

    for language in ("vi", "en"):
        with speaking(language):
            request = RequestFactory().get("/quan-tri/thanh-phan/", {"khung": frame, "canh": "1"})
            request.actor = ANONYMOUS
            answer = gallery(request)
            assert answer.status_code == 200
            assert f'<html lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_error_pages_speak_both_languages(name):
    from django.template.loader import render_to_string

    text = render_to_string(f"{name}.html")
    assert re.search(r'lang="en">[A-Z]', text)
    assert '<html lang="vi"' in text
