"""Word lists: what tells nothing, what is a verb or an adjective, and what std's API calls things.

English and the standard library are the sources; nothing here comes from the crates of a benchmark.
"""

# ruff: noqa: SIM905 - words read best as a text of words

FILLERS = frozenset(
    (
        "the a an and or of to for in on is are be by with from as at it its this that these which when "
        "if not no any all into than then so but can may will must should does do has have was were been "
        "use used uses using return returns get set new self super crate pub fn mod impl let mut ref type "
        "struct enum trait where some none ok err result option vec string str bool true false usize u8 "
        "u16 u32 u64 u128 i8 i16 i32 i64 i128 isize f32 f64 box arc rc todo fixme note see also e g i etc "
        "via one two only other others given same each more most there their they you we our what how why "
        "here default clone debug copy display fmt eq ord hash partial module modules implementation "
        "implementations logic related various helper helpers util utils utility utilities support code "
        "functionality functions function method methods core common basic types"
    ).split()
)
"""Words of comments, plans and names that say nothing about a subject."""

ABBREVIATIONS = {
    short: word
    for pair in (
        "addr:address arg:argument arch:architecture attr:attribute auth:authentication buf:buffer "
        "cfg:configuration char:character cmd:command conf:configuration config:configuration "
        "conn:connection ctx:context dir:directory "
        "env:environment expr:expression ext:extension fmt:format func:function hdr:header idx:index "
        "info:information iter:iterator len:length lib:library msg:message num:number op:operator opt:option "
        "alloc:allocation calc:calculation cb:callback cmp:comparison coord:coordinate mul:multiplication "
        "pow:power rect:rectangle ref:reference stat:statistic "
        "param:parameter pos:position ptr:pointer req:request resp:response spec:specification "
        "stmt:statement str:string sync:synchronous sys:system var:variable ver:version"
    ).split()
    for short, _, word in [pair.partition(":")]
}
"""What programmers shorten: plans write in full what code does not."""

SUFFIXES = (
    "ization isation izing izer ized ize ising ation ator ating ated ate ment ing ion ity ive able er or ed e"
).split()
"""What forms of a word end in, longest first where one ends another."""

FUNCTION_WORDS = frozenset(
    (
        "a an the and or nor but if then else so than that this these those it its their which who when "
        "where while how why what all any both each every few more most much no none not only other "
        "others same some such own of to for in into on onto at by with without within from as until till "
        "via per before after about above below between over under out up down off again once here there "
        "is are was were be been being am do does did done has have had having can could may might must "
        "shall should will would let lets self mut ref"
    ).split()
)
"""Articles, prepositions, pronouns and auxiliaries."""

PREPOSITIONS = frozenset(
    ("after as at before by for from if in into of on or to until via with without").split()
)
"""Words at which the subject of a function's name ends."""

COUNTERS = frozenset(
    ("one two three first second third last next prev previous nth zero single double multi many").split()
)

VAGUE = frozenset(
    (
        "util utils common misc helper helpers main base inner outer raw impl impls fn func function "
        "functions method methods struct structs enum enums trait type types mod module item items thing "
        "things data value values object stuff default generic internal private public section api detail "
        "details new get set try max min maybe simple unchecked broken partial various kind name number "
        "info index len size count id result results test tests call operation operations"
    ).split()
)
"""Words that name no subject by themselves."""

NOISE = frozenset("impl inner internal helper raw unchecked fn func ref mut slow fast once".split())
"""Words that a name may end in without being about them."""

VERBS = frozenset(
    (
        "accept add adjust advance align allocate alloc analyze append apply assert assign attach begin "
        "bind bump build call cast change check clean clear clone close collect combine commit compare "
        "compile compress compute configure connect consume contain contains convert copy create decode "
        "decompress decrease delete deserialize detach detect determine disable dispatch drain draw drop "
        "dump emit enable encode encrypt ensure enter erase escape evaluate eval execute exit expand "
        "expect extend extract fetch fill filter find finish flatten flush fold follow force format free "
        "gen generate get give grow guess handle hash ignore import increase infer init initialize insert "
        "inspect intern invoke is join keep leave link list load locate lock log look lookup lower make "
        "map mark match maybe measure merge modify move normalize notify open order pack pad parse patch "
        "peek perform poll pop prepare prepend print process produce provide publish pull push put quote "
        "raise read receive recognize reduce refill register release reload remove rename render repeat "
        "replace require reserve reset resize resolve retain retrieve retry return reverse rewind rewrite "
        "rotate round route run save scan search seek select send serialize set setup shift show shrink "
        "shuffle sign simplify skip slice solve sort spawn split start stop store strip submit subtract swap "
        "switch sync take tell test throw track transform translate traverse trim truncate try "
        "unescape unify unlock unpack unwrap unwind update upload use validate verify visit wait walk "
        "warn watch wrap write yield"
    ).split()
)
"""Verbs that functions are named by, and how Rust shortens some: ``alloc``, ``eval``, ``gen``, ``init``."""

EMPTY_VERBS = frozenset(
    (
        "add contain contains do get give go leave make maybe perform produce put return run set tell throw "
        "try use"
    ).split()
)
"""Verbs that only start a name."""

ADJECTIVES = frozenset(
    (
        "absolute active actual additional alternate ascii asynchronous async available aware bad big "
        "binary blank bottom broken clean closed compact complete concrete const constant correct current "
        "custom dead deep dense different direct dirty disjoint dry dynamic eager empty enabled equal "
        "exact exclusive explicit external extra fallible false fast final finite fixed flat foreign "
        "forward full fwd global good greedy half hard high implicit inclusive infinite initial inline "
        "insecure internal invalid inverse large lazy least left legacy less like likely local long loose "
        "low lossy lower maximum minimum missing mixed mutable named naive narrow native near negative "
        "nested neutral normal nonzero odd off old open optional ordinary overlapping parallel pending "
        "plain positive possible pretty primary private pure quick random rare ready real recent "
        "recursive relative reliable remote required rev reverse rich right rough safe saturating secure "
        "shallow short signed slow small smart soft sorted sparse special stable stale static strict "
        "strong synchronous tiny top total true typed unambiguous unicode unique unknown unlikely unsafe "
        "unsigned unstable upper useful usual valid verbatim verbose visible volatile weak whole wide "
        "wild wrapping wrong"
    ).split()
)
"""Words that say how something is and not what: no module is named by one alone."""

MODIFIERS = frozenset(
    (
        "try get set as is has with without into from to in at by mut ref unchecked checked exact only "
        "all or and else lossy owned unwrap default raw full key first last front back left right ptr "
        "const wrapping saturating overflowing unsigned signed total one many each any once on off the a "
        "an of for sync async blocking nonblocking unstable cached desc asc rev not no"
    ).split()
)
"""What siblings differ by: ``get``, ``get_mut``, ``get_unchecked``; ``sort_by``, ``sort_by_key``."""

STD_CONCEPTS = {
    name: concept
    for concept, names in {
        "capacity": "capacity reserve shrink shrink_to_fit spare_capacity grow resize",
        "insertion": "insert push append extend put splice push_str extend_from_slice",
        "removal": "remove pop take clear truncate retain drain split_off dedup extract_if delete discard "
        "swap_remove shift_remove",
        "iteration": "iter into_iter keys values entries chunks windows drain_iter lines chars",
        "slices": "as_slice as_mut_slice as_bytes as_ptr as_mut_ptr as_ref as_mut as_str deref",
        "search": "find rfind binary_search partition_point search",
        "ordering": "sort reverse rotate swap shuffle select_nth_unstable is_sorted",
        "rounding": "ceil floor round trunc fract",
        "locking": "lock unlock try_lock is_locked force_unlock",
        "reading": "read read_exact read_to_end read_to_string fill_buf consume",
        "writing": "write write_all write_fmt flush",
        "comparison": "eq ne cmp partial_cmp lt le gt ge",
        "hashing": "hash hasher build_hasher",
        "splitting": "split rsplit splitn rsplitn split_at split_once",
        "trimming": "trim trim_start trim_end strip_prefix strip_suffix",
        "set_operations": "union intersection difference symmetric_difference is_subset is_superset "
        "is_disjoint",
    }.items()
    for name in names.split()
}
"""What the standard library's method names are about: siblings that share no word."""

TELLING = frozenset(
    "capacity reserve push insert append extend pop remove drain retain read write lock unlock find".split()
)
"""Words that say what a name is about wherever they begin or end it."""

TRAIT_CONCEPTS = {
    trait: concept
    for concept, traits in {
        "ops": "Add Sub Mul Div Rem Neg Not Shl Shr BitAnd BitOr BitXor AddAssign SubAssign MulAssign "
        "DivAssign RemAssign BitAndAssign BitOrAssign BitXorAssign ShlAssign ShrAssign Sum Product",
        "comparison": "PartialEq Eq PartialOrd Ord Hash",
        "formatting": "Display Debug LowerHex UpperHex Binary Octal LowerExp UpperExp Pointer",
        "conversions": "From Into TryFrom TryInto FromStr AsRef AsMut Borrow BorrowMut ToOwned ToString",
        "serialization": "Serialize Deserialize",
        "iteration": "Iterator IntoIterator FromIterator Extend DoubleEndedIterator ExactSizeIterator "
        "FusedIterator",
        "indexing": "Index IndexMut",
        "io": "Read Write Seek BufRead",
    }.items()
    for trait in traits.split()
}
"""What the traits of the standard library and serde are about."""

OF_DEFINITIONS = frozenset("Clone Copy Default Deref DerefMut Drop Send Sync Unpin UnwindSafe".split())
"""Traits of the standard library whose impls say what a type is: they stand with its definition."""

GERUNDS = {
    "add": "addition", "adjust": "adjustment", "alloc": "allocation", "allocate": "allocation",
    "apply": "application", "assert": "assertions", "assign": "assignment", "check": "checks",
    "compare": "comparison", "compile": "compilation", "compose": "composition",
    "compress": "compression", "compute": "computation", "configure": "configuration",
    "connect": "connection", "convert": "conversions", "create": "creation",
    "decompress": "decompression", "delete": "deletion", "deserialize": "deserialization",
    "detect": "detection", "eval": "evaluation", "evaluate": "evaluation", "execute": "execution",
    "expand": "expansion", "extract": "extraction", "find": "search", "gen": "generation",
    "generate": "generation", "init": "initialization",
    "initialize": "initialization", "insert": "insertion",
    "is": "predicates", "log": "logging", "merge": "merging", "normalize": "normalization",
    "print": "printing", "query": "queries", "recognize": "recognition", "register": "registration",
    "remove": "removal", "replace": "replacement", "resolve": "resolution", "search": "search",
    "select": "selection", "serialize": "serialization", "simplify": "simplification",
    "transform": "transformation", "translate": "translation", "traverse": "traversal",
    "validate": "validation", "verify": "verification",
}  # fmt: skip
"""Nouns of verbs that are no mere ``-ing``."""

DOUBLED = frozenset(
    ("emit format get log map pop pad plan reset run scan set skip split submit swap trim wrap").split()
)
"""Verbs whose last letter is doubled before ``-ing``."""
