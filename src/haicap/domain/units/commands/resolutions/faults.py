"""Every fault that a resolution's file can have, by name: what is wrong, and what cures it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

# name: (Vietnamese, English); each says what is wrong and, after it, the cure
SHAPE: Mapping[str, tuple[str, str]] = {
    "too_large": (
        "Tệp dài quá {most} ký tự. Hãy tách thành nhiều nghị quyết, mỗi tỉnh một tệp.",
        "The file is longer than {most} characters. Split it into several resolutions, a province each.",
    ),
    "too_deep": (
        "Lồng nhau quá {most} bậc. Hãy viết theo mẫu, không lồng thêm ngoặc hay danh sách.",
        "Nested deeper than {most} levels. Write it like the example, without further brackets or lists.",
    ),
    "not_text": (
        "Tệp có ký tự không phải chữ. Hãy lưu lại dưới dạng văn bản UTF-8.",
        "The file has characters that are no text. Save it again as UTF-8 text.",
    ),
    "not_yaml": (
        "Không đọc được từ dòng này ({what}). Xem dấu hai chấm, dấu ngoặc, dấu nháy và khoảng thụt đầu dòng.",
        "Cannot be read from this line on ({what}). Look at colons, brackets, quotes and indentation.",
    ),
    "nothing_written": (
        "Tệp không có nội dung. Hãy chép tệp mẫu trong tài liệu rồi sửa.",
        "The file says nothing. Copy the example of the documentation and change it.",
    ),
    "second_document": (
        "Có dấu “---” mở văn bản thứ hai. Mỗi tệp chỉ chứa một nghị quyết: hãy bỏ phần này sang tệp khác.",
        "A “---” begins a second document. A file holds one resolution: move this part to another file.",
    ),
    "tab": (
        "Đầu dòng có dấu Tab. Hãy thay bằng dấu cách.",
        "The line begins with a tab. Replace it by spaces.",
    ),
    "alias": (
        "Có dấu & hoặc * (“{name}”) để dùng lại một đoạn. Hãy viết đoạn ấy ra, hoặc đặt chữ trong ngoặc kép.",
        "An & or * (“{name}”) reuses a passage. Write the passage out, or put the text in quotes.",
    ),
    "tag": (
        "Có dấu ! (“{name}”). Hãy bỏ đi, hoặc đặt chữ trong ngoặc kép.",
        "There is a ! (“{name}”). Take it away, or put the text in quotes.",
    ),
    "key_is_no_word": (
        "Trước dấu hai chấm không phải là một từ khóa. Hãy viết như “name: …”.",
        "What stands before the colon is no key. Write as in “name: …”.",
    ),
    "key_twice": (
        "“{key}” đã có ở dòng {first}. Hãy bỏ một trong hai dòng.",
        "“{key}” already stands in line {first}. Remove one of the two.",
    ),
    "key_unknown": (
        "Không có mục “{key}” ở đây. Hãy sửa thành “{nearest}”; các mục được dùng: {known}.",
        "There is no key “{key}” here. Change it to “{nearest}”; the keys are: {known}.",
    ),
    "key_missing": (
        "Thiếu mục “{key}”. Hãy thêm “{key}: …” vào đây.",
        "The key “{key}” is missing. Add “{key}: …” here.",
    ),
    "value_missing": (
        "Mục “{key}” không có nội dung. Hãy viết nội dung sau dấu hai chấm, hoặc bỏ mục này nếu không bắt buộc.",
        "“{key}” has no content. Write it after the colon, or remove the key where it is optional.",
    ),
    "quotes_needed": (
        "“{value}” không có ngoặc kép nên bị hiểu là số, ngày hoặc đúng/sai (số 0 ở đầu có thể mất). "
        'Hãy viết trong ngoặc kép: "{value}".',
        "“{value}” has no quotes and is taken for a number, a date or yes/no (leading zeros may be lost). "
        'Write it in quotes: "{value}".',
    ),
    "not_a_text": (
        "Mục “{key}” phải là một dòng chữ. Hãy viết “{key}: chữ”.",
        "“{key}” must be text. Write “{key}: text”.",
    ),
    "not_a_list": (
        "Mục “{key}” phải là danh sách. Hãy viết mỗi phần tử trên một dòng, bắt đầu bằng dấu gạch “- ”.",
        "“{key}” must be a list. Write each item on a line of its own that begins with “- ”.",
    ),
    "not_a_mapping": (
        "Ở đây phải có các mục “từ khóa: nội dung”: {known}. Hãy viết từng mục.",
        "Here must be “key: content” pairs: {known}. Write each of them.",
    ),
    "list_empty": (
        "Danh sách “{key}” trống. Hãy thêm ít nhất một phần tử, hoặc bỏ mục này nếu không bắt buộc.",
        "The list “{key}” is empty. Add at least one item, or remove the key where it is optional.",
    ),
    "not_a_number": (
        "“{value}” không phải là số. Hãy viết số với dấu chấm thập phân, ví dụ 21.53, không có ngoặc kép.",
        "“{value}” is no number. Write a number with a decimal point, such as 21.53, without quotes.",
    ),
    "number_out_of_range": (
        "{value} nằm ngoài khoảng cho phép. Hãy viết một số {range}.",
        "{value} is out of range. Write a number {range}.",
    ),
    "not_a_flag": (
        "“{value}” không phải là true hay false. Hãy viết true hoặc false, không có ngoặc kép.",
        "“{value}” is neither true nor false. Write true or false, without quotes.",
    ),
    "not_a_date": (
        "“{value}” không phải là một ngày có thật. Hãy viết NĂM-THÁNG-NGÀY, ví dụ 2025-07-01.",
        "“{value}” is no date that exists. Write YEAR-MONTH-DAY, such as 2025-07-01.",
    ),
    "not_a_choice": (
        "“{value}” không dùng được cho “{key}”. Hãy sửa thành “{nearest}”; được dùng: {known}.",
        "“{value}” cannot stand for “{key}”. Change it to “{nearest}”; possible are: {known}.",
    ),
    "text_too_long": (
        "Chữ dài quá {most} ký tự. Hãy viết ngắn lại.",
        "The text is longer than {most} characters. Shorten it.",
    ),
    "code_malformed": (
        '“{value}” không phải là mã đơn vị. Hãy viết đủ chữ số: tỉnh 2, huyện (trước 01/7/2025) 3, xã 5, ví dụ "06613".',
        "“{value}” is no unit code. Write all digits: provinces 2, districts (before 2025-07-01) 3, communes 5, "
        'such as "06613".',
    ),
    "number_malformed": (
        "“{value}” không phải là số, ký hiệu văn bản. Hãy viết như “1672/NQ-UBTVQH15”.",
        "“{value}” is no number of a resolution. Write it as in “1672/NQ-UBTVQH15”.",
    ),
}

ALONE: Mapping[str, tuple[str, str]] = {
    "changes_nothing": (
        "Nghị quyết không thay đổi đơn vị nào. Hãy thêm danh sách ended, created, renamed, reclassified hoặc "
        "boundary_adjusted.",
        "The resolution changes no unit. Add a list ended, created, renamed, reclassified or boundary_adjusted.",
    ),
    "in_force_before_adoption": (
        "Ngày có hiệu lực {effective} đứng trước ngày ban hành {adopted}. Hãy đối chiếu hai ngày với văn bản.",
        "The effective day {effective} lies before the day of adoption {adopted}. Compare both with the text.",
    ),
    "before_records": (
        "Ngày có hiệu lực {effective} không sau ngày đầu của dữ liệu ({first}); các đơn vị lúc ấy đã có sẵn. "
        "Chỉ áp dụng nghị quyết có hiệu lực sau ngày này.",
        "The effective day {effective} is not after the first day of the records ({first}), which hold the units of that "
        "day already. Apply only resolutions in force after it.",
    ),
    "basis_too_late": (
        "{number} ban hành ngày {adopted}, sau ngày có hiệu lực {effective}. Hãy đối chiếu ngày với văn bản.",
        "{number} was adopted on {adopted}, after the effective day {effective}. Compare the day with the text.",
    ),
    "basis_twice": (
        "Văn bản {number} được ghi hai lần. Hãy bỏ một dòng.",
        "{number} is named twice. Remove one line.",
    ),
    "basis_unknown": (
        "“by: {number}” không phải là số của nghị quyết này hay của văn bản trong “also”. Hãy sửa số, hoặc thêm văn bản "
        "vào “also”. Đã ghi: {known}.",
        "“by: {number}” is neither this resolution's number nor one of “also”. Correct it, or add the document to "
        "“also”. Named are: {known}.",
    ),
    "unit_twice": (
        "Mã {code} đã có trong “{list}” ở dòng {first}. Hãy bỏ một dòng.",
        "The code {code} already stands in “{list}”, line {first}. Remove one of the two.",
    ),
    "created_and_changed": (
        "Mã {code} vừa thành lập vừa ở “{list}” (dòng {first}). Hãy giữ một: “created” với “from”, hoặc “{list}”.",
        "The code {code} is both created and in “{list}” (line {first}). Keep one: “created” with its “from”, or “{list}”.",
    ),
    "ended_and_changed": (
        "Mã {code} vừa kết thúc (dòng {first}) vừa ở “{list}”. Đơn vị đổi tên, đổi loại, điều chỉnh địa giới thì "
        "không ghi ở “ended”: hãy bỏ một dòng.",
        "The code {code} both ends (line {first}) and stands in “{list}”. A unit that is renamed, reclassified or adjusted "
        "does not stand in “ended”: remove one line.",
    ),
    "changed_twice": (
        "Mã {code} vừa đổi tên vừa đổi loại. Hãy chỉ ghi một lần ở “reclassified”, với tên mới đầy đủ.",
        "The code {code} is both renamed and reclassified. Write it once, in “reclassified”, with its full new name.",
    ),
    "kind_not_of_level": (
        "Loại “{kind}” không hợp với mã {code}: mã tỉnh có 2 chữ số, huyện 3, xã 5. Hãy sửa loại hoặc mã.",
        "The kind “{kind}” does not fit the code {code}: provinces have 2 digits, districts 3, communes 5. Correct either.",
    ),
    "kind_of_old_law": (
        "Từ 01/7/2025 không lập đơn vị loại “{kind}” (Luật 72/2025/QH15, Điều 1). Hãy dùng tinh, thanh_pho, xa, phuong "
        "hoặc dac_khu.",
        "No unit of the kind “{kind}” is formed from 2025-07-01 on (Law 72/2025/QH15, Article 1). Use tinh, thanh_pho, xa, "
        "phuong or dac_khu.",
    ),
    "name_not_of_kind": (
        "Tên “{name}” phải bắt đầu bằng “{word}” và có tên riêng. Hãy viết “{word} …”, hoặc sửa loại.",
        "The name “{name}” must begin with “{word}” and go on with the unit's own name. Write “{word} …”, or correct the kind.",
    ),
    "parent_of_province": (
        "Đơn vị cấp tỉnh không có đơn vị cấp trên. Hãy bỏ mục “parent”.",
        "A province has no parent. Remove “parent”.",
    ),
    "parent_missing": (
        'Đơn vị {code} chưa ghi thuộc đơn vị nào. Hãy thêm “parent: "mã cấp trên"”.',
        'It is not said under what {code} stands. Add “parent: "code"”.',
    ),
    "flow_twice": (
        "Nguồn {code} đã có ở dòng {first} của cùng đơn vị này. Hãy gộp hai dòng làm một.",
        "The source {code} already stands in line {first} of the same unit. Make one line of the two.",
    ),
    "whole_and_part": (
        "{code} đã chuyển toàn bộ (dòng {first}) mà lại chuyển tiếp ở đây. Hãy ghi “part” ở mọi nơi, hoặc bỏ một dòng.",
        "All of {code} already went elsewhere (line {first}), and yet goes here. Write “part” everywhere, or remove a line.",
    ),
    "part_alone": (
        "Chỉ một phần của {code} có nơi nhận. Hãy ghi nơi nhận phần còn lại, hoặc ghi “whole”.",
        "Only one part of {code} has a successor. Name who takes the rest, or write “whole”.",
    ),
    "whole_with_hamlets": (
        "“whole” là toàn bộ, nên không ghi “{key}”. Hãy bỏ “{key}”, hoặc ghi “part”.",
        "“whole” means everything, so “{key}” cannot stand here. Remove “{key}”, or write “part”.",
    ),
    "residual_twice": (
        "Phần còn lại của {code} đã giao ở dòng {first}. Chỉ một nơi được ghi “residual: true”: hãy bỏ một.",
        "What is left of {code} was already given in line {first}. Only one may say “residual: true”: remove one.",
    ),
    "hamlet_twice": (
        "“{hamlet}” của {code} đã giao ở dòng {first}. Mỗi thôn chỉ về một nơi: hãy bỏ một.",
        "“{hamlet}” of {code} was already given in line {first}. A hamlet goes to one place: remove one.",
    ),
    "adjusted_to_itself": (
        "Điều chỉnh địa giới từ {code} sang chính {code}. Hãy sửa mã bên nhận.",
        "The boundary is moved from {code} to {code} itself. Correct the code of the receiver.",
    ),
    "adjusted_twice": (
        "Điều chỉnh từ {giver} sang {taker} đã có ở dòng {first}. Hãy gộp các thôn vào một chỗ.",
        "From {giver} to {taker} already stands in line {first}. Put the hamlets together in one place.",
    ),
    "levels_differ": (
        "{giver} và {taker} khác cấp. Đơn vị chỉ chuyển cho đơn vị cùng cấp (huyện không có xã thì chuyển thành cấp xã): "
        "hãy sửa mã.",
        "{giver} and {taker} are of different levels. Units go to units of their own level (a district without communes may "
        "become a commune): correct the code.",
    ),
}

RECORDS: Mapping[str, tuple[str, str]] = {
    "code_unknown": (
        "Chưa từng có đơn vị mang mã {code}. {hint}",
        "No unit ever had the code {code}. {hint}",
    ),
    "unit_closed": (
        "{name} (mã {code}) đã kết thúc từ {ended} theo {by}, trước ngày {day}. Hãy dùng mã của đơn vị kế tiếp.",
        "{name} (code {code}) ended on {ended} by {by}, before {day}. Use the code of its successor.",
    ),
    "unit_ended_by_other": (
        "{name} (mã {code}) đã được {by} cho kết thúc từ {ended}. Hãy bỏ dòng này, hoặc hoàn tác {by} trước.",
        "{name} (code {code}) is already ended on {ended} by {by}. Remove the line, or undo {by} first.",
    ),
    "unit_not_yet_formed": (
        "{name} (mã {code}) chỉ có từ {formed}, chưa có trước ngày {day}. Hãy sửa mã hoặc ngày có hiệu lực.",
        "{name} (code {code}) stands from {formed} only, not before {day}. Correct the code or the effective day.",
    ),
    "name_differs": (
        "Mã {code} là “{known}”, không phải “{name}”. {hint}",
        "The code {code} is “{known}”, not “{name}”. {hint}",
    ),
    "flow_not_ended": (
        "{name} (mã {code}) không có trong “ended”. Hãy thêm vào “ended”; nếu phần còn lại vẫn là {name} thì thêm "
        "vào “created” với mã cũ.",
        "{name} (code {code}) does not stand in “ended”. Add it there; if the rest goes on as {name}, add that to "
        "“created” under the old code.",
    ),
    "ended_without_heir": (
        "{name} (mã {code}) kết thúc mà không chuyển về đâu. Hãy thêm vào “from” của đơn vị nhận.",
        "{name} (code {code}) ends and goes nowhere. Add it to the “from” of the unit that takes it.",
    ),
    "children_left": (
        "{name} (mã {code}) kết thúc nhưng {count} đơn vị trực thuộc vẫn còn: {names}. Hãy cho chúng kết thúc, "
        "hoặc lập lại đơn vị mang mã {code}.",
        "{name} (code {code}) ends, but {count} units under it go on: {names}. End them too, or create a unit with the "
        "code {code} again.",
    ),
    "code_in_use": (
        "Mã {code} đang là của {name}. Hãy chọn mã khác, hoặc cho {name} kết thúc trong “ended”.",
        "The code {code} belongs to {name}. Choose another code, or end {name} in “ended”.",
    ),
    "code_used_later": (
        "Mã {code} được dùng cho {name} từ {formed}. Hãy chọn mã khác, hoặc hoàn tác nghị quyết lập {name} trước.",
        "The code {code} is used for {name} from {formed}. Choose another code, or undo the resolution that formed it first.",
    ),
    "parent_unknown": (
        "Ngày {day} không có đơn vị cấp trên mang mã {code}. Hãy sửa “parent”, hoặc lập đơn vị ấy trong “created”.",
        "On {day} no unit has the code {code} given as parent. Correct “parent”, or create that unit in “created”.",
    ),
    "parent_ends": (
        "Đơn vị cấp trên {name} (mã {code}) kết thúc từ {ended}. Hãy ghi đơn vị cấp trên mới.",
        "The parent {name} (code {code}) ends on {ended}. Name the new parent.",
    ),
    "parent_of_wrong_level": (
        "{code} không thể là cấp trên của {child}: từ 01/7/2025 cấp xã thuộc tỉnh; trước đó xã thuộc huyện, huyện thuộc "
        "tỉnh. Hãy sửa “parent”.",
        "{code} cannot be the parent of {child}: from 2025-07-01 communes stand under provinces; before, communes under "
        "districts and these under provinces. Correct “parent”.",
    ),
    "district_had_communes": (
        "{name} (mã {code}) có đơn vị cấp xã trực thuộc, nên không tự chuyển thành cấp xã. Hãy ghi các xã của nó làm nguồn.",
        "{name} (code {code}) has communes, so it does not itself become a commune. Name its communes as the sources.",
    ),
    "same_name": (
        "Tên mới trùng tên đang dùng “{name}”. Hãy sửa “new_name”, hoặc bỏ dòng này.",
        "The new name is the present one, “{name}”. Correct “new_name”, or remove the line.",
    ),
    "same_kind": (
        "{name} (mã {code}) đã là loại “{kind}”. Hãy sửa “kind”, hoặc ghi ở “renamed” nếu chỉ đổi tên.",
        "{name} (code {code}) is of the kind “{kind}” already. Correct “kind”, or use “renamed” where only the name changes.",
    ),
}

FAULTS: Mapping[str, tuple[str, str]] = {**SHAPE, **ALONE, **RECORDS}


@dataclass(frozen=True)
class Fault(Problem):
    """One fault with its name and its line; `field` reads "file.yaml:123"."""

    name: str = ""
    line: int = 0

    def as_json(self) -> dict[str, Any]:
        """The fault as the command line and the API tell it."""
        return {"field": self.field, "line": self.line, "name": self.name, "message": str(self.message)}


class Faults:
    """Collects the faults of one file; the same one twice on a line is one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: dict[tuple[int, str, str], Fault] = {}

    def note(self, line: int, name: str, /, **facts: Any) -> None:
        """Note the fault `name` at `line`."""
        message = bi_format(bi(*FAULTS[name]), **facts)
        told = repr(sorted(facts.items(), key=lambda fact: fact[0]))
        self.found.setdefault((line, name, told), Fault(f"{self.file}:{line}", message, name, line))

    def in_order(self) -> tuple[Fault, ...]:
        """All of them by line."""
        return tuple(sorted(self.found.values(), key=lambda fault: fault.line))
