"""The little tree that data/harbour.md speaks of."""

from pathlib import Path

from remediate.audit.document import AuditDocument
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree

AUDIT = Path(__file__).parent / "data" / "harbour.md"

FILES = {
    "packages/pilot/src/tides.rs": """\
use tokio::task;

pub async fn tides(day: Day) -> Table {
    // moved down by the import above
    task::spawn_blocking(move || table(day)).await.unwrap()
}
""",
    "packages/pilot/src/lock.rs": """\
pub fn open(gate: Gate) {
    // A gate opens slowly.
    futures::executor::block_on(gate.open());
}

/// Closes the gate; block_on would stall here.
/// (so block_on is not used)
pub fn close() {}

#[cfg(test)]
mod tests {
    #[test]
    fn opens() {}
}
""",
    "packages/pilot/src/chart.rs": "pub struct Depth;\n" * 24,
    "packages/pilot/src/lib.rs": "mod chart;\nmod lock;\nmod tides;\n\n// a hack: see workspace-hack\n",
    "packages/berth/src/lib.rs": '// block_on is called nowhere\npub const NAME: &str = "block_on";\n'
    "// TODO: harbour dues\n// TODO(ines): the rest\n",
    "packages/berth/src/toll.rs": """\
pub fn toll(ship: &Ship) -> u32 {
    7 // placeholder
}

pub fn refund() {}

pub fn yearly() -> u32 {
    // For now the same for all.
    12
}
""",
    "packages/berth/src/notes.rs": "pub struct Note;\n",
}


def document() -> AuditDocument:
    return read(AUDIT.read_bytes(), AUDIT.name)


def tree() -> Tree:
    files = {path: text.encode() for path, text in FILES.items()}
    packages = {"packages/pilot": "pilot", "packages/berth": "harbour-berth"}
    return Tree(files, frozenset({"Cargo.toml"}), packages)
