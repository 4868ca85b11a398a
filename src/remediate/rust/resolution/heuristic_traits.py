"""The members of the trait that a name means, as far as the package's own text tells.

Of the standard library's traits by name: a heuristic, from the documentation of std 1.95, for code that is
not compiled (another cfg, a package with errors). Facts come first. A standard name that is not here counts
as no trait; a method missing here costs a compiler round (E0599), which ``split-file`` answers by giving
the import back.
"""

from collections.abc import Iterable

from remediate.rust.mentions.references import Space
from remediate.rust.resolution.names import trait_members
from remediate.rust.resolution.resolver import Meaning, Resolver
from remediate.rust.syntax.known_names import STANDARD_CRATES

_ITERATOR = (
    "next size_hint count last advance_by nth step_by chain zip intersperse map for_each filter "
    "filter_map enumerate peekable skip_while take_while map_while skip take scan flat_map flatten "
    "map_windows fuse inspect by_ref collect collect_into partition partition_in_place is_partitioned "
    "try_fold try_for_each fold reduce try_reduce all any find find_map try_find position rposition "
    "max min max_by_key max_by min_by_key min_by rev unzip copied cloned cycle array_chunks sum "
    "product cmp cmp_by partial_cmp partial_cmp_by eq eq_by ne lt le gt ge is_sorted is_sorted_by "
    "is_sorted_by_key Item next_chunk"
)
_TABLE = {
    "Any": "type_id",
    "AsFd": "as_fd",
    "AsHandle": "as_handle",
    "AsMut": "as_mut",
    "AsRawFd": "as_raw_fd",
    "AsRawHandle": "as_raw_handle",
    "AsRawSocket": "as_raw_socket",
    "AsRef": "as_ref",
    "AsSocket": "as_socket",
    "AsciiExt": "is_ascii to_ascii_uppercase to_ascii_lowercase eq_ignore_ascii_case make_ascii_uppercase",
    "Borrow": "borrow",
    "BorrowMut": "borrow_mut",
    "BufRead": "fill_buf consume has_data_left read_until skip_until read_line split lines",
    "BuildHasher": "build_hasher hash_one Hasher",
    "Binary": "fmt",
    "ChildExt": "main_thread_handle into_pidfd pidfd take_pidfd",
    "Clone": "clone clone_from",
    "CommandExt": (
        "uid gid groups pre_exec before_exec exec arg0 process_group chroot setsid creation_flags "
        "raw_arg show_window force_quotes async_pipes create_pidfd"
    ),
    "Concat": "concat",
    "Debug": "fmt",
    "Default": "default",
    "Deref": "deref Target",
    "DerefMut": "deref_mut",
    "DirBuilderExt": "mode",
    "DirEntryExt": "ino",
    "DirEntryExt2": "file_name_ref",
    "Display": "fmt",
    "DoubleEndedIterator": "next_back advance_back_by nth_back try_rfold rfold rfind",
    "Drop": "drop",
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
    "From": "from",
    "FromIterator": "from_iter",
    "FromRawFd": "from_raw_fd",
    "FromRawHandle": "from_raw_handle",
    "FromRawSocket": "from_raw_socket",
    "FromStr": "from_str Err",
    "Future": "poll Output",
    "GlobalAlloc": "alloc dealloc alloc_zeroed realloc",
    "Allocator": "allocate allocate_zeroed deallocate grow grow_zeroed shrink by_ref",
    "Hash": "hash hash_slice",
    "Hasher": (
        "finish write write_u8 write_u16 write_u32 write_u64 write_u128 write_usize write_i8 "
        "write_i16 write_i32 write_i64 write_i128 write_isize write_length_prefix write_str"
    ),
    "Index": "index Output",
    "IndexMut": "index_mut",
    "Into": "into",
    "IntoFuture": "into_future Output IntoFuture",
    "IntoIterator": "into_iter Item IntoIter",
    "IntoRawFd": "into_raw_fd",
    "IntoRawHandle": "into_raw_handle",
    "IntoRawSocket": "into_raw_socket",
    "IsTerminal": "is_terminal",
    "Iterator": _ITERATOR,
    "Join": "join",
    "LocalKey": "",
    "LowerExp": "fmt",
    "LowerHex": "fmt",
    "MetadataExt": (
        "dev ino mode nlink uid gid rdev size atime atime_nsec mtime mtime_nsec ctime ctime_nsec "
        "blksize blocks file_attributes creation_time last_access_time last_write_time file_size "
        "volume_serial_number number_of_links file_index change_time st_dev st_ino st_mode st_nlink "
        "st_uid st_gid st_rdev st_size st_atime st_atime_nsec st_mtime st_mtime_nsec st_ctime "
        "st_ctime_nsec st_blksize st_blocks as_raw_stat"
    ),
    "Octal": "fmt",
    "OpenOptionsExt": "mode custom_flags access_mode share_mode attributes security_qos_flags",
    "Ord": "cmp max min clamp",
    "OsStrExt": "from_bytes as_bytes encode_wide",
    "OsStringExt": "from_vec into_vec from_wide",
    "PartialEq": "eq ne",
    "PartialOrd": "partial_cmp lt le gt ge",
    "Pattern": "",
    "PermissionsExt": "mode set_mode from_mode",
    "Pointer": "fmt",
    "Product": "product",
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
    "Sum": "sum",
    "Termination": "report",
    "ToOwned": "to_owned clone_into Owned",
    "ToSocketAddrs": "to_socket_addrs Iter",
    "ToString": "to_string",
    "Try": "branch from_output Output Residual",
    "TryFrom": "try_from Error",
    "TryInto": "try_into Error",
    "UpperExp": "fmt",
    "UpperHex": "fmt",
    "Wake": "wake wake_by_ref",
    "Write": (
        "write write_vectored is_write_vectored flush write_all write_all_vectored write_fmt by_ref "
        "write_str write_char"
    ),
    "Add": "add Output",
    "AddAssign": "add_assign",
    "BitAnd": "bitand Output",
    "BitAndAssign": "bitand_assign",
    "BitOr": "bitor Output",
    "BitOrAssign": "bitor_assign",
    "BitXor": "bitxor Output",
    "BitXorAssign": "bitxor_assign",
    "Div": "div Output",
    "DivAssign": "div_assign",
    "Mul": "mul Output",
    "MulAssign": "mul_assign",
    "Neg": "neg Output",
    "Not": "not Output",
    "Rem": "rem Output",
    "RemAssign": "rem_assign",
    "Shl": "shl Output",
    "ShlAssign": "shl_assign",
    "Shr": "shr Output",
    "ShrAssign": "shr_assign",
    "Sub": "sub Output",
    "SubAssign": "sub_assign",
    "TcpStreamExt": "quickack set_quickack set_deferaccept deferaccept",
    "UnixSocketExt": "",
    "ThreadExt": "",
    "JoinHandleExt": "as_pthread_t into_pthread_t",
    "Extension": "",
    "CoerceUnsized": "",
    "StructuralPartialEq": "",
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
