"""Facts of many files: those that are known, and the others on all processors.

Processes, not threads: the work is Python's own. The parent takes its share, so on two processors one child
is started; it gets the texts by fork, nothing is sent but its results.
"""

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from remediate.audit.scan.cache import Cache, key
from remediate.audit.scan.facts import Depth, Facts

_WORTH_A_PROCESS = 400_000
_CHUNK = 150_000
Job = tuple[bytes, bytes, Depth]


def facts_of(
    jobs: Mapping[str, tuple[bytes, Depth]], cache: Cache, processes: int | None = None
) -> dict[str, Facts]:
    """Return the facts of every text by path; the cache is asked first and told after.

    Args:
        jobs: Text and depth by path.
        cache: What is known.
        processes: How many may work; the machine's processors by default.
    """
    keys = {path: key(text, depth) for path, (text, depth) in jobs.items()}
    missing: dict[bytes, Job] = {}
    for path, (text, depth) in jobs.items():
        if keys[path] not in cache:
            missing[keys[path]] = (keys[path], text, depth)
    for known, facts in _inspected(list(missing.values()), processes or os.cpu_count() or 1):
        cache.add(known, facts)
    return {path: cache[keys[path]] for path in jobs}


def _inspected(jobs: list[Job], processes: int) -> list[tuple[bytes, Facts]]:
    if not jobs:
        return []
    jobs.sort(key=lambda job: (-len(job[1]), job[0]))
    size = sum(len(text) for _, text, _ in jobs)
    workers = min(processes, 1 + size // _WORTH_A_PROCESS)
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return _facts(jobs)
    return _shared(_chunks(jobs), workers)


def _chunks(jobs: Sequence[Job]) -> list[list[Job]]:
    """Return the jobs in pieces of like size, the largest first: who is done takes the next."""
    found: list[list[Job]] = [[]]
    size = 0
    for job in jobs:
        if size > _CHUNK:
            found.append([])
            size = 0
        found[-1].append(job)
        size += len(job[1])
    return found


def _shared(chunks: list[list[Job]], workers: int) -> list[tuple[bytes, Facts]]:
    from remediate.audit.scan import inspect  # noqa: F401, PLC0415 - loaded once, not by every process

    context = multiprocessing.get_context("fork")
    taken = context.Value("i", 0)
    children = []
    for _ in range(workers - 1):
        receiving, sending = context.Pipe(duplex=False)
        child = context.Process(target=_child, args=(chunks, taken, sending), daemon=True)
        child.start()
        sending.close()
        children.append((child, receiving))
    found = _work(chunks, taken)
    for child, receiving in children:
        found += msgspec.msgpack.decode(receiving.recv_bytes(), type=list[tuple[bytes, Facts]])
        child.join()
    return found


def _child(chunks: list[list[Job]], taken: Any, sending: Connection) -> None:
    sending.send_bytes(msgspec.msgpack.encode(_work(chunks, taken)))
    sending.close()


def _work(chunks: list[list[Job]], taken: Any) -> list[tuple[bytes, Facts]]:
    """Inspect chunks until none is left; ``taken`` counts them for all processes."""
    found: list[tuple[bytes, Facts]] = []
    while True:
        with taken.get_lock():
            index = taken.value
            taken.value = index + 1
        if index >= len(chunks):
            return found
        found += _facts(chunks[index])


def _facts(jobs: Sequence[Job]) -> list[tuple[bytes, Facts]]:
    from remediate.audit.scan.inspect import inspect  # noqa: PLC0415 - all rules: not where all is known

    return [(known, inspect(text, depth)) for known, text, depth in jobs]
