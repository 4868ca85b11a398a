"""What a body does: nothing, a constant, its input, an imitation, a refusal, or work."""

import pytest

from remediate.audit.markers.behavior import Behavior, behavior
from remediate.audit.markers.constants import Known

_INPUTS = Known(frozenset({b"self", b"text", b"count"}))


@pytest.mark.parametrize(
    ("body", "does"),
    [
        ("", Behavior.NOTHING),
        ("let _ = (text, count);", Behavior.NOTHING),
        ('info!("called");', Behavior.NOTHING),
        ("for one in &self.all { let _unused = one.len(); }", Behavior.NOTHING),
        ("0.5", Behavior.CONSTANT),
        ("return Ok(());", Behavior.CONSTANT),
        ("let found = Vec::new();\nOk(found)", Behavior.CONSTANT),
        ('warn!("no");\nReport { seen: 0, errors: Vec::new(), name: "".to_string() }', Behavior.CONSTANT),
        ("Box::pin(async move { Ok(()) })", Behavior.CONSTANT),
        ("1024 * 1024", Behavior.CONSTANT),
        ("Ok(text.clone())", Behavior.INPUT),
        ("text", Behavior.INPUT),
        ("thread::sleep(Duration::from_millis(10));\nOk(())", Behavior.IMITATION),
        ("tokio::time::sleep(PAUSE).await;\ntext", Behavior.IMITATION),
        ("Err(Error::NotImplemented)", Behavior.REFUSAL),
        ('bail!("not yet")', Behavior.REFUSAL),
        ("todo!()", Behavior.EXPLICIT),
        ("let mut sum = 0;\nfor n in text.iter() { sum += n; }\nsum", Behavior.WORK),
        ("self.seen += 1;\nOk(())", Behavior.WORK),
        ("self.name.clone()", Behavior.WORK),
        ('format!("", text)', Behavior.WORK),
        ("while queue.pop().is_some() {}", Behavior.WORK),
        ("let _ = sender.send(text);", Behavior.WORK),
        ("let _guard = self.lock.lock();", Behavior.WORK),
        ("match count { 0 => {} _ => go() }", Behavior.WORK),
        ("Instant::now()", Behavior.WORK),
    ],
)  # fmt: skip
def test_deeds(body: str, does: Behavior) -> None:
    assert behavior(body.encode(), _INPUTS) is does


def test_a_text_around_the_input_is_canned_only_where_a_word_says_so() -> None:
    body = b'Ok(vec![format!("", text)])'
    assert behavior(body, _INPUTS) is Behavior.WORK
    assert behavior(body, _INPUTS._replace(canned=True)) is Behavior.INPUT


@pytest.mark.parametrize("code", ["out.extend(&0u32.to_be_bytes());", 'out.write(b"").await?;\nOk(true)'])
def test_what_is_written_out_whatever_is_asked_is_canned_where_a_word_says_so(code: str) -> None:
    idle = {Behavior.NOTHING, Behavior.CONSTANT}
    assert behavior(code.encode(), _INPUTS) is not Behavior.NOTHING
    assert behavior(code.encode(), _INPUTS._replace(canned=True)) in idle


def test_what_counts_or_writes_its_input_out_is_work() -> None:
    canned = _INPUTS._replace(canned=True)
    assert behavior(b"out.remove(0);", canned) is Behavior.WORK
    assert behavior(b'out.push("", text);', canned) is Behavior.WORK
