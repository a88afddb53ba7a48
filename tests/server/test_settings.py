"""The operator's settings; invalid ones are refused with the name of the setting (R24)."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.settings import BadSetting, WitnessAddress, from_environment
from tests.records import signer
from tests.witnesses import cosigner

ONE, TWO = cosigner().key, cosigner("autre.exemple/1", b"o" * 32).key


def test_witnesses_are_pairs_of_address_and_key(tmp_path: Path) -> None:
    """R24: in the setting itself or in a file."""
    pairs = f"https://temoin.exemple/w/ {ONE.vkey}  http://localhost:8100 {TWO.vkey}"
    expected = (WitnessAddress("https://temoin.exemple/w", ONE), WitnessAddress("http://localhost:8100", TWO))
    assert from_environment({"PLENIERE_WITNESSES": pairs}).witnesses == expected
    (tmp_path / "w").write_text(f"# ours\nhttps://temoin.exemple/w {ONE.vkey}\n\nhttp://localhost:8100 {TWO.vkey}\n")
    assert from_environment({"PLENIERE_WITNESSES": str(tmp_path / "w")}).witnesses == expected
    assert from_environment({"PLENIERE_WITNESSES": ""}).witnesses == from_environment({}).witnesses == ()


@pytest.mark.parametrize(
    "text",
    [
        "https://temoin.exemple",
        f"{ONE.vkey} https://temoin.exemple",
        f"https://temoin.exemple {ONE.vkey} https://autre.exemple",
        f"https:// {ONE.vkey}",
        f"https://temoin.exemple/?x {ONE.vkey}",
        f"https://temoin.exemple {ONE.vkey[:-4]}",
        f"https://temoin.exemple {signer().key.vkey}",
        f"https://temoin.exemple {ONE.vkey} https://autre.exemple {ONE.vkey}",
        "/nowhere/witnesses",
        f"https://temoin.exemple {ONE.vkey} " * 17,
    ],
)
def test_witnesses_that_cannot_be_used_are_said(text: str) -> None:
    """R24"""
    with pytest.raises(BadSetting, match="PLENIERE_WITNESSES"):
        from_environment({"PLENIERE_WITNESSES": text})
