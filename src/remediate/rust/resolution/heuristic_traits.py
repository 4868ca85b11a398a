"""The members of the trait that a name means, as far as the package's own text tells.

Of the standard library's traits by name: a heuristic, from the documentation of std 1.95, for code that is
not compiled (another cfg, a package with errors). Facts come first. A standard name that is not here counts
as no trait; a method missing here costs a compiler round (E0599), which ``split-file`` answers by giving
the import back.
"""

from collections.abc import Iterable

from remediate.rust.mentions.references import Space
from remediate.rust.resolution.names import snake, trait_members
from remediate.rust.resolution.resolver import Meaning, Resolver
from remediate.rust.syntax.known_names import STANDARD_CRATES, table

_ITERATOR = (
    "next size_hint count last advance_by nth step_by chain zip intersperse map for_each filter "
    "filter_map enumerate peekable skip_while take_while map_while skip take scan flat_map flatten "
    "map_windows fuse inspect by_ref collect collect_into partition partition_in_place is_partitioned "
    "try_fold try_for_each fold reduce try_reduce all any find find_map try_find position rposition "
    "max min max_by_key max_by min_by_key min_by rev unzip copied cloned cycle array_chunks sum "
    "product cmp cmp_by partial_cmp partial_cmp_by eq eq_by ne lt le gt ge is_sorted is_sorted_by "
    "is_sorted_by_key Item next_chunk"
)
# Traits whose one method has the trait's own name: `as_fd` of `AsFd`.
_NAMED_ALIKE = table("""
    AsFd AsHandle AsMut AsRawFd AsRawHandle AsRawSocket AsRef AsSocket Borrow BorrowMut Concat Default
    DerefMut Drop From FromRawFd FromRawHandle FromRawSocket IndexMut Into IntoRawFd IntoRawHandle
    IntoRawSocket IsTerminal Join Product Sum ToString
""")
_FORMATTING = table("Binary Debug Display LowerExp LowerHex Octal Pointer UpperExp UpperHex")
_OPERATORS = table("Add BitAnd BitOr BitXor Div Mul Rem Shl Shr Sub")
_WITHOUT_METHODS = table(
    "LocalKey Pattern UnixSocketExt ThreadExt Extension CoerceUnsized StructuralPartialEq"
)
_TABLE = {
    **{name: snake(name) for name in _NAMED_ALIKE},
    **dict.fromkeys(_FORMATTING, "fmt"),
    **dict.fromkeys(_WITHOUT_METHODS, ""),
    **{name: f"{name.lower()} Output" for name in _OPERATORS | {"Index", "Neg", "Not"}},
    **{f"{name}Assign": f"{name.lower()}_assign" for name in _OPERATORS},
    "Any": "type_id",
    "AsciiExt": "is_ascii to_ascii_uppercase to_ascii_lowercase eq_ignore_ascii_case make_ascii_uppercase",
    "BufRead": "fill_buf consume has_data_left read_until skip_until read_line split lines",
    "BuildHasher": "build_hasher hash_one Hasher",
    "ChildExt": "main_thread_handle into_pidfd pidfd take_pidfd",
    "Clone": "clone clone_from",
    "CommandExt": (
        "uid gid groups pre_exec before_exec exec arg0 process_group chroot setsid creation_flags "
        "raw_arg show_window force_quotes async_pipes create_pidfd"
    ),
    "Deref": "deref Target",
    "DirBuilderExt": "mode",
    "DirEntryExt": "ino",
    "DirEntryExt2": "file_name_ref",
    "DoubleEndedIterator": "next_back advance_back_by nth_back try_rfold rfold rfind",
    "Error": "source description cause provide",
    "ExactSizeIterator": "len is_empty",
    "ExitStatusExt": "from_raw signal core_dumped stopped_signal continued into_raw",
    "Extend": "extend extend_one extend_reserve",
    "FileExt": (
        "read_at read_vectored_at read_exact_at write_at write_vectored_at write_all_at read_buf_at "
        "seek_read seek_write"
    ),
    "FileTypeExt": "is_block_device is_char_device is_fifo is_socket is_symlink_dir is_symlink_file",
    "Fn": "call",
    "FnMut": "call_mut",
    "FnOnce": "call_once Output",
    "FromIterator": "from_iter",
    "FromStr": "from_str Err",
    "Future": "poll Output",
    "GlobalAlloc": "alloc dealloc alloc_zeroed realloc",
    "Allocator": "allocate allocate_zeroed deallocate grow grow_zeroed shrink by_ref",
    "Hash": "hash hash_slice",
    "Hasher": (
        "finish write write_u8 write_u16 write_u32 write_u64 write_u128 write_usize write_i8 write_i16 "
        "write_i32 write_i64 write_i128 write_isize write_length_prefix write_str"
    ),
    "IntoFuture": "into_future Output IntoFuture",
    "IntoIterator": "into_iter Item IntoIter",
    "Iterator": _ITERATOR,
    "MetadataExt": (
        "dev ino mode nlink uid gid rdev size atime atime_nsec mtime mtime_nsec ctime ctime_nsec blksize "
        "blocks file_attributes creation_time last_access_time last_write_time file_size "
        "volume_serial_number number_of_links file_index change_time st_dev st_ino st_mode st_nlink "
        "st_uid st_gid st_rdev st_size st_atime st_atime_nsec st_mtime st_mtime_nsec st_ctime "
        "st_ctime_nsec st_blksize st_blocks as_raw_stat"
    ),
    "OpenOptionsExt": "mode custom_flags access_mode share_mode attributes security_qos_flags",
    "Ord": "cmp max min clamp",
    "OsStrExt": "from_bytes as_bytes encode_wide",
    "OsStringExt": "from_vec into_vec from_wide",
    "PartialEq": "eq ne",
    "PartialOrd": "partial_cmp lt le gt ge",
    "PermissionsExt": "mode set_mode from_mode",
    "RangeBounds": "start_bound end_bound contains is_empty",
    "Read": (
        "read read_vectored is_read_vectored read_to_end read_to_string read_exact read_buf "
        "read_buf_exact by_ref bytes chars chain take read_array"
    ),
    "Seek": "seek rewind stream_len stream_position seek_relative",
    "SliceIndex": "get get_mut get_unchecked get_unchecked_mut index index_mut Output",
    "SliceConcatExt": "concat join connect",
    "SocketAddrExt": "from_pathname from_abstract_name as_abstract_name",
    "Step": (
        "steps_between forward forward_checked backward backward_checked forward_unchecked backward_unchecked"
    ),
    "Termination": "report",
    "ToOwned": "to_owned clone_into Owned",
    "ToSocketAddrs": "to_socket_addrs Iter",
    "Try": "branch from_output Output Residual",
    "TryFrom": "try_from Error",
    "TryInto": "try_into Error",
    "Wake": "wake wake_by_ref",
    "Write": (
        "write write_vectored is_write_vectored flush write_all write_all_vectored write_fmt by_ref "
        "write_str write_char"
    ),
    "TcpStreamExt": "quickack set_quickack set_deferaccept deferaccept",
    "JoinHandleExt": "as_pthread_t into_pthread_t",
}

HEURISTIC_STANDARD_TRAITS = {name: frozenset(members.split()) | {"?"} for name, members in _TABLE.items()}
"""Members by trait name; "?" is among them so that no trait looks like a plain type."""

# Macros that call methods of a trait in scope without naming the trait.
MACRO_METHODS = {"write": "write_fmt", "writeln": "write_fmt"}


def heuristic_members(path: tuple[str, ...]) -> frozenset[str] | None:
    """Return the members of the trait an import from another crate may be: none if it is no trait."""
    if path and path[0] in STANDARD_CRATES:
        return HEURISTIC_STANDARD_TRAITS.get(path[-1], frozenset())
    name = path[-1] if path else ""
    lower = name[:1].islower() or (name.isupper() and len(name) > 1)
    return frozenset() if lower else None


def members_of(resolver: Resolver, meaning: Meaning) -> frozenset[str] | None:
    """Return the members of the trait that is meant: none if it is no trait, None where that is unknown.

    Of several that may be meant those of all.
    """
    home, meaning = resolver.at_home(meaning)
    if meaning.choices:
        return _of_all(heuristic_members(path) for _, path in meaning.choices)
    if meaning.outside:
        return heuristic_members(meaning.path)
    definitions = home.definitions_of(meaning)
    if not (meaning.known or definitions or home.modules_of(meaning)):
        return None
    if any(not d.sure and d.space is Space.TYPE for _, d in definitions):
        return None  # a macro made it, and it is no function or struct
    traits = ((m, d.item) for m, d in definitions if d.item.kind == "trait")
    return _of_all(trait_members(home.package.source(module.file), item) for module, item in traits)


def _of_all(found: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    every: frozenset[str] = frozenset()
    for members in found:
        if members is None:
            return None
        every |= members
    return every
