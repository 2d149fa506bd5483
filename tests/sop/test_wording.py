"""What version 2026-11 says: promises first, statuses short, both languages their own."""

import re
from collections.abc import Iterator

import pytest

from sop.content import placeholders
from sop.version import Sop, Text, load

STATUSES = ["episode_status", "child_status", "referral_state", "outcome_kind"]
CHINESE = re.compile(r"[\u3400-\u9fff]")


def texts() -> Iterator[tuple[str, Text]]:
    sop = load("2026-11")
    for name, codes in sop.codes.items():
        for code in codes:
            yield f"{name}.{code.code}", code.text
    for service in sop.services.values():
        yield service.code, service.name
        for outcome in service.outcomes:
            yield f"{service.code}.{outcome.code}", outcome.text
        for document in service.documents:
            yield service.code, document
    for number, promise in enumerate(sop.notice.promises):
        yield f"promise {number}", promise
    for section in sop.notice.sections:
        yield section.heading.en, section.heading
        for paragraph in section.paragraphs:
            yield section.heading.en, paragraph
    yield from texts_of_questions(sop)
    yield from sop.wording.items()
    yield from ((point.key, point.text) for point in sop.open_points)


def texts_of_questions(sop: Sop) -> Iterator[tuple[str, Text]]:
    yield from ((part.code, part.name) for part in sop.questions.sections)
    for question in sop.questions:
        for text in filter(None, (question.label, question.short, question.hint)):
            yield question.key, text


def test_every_text_is_chinese_in_chinese_and_english_in_english() -> None:
    wrong = [
        name
        for name, text in texts()
        if CHINESE.search(text.en) or (not CHINESE.search(text.zh) and not text.zh.isdigit())
    ]
    assert wrong == []


def test_chinese_uses_its_own_punctuation_and_english_its_own() -> None:
    assert [name for name, text in texts() if re.search(r"[,;:!?()]", text.zh)] == []
    assert [name for name, text in texts() if re.search(r"[，。；：（）、]|  ", text.en)] == []


def test_both_languages_have_the_same_placeholders() -> None:
    assert [name for name, text in texts() if placeholders(text.zh) != placeholders(text.en)] == []


@pytest.mark.parametrize("name", STATUSES)
def test_statuses_have_two_to_four_characters(sop: Sop, name: str) -> None:
    if name == "child_status":
        assert sop.codes[name].text("aged_out").zh == "满16周岁"
    for code in sop.codes[name]:
        assert 2 <= len(code.text.zh) <= 4 or code.code == "aged_out"


def test_words_that_offend_are_not_used() -> None:
    assert [name for name, text in texts() if re.search("外来户|黑户|农民工子弟|打工子弟", text.zh)] == []


def test_there_are_fifty_six_ethnic_groups(sop: Sop) -> None:
    codes = [code.code for code in sop.codes["ethnic"]]
    assert codes == [*(f"{number:02d}" for number in range(1, 57)), "97", "98", "unknown", "refused"]
    assert len({code.text.zh for code in sop.codes["ethnic"]}) == len(codes)


@pytest.mark.parametrize(
    "name",
    [
        *("relation", "school", "certificate", "ethnic", "document", "guardian_here", "stays"),
        *("who_away", "other_parent_can_care", "boarding", "schooling_kind"),
    ],
)
def test_unknown_and_refused_are_two_answers_offered_last(sop: Sop, name: str) -> None:
    assert [code.code for code in sop.codes[name]][-2:] == ["unknown", "refused"]
    assert sop.codes[name].text("unknown") != sop.codes[name].text("refused")


def test_within_a_list_no_two_codes_say_the_same(sop: Sop) -> None:
    for name, codes in sop.codes.items():
        assert len({code.text.zh for code in codes}) == len(codes), name
        assert len({code.text.en for code in codes}) == len(codes), name


def test_the_notice_begins_with_the_promises(sop: Sop) -> None:
    promised = "".join(promise.zh for promise in sop.notice.promises)
    assert sop.notice.promises[0].zh.startswith("登记只有一个目的")
    for word in ("罚款", "搬走", "计划生育", "出租", "居住", "公安机关", "不回答"):
        assert word in promised


def test_the_notice_names_law_rights_and_whom_to_call(sop: Sop) -> None:
    whole = "".join(text.zh for section in sop.notice.sections for text in section.paragraphs)
    for word in ("查看", "复制", "更正", "删除", "投诉", "12345", "第十三条", "第三十四条", "第五十条"):
        assert word in whole
    assert "敏感个人信息" in whole
    assert sop.notice.version == sop.version


def test_the_notice_tells_every_field_that_an_office_sees(sop: Sop) -> None:
    section = next(part for part in sop.notice.sections if part.heading.zh == "谁能看到")
    said = "".join(paragraph.zh for paragraph in section.paragraphs)
    words = {"child.id_number": "证件号码", "child.phone": "电话", "child.school": "上学情况"}
    words |= {"child.certificate": "接种证", "child.area": "社区"}
    for service in sop.services.values():
        for name in (*service.visible_before, *service.visible_after):
            assert words.get(name, sop.codes["field"].text(name).zh) in said


def test_every_outside_reason_says_where_to_turn(sop: Sop) -> None:
    for code in sop.codes["outside_reason"]:
        assert "12345" in sop.wording[code.code].zh
        assert "12345" in sop.wording[code.code].en


def test_identity_numbers_are_seen_from_acceptance_only(sop: Sop) -> None:
    for service in sop.services.values():
        assert "child.id_number" not in service.visible_before
    unseen = {code for code, service in sop.services.items() if "child.id_number" not in service.visible_after}
    assert unseen == {"community_centre"}


def test_limits_are_the_proposed_ones(sop: Sop) -> None:
    limits = {name: (entry.accept_days, entry.answer_days) for name, entry in sop.services.items()}
    assert (limits.pop("education"), limits.pop("vaccination")) == ((10, 30), (5, 15))
    assert set(limits.values()) == {(5, 20)}
    assert {entry.climb_days for entry in sop.services.values()} == {(5, 10)}
