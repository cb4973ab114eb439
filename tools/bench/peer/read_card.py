"""In the venv of requirements-bench.lock: the package `emv` reads a card, and is timed without it.

Standard input: JSON list of [command without Le, R-APDU] in hex. Prints the median of its own time in us.
"""

import json
import sys
import time

from emv.card import Card
from emv.protocol.data import Tag

RUNS = 300


class Connection:
    """Stands for one of pyscard: what the card said once, in order."""

    T0_protocol = 1

    def __init__(self, exchange):
        self._said = iter(exchange)
        self.elapsed = 0

    def connect(self, protocol):
        pass

    def getProtocol(self):
        return self.T0_protocol

    def transmit(self, command):
        started = time.perf_counter_ns()
        due, answer = next(self._said)
        assert command[: len(due)] == due, command
        answered = answer[:-2], answer[-2], answer[-1]
        self.elapsed += time.perf_counter_ns() - started
        return answered


def read(connection):
    card = Card(connection)
    applications = card.list_applications()
    card.select_application(applications[0][Tag.ADF_NAME])
    options = card.get_processing_options()
    return card.get_application_data(options["AFL"])


def one_run(exchange):
    connection = Connection([(list(command), list(answer)) for command, answer in exchange])
    started = time.perf_counter_ns()
    read(connection)
    assert next(connection._said, None) is None
    return (time.perf_counter_ns() - started - connection.elapsed) / 1000


def main():
    exchange = [[bytes.fromhex(part) for part in row] for row in json.load(sys.stdin)]
    print(sorted(one_run(exchange) for _ in range(RUNS))[RUNS // 2])


main()
