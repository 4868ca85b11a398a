"""What an audit's planned modules are filled with, and what is said of the others."""

import pytest
from grouped_text import answer, function, grouped, method

from remediate.model import PlannedModule

SENDER = (
    "pub struct Sender { a: u8 }\n\nimpl Sender {\n"
    + "".join(
        method(name, lines=12) for name in ("send", "flush_all", "receiver_count", "poll_ready", "weight")
    )
    + "}\n\n"
)
RECEIVER = f"pub struct Receiver {{ a: u8 }}\n\nimpl Receiver {{\n{method('recv', lines=12)}}}\n\n"
HALVES = (PlannedModule("sender", "The sending half"), PlannedModule("receiver", "The receiving half"))


def _error(name: str) -> str:
    return f"pub enum {name} {{\n    Full,\n    Closed,\n}}\n\nimpl std::error::Error for {name} {{}}\n\n"


def test_a_module_called_like_a_type_has_its_definition_and_no_method_of_another() -> None:
    found = grouped(SENDER + RECEIVER, HALVES)
    assert "Sender" in found["sender"]
    assert found["receiver"] == ["Receiver", "impl Receiver"]
    assert not found[""]


def test_errors_go_to_the_module_of_errors_whatever_else_they_are_called() -> None:
    text = SENDER + RECEIVER + _error("SenderError") + _error("FullReceiverError")
    found = grouped(text, (*HALVES, PlannedModule("errors", "Error types")))
    assert {"SenderError", "FullReceiverError"} <= set(found["errors"])
    found = grouped(text, (*HALVES, PlannedModule("failures", "Failure types")))
    assert {"SenderError", "FullReceiverError"} <= set(found["failures"])


def test_one_word_of_a_description_is_not_what_it_says() -> None:
    told = answer(SENDER + RECEIVER, PlannedModule("pools", "Weak sender pools"))
    said = 'no item is called `pools` or what "Weak sender pools" says'
    assert told.unanswered == (
        f"the planned module `pools` is not made: {said}; what belongs there goes there if the plan names it",
    )
    ends = PlannedModule("ends", "Receivers and routers")
    assert grouped(SENDER + RECEIVER, (ends,))["ends"] == ["Receiver", "impl Receiver"]


def test_a_plan_that_says_nothing_gets_no_type_and_is_told_so() -> None:
    plan = (PlannedModule("types", "Core type definitions"), PlannedModule("utils", "Helper functions"))
    said = "it says nothing that tells what belongs there"
    assert answer(SENDER + RECEIVER, *plan).unanswered == (
        f"the planned module `types` is not made: {said}",
        f"the planned module `utils` is not made: {said}",
    )


def test_impls_of_named_traits_are_cut_off_a_long_type_and_told_of_a_short_one() -> None:
    impl = "impl From<u8> for Sender {\n    fn from(a: u8) -> Self {\n        Self { a }\n    }\n}\n\n"
    plan = PlannedModule("conversions", "From and Into implementations")
    assert grouped(SENDER + impl, (plan,))["conversions"] == ["impl From<u8> for Sender"]
    short = RECEIVER + impl.replace("Sender", "Receiver")
    assert answer(short + SENDER, plan).unanswered == (
        "the planned module `conversions` is not made: what is about it (`From`) belongs to `Receiver`",
    )


def test_one_word_of_a_traits_name_is_not_what_it_says() -> None:
    impl = "impl layout::TypeSize for Sender {\n" + "    fn size() {}\n" * 3 + "}\n\n"
    plan = PlannedModule("sharding", "Shard selection and sizing")
    assert "sharding" not in grouped(SENDER + impl, (plan,))


def test_a_public_function_does_not_follow_its_only_user() -> None:
    text = SENDER + RECEIVER.replace("let step0 = 0;", "checksum(); settle();", 1)
    text += function("checksum", lines=16) + function("settle", lines=16, public=False)
    found = grouped(text, HALVES)
    assert "settle" in found["receiver"]
    assert "checksum" not in found["receiver"]


def test_plans_write_in_full_what_code_shortens() -> None:
    text = (
        "pub enum Arg {\n    Short,\n    Long,\n}\n\nimpl Arg {\n"
        + method("show", lines=20)
        + "}\n\n"
        + SENDER
    )
    assert grouped(text, (PlannedModule("argument", "Argument representation"),))["argument"] == [
        "Arg",
        "impl Arg",
    ]


def test_functions_that_share_a_private_type_go_each_where_a_plan_says() -> None:
    text = "enum Target {\n    One,\n}\n\nimpl Target {\n" + method("new", lines=6) + "}\n\n"
    text += "".join(function(f"find_{what}", "Target::new()", lines=20) for what in ("sdk", "version"))
    text += function("find_tool_with_sdk", "Target::new()", lines=20)
    plan = (PlannedModule("sdk", "Discovery of kits"), PlannedModule("target", "Target handling"))
    found = grouped(text, plan)
    assert found["sdk"] == ["find_sdk"]
    assert found["target"] == ["Target", "impl Target"]


def test_where_the_name_is_taken_a_module_of_many_types_is_called_after_none() -> None:
    text = "".join(f"pub trait {name} {{\n    fn at(&self);\n}}\n\n" for name in ("Show", "Paint", "Measure"))
    plan = PlannedModule("traits", "Internal traits")
    found = answer(text + SENDER + "pub mod traits {}\n", plan)
    assert "search_traits" in {group.name for group in found.groups}


def test_a_planned_type_leaves_room_for_its_kin_and_parts_with_functions() -> None:
    walk = "pub struct Paths { a: u8 }\n\nimpl Iterator for Paths {\n" + method("next", lines=35) + "}\n\n"
    text = walk + function("open", "Paths { a: 0 }", lines=30).replace("open()", "open() -> Paths") + SENDER
    found = grouped(text, (PlannedModule("iterator", "Paths iterator"),))
    assert found["iterator"] == ["Paths", "impl Iterator for Paths"]


def test_a_module_of_functions_is_not_called_after_the_type_that_they_make() -> None:
    text = SENDER.replace("fn weight", "fn init") + "pub mod init {}\n"
    found = answer(text, *HALVES, PlannedModule("init", "Global initialization functions"))
    assert "search_init" in {group.name for group in found.groups}


def test_errors_that_a_description_qualifies_are_those_alone() -> None:
    text = SENDER + _error("SendTimeoutError") + _error("SendError")
    found = grouped(text, (PlannedModule("timeouts", "Timeout errors"),))
    assert [title for title in found["timeouts"] if "impl" not in title] == ["SendTimeoutError"]


def test_functions_are_about_what_the_public_one_says() -> None:
    text = function("doc_comment", "doc_strings()", lines=8) + function("doc_strings", lines=24, public=False)
    found = grouped(text + SENDER, (PlannedModule("doc_comments", "Extraction of comments"),))
    assert found["doc_comments"] == ["doc_comment", "doc_strings"]


def test_a_module_that_would_have_nothing_gets_what_has_its_name_from_one_with_more() -> None:
    text = SENDER + "".join(
        f"pub struct {name}Attr {{ a: u8 }}\n\nimpl {name}Attr {{\n{method('show', lines=10)}}}\n\n"
        for name in ("Object", "Deprecation")
    )
    plan = (PlannedModule("attributes", "Attributes"), PlannedModule("deprecation", "Deprecation handling"))
    assert grouped(text, plan)["deprecation"] == ["DeprecationAttr", "impl DeprecationAttr"]


def test_a_long_type_is_not_what_the_module_of_another_type_is_about() -> None:
    kind = "pub enum Kind {\n    One,\n}\n\nimpl Kind {\n" + method("all", lines=10) + "}\n\n"
    text = SENDER.replace("fn weight", "fn kind") + kind
    assert grouped(text, (PlannedModule("kinds", "Sender kinds"),))["kinds"] == ["Kind", "impl Kind"]


def test_errors_of_one_thing_are_not_those_of_another() -> None:
    plan = PlannedModule("push_errors", "Errors of push operations")
    found = grouped(SENDER + _error("PushError") + _error("PopError"), (plan,))
    assert "PopError" not in found["push_errors"]


def test_methods_that_a_description_names_go_there_and_no_word_of_a_list_takes_others() -> None:
    text = RECEIVER + SENDER.replace("fn flush_all", "fn into_bool").replace("fn weight", "fn pop")
    plan = (
        PlannedModule("blocking", "Waiting pop with timeouts"),
        PlannedModule("access", "Typed (into_bool)"),
    )
    found = grouped(text, plan)
    assert found["access"] == ["Sender::into_bool"]
    assert "blocking" not in found


def test_a_module_whose_subject_suits_another_better_is_told_where_that_is() -> None:
    plan = (PlannedModule("receiver", "The receiving half"), PlannedModule("ends", "Receivers"))
    assert answer(SENDER + RECEIVER, *plan).unanswered == (
        "the planned module `ends` is not made: what is about it is in `receiver`",
    )


def test_an_error_goes_to_no_module_that_says_half_of_its_name() -> None:
    text = SENDER + _error("SendDatagramError") + _error("SendStreamError")
    found = grouped(text, (PlannedModule("send", "Sending half of a stream"),))
    assert "SendStreamError" in found["send"]
    assert "SendDatagramError" not in found["send"]


def test_a_method_of_a_type_of_elsewhere_goes_to_no_module_of_a_trait_that_it_names() -> None:
    methods = "".join(method(name, lines=14) for name in ("push_change", "emit", "match_pairs", "settle"))
    methods = methods.replace("let step0 = 0;", "helper();", 2)
    text = f"impl other::Tracker {{\n{methods}}}\n\n" + function("helper", lines=6, public=False)
    text += "pub trait Change {\n    fn id(&self);\n}\n\npub enum ChangeKind {\n    One,\n}\n\n"
    found = grouped(text, (PlannedModule("change", "Change trait and change kinds"),))
    assert found["change"] == ["Change", "ChangeKind"]


def test_an_allocation_is_not_the_allocator() -> None:
    text = "".join(
        f"pub struct {name} {{ a: u8 }}\n\nimpl {name} {{\n{method('size', lines=45)}}}\n\n"
        for name in ("Allocation", "Allocator")
    )
    found = grouped(text, (PlannedModule("allocator"), PlannedModule("allocation", "Allocation")))
    assert found["allocator"][:1] == ["Allocator"]
    assert found["allocation"][:1] == ["Allocation"]


def test_a_long_type_is_not_what_a_module_without_its_name_is_about() -> None:
    text = SENDER + "pub struct WeakSend { a: u8 }\n\nimpl WeakSend {\n" + method("rise", lines=20) + "}\n\n"
    plan = PlannedModule("weak", "Sender that keeps nothing alive")
    assert grouped(text, (plan,))["weak"] == ["WeakSend", "impl WeakSend"]


def test_what_suits_two_modules_equally_is_in_neither() -> None:
    plan = (PlannedModule("inbound", "Receivers"), PlannedModule("incoming", "Receivers"))
    assert {"inbound", "incoming"}.isdisjoint(grouped(SENDER + RECEIVER, plan))
    assert "`Receiver`" in answer(SENDER + RECEIVER, *plan).unanswered[0]


def test_a_verb_in_a_list_is_not_what_a_method_is_about() -> None:
    plan = (*HALVES, PlannedModule("scales", "Scales and flushes"))
    assert "scales" not in grouped(SENDER + RECEIVER, plan)


def test_what_is_about_a_module_but_only_serves_another_type_is_named() -> None:
    text = SENDER + RECEIVER.replace("let step0 = 0;", "Fault::Full;", 1) + "enum Fault {\n    Full,\n}\n\n"
    told = answer(text, *HALVES, PlannedModule("failures", exports=("Fault",))).unanswered
    assert told == (
        "the planned module `failures` is not made: what is about it (`Fault`) goes with what uses it",
    )


def test_the_only_module_that_says_a_word_of_a_type_gets_it() -> None:
    key = "pub struct KeyEvent { a: u8 }\n\nimpl KeyEvent {\n" + method("code", lines=16) + "}\n\n"
    keyboard, keys = PlannedModule("keyboard", "Keys and modifiers"), PlannedModule("presses", "Keys")
    assert grouped(SENDER + key, (keyboard,))["keyboard"] == ["KeyEvent", "impl KeyEvent"]
    assert "KeyEvent" not in grouped(SENDER + key, (keyboard, keys)).get("keyboard", [])


def test_a_phrase_that_says_a_types_whole_name_is_about_it_and_one_that_says_half_is_not() -> None:
    node = f"pub struct Node {{ a: u8 }}\n\nimpl Node {{\n{method('next', lines=16)}}}\n\n"
    plan = PlannedModule("links", "Node tree and entry point")
    assert grouped(SENDER + node, (plan,))["links"] == ["Node", "impl Node"]
    assert "links" not in grouped(SENDER + node.replace("Node", "PathPoint"), (plan,))


def test_what_is_done_is_about_what_it_is_done_to() -> None:
    numeric = function("numeric_from", lines=14) + function("numeric_into", lines=14)
    plan = PlannedModule("digits", "Encoding and decoding of numeric fields")
    assert grouped(SENDER + numeric, (plan,))["digits"] == ["numeric_from", "numeric_into"]
    other = PlannedModule("digits", "Transparent storage of numeric fields")
    assert "digits" not in grouped(SENDER + numeric, (other,))


def test_no_word_of_the_files_own_type_is_a_hint() -> None:
    mode = "pub enum SenderMode {\n" + "    // more\n" * 14 + "    A,\n}\n\n"
    plan = PlannedModule("metadata", "Filling a sender")
    assert "metadata" not in grouped(SENDER + mode, (plan,), module="sender")


def test_what_the_best_module_has_no_room_for_goes_to_the_next() -> None:
    header = "".join(
        f"pub struct {name}Header {{ a: u8 }}\n\nimpl {name}Header {{\n{method('show', lines=44)}}}\n\n"
        for name in ("Plain", "Gnu")
    )
    plan = (PlannedModule("core", "Header types"), PlannedModule("gnu", "Extensions"))
    found = grouped(SENDER.replace("fn weight", "fn gnu_weight") + header, plan)
    assert "GnuHeader" in found["gnu"]


def test_the_name_of_a_module_says_more_than_the_description_of_a_vague_one() -> None:
    event = "pub struct MouseEvent { a: u8 }\n\nimpl MouseEvent {\n" + method("at", lines=16) + "}\n\n"
    plan = (PlannedModule("types", "Event types"), PlannedModule("mouse", "Pointer input"))
    assert grouped(SENDER + event, plan)["mouse"] == ["MouseEvent", "impl MouseEvent"]


def test_a_module_of_types_gets_data_that_no_other_is_about() -> None:
    fields = "    a: u8,\n" * 6
    held = "".join(f"pub struct Order{word} {{\n{fields}}}\n\n" for word in ("Side", "Kind"))
    found = grouped(SENDER + held, (PlannedModule("types", "Shared types"),))
    assert found["types"] == ["OrderSide", "OrderKind"]


def test_a_module_of_helpers_gets_functions_that_several_use() -> None:
    text = SENDER.replace("let step0 = 0;", "wrap();", 1) + RECEIVER.replace("let step0 = 0;", "wrap();", 1)
    text += function("wrap", lines=10, public=False) + function("alone", lines=10)
    found = grouped(text, (PlannedModule("utils", "Helper functions"),))
    assert any(titles == ["wrap"] for titles in found.values())


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Predicates", ("is_open", "has_room", "is_empty")),
        ("Conversions", ("to_text", "into_parts", "as_pair")),
        ("Constructors", ("new", "open", "linked")),
    ],
)
def test_methods_of_a_kind_go_where_a_plan_says_the_kind(kind: str, names: tuple[str, ...]) -> None:
    makes = {"takes": "a: u8", "gives": "Self"} if kind == "Constructors" else {}
    methods = "".join(method(name, lines=12, **makes) for name in names)
    found = grouped(f"{SENDER}impl Sender {{\n{methods}}}\n\n", (PlannedModule("apart", kind),))
    assert {f"Sender::{name}" for name in names} <= set(found["apart"])


def test_a_verb_is_what_its_noun_says() -> None:
    found = grouped(SENDER + function("compare", lines=20), (PlannedModule("ordering", "Comparison"),))
    assert found["ordering"] == ["compare"]


def test_the_file_itself_is_there_and_an_inline_module_of_it_is_told() -> None:
    text = SENDER + RECEIVER + "mod checks {\n    fn one() {}\n}\n"
    assert answer(text, *HALVES, PlannedModule("mod", "Public API")).unanswered == ()
    assert answer(text, *HALVES, PlannedModule("checks", "Checks")).unanswered == (
        "the planned module `checks` is an inline module of the file already",
    )


def test_a_module_that_is_called_like_the_root_of_another_crate_is_answered() -> None:
    (told,) = answer(SENDER + RECEIVER, *HALVES, PlannedModule("main", "Entry point")).unanswered
    assert told.startswith("the planned module `main` is not made")
