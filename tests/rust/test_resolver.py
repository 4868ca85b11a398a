from made_package import one, package

from remediate.rust.modules.module_tree import module_tree
from remediate.rust.resolution.resolver import UNKNOWN, Meaning, Resolver, resolver


def meanings(text: str) -> Resolver:
    made = package("", (), src__lib_rs=text)
    return resolver(made, one(module_tree(made), "crate"))


def test_a_glob_brings_what_is_public_and_no_more() -> None:
    found = meanings("mod a { pub struct A; struct B; }\nmod b { pub use super::a::*; }")
    user = one(found.tree, "crate::b")
    assert found.member(user, "A") == Meaning(("a", "A"))
    assert found.member(user, "B") is None


def test_modules_that_glob_one_another_are_asked_once_each() -> None:
    numbers = range(14)  # 14! ways lead through them
    globs = "".join(f"pub use super::m{n}::*; " for n in numbers)
    found = meanings("".join(f"mod m{n} {{ {globs}pub struct S{n}; }}\n" for n in numbers))
    first = one(found.tree, "crate::m0")
    assert found.member(first, "Nothing") is None
    assert [found.member(first, f"S{n}") for n in numbers] == [Meaning((f"m{n}", f"S{n}")) for n in numbers]
    last = one(found.tree, "crate::m13")
    assert found.member(last, "S0") == Meaning(("m0", "S0"))


def test_what_two_globs_bring_is_not_known_whichever_is_asked_first() -> None:
    text = (
        "mod a { pub struct X; pub use super::b::*; }\nmod b { pub use super::a::*; pub use super::c::*; }\n"
    )
    found = meanings(text + "mod c { pub struct X; pub use super::b::*; }\n")
    assert found.member(one(found.tree, "crate::a"), "X") == Meaning(("a", "X"))
    assert found.member(one(found.tree, "crate::b"), "X") == UNKNOWN
    assert found.member(one(found.tree, "crate::c"), "X") == Meaning(("c", "X"))
