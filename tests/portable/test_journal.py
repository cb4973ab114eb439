"""The journal under power cuts at every write, full storage, rot, and over its segments."""

from __future__ import annotations

from firmware.errors import ReaderFault
from firmware.journal.journal import Journal
from firmware.journal.record import BEGUN, FIRST, LAST, PAYLOAD_SIZE, RECORD_SIZE, Record, encode
from tests.support.fake_storage import TEARS, FakeStorage, PowerCut

COVERS = {
    "test_a_cut_at_any_write_of_a_payment_leaves_old_or_new": ["faults/LFS-2", "faults/LFS-4", "terminal/T-R22"],
    "test_full_storage_refuses_the_sale_before_the_card": ["faults/R-12"],
    "test_a_full_journal_refuses_the_sale_before_the_card": ["faults/R-12"],
    "test_a_bit_that_flips_is_never_silent": ["faults/R-12"],
    "test_a_journal_that_went_back_says_so": ["faults/R-12"],
    "test_a_mark_that_has_rotted_says_nothing": ["faults/R-12"],
    "test_no_place_comes_back": ["faults/I6"],
    "test_a_result_is_found_by_transaction_and_by_request_after_restart": ["terminal/T-R20"],
}

RESULT = bytes(range(256)) * 2  # three records
TINY = 8 * 8 * RECORD_SIZE  # segments of eight records
SALE = 5  # records of one


def number(n: int, size: int) -> bytes:
    return n.to_bytes(size, "big")


def begin(journal: Journal, n: int) -> None:
    journal.begin(number(n, 16), number(n, 8) + b"rest")


def pay(journal: Journal, n: int) -> None:
    begin(journal, n)
    journal.went_online(number(n, 16))
    journal.end(number(n, 16), RESULT + number(n, 2))


def result(n: int) -> bytes:
    return RESULT + number(n, 2)


def flipped(content: bytes, bit: int) -> bytes:
    at = bit // 8
    return content[:at] + bytes((content[at] ^ 1 << bit % 8,)) + content[at + 1 :]


def refused(call, *arguments) -> str:
    try:
        call(*arguments)
    except ReaderFault as fault:
        return fault.why
    return ""


def test_a_result_is_found_by_transaction_and_by_request_after_restart() -> None:
    storage = FakeStorage()
    for n in range(3):
        pay(Journal(storage), n)
    journal = Journal(storage)
    assert journal.begun(number(1, 8)).transaction_id == number(1, 16)
    assert journal.begun(number(1, 16)).request == number(1, 8) + b"rest"
    assert journal.result_of(number(1, 16)) == result(1)
    assert journal.last_result() == result(2)
    assert journal.result_of(number(9, 16)) is None
    assert journal.begun(number(9, 8)) is None
    assert journal.unfinished() is None


def test_an_interrupted_payment_is_known_and_how_far_it_came() -> None:
    storage = FakeStorage()
    pay(Journal(storage), 1)
    begin(Journal(storage), 2)
    begun = Journal(storage).unfinished()
    assert begun.transaction_id == number(2, 16) and not begun.went_online and begun.request == number(2, 8) + b"rest"
    assert begun.amount == b""
    Journal(storage).amount(number(2, 16), b"amount")
    Journal(storage).went_online(number(2, 16))
    Journal(storage).void(number(1, 16), b"voided meanwhile")
    begun = Journal(storage).unfinished()
    assert begun.went_online and begun.amount == b"amount" and not begun.damaged


def test_the_last_word_on_a_payment_counts() -> None:
    storage = FakeStorage()
    journal = Journal(storage)
    for n in range(3):
        pay(journal, n)
    journal.void(number(0, 16), b"voided")
    journal.complete(number(1, 16), b"completed")
    for known in (journal, Journal(storage)):
        assert [known.result_of(number(n, 16)) for n in range(3)] == [b"voided", b"completed", result(2)]
        assert known.last_result() == b"completed"


def test_a_cut_at_any_write_of_a_payment_leaves_old_or_new() -> None:
    first = FakeStorage(journal_size=TINY)
    pay(Journal(first), 1)
    writes = 1 + 1 + 2  # begun, went online, and the result, where a segment ends
    for tear, torn in enumerate(TEARS):
        for cut in range(1, writes + 1):
            storage = FakeStorage(dict(first.files), journal_size=TINY)
            storage.cut_at, storage.torn = cut, torn
            try:
                pay(Journal(storage), 2)
                raise AssertionError("no power cut")
            except PowerCut:
                pass
            storage.cut_at = None
            check_after_cut(storage, cut == writes and tear >= 3)  # the CRC alone can be completed


def check_after_cut(storage: FakeStorage, finished: bool) -> None:
    """The first payment is whole, the second is whole or not there; what the recovery writes is found."""
    journal = Journal(storage)
    assert journal.damaged == 0
    assert journal.result_of(number(1, 16)) == result(1)
    assert journal.result_of(number(2, 16)) == (result(2) if finished else None)
    begun = journal.unfinished()
    if begun:
        assert begun.transaction_id == number(2, 16) and not begun.damaged
        journal.end(begun.transaction_id, b"interrupted")
        assert Journal(storage).result_of(number(2, 16)) == b"interrupted"
    pay(Journal(storage), 3)
    assert Journal(storage).result_of(number(3, 16)) == result(3)
    assert Journal(storage).unfinished() is None and Journal(storage).damaged == 0


def test_a_tail_may_be_torn_again_while_it_is_mended() -> None:
    for length in range(1, RECORD_SIZE):
        first = FakeStorage()
        pay(Journal(first), 1)
        first.files["journal.0"] += encode(Record(BEGUN, FIRST | LAST, SALE, number(2, 16), RESULT[:99]))[:length]
        for torn in TEARS:
            storage = FakeStorage(dict(first.files))
            storage.cut_at, storage.torn = 1, torn
            try:
                Journal(storage)
                raise AssertionError("no power cut")
            except PowerCut:
                pass
            storage.cut_at = None
            journal = Journal(storage)
            assert (journal.damaged, journal.sequence) == (0, SALE + 1), (length, torn)
            assert journal.result_of(number(1, 16)) == result(1)


def test_segments_follow_each_other_and_nothing_is_dropped() -> None:
    storage = FakeStorage()
    journal = Journal(storage)
    for n in range(400):
        pay(journal, n)
    assert max([len(content) for content in storage.files.values()]) <= 32 * 1024
    journal = Journal(storage)
    for n in range(0, 400, 7):
        assert journal.result_of(number(n, 16)) == result(n)
    assert journal.damaged == 0 and journal.used == 400 * SALE * 100 // 4096


def test_a_sale_reads_nothing_of_a_long_day() -> None:
    storage = FakeStorage()
    journal = Journal(storage)
    for n in range(500):
        pay(journal, n)
    storage.reads = 0
    assert journal.begun(number(1000, 8)) is None
    pay(journal, 1000)
    assert storage.reads == 0
    assert journal.begun(number(1000, 8)).went_online
    assert journal.result_of(number(1000, 16)) == result(1000)
    assert storage.reads < 20


def test_a_full_journal_refuses_the_sale_before_the_card() -> None:
    storage = FakeStorage(journal_size=TINY)
    journal = Journal(storage)
    n = 0
    while journal.has_room():
        n += 1
        pay(journal, n)
    assert refused(begin, journal, n + 1) == "storage_full" and journal.unfinished() is None
    journal.void(number(n, 16), bytes(5 * PAYLOAD_SIZE))  # what was promised with the sale is kept,
    journal.seal(bytes(5 * PAYLOAD_SIZE))  # and so is the seal
    assert storage.size() - 12 * 1024 <= TINY
    assert Journal(storage).result_of(number(1, 16)) == result(1)


def test_full_storage_refuses_the_sale_before_the_card() -> None:
    storage = FakeStorage()
    pay(Journal(storage), 1)
    storage.capacity = storage.size()
    assert refused(begin, Journal(storage), 2) == "storage_full"
    assert Journal(storage).unfinished() is None


def test_a_payment_that_could_begin_can_end_on_full_storage() -> None:
    storage = FakeStorage()
    journal = Journal(storage)
    begin(journal, 1)
    storage.capacity = storage.size() + RECORD_SIZE
    journal.end(number(1, 16), RESULT)
    assert Journal(storage).result_of(number(1, 16)) == RESULT
    storage.capacity = storage.size()
    assert refused(begin, journal, 2) == "storage_full"


def test_a_bit_that_flips_is_never_silent() -> None:
    """Not one of a payment that has ended, nor of one that had to end after the power came back."""
    storage = FakeStorage()
    pay(Journal(storage), 1)
    pay(Journal(storage), 2)
    whole = storage.files["journal.0"]
    for bit in range(0, 8 * len(whole), 7):
        storage.files["journal.0"] = flipped(whole, bit)
        journal = Journal(storage)
        assert journal.damaged == 1 and journal.rotten == bit // 8 // RECORD_SIZE
        assert journal.result_of(number(1, 16)) in (result(1), None)
        assert journal.result_of(number(2, 16)) in (result(2), None)
        begun = journal.unfinished()
        assert begun is None or begun.damaged


def test_a_rotten_end_does_not_bring_back_what_was_before() -> None:
    storage = FakeStorage()
    journal = Journal(storage)
    pay(journal, 1)
    journal.void(number(1, 16), b"voided")
    whole = storage.files["journal.0"]
    storage.files["journal.0"] = flipped(whole, 8 * SALE * RECORD_SIZE + 8 * 100)
    assert Journal(storage).result_of(number(1, 16)) is None


def test_a_journal_that_went_back_says_so() -> None:
    """As LittleFS does when a bit of its own data flips: the file is what it was some appends ago, or not there."""
    sound = FakeStorage(journal_size=TINY)
    for n in range(4):
        pay(Journal(sound), n)
    for lost in range(4 * SALE + 1):
        storage = FakeStorage(dict(sound.files), journal_size=TINY)
        left = 4 * SALE - lost
        for segment in range(3):
            name = f"journal.{segment}"
            storage.files[name] = storage.files[name][: max(0, left - 8 * segment) * RECORD_SIZE]
            if not storage.files[name]:
                del storage.files[name]
        journal = Journal(storage)
        assert journal.sequence == 4 * SALE
        assert (journal.damaged > 0) == (lost > 0)
        for n in range(4):
            assert journal.result_of(number(n, 16)) == (result(n) if SALE * (n + 1) <= left else None)
        assert (Journal(storage).damaged > 0) == (lost > 0)


def test_a_mark_that_has_rotted_says_nothing() -> None:
    """Believed, it would set the journal two thousand million records forward: full for ever, and never searched to its
    end."""
    storage = FakeStorage()
    pay(Journal(storage), 1)
    sound = storage.files["mark/journal"]
    for bit in range(8 * len(sound)):
        storage.files["mark/journal"] = flipped(sound, bit)
        journal = Journal(storage)
        assert (journal.sequence, journal.damaged, journal.has_room()) == (SALE, 0, True)


def test_no_place_comes_back() -> None:
    """Whatever of the newest record is left: none of its bytes, a part, or all of them but a bit."""
    for bits in (None, 3, 300, 2000):
        for torn in TEARS:
            storage = FakeStorage()
            journal = Journal(storage)
            pay(journal, 1)
            storage.writes, storage.cut_at, storage.torn = 0, 1, torn
            try:
                begin(journal, 2)
            except PowerCut:
                pass
            storage.cut_at = None
            if bits is not None and len(storage.files["journal.0"]) == (SALE + 1) * RECORD_SIZE:
                storage.files["journal.0"] = flipped(storage.files["journal.0"], 8 * SALE * RECORD_SIZE + bits)
            taken = (len(storage.files["journal.0"]) + RECORD_SIZE - 1) // RECORD_SIZE
            assert Journal(storage).sequence == taken
