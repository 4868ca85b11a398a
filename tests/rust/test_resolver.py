from dataclasses import replace

from made_package import one, package, target

from remediate.rust.modules.module_tree import module_tree
from remediate.rust.resolution.heuristic_traits import members_of
from remediate.rust.resolution.public_paths import PublicPaths
from remediate.rust.resolution.resolver import UNKNOWN, Meaning, Resolver, resolver


def resolved(text: str) -> Resolver:
    made = package("", (), src__lib_rs=text)
    return resolver(made, one(module_tree(made), "crate"))


def test_a_glob_brings_what_is_public_and_no_more() -> None:
    found = resolved("mod a { pub struct A; struct B; }\nmod b { pub use super::a::*; }")
    user = one(found.tree, "crate::b")
    assert found.member(user, "A") == Meaning(("a", "A"))
    assert found.member(user, "B") is None


def test_modules_that_glob_one_another_are_asked_once_each() -> None:
    numbers = range(14)  # 14! ways lead through them
    globs = "".join(f"pub use super::m{n}::*; " for n in numbers)
    found = resolved("".join(f"mod m{n} {{ {globs}pub struct S{n}; }}\n" for n in numbers))
    first = one(found.tree, "crate::m0")
    assert found.member(first, "Nothing") is None
    assert [found.member(first, f"S{n}") for n in numbers] == [Meaning((f"m{n}", f"S{n}")) for n in numbers]
    last = one(found.tree, "crate::m13")
    assert found.member(last, "S0") == Meaning(("m0", "S0"))


def test_what_two_globs_bring_is_not_known_whichever_is_asked_first() -> None:
    text = (
        "mod a { pub struct X; pub use super::b::*; }\nmod b { pub use super::a::*; pub use super::c::*; }\n"
    )
    found = resolved(text + "mod c { pub struct X; pub use super::b::*; }\n")
    assert found.member(one(found.tree, "crate::a"), "X") == Meaning(("a", "X"))
    assert found.member(one(found.tree, "crate::b"), "X") == UNKNOWN
    assert found.member(one(found.tree, "crate::c"), "X") == Meaning(("c", "X"))


def test_the_names_behind_modules_that_glob_one_another_are_found_once_each() -> None:
    numbers = range(14)  # 14! ways lead through them
    globs = "".join(f"pub use super::m{n}::*; " for n in numbers)
    found = resolved("".join(f"mod m{n} {{ {globs}pub struct S{n}; }}\n" for n in numbers) + "use m0::*;\n")
    (glob,) = found.scope_of(found.root).globs
    assert found.names_by_glob(found.root, glob) == frozenset(f"S{n}" for n in numbers)


def test_the_public_paths_of_modules_that_glob_one_another_are_found_soon() -> None:
    numbers = range(14)
    globs = "".join(f"pub use super::m{n}::*; " for n in numbers)
    found = resolved("".join(f"pub mod m{n} {{ {globs}pub struct S{n}; }}\n" for n in numbers))
    public = PublicPaths(found)
    assert [public.leads_to((f"m{n}", "S3")) for n in numbers] == [("m3", "S3")] * len(numbers)


def test_another_target_knows_the_library_by_its_name() -> None:
    targets = (target("", "src/lib.rs", "lib"), target("", "src/main.rs", "bin"))
    made = package(
        "", targets, src__lib_rs="pub mod a { pub trait T { fn go(&self); } }", src__main_rs="use p::a::*;"
    )
    made = replace(made, targets=(replace(targets[0], name="p"), targets[1]))
    program = next(m for m in module_tree(made).modules if m.root == "src/main.rs")
    found = resolver(made, program)
    (glob,) = found.scope_of(program).globs
    assert found.of_import(program, glob) == Meaning(("p", "a"), outside=True)
    assert found.names_by_glob(program, glob) == frozenset({"T"})
    home, meaning = found.at_home(found.of_path(program, ("p", "a", "T")))
    assert members_of(home, meaning) == frozenset({"go"})


def test_a_module_under_several_cfgs_is_any_of_them() -> None:
    text = "#[cfg(a)] mod imp { pub struct A; } #[cfg(not(a))] mod imp { pub struct B; } use imp::*;"
    found = resolved(text)
    (glob,) = found.scope_of(found.root).globs
    meaning = found.of_import(found.root, glob)
    assert meaning == Meaning(("imp",), known=False)
    assert len(found.modules_of(meaning)) == 2
    assert found.names_by_glob(found.root, glob) == frozenset({"A", "B"})
    assert found.of_path(found.root, ("imp", "A")) == UNKNOWN
