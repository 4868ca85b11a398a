"""One subject, one module: what is called alike, what undoes the other, and names that would mislead."""

from grouped_text import body, function, grouped, method

from remediate.codemods.split_file.grouping.banners import heading
from remediate.codemods.split_file.grouping.concepts import inverses
from remediate.codemods.split_file.options import SplitOptions


def _type_of(name: str, *methods: str, lines: int = 8) -> str:
    members = "".join(method(one, lines=lines) for one in methods)
    return f"pub struct {name} {{ a: u8 }}\n\nimpl {name} {{\n{members}}}\n\n"


PARSER = _type_of("Parser", *(f"step_{word}" for word in ("one", "two", "six", "ten")), lines=14)
TABLE = function("table_lookup", lines=50)


def test_modules_that_would_be_called_alike_are_one() -> None:
    held = "    a: u8,\n" * 6
    types = "".join(f"pub struct StartupLora{word} {{\n{held}}}\n\n" for word in ("Spec", "Pair"))
    loads = function("load_startup_lora_adapter", lines=14) + function("load_startup_lora_adapters", lines=14)
    found = grouped(types + loads + PARSER + TABLE, module="lora")
    assert {"StartupLoraSpec", "load_startup_lora_adapter"} <= set(found["startup"])


def test_functions_about_what_a_type_is_called_after_share_its_file() -> None:
    change = "enum TreeDiffChange {\n    A,\n}\n\nimpl From<u8> for TreeDiffChange {\n" + body(14) + "}\n\n"
    diffs = function("tree_diff_at", "TreeDiffChange::A", lines=14, public=False) + function(
        "tree_diff_without", "TreeDiffChange::A", lines=14, public=False
    )
    file = function("blame", "tree_diff_at()", "tree_diff_without()", lines=70)
    found = grouped(file + diffs + change + PARSER)
    assert {"TreeDiffChange", "tree_diff_at", "tree_diff_without"} <= set(found["tree_diff"])


def test_helpers_of_their_own_subject_leave_a_function_that_is_too_long() -> None:
    helpers = "".join(function(f"tree_diff_{w}", lines=30, public=False) for w in ("at", "with", "without"))
    calls = tuple(f"tree_diff_{w}()" for w in ("at", "with", "without"))
    found = grouped(function("blame", *calls, lines=120) + helpers + PARSER, options=SplitOptions(100, 15))
    assert "tree_diff_at" not in found["blame"]


def test_what_undoes_a_private_function_stands_beside_it() -> None:
    keys = "".join(function(f"{w}_key", "encode_segment()", lines=6) for w in ("session", "event", "user"))
    pair = "".join(function(f"{w}_segment", lines=8, public=False) for w in ("encode", "decode"))
    service = (
        "pub struct Service;\n\nimpl Service {\n" + method("find", "decode_segment()", lines=40) + "}\n\n"
    )
    found = grouped(keys + pair + service + PARSER)
    assert {"encode_segment", "decode_segment"} <= set(found["segment"])


def test_where_several_pairs_undo_each_other_the_two_verbs_are_apart() -> None:
    one = {0: "encode_key", 1: "decode_key", 2: "check_key", 3: "encode", 4: "decode"}
    assert inverses(one) == [[0, 1]]
    assert inverses(one | {5: "encode_tail", 6: "decode_tail"}) == []


def test_types_of_one_kind_are_not_one_subject_for_a_verb_before_it() -> None:
    text = _type_of("MatchKind", "all", lines=24) + _type_of("StartKind", "all", lines=24)
    assert {"match_kind", "start_kind"} <= set(grouped(text + PARSER + TABLE))


def test_a_variant_of_a_type_does_not_make_its_name_longer() -> None:
    text = _type_of("MutexGuard", "leak", lines=40) + _type_of("MappedMutexGuard", "leak", lines=40)
    assert "guard" in grouped(text + PARSER, module="mutex")


def test_variants_of_one_function_are_not_several() -> None:
    twins = "".join(f"#[cfg({c})]\n{function('device_num', lines=4)}" for c in ("unix", "not(unix)"))
    found = grouped(twins + function("refresh", lines=10) + function("shutdown", lines=10) + PARSER + TABLE)
    assert "device_num" not in found


def test_what_any_impl_block_has_is_no_title() -> None:
    assert heading("/// Mutation\nimpl") == "Mutation"
    assert heading("/// Instance methods\nimpl") is None


def test_public_functions_that_undo_each_other_may_be_apart() -> None:
    text = function("encode_text", lines=40) + function("decode_text", lines=40) + PARSER
    assert not any({"encode_text", "decode_text"} <= set(titles) for titles in grouped(text).values())


def test_functions_about_nothing_in_common_go_by_what_several_are_about() -> None:
    usage = function("get_usage", lines=14) + function("get_org_usage", lines=14)
    found = grouped(usage + function("refresh", lines=10) + function("shutdown", lines=10) + PARSER + TABLE)
    assert found["usage"] == ["get_usage", "get_org_usage"]


def _served(name: str, trait: str) -> str:
    own = f"pub struct {name};\n\nimpl {name} {{\n{method('new', lines=90)}}}\n\n"
    return f"{own}impl {trait} for {name} {{\n{method('find', lines=76)}}}\n\n"


def test_a_trait_named_like_the_end_of_its_type_is_not_said_twice() -> None:
    names = ("RedisSessionService", "SessionService")
    main = _type_of("Machine", *(f"turn_{n}" for n in ("left", "right", "back", "over")), lines=60)
    found = grouped(_served(*names) + main, module="redis")
    assert found["session_service"] == ["impl SessionService for RedisSessionService"]
    assert any("RedisSessionService" in titles for name, titles in found.items() if name != "session_service")


def test_a_trait_has_its_own_name_in_the_file_of_its_type() -> None:
    found = grouped(_served("AgentTool", "Tool") + PARSER, module="agent_tool")
    assert found["tool"] == ["impl Tool for AgentTool"]
    assert "AgentTool" in found[""]


def test_where_others_are_plots_too_none_is_the_plot() -> None:
    text = _type_of("Box", "area") + _type_of("BoxPlot", "draw", "scale", "fill", lines=14)
    text += _type_of("ViolinPlot", "draw", "scale", "fill", lines=14)
    assert "plot" not in grouped(text, module="box")
    assert "plot" in grouped(text.replace("ViolinPlot", "Violin"), module="box")


def test_words_of_the_files_own_name_name_no_module() -> None:
    types = "".join(f"pub struct Output{w} {{ a: u8 }}\n\n" for w in ("Phase", "Mask", "Class", "Progress"))
    processor = _type_of("OutputProcessor", "start", "stop", lines=20).replace("a: u8", "a: OutputPhase")
    found = grouped(types + processor + PARSER + TABLE, module="structured_output")
    assert "output" not in found


def test_a_name_that_another_type_ends_with_names_no_functions() -> None:
    state = "struct ProcessorState { a: u8 }\n\nimpl ProcessorState {\n" + method("next", lines=40) + "}\n\n"
    found = grouped(state + function("advance_state", lines=70) + PARSER + TABLE)
    assert "state" not in found
    assert "advance_state" in found


def test_data_that_others_use_alone_stays_out_of_what_holds_it() -> None:
    held = (
        "pub enum Ping {\n    A,\n}\n\npub enum Envelope {\n"
        + "    // more\n" * 14
        + "    Inner(Ping),\n}\n\n"
    )
    users = _type_of("Gossip", "send", lines=40) + _type_of("Pinger", "send", lines=40)
    found = grouped(held + users.replace("let step0 = 0", "let m = Ping::A") + PARSER)
    assert found["envelope"] == ["Envelope"]


def test_a_short_title_above_an_impl_block_is_its_section() -> None:
    blocks = "".join(
        f"/// {title}\nimpl Index {{\n{''.join(method(one, lines=12) for one in names)}}}\n\n"
        for title, names in (
            ("General", ("look", "entries")),
            ("Mutation", ("add", "entries_mut")),
        )
    )
    found = grouped(f"pub struct Index {{ a: u8 }}\n\n{blocks}{PARSER}", options=SplitOptions(50, 15))
    assert found["index_mutation"] == ["Index::add", "Index::entries_mut"]


def test_a_section_keeps_its_private_helpers_of_methods_above() -> None:
    title = "    // ============ K-means Implementation ============\n\n"
    private = "".join(method(one, lines=10).replace("pub fn", "fn") for one in ("cluster", "start_points"))
    others = "".join(method(one, lines=40) for one in ("encode", "score"))
    train = method("train", "self.cluster()", lines=14)
    codec = f"pub struct Codec {{ a: u8 }}\n\nimpl Codec {{\n{train}{others}"
    found = grouped(codec + title + private + "}\n\n" + PARSER)
    assert found["k_means"] == ["Codec::cluster", "Codec::start_points"]


def test_methods_that_hand_on_the_value_are_a_builder() -> None:
    named = ("host", "port", "path", "user", "mode", "retries", "timeout", "proxy")
    chained = "".join(method(f"with_{n}", takes="mut self", gives="Self", lines=8) for n in named)
    work = "".join(method(one, lines=30) for one in ("run", "stop", "poll", "wait", "drain"))
    agent = f"pub struct Agent {{ a: u8 }}\n\nimpl Agent {{\n{work}{chained}}}\n\n"
    found = grouped(agent + PARSER, options=SplitOptions(max_lines=100, min_lines=15))
    assert {f"Agent::with_{n}" for n in named} <= set(found["builder"])


def test_methods_that_make_a_number_of_a_number_are_no_builder() -> None:
    named = ("abs", "floor", "negate", "double", "halve", "square", "invert", "truncate")
    made = "".join(method(n, takes="self", gives="Self", lines=8) for n in named)
    work = "".join(method(one, lines=30) for one in ("run", "stop", "poll", "wait", "drain"))
    number = f"pub struct Number {{ a: u8 }}\n\nimpl Number {{\n{work}{made}}}\n\n"
    assert "builder" not in grouped(number + PARSER, options=SplitOptions(max_lines=100, min_lines=15))


def test_a_dispatcher_is_not_called_after_one_of_what_it_calls() -> None:
    kinds = ("publish", "consume", "qos", "get")
    basic = "".join(method(f"handle_basic_{k}", lines=30).replace("pub fn", "fn") for k in kinds)
    small = method("handle_basic_ack", lines=5).replace("pub fn", "fn")
    calls = [f"self.handle_basic_{k}()" for k in (*kinds, "ack")]
    route = method("handle_method", *calls, lines=12).replace("pub fn", "fn")
    start = method("handle_start", "self.handle_method()", lines=20)
    text = f"pub struct Handler {{ a: u8 }}\n\nimpl Handler {{\n{start}{route}{small}{basic}}}\n\n{PARSER}"
    found = grouped(text)
    assert sorted(found["basic"]) == [
        f"Handler::handle_basic_{k}" for k in ("ack", "consume", "get", "publish", "qos")
    ]
    assert "Handler::handle_method" in found["handler"]
    assert (
        "Handler::handle_method" not in grouped(text.replace("handle_basic_ack", "send_basic_ack"))["basic"]
    )


def test_impls_of_a_type_whose_definition_stays_stay_with_it() -> None:
    kind = "#[derive(other::Derive)]\npub enum Kind {\n    A,\n}\n\n"
    impls = (
        "impl From<u8> for Kind {\n    fn from(a: u8) -> Self {\n"
        + body(24)
        + "        Kind::A\n    }\n}\n\n"
    )
    assert grouped(kind + impls + PARSER + TABLE)[""] == ["Kind", "impl From<u8> for Kind"]


def test_impls_stay_with_definitions_while_there_is_room() -> None:
    kinds = "".join(f"#[derive(other::Derive)]\npub enum {n} {{\n    A,\n}}\n\n" for n in ("One", "Two"))
    impls = "".join(f"impl From<u8> for {n} {{\n{method('from', lines=34)}}}\n\n" for n in ("One", "Two"))
    staying = grouped(kinds + impls + PARSER + TABLE)[""]
    assert sum(title.startswith("impl") for title in staying) == 1


def test_an_impl_of_a_crates_own_type_is_not_filed_under_what_it_mentions() -> None:
    entry = _type_of("TokenEntry", "next", lines=20).replace("pub struct", "struct")
    drop = "impl Drop for Executor {\n    fn drop(&mut self) {\n        TokenEntry::next();\n    }\n}\n\n"
    run = f"impl Executor {{\n{method('run', lines=50)}{method('halt', lines=50)}}}\n\n"
    found = grouped(entry + run + drop + PARSER + TABLE + "use crate::Executor;\n")
    assert "impl Drop for Executor" in found[""]


def test_a_trait_alone_of_its_concept_is_called_by_it() -> None:
    made = "impl TryFrom<other::Kind> for other::Type {\n" + method("try_from", lines=20) + "}\n\n"
    found = grouped(made + PARSER + TABLE)
    assert found["conversions"] == ["impl TryFrom<other::Kind> for other::Type"]
