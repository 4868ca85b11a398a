"""What a run of code does: nothing, a constant, its own input, an imitation of work, a refusal, or work.

Read from the code of an outline, statement by statement, where a marker stands and nowhere else. Whatever is
not plainly one of the others is work.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from remediate.audit.markers.constants import Known, gives_back, is_constant, split


class Behavior(StrEnum):
    """What code does."""

    NOTHING = "nothing"
    CONSTANT = "constant"
    INPUT = "input"
    IMITATION = "imitation"
    REFUSAL = "refusal"
    EXPLICIT = "explicit"
    WORK = "work"


IDLE = (Behavior.NOTHING, Behavior.CONSTANT, Behavior.INPUT)

EXPLICIT = re.compile(rb"\A(?:return\s+)?(?:\w+::)*(?:todo|unimplemented)\s*!")
REFUSAL = re.compile(
    rb"\A(?:return\s+)?(?:\w+::)*(?:Err\s*\(|Some\s*\(\s*Err\s*\(|bail!|anyhow!|ensure!|panic!|unreachable!|compile_error!)"
    rb"|\A(?:return\s+)?Poll::Ready\s*\(\s*(?:Some\s*\(\s*)?Err\b|\A(?:return\s+)?(?:future::)?(?:ready|err)\s*\(\s*Err\b"
)
_LOG = re.compile(rb"(?:\w+::)*(?:trace|debug|info|warn|error|e?print(?:ln)?|log|event)\s*!\s*[(\[{]")
_LOG_OF_FAILURE = re.compile(rb"(?:\w+::)*(?:warn|error|eprint(?:ln)?)\s*!")
_SLEEP = re.compile(rb"\A(?:\w+(?:::|\.))*sleep(?:_until|_ms)?\s*\(")
_UNIT = re.compile(rb"\A(?:return\s+)?(?:\(\s*\)|Ok\s*\(\s*\(\s*\)\s*\))\s*;?\Z")
_UNIT_RETURNED = re.compile(rb"return(?:\s+Ok\s*\(\s*\(\s*\)\s*\))?\s*;?\Z")
_LET = re.compile(rb"\Alet\s+(?:mut\s+)?(\w+)\s*(?::(?!:)[^=]*)?=(?!=)\s*")
_DROPPED = re.compile(
    rb"(?:\w+(?:\.\w+)*|\([\w, &.]+\))(?:\s*\.\s*(?:to_\w+|as_\w+|clone|len|is_empty)\s*\(\s*\))?\Z"
)
_GUARD = re.compile(rb"(?:guard|lock|enter|span|timer|permit|handle|profil|subscri)", re.IGNORECASE)
_SENT = re.compile(rb"\A\w+(?:\.\w+)+\s*\((.*(?:\"|_bytes\(\)).*)\)(?:\s*\.\s*await)?\??\Z", re.DOTALL)
"""A text or bytes that are written out."""
_CONTROL = re.compile(rb"\A(?:'\w+\s*:\s*)?((?:if|for|while|loop|match|unsafe)\b|\{)")
_LATER = re.compile(rb"\A\s*(?:else\b|[.?])")
_ATTRIBUTE = re.compile(rb"\A\s*#\s*\[[^\]]*\]")


_PLAIN = (
    (EXPLICIT, Behavior.EXPLICIT),
    (REFUSAL, Behavior.REFUSAL),
    (_SLEEP, Behavior.IMITATION),
    (_LOG, Behavior.NOTHING),
)


def behavior(code: bytes, known: Known) -> Behavior:
    """Return what the statements of a block do; ``code`` is what stands between its braces."""
    constants, last = set(known.constants), Behavior.NOTHING
    imitates = False
    found = list(statements(code))
    for at, statement in enumerate(found):
        here = known._replace(constants=frozenset(constants))
        last = _statement(statement.rstrip(b"; \t\r\n"), here)
        if last is Behavior.WORK and _is_only_logged(statement, found[at + 1 :], known):
            last = Behavior.NOTHING
        if last in (Behavior.WORK, Behavior.EXPLICIT):
            return last
        imitates |= last is Behavior.IMITATION
        if (bound := _LET.match(statement)) and last is Behavior.NOTHING:
            constants.add(bound[1])
        if statement.rstrip().endswith(b";") and last in IDLE and not statement.startswith(b"return"):
            last = Behavior.NOTHING
    return Behavior.IMITATION if imitates and last is not Behavior.REFUSAL else last


def guards(code: bytes, known: Known) -> bool:
    """Return whether all that a block does is to leave with an error under some condition."""
    found = [statement.rstrip(b"; \t\r\n") for statement in statements(code)]
    refusing = (Behavior.NOTHING, Behavior.REFUSAL)
    return bool(found) and all(
        _statement(one, known) is Behavior.NOTHING
        or (one.startswith(b"if") and all(behavior(inner, known) in refusing for inner in _blocks(one)))
        for one in found
    )


def logs(code: bytes, *, only_failures: bool = False) -> bool:
    """Return whether a block writes to a log."""
    pattern = _LOG_OF_FAILURE if only_failures else _LOG
    return any(pattern.match(statement) for statement in statements(code))


def statements(code: bytes) -> Iterator[bytes]:
    """Yield the statements of a block, without blanks around them and without their attributes."""
    depth, start = 0, 0
    for at, byte in enumerate(code):
        if byte in b"([{":
            depth += 1
        elif byte in b")]}":
            depth -= 1
            if byte == ord("}") and not depth and _ends_block(code, start, at):
                yield from _plain(code[start : at + 1])
                start = at + 1
        elif byte == ord(";") and not depth:
            yield from _plain(code[start : at + 1])
            start = at + 1
    yield from _plain(code[start:])


def _plain(text: bytes) -> Iterator[bytes]:
    while attribute := _ATTRIBUTE.match(text):
        text = text[attribute.end() :]
    if text.strip(b"; \t\r\n"):
        yield text.strip()


def _ends_block(code: bytes, start: int, at: int) -> bool:
    statement = next(_plain(code[start : at + 1]), b"")
    return _CONTROL.match(statement) is not None and _LATER.match(code, at + 1) is None


def _statement(text: bytes, known: Known) -> Behavior:
    if bound := _LET.match(text):
        return _binding(bound[1], text[bound.end() :], known)
    if _CONTROL.match(text):
        return _control(text, known)
    for pattern, done in _PLAIN:
        if pattern.match(text):
            return done
    if is_constant(text, known):
        return Behavior.CONSTANT
    if (
        known.canned
        and (sent := _SENT.match(text))
        and all(is_constant(part, known) for part in split(sent[1]))
    ):
        return Behavior.NOTHING
    return Behavior.INPUT if gives_back(text, known) else Behavior.WORK


def _binding(name: bytes, value: bytes, known: Known) -> Behavior:
    """A binding does nothing if it holds a constant, or if nobody can use it."""
    if is_constant(value, known):
        return Behavior.NOTHING
    if name == b"_":
        return Behavior.NOTHING if _DROPPED.match(value) else Behavior.WORK
    unused = name.startswith(b"_") and not _GUARD.search(name) and not _GUARD.search(value)
    return Behavior.NOTHING if unused else Behavior.WORK


def _is_only_logged(statement: bytes, later: Sequence[bytes], known: Known) -> bool:
    """Whether a value is bound that nothing but the log gets, in a function that gives nothing."""
    bound = _LET.match(statement)
    if bound is None or not later or not (_UNIT.match(later[-1]) or known.canned):
        return False
    users = [one for one in later if re.search(rb"\b%b\b" % bound[1], one)]
    return bool(users) and all(_LOG.match(one) for one in users)


def _control(text: bytes, known: Known) -> Behavior:
    """A branch or a loop does nothing if each of its blocks does; a plain block does what it holds."""
    blocks = list(_blocks(text))
    if re.match(rb"(?:unsafe\s*)?\{", text) and len(blocks) == 1:
        return behavior(blocks[0], known)
    if re.match(rb"(?:.\w+\s*:\s*)?(?:while|loop)\b", text):
        return Behavior.WORK  # its head or its length is the work
    if text.startswith(b"match"):
        idle = all(_arm(arm, known) is Behavior.NOTHING for block in blocks[-1:] for arm in arms(block))
        return Behavior.NOTHING if idle else Behavior.WORK
    done = {behavior(block, known) for block in blocks if not _UNIT_RETURNED.match(block.strip())}
    return Behavior.NOTHING if done <= {Behavior.NOTHING} else Behavior.WORK


def _blocks(text: bytes) -> Iterator[bytes]:
    """Yield what stands between the outermost braces of a text."""
    depth, start = 0, 0
    for at, byte in enumerate(text):
        if byte == ord("{"):
            depth += 1
            start = at + 1 if depth == 1 else start
        elif byte == ord("}"):
            depth -= 1
            if not depth:
                yield text[start:at]


def arms(block: bytes) -> Sequence[bytes]:
    """Return what stands behind the arrows of a match."""
    found = []
    for part in split(re.sub(rb"\}(\s*)(?=[\w(\[\"'&_|])", rb"},\1", block)):
        _, arrow, value = part.partition(b"=>")
        if arrow:
            found.append(value.strip())
    return found


def _arm(value: bytes, known: Known) -> Behavior:
    if value.startswith(b"{") and value.endswith(b"}"):
        return behavior(value[1:-1], known)
    return behavior(value, known) if value != b"()" else Behavior.NOTHING
