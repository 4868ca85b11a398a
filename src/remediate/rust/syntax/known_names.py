"""Names every Rust module has without an import, and attributes the compiler itself understands."""


def table(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


KEYWORDS = table("""
    abstract as async await become box break const continue crate do dyn else enum extern false final fn
    for gen if impl in let loop macro match mod move mut override priv pub ref return self Self static
    struct super trait true try type typeof unsafe unsized use virtual where while yield
""")
INTEGERS = table("""
    i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize
""")
PRIMITIVES = INTEGERS | table("""
    f16 f32 f64 f128 bool char str
""")
PRELUDE_TYPES = table("""
    AsMut AsRef Box Clone Copy Default DoubleEndedIterator Drop Eq Err Extend ExactSizeIterator Fn FnMut
    FnOnce From FromIterator Future Hash Into IntoFuture IntoIterator Iterator None Ok Option Ord
    PartialEq PartialOrd Result Send Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec Debug
    AsyncFn AsyncFnMut AsyncFnOnce Sized RustcEncodable RustcDecodable
""")
CORE_TRAITS = table("""
    AsMut AsRef Clone Default DoubleEndedIterator Eq ExactSizeIterator Extend From Into IntoIterator Iterator
    Ord PartialEq PartialOrd
""")
"""The traits with methods that the prelude of every edition has, without the standard library too."""
PRELUDE_FUNCTIONS = table("""
    drop size_of size_of_val align_of align_of_val
""")
PRELUDE_MACROS = table("""
    assert assert_eq assert_ne cfg column compile_error concat dbg debug_assert debug_assert_eq
    debug_assert_ne env eprint eprintln file format format_args include include_bytes include_str line
    matches module_path option_env panic print println stringify thread_local todo try unimplemented
    unreachable vec write writeln global_asm asm addr_of addr_of_mut is_x86_feature_detected concat_idents
""")
PRELUDE = PRELUDE_TYPES | PRELUDE_FUNCTIONS
STANDARD_CRATES = frozenset({"std", "core", "alloc", "proc_macro", "test"})

# Tokens of these calls are ordinary expressions: a relative path in them means what it means outside.
HEURISTIC_EXPRESSION_MACROS = PRELUDE_MACROS - {"stringify", "global_asm", "asm", "concat_idents"} | table("""
    assert_matches debug_assert_matches cfg_if error warn info debug trace log anyhow bail ensure ready
    pin select join try_join lazy_static format_err assert_snapshot assert_debug_snapshot json
    assert_approx_eq smallvec arrayvec hashmap btreemap indexmap izip chain unwrap_or
""")

BUILTIN_ATTRIBUTES = table("""
    allow automatically_derived bench cfg cfg_attr cold coverage deny deprecated diagnostic doc expect
    export_name feature forbid global_allocator ignore inline instruction_set link link_name
    link_ordinal link_section macro_export macro_use must_use naked no_builtins no_implicit_prelude
    no_mangle non_exhaustive optimize panic_handler path proc_macro proc_macro_attribute
    proc_macro_derive recursion_limit repr rustfmt::skip should_panic target_feature test track_caller
    type_length_limit unsafe used warn windows_subsystem rustc_dummy clippy rustfmt rust_analyzer
    default derive_const const_trait fundamental stable unstable
""")
ATTRIBUTE_TOOLS = frozenset({"clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"})
"""What begins the paths of attributes that are for a tool."""
COMPILER_TESTS = frozenset({"test", "bench"})
"""The compiler's own attributes of tests: what they stand on is compiled for tests alone."""
STANDARD_DERIVES = table("""
    Clone Copy Debug Default Eq Hash Ord PartialEq PartialOrd
""")

# A derive of these names makes impls only; any other may make items that the rest of the crate names.
HEURISTIC_IMPL_ONLY_DERIVES = STANDARD_DERIVES | table("""
    Serialize Deserialize Serialize_repr Deserialize_repr Error Parser Args Subcommand ValueEnum
    Arbitrary Zeroize ZeroizeOnDrop JsonSchema Pod Zeroable FromBytes AsBytes IntoBytes Unaligned
    KnownLayout Immutable Display From Into Deref DerefMut AsRef AsMut Add Sub Mul Div Neg Not
    Index IndexMut IntoIterator Constructor FromStr TryFrom EnumString AsRefStr Diagnostic
    Educe Derivative FromPrimitive ToPrimitive UpperHex LowerHex
""")
"""Derives that are likely to make impls only, where the compiler cannot be asked what they made."""
RESERVED_FILES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))]
)
