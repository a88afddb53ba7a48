"""Reads the archive of a Belenios election: its voters, trustees and result, which is not recounted here (V30–V32).

The archive contains the result that Belenios computed; whether it follows from the encrypted ballots is proved by
`belenios-tool`. Checked here: the archive is complete, each ballot bears a credential of the election, and as many
ballots were tallied as were accepted.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from deliberation.congress.congress import SHORT
from deliberation.kernel.plain_text import cleaned, is_blank, one_line
from deliberation.kernel.vocabulary import BeleniosElection, BeleniosTrustee, OutsideCount, OutsideQuestion
from deliberation.votes.belenios_archive import BadBelenios, BeleniosChain, read_chain

MOST_QUESTIONS = 50
MOST_COUNTS = 500
"""The largest number of counts of one question."""
MOST_TRUSTEES = 100
MOST_VOTES = 10**15
"""The largest number of votes for one answer; it is large because elections may weight their voters."""
BLANK = "Vote blanc"

ORDER = ["Setup", "Ballot", "EndBallots", "EncryptedTally", "Shuffle", "EndShuffles", "PartialDecryption", "Result"]
"""The events of an election in the order in which they may come; ballots, shuffles and decryptions may be several."""
SEVERAL = frozenset({"Ballot", "Shuffle", "PartialDecryption"})
DUE = frozenset({"Setup", "EndBallots", "EncryptedTally", "PartialDecryption", "Result"})

_UUID = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,16}", re.ASCII)


def read(archive: bytes) -> BeleniosElection:
    """The election that an archive (.bel, as bytes) describes. Raises BadBelenios if it is not a complete archive of an
    election with its result.
    """
    chain = read_chain(archive)
    _refuse_order(chain)
    setup = _object(chain, _payload(chain, "Setup"))
    election = _object(chain, setup.get("election"))
    credentials = _credentials(chain.json(setup.get("credentials")))
    trustees, threshold = _trustees(chain.json(setup.get("trustees")))
    used = [_credential(chain.json(event.payload)) for event in chain.events if event.type == "Ballot"]
    tally = _object(chain, _payload(chain, "EncryptedTally"))
    if not set(used) <= credentials or tally.get("num_tallied") != len(set(used)):
        raise BadBelenios("ballots")
    result = _object(chain, _payload(chain, "Result"))
    uuid, version = election.get("uuid"), election.get("version")
    if not isinstance(uuid, str) or not _UUID.fullmatch(uuid) or not isinstance(version, int):
        raise BadBelenios("election")
    return BeleniosElection(
        uuid,
        _line(election.get("name")),
        version,
        _fingerprint(chain.data[setup["election"]]),
        len(credentials),
        _fingerprint(chain.data[setup["credentials"]]),
        trustees,
        threshold,
        len(used),
        len(set(used)),
        _questions(election.get("questions"), result.get("result")),
    )


def counts(election: BeleniosElection) -> tuple[OutsideCount, ...]:
    """The counts of all questions in one list; if there are several questions, each label names its question too."""
    several = len(election.questions) > 1
    return tuple(
        OutsideCount(f"{question.question} · {found.label}" if several else found.label, found.votes)
        for question in election.questions
        for found in question.counts
    )


def _refuse_order(chain: BeleniosChain) -> None:
    """Raises BadBelenios unless the events come in the order of an election, from its setup to its result, with nothing
    after it.
    """
    types = [event.type for event in chain.events]
    if not set(types) <= set(ORDER):
        raise BadBelenios("event", next(x for x in types if x not in ORDER)[:40])
    if "Result" not in types:
        raise BadBelenios("no_result")
    places = [ORDER.index(x) for x in types]
    once = [x for x in types if x not in SEVERAL]
    if places != sorted(places) or len(set(once)) != len(once) or not set(types) >= DUE:
        raise BadBelenios("order")


def _payload(chain: BeleniosChain, kind: str) -> str:
    return next(event.payload for event in chain.events if event.type == kind)


def _object(chain: BeleniosChain, digest: Any) -> dict[str, Any]:
    value = chain.json(digest)
    if not isinstance(value, dict):
        raise BadBelenios("json")
    return value


def _credentials(value: Any) -> frozenset[str]:
    """The public credentials: a list of `credential[,weight[,login]]`, or objects that hold one each."""
    listed = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise BadBelenios("credentials")
    found = [x.get("credential") if isinstance(x, dict) else x for x in listed]
    public = frozenset(x.split(",")[0] for x in found if isinstance(x, str))
    if not found or len(public) != len(found):
        raise BadBelenios("credentials")
    return public


def _credential(ballot: Any) -> str:
    found = ballot.get("credential") if isinstance(ballot, dict) else None
    if not isinstance(found, str):
        raise BadBelenios("ballots")
    return found


def _trustees(value: Any) -> tuple[tuple[BeleniosTrustee, ...], int]:
    """The trustees, and how many of those who share a key by threshold are needed to decrypt; 0 if all are."""
    found: list[BeleniosTrustee] = []
    threshold = 0
    for each in value if isinstance(value, list) else ():
        kind, held = each if isinstance(each, list) and len(each) == 2 else ("", None)
        if kind not in ("Single", "Pedersen") or not isinstance(held, dict):
            raise BadBelenios("trustees")
        keys = [held] if kind == "Single" else held.get("verification_keys")
        threshold = threshold if kind == "Single" else _count(held.get("threshold"))
        found += [_trustee(key) for key in keys] if isinstance(keys, list) else []
    if not 0 < len(found) <= MOST_TRUSTEES:
        raise BadBelenios("trustees")
    return tuple(found), threshold


def _trustee(key: Any) -> BeleniosTrustee:
    public, name = (key.get("public_key"), key.get("name")) if isinstance(key, dict) else (None, None)
    if not isinstance(public, str):
        raise BadBelenios("trustees")
    return BeleniosTrustee(_line(name) if name is not None else "", sha256(public.encode()).hexdigest())


def _questions(asked: Any, results: Any) -> tuple[OutsideQuestion, ...]:
    if not isinstance(asked, list) or not isinstance(results, list) or len(asked) != len(results):
        raise BadBelenios("result")
    if not 0 < len(asked) <= MOST_QUESTIONS:
        raise BadBelenios("result")
    return tuple(_question(question, result) for question, result in zip(asked, results, strict=True))


def _question(asked: Any, result: Any) -> OutsideQuestion:
    """A question with its counts: votes for each answer, or for each answer how many papers give it each value."""
    kind, value = "Homomorphic", asked
    if isinstance(asked, dict) and "type" in asked:
        kind, value = asked["type"], asked.get("value")
    if not isinstance(value, dict) or not isinstance(result, list):
        raise BadBelenios("question")
    answers = value.get("answers")
    if not isinstance(answers, list):
        raise BadBelenios("question")
    if kind == "NonHomomorphic":
        found = list(_by_value([_line(x) for x in answers], result))
    elif kind in ("Homomorphic", "Lists"):
        found = list(_by_answer(answers, value.get("blank") is True, result))
    else:
        raise BadBelenios("question", str(kind)[:40])
    if not found or len(found) > MOST_COUNTS:
        raise BadBelenios("result")
    return OutsideQuestion(_line(value.get("question")), tuple(found))


def _by_answer(answers: list[Any], blank: bool, result: list[Any]) -> Iterator[OutsideCount]:
    """Votes for each answer, in the order of the result. Blank votes come first if the question allows them; an answer
    may be a list of candidates.
    """
    labels = [BLANK, *answers] if blank else answers
    if len(labels) != len(result):
        raise BadBelenios("result")
    for label, votes in zip(labels, result, strict=True):
        if isinstance(label, list):
            if not isinstance(votes, list):
                raise BadBelenios("result")
            yield from _by_answer(label, False, votes)
        else:
            yield OutsideCount(_line(label), _count(votes))


def _by_value(answers: list[str], papers: list[Any]) -> Iterator[OutsideCount]:
    """For papers that rank or grade every answer: how many give each answer each value."""
    for place, answer in enumerate(answers):
        given: dict[int, int] = {}
        for paper in papers:
            if not isinstance(paper, list) or len(paper) != len(answers):
                raise BadBelenios("result")
            value = _count(paper[place])
            given[value] = given.get(value, 0) + 1
        for value, number in sorted(given.items()):
            yield OutsideCount(f"{answer} : {value}", number)


def _count(value: Any) -> int:
    """A number of votes; Belenios writes large ones as strings. Raises BadBelenios if it is malformed or out of
    bounds.
    """
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_VOTES:
        raise BadBelenios("result")
    return value


def _line(value: Any) -> str:
    """A text of the archive as one line, cut to `SHORT` characters. Raises BadBelenios if it is blank or no text."""
    found = one_line(cleaned(value))[:SHORT] if isinstance(value, str) else ""
    if is_blank(found):
        raise BadBelenios("text")
    return found


def _fingerprint(data: bytes) -> str:
    """The fingerprint as Belenios shows it: SHA-256 in base64, without padding."""
    return base64.b64encode(sha256(data).digest()).decode().rstrip("=")
