"""Ways to write a stream in Rust, as values: the templates of ``templates/async/``, and what each needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_STREAM_EXT = "futures::StreamExt::next(&mut $stream).await"


@dataclass(frozen=True, slots=True)
class Crate:
    """A dependency that generated code needs: its features and the least version, as in a Cargo.toml."""

    name: str
    version: str
    features: tuple[str, ...] = ()
    path: str = ""

    @property
    def line(self) -> str:
        """Its line of a ``[dependencies]`` table."""
        where = f'path = "{self.path}"' if self.path else f'version = "{self.version}"'
        named = ", ".join(f'"{feature}"' for feature in self.features)
        return f"{self.name} = {{ {where}{f', features = [{named}]' if named else ''} }}"


@dataclass(frozen=True, slots=True)
class Backend:
    """One way to write a function that produces items.

    Attributes:
        name: What a user calls it; ``project:PATH`` for a project's own type, with what makes it.
        summary: One line for the list.
        runtime: What has to run: "tokio", or "any executor".
        needs: The crates of the generated code.
        blocking: Whether items come from blocking code rather than from a future.
        streams: Whether it hands items out one by one; the plain ``async fn`` does not.
        single: Whether it can be made of one future only, and so hands out one item.
        advance: The expression that waits for the next item of ``$stream``.
        values: What its templates take beside the function's own.
    """

    name: str
    summary: str
    runtime: str
    needs: tuple[Crate, ...] = ()
    blocking: bool = False
    streams: bool = True
    single: bool = False
    advance: str = _STREAM_EXT
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def template(self) -> str:
        """The template of a function that produces many items."""
        return f"async/{self.name.partition(':')[0]}.rs.j2"

    @property
    def is_stream(self) -> bool:
        """Whether its type implements ``Stream``: it has no ``next`` of its own."""
        return self.advance == _STREAM_EXT


@dataclass(frozen=True, slots=True)
class Producer:
    """What a stream function produces, as Rust text.

    Attributes:
        name, visibility, generics, parameters, docs: Of the function; the visibility ends with a blank.
        item, error: The types of ``Result<item, error>``.
        state: The expression that makes the producer; ``next`` uses it as ``state``.
        next: An expression of type ``Result<Option<item>, error>``, awaited where that is needed.
        capacity: How many items may wait.
        captures: The ``+ use<..>`` of the returned type, "" for none.
    """

    name: str
    item: str
    error: str
    state: str
    next: str
    parameters: str = ""
    visibility: str = "pub "
    generics: str = ""
    docs: tuple[str, ...] = ()
    capacity: int = 16
    captures: str = ""

    def values(self) -> dict[str, object]:
        """Return what the templates take."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


_FUTURES_CORE = Crate("futures-core", "0.3")
BACKENDS: tuple[Backend, ...] = (
    Backend(
        "plain",
        "a plain `async fn`: one value, or all items at once",
        "any executor",
        streams=False,
    ),
    Backend(
        "tokio-mpsc",
        "a task and a bounded tokio channel, as a ReceiverStream",
        "tokio",
        (
            Crate("tokio", "1", ("rt", "sync", "macros")),
            Crate("tokio-stream", "0.1"),
            _FUTURES_CORE,
        ),
    ),
    Backend(
        "tokio-blocking",
        "a thread of tokio's blocking pool and a bounded channel, for blocking code",
        "tokio",
        (Crate("tokio", "1", ("rt", "sync")), Crate("tokio-stream", "0.1"), _FUTURES_CORE),
        blocking=True,
    ),
    Backend(
        "async-stream",
        "try_stream!: lazy, no task, keeps `?`",
        "any executor",
        (Crate("async-stream", "0.3"), _FUTURES_CORE),
    ),
    Backend(
        "futures",
        "futures::stream::try_unfold: lazy, no task, no macro",
        "any executor",
        (Crate("futures", "0.3"),),
    ),
    Backend(
        "std",
        "a thread and a bounded channel that wakes its consumer; no dependency",
        "any executor",
        blocking=True,
        advance="$stream.next().await",
        values=MappingProxyType({"stream": "Items"}),
    ),
)


def project_backend(
    crate: Crate,
    stream: str,
    channel: str,
    refused: str,
    advance: str | None = None,
) -> Backend:
    """Return the backend of a project's own stream type that a channel feeds.

    Args:
        crate: Where it is defined.
        stream: The path of the type, without its item.
        channel: The expression that makes a sender and a stream.
        refused: The expression, over ``sender`` and ``produced``, that sends and is true once nobody listens.
        advance: See ``Backend``; the type is a ``Stream`` if this is None.
    """
    return Backend(
        f"project:{channel.partition('(')[0]}",
        f"the project's own {stream}",
        "tokio",
        (crate, Crate("tokio", "1", ("rt",))),
        advance=advance or _STREAM_EXT,
        values=MappingProxyType({"stream": stream, "channel": channel, "refused": refused}),
    )


def project_future_backend(crate: Crate, stream: str, once: str, advance: str | None = None) -> Backend:
    """Return the backend of a project's own stream type that is made of one future.

    Args:
        crate: Where it is defined.
        stream: The path of the type, without its item.
        once: The path of the function that makes it of a future.
        advance: See ``Backend``; the type is a ``Stream`` if this is None.
    """
    return Backend(
        f"project:{once}",
        f"the project's own {stream}, made of a future",
        "any executor",
        (crate,),
        single=True,
        advance=advance or _STREAM_EXT,
        values=MappingProxyType({"stream": stream, "once": once}),
    )
