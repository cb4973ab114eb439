"""The evening: what a day comes to, how it is closed, told, acknowledged and purged."""

from __future__ import annotations

from firmware.journal.record import RECORD_SIZE
from firmware.secure.cmac import cmac
from tests.support.evening import CB, SERIAL, Reader, check_seal, expected_lines, number, result
from tests.support.fake_storage import FakeStorage, PowerCut

COVERS = {
    "test_a_day_is_what_was_kept_and_not_cancelled": ["terminal/T-R24", "terminal/T-R25"],
    "test_a_cancellation_that_was_cut_off_did_not_happen": ["faults/R-01", "faults/LFS-2"],
    "test_days_are_chained": ["terminal/T-R25"],
    "test_the_same_number_again_is_the_same_seal": ["terminal/T-R25"],
    "test_a_day_is_acknowledged_by_its_hash": ["terminal/T-R25"],
    "test_a_day_with_a_rotten_record_is_not_sealed": ["faults/R-12"],
}

ZEROS = bytes(32)
SMALL = 8 * 12 * RECORD_SIZE  # segments of twelve records


def refused(answer: dict, code: str = "wrong_seal") -> bool:
    return answer == {"type": "error", "code": code}


def test_an_empty_day_has_a_seal() -> None:
    reader = Reader()
    seal = reader.close(1)
    check_seal(seal, ZEROS, [], [])
    assert seal["totals"] == b"" and reader.lines(1) == b""
    assert reader.journal.number == 2


def test_a_day_is_what_was_kept_and_not_cancelled() -> None:
    reader = Reader()
    sale = reader.pay(result(1))
    reader.pay(result(2, outcome="declined"))
    refund = reader.pay(result(3, "refund", 300))
    cancelled = reader.pay(result(4, amount_minor=999))
    cash_back = reader.pay(result(5, "cash_back", 7000, CB))
    reader.pay(result(6, "verification", 0))
    reader.pay(result(7, "preauthorisation", 10000))
    completion = result(7, "preauthorisation", 9000)
    completion["taken_at"] = "20261121190000"
    reader.complete(completion)
    reader.pay(result(8, "preauthorisation", 20000))  # not completed yet
    reader.void(reader.pay(result(9, "preauthorisation", 30000)))  # given up: it never was a line
    reader.pay(result(10, "cancellation"))
    reader.void(cancelled)
    reader.restart()
    seal = reader.close(1)
    captured = [sale, refund, cash_back, completion]
    check_seal(seal, ZEROS, captured, [cancelled])
    assert reader.lines(1) == expected_lines(captured)
    assert seal["business_date"] == 20261121


def test_a_cancellation_that_was_cut_off_did_not_happen() -> None:
    reader = Reader()
    sale = reader.pay(result(1))
    reader.storage.cut_at, reader.storage.torn = (
        reader.storage.writes + 1,
        RECORD_SIZE,
    )  # the first of its two records is there
    try:
        reader.void(sale)
    except PowerCut:
        pass
    reader.storage.cut_at = None
    reader.restart()
    assert reader.close(1)["count"] == 1
    assert reader.lines(1) == expected_lines([sale])


def test_days_are_chained() -> None:
    reader = Reader()
    previous = ZEROS
    for day in range(1, 6):
        captured = [reader.pay(result(100 * day + n, amount_minor=100 * day + n)) for n in range(day)]
        reader.restart()
        seal = reader.close(day, 20261120 + day)
        check_seal(seal, previous, captured, [])
        assert reader.lines(day) == expected_lines(captured)
        previous = seal["hash"]


def test_the_seal_is_under_a_counter_of_its_own() -> None:
    reader = Reader()
    spent = reader.vault.open_transaction().ksn
    seal = reader.close(1)
    assert seal["ksn"] != spent
    content = b"SEAL" + SERIAL.encode() + seal["hash"]
    keys = reader.vault.open_transaction()
    assert keys.ksn != seal["ksn"]
    assert keys.seal_mac(SERIAL, seal["hash"]) == cmac(keys._derive(0x2000), content)[:8] != seal["mac"]


def test_the_same_number_again_is_the_same_seal() -> None:
    reader = Reader()
    reader.pay(result(1))
    seal = reader.close(1)
    reader.pay(result(2))
    assert reader.close(1, 20261122) == seal
    reader.restart()
    assert reader.close(1, 20261122) == seal
    assert refused(reader.close(3)) and refused(reader.close(0))
    assert reader.journal.number == 2


def test_a_payment_in_progress_belongs_to_the_next_day() -> None:
    reader = Reader()
    late = result(2)
    first = reader.pay(result(1))
    reader.begin(late)
    seal = reader.close(1)
    check_seal(seal, ZEROS, [first], [])
    assert reader.journal.unfinished().transaction_id == late["transaction_id"]
    reader.end(late)
    check_seal(reader.close(2), seal["hash"], [late], [])


def test_what_is_sealed_can_be_told_from_what_is_not() -> None:
    reader = Reader()
    reader.pay(result(1))
    reader.pay(result(2, "preauthorisation"))
    reader.close(1)
    reader.pay(result(3))
    reader.complete(result(2, "preauthorisation", 100))
    for _ in range(2):
        assert [reader.journal.is_sealed(number(n, 16)) for n in (1, 2, 3)] == [True, False, False]
        reader.restart()


def test_many_lines_go_in_parts() -> None:
    reader = Reader()
    captured = [reader.pay(result(n)) for n in range(60)]
    reader.close(1)
    assert [len(reader.part(1, part)["data"]) for part in range(3)] == [27 * 33, 27 * 33, 6 * 33]
    assert reader.lines(1) == expected_lines(captured)
    assert refused(reader.part(1, 3)) and refused(reader.part(2, 0)) and refused(reader.part(0, 0))


def test_more_applications_than_a_seal_holds_are_summed_together() -> None:
    reader = Reader()
    for n in range(40):
        message = result(n)
        message["icc_data"] = b"\x84\x10" + number(n + 1, 16)
        reader.pay(message)
    seal = reader.close(1)
    assert seal["count"] == 40 and len(seal["totals"]) <= 512
    assert reader.close(1) == seal


def test_an_application_that_has_a_row_keeps_it_however_many_follow() -> None:
    reader = Reader()
    for n in list(range(12)) + [0, 11]:
        message = result(n)
        message["transaction_id"] = number(len(reader.storage.files) + reader.journal.sequence, 16)
        message["icc_data"] = b"\x84\x10" + number(n + 1, 16)
        reader.pay(message)
    totals = reader.close(1)["totals"]
    head = bytes((2, 16)) + number(1, 16) + number(978, 2)
    assert totals[totals.find(head) + len(head) :][:8] == number(2, 2) + number(2500, 6)
    assert totals[:4] == bytes(2) + number(978, 2) and totals[4:12] == number(3, 2) + number(3750, 6)


def test_a_day_is_acknowledged_by_its_hash() -> None:
    reader = Reader()
    seals = []
    for day in (1, 2):
        reader.pay(result(day))
        seals.append(reader.close(day))
    assert refused(reader.acknowledge(2, seals[1]["hash"]))  # not before the first
    assert refused(reader.acknowledge(1, seals[1]["hash"]))
    assert refused(reader.acknowledge(3, seals[1]["hash"])) and refused(reader.acknowledge(0, ZEROS))
    for day in (1, 2):
        for _ in range(2):
            answer = {"type": "acknowledged", "number": day, "hash": seals[day - 1]["hash"]}
            assert reader.acknowledge(day, seals[day - 1]["hash"]) == answer
            reader.restart()


def test_acknowledged_days_make_room() -> None:
    reader = Reader(journal_size=SMALL)
    hashes = {0: ZEROS}
    sequence = 0
    for day in range(1, 30):
        captured = [reader.pay(result(100 * day + n)) for n in range(6)]
        seal = reader.close(day)
        check_seal(seal, hashes[day - 1], captured, [])
        assert reader.lines(day) == expected_lines(captured)
        hashes[day] = seal["hash"]
        used = reader.journal.used
        assert reader.acknowledge(day, seal["hash"])["type"] == "acknowledged"
        assert reader.journal.used < max(used, 40)
        assert reader.result_of(100 * day + 5) == captured[5]  # the newest still answers
        assert reader.journal.sequence > sequence
        sequence = reader.journal.sequence
        reader.restart()
        assert reader.journal.sequence == sequence and reader.journal.damaged == 0
        assert reader.journal.last_result() is not None
        assert reader.close(day) == seal
        assert reader.acknowledge(day, seal["hash"])["type"] == "acknowledged"
    assert reader.result_of(100) is None and reader.journal.begun(number(100, 8)) is None
    assert reader.acknowledge(1, hashes[1])["type"] == "acknowledged"  # long purged
    assert refused(reader.acknowledge(29, hashes[28])) and refused(reader.part(1, 0))


def test_a_pre_authorisation_outlives_the_purge() -> None:
    reader = Reader(journal_size=SMALL)
    waiting = reader.pay(result(1, "preauthorisation", 10000))
    reader.void(reader.pay(result(2, "preauthorisation", 20000)))
    previous = ZEROS
    for day in range(1, 12):
        captured = [reader.pay(result(100 * day + n)) for n in range(6)]
        seal = reader.close(day)
        check_seal(seal, previous, captured, [])
        assert reader.acknowledge(day, seal["hash"])["type"] == "acknowledged"
        previous = seal["hash"]
        assert reader.result_of(1) == waiting
        assert reader.journal.begun(number(1, 8)).transaction_id == number(1, 16)
        assert reader.journal.begun(number(1, 8)).request == waiting["request_id"] + b"what was asked for"
        assert reader.journal.unfinished() is None
        reader.restart()
    assert reader.result_of(2) is None
    completion = result(1, "preauthorisation", 9500)
    reader.complete(completion)
    check_seal(reader.close(12), previous, [completion], [])


def test_a_day_that_is_not_acknowledged_stays_whole() -> None:
    reader = Reader(journal_size=2 * SMALL)
    hashes, lines = [], []
    for day in range(1, 4):
        for n in range(6):
            reader.pay(result(100 * day + n))
        hashes.append(reader.close(day)["hash"])
        lines.append(reader.lines(day))
    for day in range(1, 4):
        assert [reader.lines(later) for later in range(day, 4)] == lines[day - 1 :]
        assert reader.acknowledge(day, hashes[day - 1])["type"] == "acknowledged"


def test_a_purge_does_not_hide_the_payment_in_progress() -> None:
    reader = Reader(journal_size=SMALL)
    reader.pay(result(1, "preauthorisation", 10000))
    for n in range(2, 9):
        reader.pay(result(n))
    seal = reader.close(1)
    reader.begin(result(9))
    first = reader.journal.first
    reader.acknowledge(1, seal["hash"])
    assert reader.journal.first > first
    reader.restart()
    assert reader.journal.unfinished().transaction_id == number(9, 16)


def test_a_day_with_a_rotten_record_is_not_sealed() -> None:
    """The host has its copies: better no seal, and a reader that says so, than one that lacks a payment."""
    reader = Reader()
    reader.pay(result(1))
    reader.close(1)
    sealed = reader.journal.sequence
    reader.pay(result(2))
    for place in range(reader.journal.sequence):
        files = dict(reader.storage.files)
        rotten = bytearray(files["journal.0"])
        rotten[place * RECORD_SIZE + 100] ^= 1
        files["journal.0"] = bytes(rotten)
        other = Reader(FakeStorage(files))
        assert other.journal.damaged == 1
        if place < sealed:
            answer = other.part(1, 0)
            assert answer["type"] == "error" or answer == reader.part(1, 0)
        if place >= sealed or other.journal.sealed(1) is None:
            assert refused(other.close(other.journal.number), "reader_fault")
            assert other.journal.sequence == reader.journal.sequence
    assert reader.close(2)["type"] == "seal"
