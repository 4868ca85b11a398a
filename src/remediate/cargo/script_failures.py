"""Build scripts that fail: cargo tells of them on standard error alone, with what they printed last."""

import re
from dataclasses import dataclass, field

_FAILED = re.compile(r"error: failed to run custom build command for `(\S+)")
_STDERR = "--- stderr"
_BACKTRACE = "stack backtrace:"
_MOST_SAID = 300


@dataclass
class ScriptFailures:
    """Collects the failures of one run. Call ``line`` for each line of standard error.

    Attributes:
        said: What each script printed on standard error, by package.
    """

    said: dict[str, list[str]] = field(default_factory=dict)
    _package: str = ""
    _heard: bool = False

    def line(self, text: str) -> None:
        """Take one line: cargo indents what a script printed."""
        if found := _FAILED.match(text):
            self._package, self._heard = found[1], False
            self.said[found[1]] = []
        elif self._package and text.strip() == _STDERR:
            self._heard = True
        elif self._package and self._heard:
            self._printed(text)

    def _printed(self, text: str) -> None:
        if (text.strip() and not text.startswith("  ")) or text.strip() == _BACKTRACE:
            self._package = ""
        elif text.strip() and not text.strip().startswith("note: "):
            self.said[self._package].append(text.strip())

    @property
    def sentences(self) -> tuple[str, ...]:
        """A sentence for each script that failed, with the end of what it said."""
        return tuple(
            f"the build script of {package} fails: {' '.join(said[-2:])[-_MOST_SAID:]}".rstrip(": ")
            for package, said in sorted(self.said.items())
        )
