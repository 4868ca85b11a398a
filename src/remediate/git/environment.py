"""The environment git runs in: what redirects it away from the repository at hand is taken out."""

import os

# Who commits, how to reach and to trust: the user's own choices. Everything else that begins with GIT_
# (GIT_DIR, GIT_INDEX_FILE, ... as set inside a hook) would make git work on something else than it is told.
_KEPT = (
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_DATE",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_DATE",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_ASKPASS",
    "GIT_EXEC_PATH",
)
_KEPT_BEGINNINGS = ("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_PYTHON_")

ADDED = {
    # `git status` would otherwise refresh, and so write, the user's index.
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "true",
}


def of_user() -> dict[str, str]:
    """Return what undoes this door's own settings, for commands that run the user's hooks."""
    return {name: os.environ.get(name, "") for name in ("LC_ALL", "LANGUAGE")} | {"GIT_OPTIONAL_LOCKS": "1"}


def clean() -> None:
    """Take the variables out of this process's environment, so that cargo and build scripts run clean too."""
    for name in [name for name in os.environ if name.startswith("GIT_") and not _is_kept(name)]:
        del os.environ[name]


def _is_kept(name: str) -> bool:
    return name in _KEPT or name.startswith(_KEPT_BEGINNINGS)
