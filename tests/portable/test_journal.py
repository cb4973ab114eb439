"""The journal under power cuts at every write, full storage, and rotation."""

from __future__ import annotations

from firmware.errors import ReaderFault
from firmware.journal.journal import RECORDS_PER_FILE, Journal
from firmware.journal.record import RECORD_SIZE
from tests.support.fake_storage import FakeStorage, PowerCut

COVERS = {
    "test_a_cut_at_any_write_leaves_old_or_new": ["faults/LFS-2", "faults/LFS-4", "terminal/T-R22"],
    "test_full_storage_refuses_the_sale_before_the_card": ["faults/R-12"],
    "test_a_result_is_found_by_transaction_and_by_request_after_restart": ["terminal/T-R20"],
}

RESULT = bytes(range(256)) * 2  # three records


def number(n: int, size: int) -> bytes:
    return n.to_bytes(size, "big")


def begin(journal: Journal, n: int) -> None:
    journal.begin(number(n, 16), number(n, 8) + b"rest")


def pay(journal: Journal, n: int) -> None:
    begin(journal, n)
    journal.went_online(number(n, 16))
    journal.end(number(n, 16), RESULT + number(n, 2))


def test_a_result_is_found_by_transaction_and_by_request_after_restart() -> None:
    storage = FakeStorage()
    for n in range(3):
        pay(Journal(storage), n)
    journal = Journal(storage)
    assert journal.begun(number(1, 8)).transaction_id == number(1, 16)
    assert journal.result_of(number(1, 16)) == RESULT + number(1, 2)
    assert journal.result_of(number(9, 16)) is None
    assert journal.begun(number(9, 8)) is None
    assert journal.unfinished() is None


def test_an_interrupted_payment_is_known_and_how_far_it_came() -> None:
    storage = FakeStorage()
    pay(Journal(storage), 1)
    begin(Journal(storage), 2)
    begun = Journal(storage).unfinished()
    assert begun.transaction_id == number(2, 16) and not begun.went_online and begun.request == number(2, 8) + b"rest"
    Journal(storage).went_online(number(2, 16))
    assert Journal(storage).unfinished().went_online


def test_a_cut_at_any_write_leaves_old_or_new() -> None:
    writes = 1 + 1 + 1 + 3  # reserve, begun, went online, three records of the result
    for torn in (0.0, 0.5, 1.0):
        for cut in range(1, writes + 1):
            storage = FakeStorage()
            pay(Journal(storage), 1)
            storage.files["journal.reserve"] = b""  # so that the second payment writes it too
            storage.writes = 0
            storage.cut_at = cut
            storage.torn = torn
            try:
                pay(Journal(storage), 2)
                raise AssertionError("no power cut")
            except PowerCut:
                pass
            storage.cut_at = None
            check_after_cut(storage, finished=cut == writes and torn == 1.0)


def check_after_cut(storage: FakeStorage, finished: bool) -> None:
    """The first payment is whole, the second is whole or not there; what the recovery writes is found."""
    journal = Journal(storage)
    assert journal.result_of(number(1, 16)) == RESULT + number(1, 2)
    assert journal.result_of(number(2, 16)) == (RESULT + number(2, 2) if finished else None)
    begun = journal.unfinished()
    if begun:
        assert begun.transaction_id == number(2, 16)
        journal.end(begun.transaction_id, b"interrupted")
        assert Journal(storage).result_of(number(2, 16)) == b"interrupted"
    pay(Journal(storage), 3)
    assert Journal(storage).result_of(number(3, 16)) == RESULT + number(3, 2)
    assert Journal(storage).unfinished() is None


def test_files_turn_and_the_last_payments_stay() -> None:
    storage = FakeStorage()
    journal = Journal(storage)
    for n in range(80):
        pay(journal, n)
    assert len(storage.files["journal.0"]) <= RECORDS_PER_FILE * RECORD_SIZE
    assert len(storage.files["journal.1"]) <= RECORDS_PER_FILE * RECORD_SIZE
    for n in range(60, 80):
        assert Journal(storage).result_of(number(n, 16)) == RESULT + number(n, 2)


def test_full_storage_refuses_the_sale_before_the_card() -> None:
    storage = FakeStorage()
    pay(Journal(storage), 1)
    storage.capacity = sum([len(f) for f in storage.files.values()])
    why = None
    try:
        begin(Journal(storage), 2)
    except ReaderFault as error:
        why = error.why
    assert why == "storage_full"
    assert Journal(storage).unfinished() is None


def test_a_payment_that_could_begin_can_end_on_full_storage() -> None:
    storage = FakeStorage()
    journal = Journal(storage)
    begin(journal, 1)
    storage.capacity = sum([len(f) for f in storage.files.values()]) + RECORD_SIZE
    journal.end(number(1, 16), RESULT)
    assert Journal(storage).result_of(number(1, 16)) == RESULT


def test_a_flipped_bit_is_never_taken_for_a_result() -> None:
    storage = FakeStorage()
    pay(Journal(storage), 1)
    whole = storage.files["journal.0"]
    for position in range(2 * RECORD_SIZE, len(whole), 37):
        storage.files["journal.0"] = whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :]
        assert Journal(storage).result_of(number(1, 16)) is None
