"""Lists of words."""

# ruff: noqa: SIM905 - words read best as a text of words

FILLERS = frozenset(
    (
        "the a an and or of to for in on is are be by with from as at it its this that these which "
        "when if not no any all into than then so but can may will must should does do has have was "
        "were been use used uses using return returns get set new self super crate pub fn mod impl "
        "let mut ref type struct enum trait where some none ok err result option vec string str "
        "bool true false usize u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 isize f32 f64 box arc rc "
        "todo fixme note see also e g i etc via one two only other others given same each more most "
        "there their they you we our what how why here default clone debug copy display fmt eq ord "
        "hash partial module modules implementation implementations logic related various helper "
        "helpers util utils utility utilities support code functionality functions function method "
        "methods core common basic types"
    ).split()
)
"""Words of comments and names that say nothing about a subject."""

SUFFIXES = (
    "ization isation izing izer ized ize ising ation ator ating ated ate ment ing ion ity ive able er or ed e"
).split()
"""What forms of a word end in, longest first where one ends another."""

DULL = frozenset(
    (
        "via none one two unchecked partial broken max min single multi simple generic default "
        "internal impls self the a an and or of for to in is on at by new get set with from into as "
        "not no do has can be mut ref raw inner try impl fn struct enum trait type mod helper "
        "helpers util utils common misc other section sections function functions method methods "
        "types structs enums traits implementation implementations item items all some any this "
        "that it its their which when public private api stuff various details main base"
    ).split()
)
"""Words no module should be named by alone."""

VERBS = frozenset(
    (
        "accept add align allocate analyze apply assign bind build call cast check clean collect "
        "emit compare compile compress compute connect convert copy count create decode delete "
        "deserialize dispatch draw emit encode escape evaluate execute expand extract fetch fill "
        "filter find flush fold format generate group handle hash import index infer insert intern "
        "invoke join link list load lock log look lower map mark match measure merge modify move "
        "normalize notify order pack parse patch poll print process publish push quote read receive "
        "record reduce register release remove rename render repeat replace report request reserve "
        "reset resize resolve retry rewrite rotate route run sample save scan schedule score search "
        "select send serialize sign simplify skip sort spawn split store stream sync test trace "
        "track transform translate traverse trim unescape unify update upload validate verify visit "
        "wait walk watch wrap write alloc advance begin call check close compile configure consume "
        "ensure enforce enter finish flatten force grow init make open perform prepare print provide "
        "put raise replace retain seek set setup show shrink shuffle start stop swap take tessellate "
        "throw truncate try use"
    ).split()
)
"""Verbs that functions are named by."""

ADJECTIVES = frozenset(
    (
        "available aware big bottom clean complete const current dense dirty done dynamic eager "
        "empty exact exclusive fast final finite first fixed flat forward full fwd global high "
        "inclusive infinite initial inline invalid large last lazy left local long loose low "
        "maximum minimum mutable narrow native negative nested next normal off old optional plain "
        "positive prev previous pure ready remote required rev reverse right safe short signed "
        "slow small sorted sparse special static strict top total unsafe unsigned unstable upper "
        "valid wide"
    ).split()
)
"""Words that say how something is and not what: no module is named by one alone."""

PREPOSITIONS = frozenset(
    "after as at before by for from if in into of on or to until via with without".split()
)
"""Words at which the subject of a function's name ends."""

EVERYWHERE = frozenset(
    (
        "new len is_empty push pop insert remove get get_mut iter iter_mut into_iter next map clone "
        "contains extend clear as_ref as_mut as_str as_slice as_bytes to_string to_owned into from "
        "build write read flush first last take keys values entry sort unwrap expect and_then ok_or "
        "or_else fold filter find position min max parse name kind"
    ).split()
)
"""Methods that std types have too: a call of one says nothing about the types of the file."""
