"""Wrapper scripts between cargo and rustc or rustdoc, for what only a nightly switch gives.

RUSTC_BOOTSTRAP set for the whole of cargo would rebuild every dependency whose build script looks at it,
and build some of them differently. Set here, it reaches the workspace's own crates and nothing else.
"""

import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from remediate.errors import ToolError

# The arguments of a second compilation, of which the script keeps the crate's name and the output's folder.
_ARGUMENTS = """\
previous=
for argument do
    shift
    case "$previous" in
    --crate-name) name=$argument ;;
    --out-dir) folder=$argument ;;
    esac
    previous=$argument
    case "$argument" in
    extra-filename=*) more=${argument#extra-filename=} ;;
    incremental=*) argument=INCREMENTAL ;;
    --emit=* | --error-format=* | --json=* | --diagnostic-width=*) continue ;;
    esac
    set -- "$@" "$argument"
done
"""
# The compilation that counts is the user's own, unchanged; MIR comes from a second one behind it. That one
# may fail once the MIR is written: checked dependencies have no MIR of their own, which generating code
# would need. One that died has written a part: a constant of usize::MAX elements is written out until no
# memory is left, the user's other programs' included, so there is less for it.
# cargo's questions for versions and cfgs go through the wrapper too, and pass unchanged.
_MIR = """#!/bin/sh
case " $* " in
*" --crate-name ___ "* | *" --crate-name build_script_"*) exec "$@" ;;
*" --crate-name "*) ;;
*) exec "$@" ;;
esac
"$@" || exit $?
ARGUMENTSrm -f "$folder/$name$more.mir"
ulimit -v MEMORY 2>/dev/null
RUSTC_BOOTSTRAP=1 "$@" --emit=mir="$folder/$name$more.mir" \
    -Z trim-diagnostic-paths=no -Z no-codegen -Z ub-checks=no --cap-lints allow >/dev/null 2>&1
test $? -le 1 || rm -f "$folder/$name$more.mir"
exit 0
"""
# The unit that is asked about carries a mark. It is not compiled, only looked at, twice at the same time;
# what rustc prints counts if it ended well. A unit of tests, whose dependencies are built for the tests
# anyway, is looked at as a library or program where its tests are not wanted: they can be most of it.
_FACTS = """#!/bin/sh
case " $* " in
*" metadata=remediate-facts-"*) ;;
*) exec "$@" ;;
esac
for argument do
    shift
    case "$argument" in
    incremental=*) argument=debuginfo=0 ;;
    --test) test -z "$REMEDIATE_CRATE_TYPE" || argument=--crate-type=$REMEDIATE_CRATE_TYPE ;;
    --emit=* | --error-format=* | --json=* | --diagnostic-width=*) continue ;;
    esac
    set -- "$@" "$argument"
done
ulimit -v MEMORY 2>/dev/null
print() {
    RUSTC_BOOTSTRAP=1 "$@" -Zunpretty="$kind" --cap-lints allow >"$REMEDIATE_FACTS/$kind.new" 2>/dev/null \\
        && mv "$REMEDIATE_FACTS/$kind.new" "$REMEDIATE_FACTS/$kind" || rm -f "$REMEDIATE_FACTS/$kind.new"
}
kind=hir-tree print "$@" &
kind=thir-flat print "$@"
wait
exit 0
"""
_MOST = 8 << 30
_EXPANSION = """#!/bin/sh
case " $* " in
*" -Zunpretty=expanded "*) RUSTC_BOOTSTRAP=1 exec "$@" ;;
*) exec "$@" ;;
esac
"""
# The compilation that counts is unchanged here as well; the expansion of units of tests comes from a second
# one behind it. Both folder and names are in the script: tests may look at the environment they run in.
_EXPANSIONS = """#!/bin/sh
case " $* " in
NAMED) ;;
*) exec "$@" ;;
esac
"$@" || exit $?
ARGUMENTSfile=$0.made/$name$more.rs
RUSTC_BOOTSTRAP=1 "$@" -Zunpretty=expanded -o "$file" --cap-lints allow >/dev/null 2>&1 || rm -f "$file"
exit 0
"""
_RUSTDOC = """#!/bin/sh
RUSTC_BOOTSTRAP=1 exec rustdoc "$@"
"""
# cargo may print what is unstable, rustc is asked as it is for any build.
_PRINTING = """#!/bin/sh
unset RUSTC_BOOTSTRAP
exec "$@"
"""


def mir_wrapper(folder: Path) -> dict[str, str]:
    """Return the variables that put the MIR of a workspace's own crates beside what is compiled of them.

    Paths in it are full ones.

    Raises:
        ToolError: There is no shell to run the script.
    """
    _need_shell()
    arguments = _ARGUMENTS.replace("INCREMENTAL", "$argument-mir")
    text = _MIR.replace("ARGUMENTS", arguments).replace("MEMORY", str(_memory() // 1024))
    return {"RUSTC_WORKSPACE_WRAPPER": _script(folder / "remediate-mir", text)}


def expansion_wrapper(folder: Path) -> dict[str, str]:
    """Return the variables that let one compilation write its expansion. Raises as ``mir_wrapper``.

    cargo builds nothing anew because of it: only a wrapper of workspace members is part of what it compares.
    """
    _need_shell()
    return {"RUSTC_WRAPPER": _script(folder / "remediate-expansion", _EXPANSION)}


def expansions_wrapper(folder: Path, crates: Collection[str]) -> tuple[str, Path]:
    """Return a wrapper that also expands the units of tests of some crates, and the folder it writes to.

    The folder is emptied: all that is there after a run is from that run. To be set in cargo's configuration,
    where no test sees it. Raises as ``mir_wrapper``.
    """
    _need_shell()
    named = " | ".join(f'*" --crate-name {name} "*" --test "*' for name in sorted(crates))
    arguments = _ARGUMENTS.replace("INCREMENTAL", "debuginfo=0")
    text = _EXPANSIONS.replace("ARGUMENTS", arguments).replace("NAMED", named)
    script = _script(folder / "remediate-expansions", text)
    made = Path(f"{script}.made")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    return script, made


def rustdoc_wrapper(folder: Path) -> dict[str, str]:
    """Return the variables that let rustdoc use its unstable options. Raises as ``mir_wrapper``."""
    _need_shell()
    return {"RUSTDOC": _script(folder / "remediate-rustdoc", _RUSTDOC)}


def printing_wrapper(folder: Path) -> dict[str, str]:
    """Return the variables that let cargo print what rustc says of a target. Raises as ``mir_wrapper``."""
    _need_shell()
    return {"RUSTC_BOOTSTRAP": "1", "RUSTC_WRAPPER": _script(folder / "remediate-printing", _PRINTING)}


def facts_wrapper(folder: Path, printed: Path, crate_type: str) -> dict[str, str]:
    """Return the variables that let rustc print what it knows of marked units into a folder.

    Units of tests are read as crates of this type, without ``cfg(test)``; "" leaves them what they are.

    Raises:
        ToolError: There is no shell to run the script.
    """
    _need_shell()
    text = _FACTS.replace("MEMORY", str(_memory() // 1024))
    script = _script(folder / "remediate-facts", text)
    settings = {"REMEDIATE_FACTS": str(printed), "REMEDIATE_CRATE_TYPE": crate_type}
    return {"RUSTC_WORKSPACE_WRAPPER": script, **settings}


def _memory() -> int:
    """Return how many bytes the compilation that writes MIR may take."""
    return min(_MOST, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4)


def wrappers_of_the_user(environment: Mapping[str, str], root: Path) -> tuple[str, ...]:
    """Return where the user asks for a compiler wrapper: names of variables and of configuration files."""
    named = (
        n for n, value in sorted(environment.items()) if n.endswith("_WRAPPER") and "RUSTC" in n and value
    )
    home = Path(environment.get("CARGO_HOME") or Path.home() / ".cargo")
    folders = (home, *(folder / ".cargo" for folder in (root, *root.parents)))
    files = (folder / name for folder in folders for name in ("config.toml", "config"))
    asking = (str(file) for file in files if file.is_file() and b"wrapper" in file.read_bytes())
    return (*named, *asking)


def has_shell() -> bool:
    """Whether there is a shell to run the scripts."""
    return Path("/bin/sh").exists()


def _need_shell() -> None:
    if not has_shell():
        raise ToolError("there is no /bin/sh for the compiler wrapper", "Use --verify standard.")


def _script(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)
        path.chmod(0o755)
    return str(path)
