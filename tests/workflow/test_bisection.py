"""A test that ends otherwise: the modules at fault go back, in a bounded number of runs and rounds."""

from collections.abc import Sequence
from dataclasses import replace

from remediate.edits import Change
from remediate.feedback import GateFailure
from remediate.gates import OddTest
from remediate.workflow.fixing.bisection import Bisection

NAMES = ("a", "b", "c", "d", "e", "f", "g", "h")
ODD = OddTest("nextest", "default", "lib", "tests::one", "lib tests::one is failed, was ok")


def split(names: Sequence[str]) -> Change:
    created = {f"src/{name}.rs": b"" for name in names} | {"src/tests.rs": b""}
    return Change("Split", creations=created, new_modules=frozenset(names))


def modules(change: Change) -> str:
    return "".join(sorted(change.new_modules))


def smaller(change: Change, said: Sequence[GateFailure]) -> Change | None:
    back = {path.removeprefix("src/").removesuffix(".rs") for one in said for path in one.paths}
    left = [name for name in modules(change) if name not in back]
    return split(left) if left and back else None


class Bench:
    """Tests that are as before where none of some modules is there."""

    def __init__(self, *guilty: str) -> None:
        self.guilty, self.runs = guilty, 0
        self.search = Bisection(smaller, self.ends_as_before)

    def ends_as_before(self, change: Change, test: OddTest) -> bool:
        assert test.name == ODD.name
        self.runs += 1
        return not set(self.guilty) & change.new_modules

    def settled(self, change: Change, said: str = "") -> tuple[str, int]:
        """Answer until the test ends as before; return the modules that stay, none for no answer."""
        for rounds in range(10):
            if not set(self.guilty) & change.new_modules:
                return modules(change), rounds
            answer = self.search.answer(change, [replace(ODD, said=said)])
            if answer is None:
                return "", rounds
            change = answer
        raise AssertionError("no end")


def test_the_file_that_holds_the_test_goes_back_before_anything_is_run() -> None:
    files = {f"tests/unit/{name}.rs": f"{name}::tests" for name in NAMES}
    change = Change("Move", creations=dict.fromkeys(files, b""), test_files=files)
    asked: list[str] = []

    def answer(_: Change, said: Sequence[GateFailure]) -> Change:
        asked.extend(path for one in said for path in one.paths)
        return split(NAMES)

    odd = [replace(ODD, name="c::tests::one"), replace(ODD, name="cc::tests::one")]
    tested = Bench("c")
    assert Bisection(answer, tested.ends_as_before).answer(change, odd) is not None
    assert (asked, tested.runs) == (["tests/unit/c.rs"], 0)


def test_the_one_module_at_fault_is_found_wherever_it_is() -> None:
    for name in NAMES:
        tested = Bench(name)
        assert tested.settled(split(NAMES)) == ("abcdefgh".replace(name, ""), 1)
        assert tested.runs == 3


def test_a_module_that_the_output_names_is_put_back_without_a_search() -> None:
    for said in ("left: crate::m::c::Circle", "panicked at src/c.rs:3:1"):
        tested = Bench("c")
        assert tested.settled(split(NAMES), said) == ("abdefgh", 1)
        assert tested.runs == 0


def test_what_only_the_backtrace_names_is_no_hint() -> None:
    tested = Bench("c")
    said = "assertion failed\nstack backtrace:\n 1: m::f::call\n    at src/f.rs:1"
    assert tested.settled(split(NAMES), said) == ("abdefgh", 1)
    assert tested.runs > 0


def test_two_modules_at_fault_both_go_back() -> None:
    tested = Bench("b", "g")
    assert tested.settled(split(NAMES)) == ("acdefh", 2)
    assert tested.runs <= 8


def test_where_no_module_is_at_fault_it_ends() -> None:
    tested = Bench(*NAMES, "none of them")
    assert tested.settled(split(NAMES))[0] == ""
    assert tested.runs <= 8


def test_the_only_module_is_not_looked_for() -> None:
    tested = Bench("a")
    assert tested.settled(split("a")) == ("", 0)
    assert tested.runs == 0
