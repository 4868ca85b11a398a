"""Where planned files and loose mentions belong: to their item's claims, or to those of a heading above."""

from collections.abc import Iterable

from remediate.audit.document import Mention
from remediate.audit.readers import plans
from remediate.audit.readers.drafts import Draft, Drafts, Planned, same_file
from remediate.audit.readers.wide import wide_rules
from remediate.audit.rules.catalog import rules_named
from remediate.model import PlannedModule

_SEARCHED = 100  # subjects of one item that are asked for the folder of a planned file


def place(result: Drafts, above: Iterable[Drafts]) -> None:
    """Give planned files and loose mentions to the item's own drafts, or to those of a section above it."""
    owners = [result, *above]
    home = next((owner for owner in owners if owner.subjects()), None)
    if home is None and wide_rules(result):
        home = result
    for planned in result.plan:
        path, note = planned.path, planned.note
        subject = _subject_of(planned, owners, home)
        name = plans.module_name(path, subject.path) if subject else ""
        if subject and same_file(subject.path, path):
            subject.path = max(subject.path, path, key=len)
        elif subject and name:
            subject.planned.append(PlannedModule(name, note))
        elif home:
            home.related.append(path)
        elif path.endswith(".rs"):
            result.add(Draft(path, planned.line, [note], new=True))
        else:
            result.loose.append(Mention("path", path, planned.line))
    _place_rest(result, home)


def _subject_of(planned: Planned, owners: list[Drafts], home: Drafts | None) -> Draft | None:
    for owner in owners:
        for subject in owner.subjects()[:_SEARCHED]:
            if plans.belongs(planned.path, subject.path):
                return subject
    if planned.path.lstrip("./").startswith("tests/"):
        return None
    alone = home.subjects() if home else []
    return alone[0] if len(alone) == 1 else planned.owner


def _place_rest(result: Drafts, home: Drafts | None) -> None:
    for found in result.pending:
        result.loosen(found, result.unit.line)
    result.pending = []
    if home is None and not result.drafts:
        _promote(result)
    if home or result.drafts:
        (home or result).related += [mention.text for mention in result.loose]
        result.loose = []


def _promote(result: Drafts) -> None:
    """Take the paths of a task's notes as accused when the task itself names none."""
    if not result.unit.entry and not (result.unit.number and rules_named(result.unit.title)):
        return
    for mention in list(result.loose):
        if mention.kind == "path" and "/" in mention.text.strip("./"):
            result.loose.remove(mention)
            result.known(mention.text) or result.add(Draft(mention.text, mention.audit_line))
