"""Write the parts of the documents that follow from the code: `make docs`. A test fails when they are stale.

A generated part stands between ``<!-- generated: NAME -->`` and ``<!-- end of NAME -->``.
"""

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from inspect import cleandoc
from pathlib import Path

import click
import msgspec

from remediate.audit.constraints import CHECKED
from remediate.audit.rules.catalog import RULES
from remediate.audit.rules.documentation import DOCUMENTATION
from remediate.cli.app import remediate
from remediate.cli.commands import COMMANDS
from remediate.contract import codemod_for, codemods, own_gates
from remediate.options import described, takes
from remediate.proofs import Proof, Proofs
from remediate.verify.report import GATES, Level
from remediate.workflow.reasons import reasons_of, workflow_reasons
from remediate.workflow.sources.settings import FixerSettings

ROOT = Path(__file__).parents[1]
SCHEMA = "docs/remediate.schema.json"
DOCUMENTS = (
    "docs/configuration.md",
    "docs/writing-a-codemod.md",
    "README.md",
    "ARCHITECTURE.md",
    "docs/commands.md",
    "docs/external-fixers.md",
    "docs/reasons.md",
    "docs/rules.md",
)


def main() -> None:
    """Bring every document up to date."""
    for name in DOCUMENTS:
        path = ROOT / name
        path.write_text(filled(path.read_text("utf-8")), "utf-8")
    (ROOT / SCHEMA).write_text(schema(), "utf-8")


def filled(text: str) -> str:
    """Return a document with its generated parts written anew.

    Raises:
        KeyError: A part's name is unknown.
    """

    def part(match: re.Match[str]) -> str:
        return f"{match[1]}\n{PARTS[match[2]]().strip()}\n\n{match[3]}"

    return re.sub(r"(<!-- generated: (\w+) -->).*?(<!-- end of \2 -->)", part, text, flags=re.DOTALL)


def _options() -> str:
    """The options of every codemod: key, what it takes, default, and what it does."""
    tables = []
    for name, codemod in codemods().items():
        rows = (
            (f"`{o.key}`", takes(o), f"`{_toml(o.default)}`", o.sentence)
            for o in described(codemod.OPTIONS)
            if o.settled
        )
        tables.append(f"### [{name}]\n\n{_table(('key', 'takes', 'default', 'what it does'), rows)}\n")
    return "\n".join(tables)


def _fixers() -> str:
    """The keys of a fixer's table."""
    kinds = msgspec.json.schema(FixerSettings)["$defs"]["FixerSettings"]["properties"]
    rows = ((f"`{key}`", about["description"]) for key, about in kinds.items())
    return _table(("key", "what it says"), rows)


def _toml(value: object) -> str:
    return json.dumps(value)


def _example() -> str:
    """The codemod that a test installs from a wheel, with its manifest."""
    folder = ROOT / "tests" / "wheel_codemod"
    manifest, code = folder / "pyproject.toml", folder / "src" / "take_default" / "__init__.py"
    texts = (("toml", manifest), ("python", code))
    return "\n\n".join(f"```{kind}\n{file.read_text('utf-8').strip()}\n```" for kind, file in texts)


def schema() -> str:
    """Return the JSON schema of ``remediate.toml``."""
    tables = {name: msgspec.json.schema(codemod.OPTIONS) for name, codemod in codemods().items()}
    found: dict[str, object] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "remediate.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "verify": {"enum": [*Level], "default": "standard"},
            "templates": {"type": "string", "description": "A folder of the workspace with templates."},
            "audit": {"type": "object", "description": "What the scanner looks at."},
            "constraints": {
                "type": "object",
                "description": "What changed code is held to.",
                "additionalProperties": False,
                "properties": {name: {"description": f"{shows}."} for name, shows in CHECKED.items()},
            },
            "fixers": {"type": "object", "description": "External fixers, a table each."},
        },
    }
    properties: dict[str, object] = found["properties"]  # type: ignore[assignment]
    for name, table in tables.items():
        (own,) = table["$defs"].values()
        for option in described(codemods()[name].OPTIONS):
            if not option.settled:
                del own["properties"][option.key]
        properties |= {name: own | {"additionalProperties": False}}
        for key, value in own["properties"].items():
            properties.setdefault(key, value)
    return json.dumps(found, indent=2, sort_keys=True, default=list) + "\n"


def _commands() -> str:
    """The table of commands, in the order of use."""
    return _table(("command", "what it does"), ((f"`{name}`", row.line) for name, row in COMMANDS.items()))


def _reference() -> str:
    """Every command with its usage, its help and its options."""
    return "\n".join(line for name in ("", *COMMANDS) for line in _command(name))


def _command(name: str) -> Iterator[str]:
    context = click.Context(remediate, info_name="remediate", **remediate.context_settings)
    command: click.Command = remediate
    if name:
        command = remediate.get_command(context, name) or remediate
        context = click.Context(command, info_name=name, parent=context)
    yield from (
        f"\n## {context.command_path}\n",
        f"    {_usage(command, context)}\n",
        _unwrapped(command.help),
        *([f"\n{_unwrapped(command.epilog)}"] if command.epilog else []),
    )
    records = [record for p in command.get_params(context) if (record := p.get_help_record(context))]
    yield from ("", *(f"- `{option}` {text}".rstrip() for option, text in records), "")


def _usage(command: click.Command, context: click.Context) -> str:
    return " ".join([context.command_path, *command.collect_usage_pieces(context)])


def _unwrapped(text: str | None) -> str:
    """Return a docstring's paragraphs on one line each; one that begins with click's mark stays as it is."""
    paragraphs = cleandoc((text or "").split("\f")[0]).split("\n\n")
    return "\n\n".join(_verbatim(p) if p.startswith("\b") else " ".join(p.split()) for p in paragraphs)


def _verbatim(paragraph: str) -> str:
    """Return a heading and what is indented below it, as code."""
    heading, *rest = paragraph.removeprefix("\b\n").splitlines()
    return "\n".join((heading, "", *(f"    {line.strip()}" for line in rest)))


def _codemods() -> str:
    """The table of codemods: what they take and how far they may be trusted."""
    rows = (
        (
            f"`{name}`",
            codemod.DESCRIPTION,
            ", ".join(f"`{rule}`" for rule in codemod.RULES),
            str(codemod.SAFETY),
            _promised(codemod.PROOFS),
        )
        for name, codemod in codemods().items()
    )
    return _table(("codemod", "what it does", "rules", "safety", "may alter beyond moving"), rows)


def _promised(proofs: Proofs) -> str:
    """What may differ: constructs where text moves, and what a change has to declare."""
    moves = [f.name for f in fields(proofs.moves) if getattr(proofs.moves, f.name)]
    declared = [f.name for f in fields(proofs) if getattr(proofs, f.name) is Proof.DECLARED]
    return ", ".join(moves) + (f"; as declared: {', '.join(declared)}" if declared else "")


def _workflow_reasons() -> str:
    """What the workflow's own reason codes mean."""
    rows = ((f"`{reason.code}`", reason.outcome, reason.meaning) for reason in workflow_reasons())
    return _table(("reason", "outcome", "what it means"), rows)


def _reasons() -> str:
    """One table per codemod: why it leaves something alone."""
    tables = []
    for name, codemod in codemods().items():
        rows = ((f"`{code}`", text) for code, text in sorted(reasons_of(codemod).items()))
        tables.append(f"## {name}\n\n{_table(('reason', 'what it means'), rows)}\n")
    return "\n".join(tables)


def _rules() -> str:
    """What an audit can accuse a file of, and who fixes it."""
    rows = (
        (
            f"`{rule.id}`",
            rule.title,
            str(rule.severity),
            f"`{fixer}`" if (fixer := codemod_for(rule.id)) else "",
        )
        for rule in RULES
    )
    return _table(("rule", "what it says", "severity", "codemod"), rows)


def _rule_documentation() -> str:
    """What, why, an example, how it is fixed and when the rule is wrong, for each rule of our own scanner."""
    sections = (
        f"### {rule.id}\n\n{DOCUMENTATION[rule.id].markdown()}" for rule in RULES if rule.id in DOCUMENTATION
    )
    return "\n".join(sections)


def _gates() -> str:
    """Every gate, what it shows, and the faults that were put there to see it say no."""
    faults: dict[str, list[str]] = {}
    for gate, verdict, fault in seeded_faults():
        faults.setdefault(gate, []).append(f"{fault}: {verdict}")
    every = GATES | {g: text for codemod in codemods().values() for g, text in own_gates(codemod).items()}
    rows = ((gate, text, "; ".join(sorted(set(faults.get(gate, []))))) for gate, text in every.items())
    return _table(("gate", "passes where", "seeded faults, and what the gate says of each"), rows)


def seeded_faults() -> Iterator[tuple[str, str, str]]:
    """Yield each ``@pytest.mark.seeded`` of the tests: the gate, its verdict, the fault."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.seeded":
                    gate, verdict, fault = (ast.literal_eval(argument) for argument in mark.args)
                    yield gate, verdict, fault


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


PARTS: dict[str, Callable[[], str]] = {
    "codemods": _codemods,
    "example": _example,
    "fixers": _fixers,
    "constraints": lambda: _table(
        ("name", "what the check shows"), ((f"`{n}`", w) for n, w in CHECKED.items())
    ),
    "options": _options,
    "commands": _commands,
    "gates": _gates,
    "reasons": _reasons,
    "reference": _reference,
    "rule_documentation": _rule_documentation,
    "rules": _rules,
    "workflow_reasons": _workflow_reasons,
}

if __name__ == "__main__":
    main()
