"""A profile file against its schema: what is wrong, and where; and what the loader makes of one that is right."""

from __future__ import annotations

import json

from emv.errors import ProfileFault
from emv.profile import Profile
from emv.profile.check import faults
from emv.profile.loader import load
from tools import profiles

AID = "A0000000031010"
CHIP = {"aid": AID, "group": "chip"}
TAP = {"aid": AID, "kernel": 3, "contactless": {}, "transaction_qualifiers": "34004000"}


def document(*applications: dict, **fields: object) -> dict:
    written = {
        "name": "test",
        "currency": 978,
        "country": 250,
        "capabilities": "60C8C8",
        "additional_capabilities": "6000F0A001",
        "groups": {"chip": {"floor_limit_minor": 0}},
        "applications": [CHIP, TAP] + list(applications),
    }
    written.update(fields)
    return written


def fault(written: object) -> str:
    """The one fault, as ProfileFault tells it."""
    found = faults(written)
    assert len(found) == 1, found
    try:
        load(written)
    except ProfileFault as refused:
        return str(refused)
    raise AssertionError("loaded")


def application(**fields: object) -> str:
    """The fault of a third application that has these fields."""
    return fault(document(dict({"aid": "A0000000041010"}, **fields)))


def test_a_profile_that_is_right() -> None:
    assert faults(document()) == []


def test_the_place_of_a_fault() -> None:
    assert application(tac_denial="00000000") == "applications[2].tac_denial: 5 bytes in hex wanted, got 4"
    groups = {"chip": {"tac_online": "zz"}}
    assert fault(document(groups=groups)) == "groups.chip.tac_online: 5 bytes in hex wanted, got 'zz'"
    assert fault([]) == "profile: an object wanted, got a list"
    assert fault(document(groups=1)) == "groups: an object wanted, got 1"
    assert fault(document(applications="all")) == "applications: a list wanted, got 'all'"
    assert fault(document("all")) == "applications[2]: an object wanted, got 'all'"


def test_each_type() -> None:
    assert fault(document(name="")) == "name: plain text of 1-16 characters wanted, got ''"
    assert fault(document(name="Épicerie"))[:38] == "name: plain text of 1-16 characters wa"
    assert fault(document(merchant_category_code="59")) == "merchant_category_code: 4 digits wanted, got '59'"
    assert fault(document(currency="EUR")) == "currency: a whole number of 1-999 wanted, got 'EUR'"
    assert fault(document(currency=True)) == "currency: a whole number of 1-999 wanted, got true"
    assert fault(document(amount_limit_minor=0.5)) == "amount_limit_minor: an amount in minor units wanted, got 0.5"
    assert fault(document(pin_bypass=0)) == "pin_bypass: true or false wanted, got 0"
    assert fault(document(selection="ppse")) == "selection: one of pse aid_list wanted, got 'ppse'"
    assert application(aid="A0000000") == "applications[2].aid: 5-16 bytes in hex wanted, got 4"
    assert application(target_percent=100) == "applications[2].target_percent: a whole number of 0-99 wanted, got 100"
    assert fault(document(policies=["C-99"])) == "policies[0]: one of C-04 C-07 C-09 C-10 wanted, got 'C-99'"
    assert fault(document(brand_order=AID)) == "brand_order: a list wanted, got 'A0000000031010'"
    limits = {"cvm_limit_minor": -1}
    place = "applications[2].contactless.cvm_limit_minor"
    assert application(kernel=3, contactless=limits) == place + ": an amount in minor units wanted, got -1"


def test_unknown_and_missing_fields() -> None:
    assert fault(document(floor_limit=0)) == "floor_limit: no such field"
    assert fault(document({"group": "chip"})) == "applications[2].aid: missing"
    assert fault(document(groups={"chip": {"aid": AID}})) == "groups.chip.aid: no such field"
    written = document()
    del written["country"]
    assert fault(written) == "country: missing"


def test_twice_the_same() -> None:
    assert fault(document(CHIP)) == "applications[2]: is there twice"
    assert fault(document(brand_order=[AID, AID])) == "brand_order[1]: is there twice"
    assert fault(document(policies=["C-10", "C-10"])) == "policies[1]: is there twice"


def test_data_objects() -> None:
    assert fault(document(data={"9F02": "00"})) == "data.9F02: not a data object that a profile sets"
    assert fault(document(data={"DF8120": "00"})) == "data.DF8120: has a field of its own: tac_default"
    assert fault(document(data={"5F2A": "0840"})) == "data.5F2A: has a field of its own: currency"
    assert (
        application(data={"9F66": "36004000"})
        == "applications[2].data.9F66: has a field of its own: transaction_qualifiers"
    )
    assert fault(document(data={"9F4E": ""})) == "data.9F4E: 1-40 bytes in hex wanted, got 0"
    assert fault(document(data=[])) == "data: an object of tags wanted, got a list"


def test_contradictions() -> None:
    kernel = {"kernel": 3, "contactless": {}}
    assert application(kernel=3, transaction_qualifiers="34004000") == (
        "applications[2].contactless: missing: kernel 3 needs its limits"
    )
    assert application(**kernel) == "applications[2].transaction_qualifiers: missing: kernel 3 needs them"
    assert application(contactless={}) == "applications[2].contactless: is for a tap: kernel is missing"
    assert application(kernel=9) == "applications[2].kernel: the number of a kernel that is there wanted, got 9"
    threshold = application(floor_limit_minor=100, threshold_minor=101)
    assert threshold == "applications[2].threshold_minor: above floor_limit_minor"
    percent = application(target_percent=20, max_target_percent=10)
    assert percent == "applications[2].max_target_percent: below target_percent"


def test_references() -> None:
    assert application(group="tap") == "applications[2].group: no such group: 'tap'"
    assert fault(document(groups={"chip": {}, "tap": {}})) == "groups.tap: no application is of this group"
    assert fault(document(brand_order=["A0000000421010"])) == "brand_order[0]: not an application of the profile"
    assert fault(document(applications=[], groups={})) == "applications: none is taken"


def test_all_faults_are_told() -> None:
    found = faults(document(currency=0, pin_bypass="no"))
    assert [place for place, _ in found] == ["currency", "pin_bypass"]


def test_defaults_and_data_objects() -> None:
    profile = load(document(data={"9F4E": "5A696E63"}, merchant_category_code="5411"))
    assert profile.data[0x5F2A] == b"\x09\x78"
    assert profile.data[0x5F36] == b"\x02"
    assert profile.data[0x9F1A] == b"\x02\x50"
    assert profile.data[0x9F15] == b"\x54\x11"
    assert profile.data[0x9F4E] == b"Zinc"
    assert (profile.selection, profile.policies, profile.pin_bypass) == ("pse", (), False)


def test_an_applications_own_fields_come_before_its_groups() -> None:
    own = {"aid": "A0000000041010", "group": "chip", "floor_limit_minor": 500, "version": "0002"}
    applications = load(document(own, {"aid": "A0000000043060", "group": "chip"})).contact_applications()
    assert [each.parameters.floor_limit_minor for each in applications] == [0, 500, 0]
    assert applications[0].parameters is applications[2].parameters


def limits(kernel: int) -> tuple:
    most = {"transaction_limit_minor": 9000, "cvm_limit_minor": 5000, "floor_limit_minor": 2000}
    own = {"aid": "A0000000041010", "kernel": kernel, "contactless": most, "transaction_qualifiers": "34004000"}
    told = load(document(own)).applications[2].parameters.limits
    return told.transaction_minor, told.cvm_minor, told.floor_minor, told.on_device_cvm_minor


def test_a_limit_is_the_largest_amount_on_this_side() -> None:
    """Book B, 3.1.1: limits are reached, the floor limit is exceeded; Book C-2: all of its own are exceeded."""
    assert limits(3) == (9001, 5001, 2000, None)
    assert limits(2) == (9000, 5000, 2000, None)


def test_france_is_right() -> None:
    with open(profiles.FRANCE) as file:
        assert faults(json.load(file)) == []


def test_france() -> None:
    france: Profile = profiles.france()
    assert (france.currency, france.policies) == (978, ("C-04", "C-07", "C-09", "C-10"))
    assert not france.pin_bypass
    assert all(each.parameters.floor_limit_minor == 0 for each in france.contact_applications())


def test_france_takes_50_euro_without_pin_on_every_kernel() -> None:
    """Kernel 2 exceeds its limit, the others reach theirs: 50,01 is the first with PIN. Nothing stays offline."""
    first_with_pin = {}
    for application in profiles.france().contactless_applications():
        limits = application.parameters.limits
        exceeded = 1 if application.kernel == 2 else 0
        assert limits.floor_minor == 0
        first_with_pin[application.kernel] = limits.cvm_minor + exceeded
    assert first_with_pin == {2: 5001, 3: 5001, 66: 5001}
