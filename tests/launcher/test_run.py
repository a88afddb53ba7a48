"""The launcher's own rules, on values; the set-up as a whole is tried in an empty folder by `test_fresh_folder`."""

from __future__ import annotations

from pathlib import Path

import pytest

import run


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v20.19.0", True),
        ("v20.18.3", False),
        ("v18.20.8", False),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.0.1\n", True),
        ("", False),
        ("nonsense", False),
    ],
)
def test_node_must_be_one_that_vite_takes(version: str, fits: bool) -> None:
    assert run.node_fits(version) is fits


@pytest.mark.parametrize("text", ["", "0", "65536", "eight", "-1", "80 80"])
def test_a_port_that_is_none_is_named(text: str) -> None:
    with pytest.raises(run.Stop, match="PORT"):
        run.port_of(text)


def test_a_step_runs_again_only_when_its_inputs_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "STAMPS", tmp_path / "stamps")
    done: list[str] = []
    for wanted in ("one", "one", "two", "two"):
        run.step("name", "A title", wanted, lambda wanted=wanted: done.append(wanted))  # type: ignore[misc]
    assert done == ["one", "two"]


def test_a_step_that_failed_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "STAMPS", tmp_path / "stamps")

    def fail() -> None:
        raise run.Stop("no")

    for _ in range(2):
        with pytest.raises(run.Stop):
            run.step("name", "A title", "one", fail)
    assert run.stamped("name") == ""


def test_a_fingerprint_follows_names_and_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / "a").write_text("x")
    first = run.fingerprint([tmp_path])
    (tmp_path / "a").rename(tmp_path / "b")
    second = run.fingerprint([tmp_path])
    (tmp_path / "b").write_text("y")
    assert len({first, second, run.fingerprint([tmp_path])}) == 3


def test_the_locks_name_no_address() -> None:
    for lock in run.LOCKS.iterdir():
        assert "://" not in lock.read_text(), lock.name
    assert '"resolved"' not in (run.CLIENT / "package-lock.json").read_text()


def test_the_command_of_every_text_exists() -> None:
    assert set(run.TEXTS) == {"test", "check", "bench", "dev", "pleniere", "lock"}
