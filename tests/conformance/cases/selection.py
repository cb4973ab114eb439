"""Application selection, GET PROCESSING OPTIONS and records of a chip."""

from __future__ import annotations

from emv import tlv
from tests.conformance.cases.chip import (
    CB,
    CB_SELECT,
    GPO,
    NAMES,
    PSE,
    RULES,
    VISA,
    chip,
    instead,
    offline,
    says,
    unsigned,
    with_objects,
)
from tests.conformance.table import case, known, step

_FCI_OF_PSE = "6F10840E315041592E5359532E4444463031" + "9000"
_BLOCKED = {CB_SELECT: "6283"}


def names(partial: bool, aid: str) -> list[dict]:
    return [{"aid": aid, "partial": partial, "9F09": "0002", "ddol": "9F3704"}]


def nested(depth: int) -> str:
    data = b""
    for _ in range(depth):
        data = tlv.encode(0x70, data)
    return data.hex() + "9000"


SELECTION = step(
    "Application selection",
    case("PSE", "lists CB and Visa: the card's priority", "Book 1 12.3.2", chip(), "approved", data={"84": CB}),
    case("PSE", "not there (6A82): list of AIDs", "Book 1 12.3.2", chip(answers={PSE: "6A82"}), "approved",
         "environment_not_usable", data={"84": CB}),
    case("PSE", "blocked (6283): list of AIDs", "Book 1 12.3.2", chip(answers={PSE: "6283"}), "approved",
         "environment_not_usable"),
    case("PSE", "no such instruction (6D00): list of AIDs", "Book 1 12.3.2", chip(answers={PSE: "6D00"}), "approved",
         "environment_not_usable"),
    case("PSE", "card blocked (6A81)", "Book 1 12.3.2", chip(answers={PSE: "6A81"}), "end_application", "card_blocked"),
    case("PSE", "FCI without a file of its directory", "Book 1 12.3.2", chip(answers={PSE: _FCI_OF_PSE}), "approved",
         "environment_not_usable"),
    case("PSE", "FCI that is no TLV", "Book 1 12.3.2", chip(answers={PSE: "6FFF00" + "9000"}), "approved",
         "environment_not_usable"),
    case("PSE", "directory empty (6A83)", "Book 1 12.3.2", chip(answers={NAMES: ["6A83"]}), "approved"),
    case("PSE", "directory record is no template", "Book 1 12.3.2", chip(answers={NAMES: ["7100" + "9000"]}),
         "approved",
         "environment_not_usable"),
    case("PSE", "directory record refused (6985)", "Book 1 12.3.2", chip(answers={NAMES: ["6985"]}), "approved",
         "environment_not_usable"),
    case("PSE", "directory names what the terminal has not", "Book 1 12.3.2",
         chip(applications=names(True, "A0000000651010"), issuer=None), "end_application", "no_application_left"),
    case("list of AIDs", "name as in the list", "Book 1 12.3.3", chip(selection="aid_list"), "approved",
         data={"84": CB}),
    case("list of AIDs", "longer name, partial selection allowed", "Book 1 12.3.3",
         offline(selection="aid_list", applications=names(True, CB[:10])), "approved", data={"84": CB, "9F06": CB}),
    case("list of AIDs", "longer name, partial selection not allowed", "Book 1 12.3.3",
         offline(selection="aid_list", applications=names(False, CB[:10])), "end_application", "no_application_left"),
    case("list of AIDs", "application blocked (6283): the other is taken", "Book 1 12.3.3",
         chip(selection="aid_list", answers=_BLOCKED), "approved", data={"84": VISA}),
    case("list of AIDs", "card blocked (6A81)", "Book 1 12.3.3",
         chip(selection="aid_list", answers={CB_SELECT: "6A81"}),
         "end_application", "card_blocked"),
    case("list of AIDs", "nothing found (6A82)", "Book 1 12.3.3", chip(selection="aid_list", answers={"00A4": "6A82"}),
         "end_application", "no_application_left"),
    case("final SELECT", "answer names another application", "Book 1 12.4",
         chip(answers={CB_SELECT: instead(CB, "A0000000420000")}), "approved", "application_not_selected",
         data={"84": VISA}),
    case("final SELECT", "answer is no FCI", "Book 1 12.4", chip(answers={CB_SELECT: "9000"}), "approved",
         "application_not_selected", data={"84": VISA}),
    known("final SELECT", "blocked (6283): the next application", "Book 1 12.4",
          "chip_next_application_when_selection_fails", rule="application_blocked"),
    known("choice", "the cardholder takes Visa on a co-badged card", "Book 1 12.4", "contact_cardholder_chooses_visa"),
    known("choice", "what was chosen fails: asked again", "Book 1 12.4", "chip_chosen_application_fails"),
    known("choice", "each application wants a confirmation (87 bit 8), nobody gives it", "Book 1 12.4",
          "chip_wants_a_confirmation_that_nobody_gives", rule="no_application_left"),
    case("label", "control characters and 64 letters", "Book 4 11.3",
         chip(answers={PSE: "6A82", CB_SELECT: says("6F4F8407" + CB + "A5445040" + "1B" * 64 + "870101" + "9000")}),
         "approved"),
    case("T=0", "61xx and 6Cxx on each command", "Book 1 9.3", chip(t0=True), "approved"),
)  # fmt: skip

OPTIONS = step(
    "Initiate application processing",
    case("GPO", "format 1", "Book 3 6.5.8.4", chip(application={"response_format": 1}), "approved"),
    case("GPO", "format 2", "Book 3 6.5.8.4", chip(application={"response_format": 2}), "approved"),
    case("GPO", "neither format", "Book 3 6.5.8.4", chip(answers={GPO: "7000" + "9000"}), "end_application",
         "template_unexpected"),
    case("GPO", "format 1 of one byte", "Book 3 6.5.8.4", chip(answers={GPO: "800119" + "9000"}), "end_application",
         "template_unexpected"),
    case("GPO", "format 2 without AIP", "Book 3 6.5.8.4", chip(answers={GPO: "7706940408010100" + "9000"}),
         "end_application", "processing_options_incomplete"),
    case("GPO", "format 2 without AFL", "Book 3 6.5.8.4", chip(answers={GPO: "770482021C00" + "9000"}),
         "end_application", "processing_options_incomplete"),
    case("GPO", "format 2 with AIP twice", "Book 3 10.2",
         chip(answers={GPO: "770E82021C0082021C00940408010100" + "9000"}), "end_application", "duplicate_object"),
    known("GPO", "6985: the next application", "Book 3 10.1", "chip_next_application_when_options_are_refused"),
    known("GPO", "6985 from each application", "Book 3 10.1", "chip_no_application_takes_it"),
    *[
        case("GPO", f"{word}", "Book 3 10.1", chip(answers={GPO: word}), "end_application",
             "processing_options_refused")
        for word in ("6A81", "6984", "6700", "6D00", "6283")
    ],
    case("PDOL", "a list that ends in half an entry", "Book 3 5.4",
         chip(answers={CB_SELECT: says("6F138407" + CB + "A5089F38059F02069F37" + "9000")}), "end_application",
         "dol_malformed"),
    case("PDOL", "a list for more than 252 bytes", "Book 3 5.4",
         chip(answers={CB_SELECT: says("6F118407" + CB + "A5069F38039F37FD" + "9000")}), "end_application",
         "dol_too_long"),
)  # fmt: skip

_AFL = "10010101"  # file 2, whose record is signed


def located(entry: str) -> dict:
    return {GPO: instead(_AFL, entry)}


RECORDS = step(
    "Read application data",
    *[
        case("READ RECORD", word, "Book 3 10.2", unsigned(answers={RULES: word}), "end_application", "record_not_read")
        for word in ("6A83", "6A82", "6985", "6283")
    ],
    case("READ RECORD", "no template 70", "Book 3 10.2", unsigned(answers={RULES: "7700" + "9000"}), "end_application",
         "template_unexpected"),
    case("READ RECORD", "template longer than the answer", "Book 3 B", unsigned(answers={RULES: "70105A00" + "9000"}),
         "end_application", "tlv_malformed"),
    case("READ RECORD", "length 84 FFFFFFFF", "Book 3 B", unsigned(answers={RULES: "7084FFFFFFFF" + "9000"}),
         "end_application", "tlv_malformed"),
    case("READ RECORD", "templates nine deep", "Book 3 B",
         unsigned(answers={RULES: nested(10)}), "end_application", "tlv_too_deep"),
    case("READ RECORD", "an object twice (5A)", "Book 3 10.2",
         unsigned(answers={RULES: with_objects("5A084970101234567810")}),
         "end_application", "duplicate_object"),
    case("READ RECORD", "an object of the terminal (95, 9F34): not heard", "Book 3 10.2",
         unsigned(answers={RULES: with_objects("95050000000000" + "9F34031F0002")}), "approved",
         "terminal_object_from_card", tvr="8000008000"),
    case("READ RECORD", "padding 00 between objects", "Book 3 B", unsigned(answers={RULES: with_objects("0000")}),
         "approved"),
    case("READ RECORD", "an object that nobody knows", "Book 3 B", unsigned(answers={RULES: with_objects("9F7D0101")}),
         "approved"),
    *[
        case("mandatory objects", f"without {tag}", "Book 3 7.2",
             unsigned(answers={RULES: instead(tag, other)}, issuer=None), "end_application",
             "mandatory_object_missing")
        for tag, other in (("5A08", "5508"), ("5F2403", "5F2B03"), ("8C1B", "991B"), ("8D19", "9919"))
    ],
    *[
        case("AFL", what, "Book 3 10.2", chip(answers=located(entry)), "end_application", "afl_malformed")
        for what, entry in (
            ("file 0", "00010101"),
            ("file 31", "F8010101"),
            ("bits 3 to 1 set", "11010101"),
            ("first record 0", "10000101"),
            ("last record before the first", "10020101"),
            ("more signed than there are", "10010102"),
        )
    ],
    case("AFL", "empty", "Book 3 10.2", chip(answers={GPO: "80021C00" + "9000"}), "end_application",
         "processing_options_incomplete"),
    case("AFL", "half an entry", "Book 3 10.2", chip(answers={GPO: "80041C000801" + "9000"}), "end_application",
         "afl_malformed"),
    case("AFL", "a record beyond the file", "Book 3 10.2", chip(answers=located("10010201")), "end_application",
         "record_not_read"),
)  # fmt: skip

CASES = SELECTION + OPTIONS + RECORDS
