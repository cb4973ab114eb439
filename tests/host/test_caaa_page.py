"""docs/caaa.md tells of every element that is written, and of every reason of the simulated acquirer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  it has no stubs

from host.acquirer.caaa_advice import write_advice
from host.acquirer.caaa_authorisation import write_request
from tests.host.sealed_days import PARTIES, request
from tests.host.test_acquirer_messages import CANCELLATION, READERS, REVERSAL

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "caaa.md").read_text()
SIMULATOR = ROOT / "tools" / "simulators" / "acquirer"
REASON = re.compile(r'(?:return |Refusal\()"([a-z_]+)"')


def test_every_element_is_on_the_page() -> None:
    messages = [data for name, (data, _) in READERS.items() if name != "parameters"]
    messages += [write_advice(replace(told, repeated=True), PARTIES) for told in (REVERSAL, CANCELLATION)]
    messages.append(write_request(request(1, pin_block=bytes(16), tip_minor=1), PARTIES))
    names = {etree.QName(part).localname for data in messages for part in etree.fromstring(data).iter()}
    told = set(re.findall(r"\w+", PAGE))
    roots = {name for name in names if name.startswith("Accptr") or name in ("Document", "Hdr")}
    bodies = {"AuthstnReq", "CmpltnAdvc", "CmpltnAdvcRspn", "CxlReq", "CxlRspn", "CxlAdvc", "CxlAdvcRspn"}
    assert names - roots - bodies - told == set()


def test_every_reason_is_on_the_page() -> None:
    found = [REASON.findall((SIMULATOR / name).read_text()) for name in ("lines.py", "seals.py", "refunds.py")]
    reasons = {reason for each in found for reason in each}
    assert len(reasons) > 15
    assert {reason for reason in reasons if f"`{reason}`" not in PAGE} == set()
