"""What a body does: nothing, a constant, its input, an imitation, a refusal, or work."""

import pytest

from remediate.audit.markers.constants import Known
from remediate.audit.markers.deeds import Deed, deed

_INPUTS = Known(frozenset({b"self", b"text", b"count"}))


@pytest.mark.parametrize(
    ("body", "does"),
    [
        ("", Deed.NOTHING),
        ("let _ = (text, count);", Deed.NOTHING),
        ('info!("called");', Deed.NOTHING),
        ("for one in &self.all { let _unused = one.len(); }", Deed.NOTHING),
        ("0.5", Deed.CONSTANT),
        ("return Ok(());", Deed.CONSTANT),
        ("let found = Vec::new();\nOk(found)", Deed.CONSTANT),
        ('warn!("no");\nReport { seen: 0, errors: Vec::new(), name: "".to_string() }', Deed.CONSTANT),
        ("Box::pin(async move { Ok(()) })", Deed.CONSTANT),
        ("1024 * 1024", Deed.CONSTANT),
        ("Ok(text.clone())", Deed.INPUT),
        ("text", Deed.INPUT),
        ("thread::sleep(Duration::from_millis(10));\nOk(())", Deed.IMITATION),
        ("tokio::time::sleep(PAUSE).await;\ntext", Deed.IMITATION),
        ("Err(Error::NotImplemented)", Deed.REFUSAL),
        ('bail!("not yet")', Deed.REFUSAL),
        ("todo!()", Deed.EXPLICIT),
        ("let mut sum = 0;\nfor n in text.iter() { sum += n; }\nsum", Deed.WORK),
        ("self.seen += 1;\nOk(())", Deed.WORK),
        ("self.name.clone()", Deed.WORK),
        ('format!("", text)', Deed.WORK),
        ("while queue.pop().is_some() {}", Deed.WORK),
        ("let _ = sender.send(text);", Deed.WORK),
        ("let _guard = self.lock.lock();", Deed.WORK),
        ("match count { 0 => {} _ => go() }", Deed.WORK),
        ("Instant::now()", Deed.WORK),
    ],
)  # fmt: skip
def test_deeds(body: str, does: Deed) -> None:
    assert deed(body.encode(), _INPUTS) is does


def test_a_text_around_the_input_is_canned_only_where_a_word_says_so() -> None:
    body = b'Ok(vec![format!("", text)])'
    assert deed(body, _INPUTS) is Deed.WORK
    assert deed(body, _INPUTS._replace(canned=True)) is Deed.INPUT
