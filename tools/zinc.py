"""The zinc command: one program for merchants trying the till and developers trying the reader."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from tools.micropython import best_runtime

app = typer.Typer(help="Zinc, an open card reader and till.", no_args_is_help=True, add_completion=False)
profile = typer.Typer(help="Terminal profiles.", no_args_is_help=True)
app.add_typer(profile, name="profile")
account = typer.Typer(help="Who may sign in to the merchant's space.", no_args_is_help=True)
app.add_typer(account, name="account")

State = Annotated[Path, typer.Option(help="Folder that keeps the books and the reader's storage.")]
STATE = Path("state")


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="Three sales and the evening, no browser: lines of JSON.")] = False,
    state: State = STATE / "demo",
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """The till and an emulated reader, with a wallet of simulated cards."""
    if best_runtime() == "cpython":
        print("no MicroPython wheel for this machine: the firmware runs under CPython", file=sys.stderr)
    if once:
        from tools.demo.once import main

        raise typer.Exit(asyncio.run(main()))
    from tools.demo.browser import serve

    serve(state, browser)


@app.command()
def host(
    serial: Annotated[str | None, typer.Option(help="USB serial port of the reader; without it, Bluetooth LE.")] = None,
    acquirer: Annotated[str, typer.Option(help="Address of the acquirer.")] = "http://127.0.0.1:8600/caaa",
    state: State = STATE / "host",
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """The till alone, with the reader that it finds."""
    from tools.demo.browser import serve_host

    serve_host(state, serial, acquirer, browser)


@app.command()
def reader(
    pcsc: Annotated[str | None, typer.Option(help="Take the card from this PC/SC reader (part of its name).")] = None,
    link: Annotated[str, typer.Option(help="ble or serial")] = "serial",
    state: State = STATE / "reader",
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """An emulated reader alone: screen and keypad in the browser, a link for the till."""
    from tools.demo.browser import serve_reader

    serve_reader(state, link, pcsc, browser)


@app.command()
def executor(
    name: Annotated[str, typer.Argument(help="Of this process, the same in its next life.")],
) -> None:
    """Run the evenings of the merchants of a PostgreSQL database (ZINC_DATABASE_URL), beside others who do."""
    import signal

    from host.executor import Executor
    from host.settings import Settings

    async def run() -> None:
        ended = asyncio.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, ended.set)
        await Executor(Settings(), name).run(ended)

    asyncio.run(run())


@app.command()
def collect(
    state: Annotated[Path, typer.Option(help="Folder of the till: state/demo for that of the demo.")] = STATE / "host",
) -> None:
    """Have the till that runs on this folder collect the day's payments now; prints the ticket."""
    from tools.collect import collect as collect_now

    raise typer.Exit(collect_now(state))


Till = Annotated[Path, typer.Option("--state", help="Folder of the till: state/demo for that of the demo.")]


@account.command("add")
def account_add(
    email: Annotated[str, typer.Argument(help="The login, where the link to create the password is sent.")],
    language: Annotated[str, typer.Option(help="fr, en or nl")] = "fr",
    link: Annotated[bool, typer.Option(help="Print the link, too: for a till that sends no e-mail.")] = False,
    state: Till = STATE / "host",
) -> None:
    """Open the merchant's space to that address; from then on it asks for a password."""
    from tools.account import add

    raise typer.Exit(add(state, email, language, link))


@account.command("list")
def account_list(state: Till = STATE / "host") -> None:
    """The accounts of the merchant's space."""
    from tools.account import show

    raise typer.Exit(show(state))


@account.command("remove")
def account_remove(email: str, state: Till = STATE / "host") -> None:
    """Close the merchant's space to that address. Without any account it is open on the till's machine again."""
    from tools.account import remove

    raise typer.Exit(remove(state, email))


def _known_card(name: str) -> str:
    from tools.simulators.personalisation import names

    if name not in names():
        raise typer.BadParameter("one of " + ", ".join(names()))
    return name


@app.command()
def pay(
    kind: Annotated[str, typer.Option(help="purchase, cash_back, refund or verification")] = "purchase",
    amount: Annotated[str, typer.Option(help="12.50; nothing for a verification")] = "",
    cash: Annotated[str, typer.Option(help="Of a cash back, the cash: part of the amount.")] = "0",
    card: Annotated[
        str, typer.Option(callback=_known_card, help="A card of tools/simulators/cards.")
    ] = "cb_visa_debit",
    interface: Annotated[str, typer.Option(help="contact or contactless")] = "contact",
) -> None:
    """One payment of any kind on an emulated reader, with a simulated card and acquirer: a line of JSON a step."""
    from tools.demo.kinds import KINDS, main_pay

    if kind not in KINDS or interface not in ("contact", "contactless"):
        raise typer.BadParameter("kind: " + ", ".join(KINDS) + "; interface: contact or contactless")
    asked = _minor_units(amount or ("0" if kind == "verification" else "12.50")), _minor_units(cash)
    raise typer.Exit(asyncio.run(main_pay(kind, card, interface, *asked)))


@app.command()
def sign(
    challenge: Annotated[str, typer.Option(help="1 to 8 digits.")],
    amount: Annotated[str | None, typer.Option(help="12.50, signed with the challenge.")] = None,
    reader: Annotated[str, typer.Option(help="emulated, ble, or the serial port of one")] = "emulated",
    card: Annotated[
        str, typer.Option(callback=_known_card, help="For an emulated reader: of tools/simulators/cards.")
    ] = "cb_visa_debit",
) -> None:
    """Have a card sign a challenge (EMV-CAP), as at the card reader that a bank gives out. Nothing is paid."""
    from tools.demo import kinds

    amount_minor = _minor_units(amount) if amount is not None else None
    if reader == "emulated":
        raise typer.Exit(asyncio.run(kinds.main_sign(card, challenge, amount_minor)))
    from host.terminal.client import ReaderClient
    from tools.demo.browser import link_to

    terminal = ReaderClient(link_to(None if reader == "ble" else reader))
    raise typer.Exit(asyncio.run(kinds.main_sign_at(terminal, challenge, amount_minor)))


def _minor_units(amount: str) -> int:
    from tools.demo.kinds import minor_units

    try:
        return minor_units(amount)
    except ValueError:
        raise typer.BadParameter(f"{amount} is no amount") from None


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def replay(context: typer.Context) -> None:
    """Replay transcripts through the kernel: FILE... [--runtime cpython|micropython] [--json]."""
    from tools.replay.__main__ import main

    raise typer.Exit(main(context.args))


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="A transcript, or a trace that the till saved.")],
    why: Annotated[str, typer.Option(help='One bit: 95.4.8, or "tvr 4 8".')] = "",
    language: Annotated[str, typer.Option(help="fr, en or nl")] = "en",
) -> None:
    """Why a transaction ended as it did: each APDU decoded, each decision with its paragraph, the bits set."""
    from tools.explain.command import explain as explain_file

    raise typer.Exit(explain_file(file, why, language))


@app.command()
def record(
    out: Annotated[Path, typer.Argument(help="The transcript to write.")],
    source: Annotated[
        Path | None,
        typer.Option("--from", help="A transcript, or a trace that the till saved, in the place of a card."),
    ] = None,
    reader: Annotated[str, typer.Option(help="Part of the name of a PC/SC reader.")] = "",
    interface: Annotated[str, typer.Option(help="contact or contactless")] = "contact",
    amount: Annotated[int, typer.Option(help="In cents.")] = 1250,
    kind: Annotated[str, typer.Option(help="Transaction type, tag 9C.")] = "00",
    pin: Annotated[bool, typer.Option(help="Ask for the PIN; else its entry is bypassed.")] = False,
    choose: Annotated[str | None, typer.Option(help="The application (AID) that the cardholder chooses.")] = None,
    issuer: Annotated[str, typer.Option(help="none (unable to go online), approves or declines")] = "none",
    ca_keys: Annotated[Path | None, typer.Option(help="JSON list of CA keys, as in a transcript.")] = None,
    resign: Annotated[bool, typer.Option(help="Sign all anew with test keys, so that authentication replays.")] = False,
) -> None:
    """Write a card down as a transcript: redacted, or signed anew with test keys. The card is asked as in a sale."""
    from datetime import datetime

    from tools.record.command import record as write
    from tools.record.terminal import ISSUERS, Wanted

    if interface not in ("contact", "contactless") or issuer not in ISSUERS:
        raise typer.BadParameter("interface: contact or contactless; issuer: " + ", ".join(ISSUERS))
    digits = typer.prompt("PIN", hide_input=True) if pin else None
    wanted = Wanted(interface, amount, datetime.now().replace(microsecond=0), kind, digits, choose, issuer)
    raise typer.Exit(write(out, source, reader, wanted, ca_keys, resign))


@app.command()
def simulate(
    seeds: Annotated[int, typer.Option(help="How many stories.")] = 100,
    first_seed: Annotated[int, typer.Option(help="The seed of the first; the others follow.")] = 1,
    faults: Annotated[str, typer.Option(help="all, none, or families with commas between them.")] = "all",
    workers: Annotated[int, typer.Option(help="Processes.")] = 2,
    tell: Annotated[bool, typer.Option(help="Tell each story, line by line.")] = False,
    exhaustive: Annotated[
        str, typer.Option(help="Not by chance, but every fault at every place: all, or scenarios with commas.")
    ] = "",
    stop: Annotated[bool, typer.Option(help="Stop at the first story that fails.")] = False,
    coverage: Annotated[bool, typer.Option(help="Print state x event x fault, and what was not reached.")] = False,
    story: Annotated[
        str, typer.Option(help="day, directed (what is rare), drain (a queue of offline sales leaves), soak (a month).")
    ] = "day",
    days: Annotated[int, typer.Option(help="Of a soak.")] = 30,
    sales_a_day: Annotated[int, typer.Option(help="Of a soak.")] = 200,
    radio: Annotated[bool, typer.Option(help="On MicroPython, the emulated radio, and processes that die.")] = False,
) -> None:
    """Sales with every fault there is, on a virtual clock: none lost, none taken twice, no hold forgotten."""
    from tools.simulation import command

    try:
        families, scenarios = command.families_of(faults), command.scenarios_of(exhaustive) if exhaustive else []
        author = command.author_of(story, days, sales_a_day)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if radio:
        from tools.simulation.radio.command import simulate as on_the_radio

        raise typer.Exit(on_the_radio(range(first_seed, first_seed + seeds), families, workers, tell))
    if scenarios:
        raise typer.Exit(command.exhaust(scenarios, families, workers, coverage))
    asked = range(first_seed, first_seed + seeds)
    raise typer.Exit(command.simulate(asked, families, workers, tell, coverage, stop, author))


@app.command()
def read(
    name: Annotated[str, typer.Argument(help="Part of the name of a PC/SC reader.")] = "",
) -> None:
    """What a card in a PC/SC reader says, its number masked."""
    from tools.read_card import read as read_card

    read_card(name)


@app.command()
def keys(
    serial: Annotated[str, typer.Option(help="Serial number of the reader.")] = "ZINC-0001",
    state: State = STATE / "reader",
) -> None:
    """Load test keys into the storage of an emulated reader."""
    from tools.keys import load

    load(state, serial)


@profile.command()
def check(
    file: Annotated[Path, typer.Argument(help="A terminal profile (docs/profile.md).", dir_okay=False, exists=True)],
) -> None:
    """What is wrong with a profile, and where; "ok" when nothing is."""
    from tools.profiles import faults_of_file

    faults = faults_of_file(str(file))
    print("\n".join(faults) or "ok")
    raise typer.Exit(1 if faults else 0)


if __name__ == "__main__":
    sys.exit(app(prog_name="zinc"))
