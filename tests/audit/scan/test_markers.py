# ruff: noqa: E501 - a table of one-line sources reads best with one case a line
"""Markers of unfinished code, told from nouns, and what the code beside them does."""

import pytest

from remediate.audit.markers.detect import is_noun, markers
from remediate.audit.scan.inspect import inspect
from remediate.rust.syntax.outline import Outline

_RULES = {"todo-marker", "placeholder", "temporary-code", "hack", "shim", "legacy"}


def _kinds(text: str) -> list[tuple[str, str]]:
    return [(p.rule, p.kind) for p in inspect(text.encode()).places if p.rule in _RULES]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fn f() -> u8 {\n    // TODO: ask the server\n    0\n}", ("todo-marker", "stub")),
        ("fn f() {\n    // TODO\n}", ("todo-marker", "stub")),
        ("fn f() {\n    //TODO: no blank\n    g();\n}", ("todo-marker", "remark")),
        ("fn f() {\n    // FIXME: slow\n    go(x)\n}", ("todo-marker", "remark")),
        ("fn f() {\n    go(x); // XXX: why?\n}", ("todo-marker", "remark")),
        ("fn f() -> R {\n    // TODO: export\n    Err(Error::Unsupported)\n}", ("todo-marker", "honest-error")),
        ("#[allow(dead_code)] // TODO: use it\nstruct S;", ("todo-marker", "dead-code")),
        ("fn f() -> f64 {\n    // Placeholder implementation\n    0.5\n}", ("placeholder", "stub")),
        ("fn f() {\n    // Simulate network latency\n    sleep(x)\n}", ("placeholder", "simulation")),
        ('fn f() {\n    bail!("export is not implemented")\n}', ("placeholder", "honest-error")),
        ('fn f() -> String {\n    "mock response".to_string()\n}', ("placeholder", "stub")),
        ("fn f() -> bool {\n    // For now we accept any token.\n    true\n}", ("temporary-code", "stub")),
        ("fn f() {\n    // In a real implementation this would retry\n    go()\n}", ("temporary-code", "remark")),
        ("fn f() {\n    // temporary fix until 2.0\n    go()\n}", ("temporary-code", "remark")),
        ("// HACK: order matters\nfn f() { go() }", ("hack", "remark")),
        ("/// Kept for backward compatibility.\npub use a as b;", ("legacy", "remark")),
        ("// Shim until the API is stable\nfn f() { go() }", ("shim", "remark")),
        ("fn f() {\n    g();\n    if x {\n        // TODO\n    }\n}", ("todo-marker", "stub")),
        ("fn f() {\n    if x { go() } else {\n        // TODO: y\n        false\n    }\n}", ("todo-marker", "stub")),
        ("fn f() {\n    match a {\n        B => {\n            // TODO: b\n            false\n        }\n        C => g(),\n    }\n}", ("todo-marker", "stub")),
        ("fn f() {\n    match a {\n        C => g(),\n        // Ignored for now.\n        B { x, .. } => false,\n    }\n}", ("temporary-code", "stub")),
        ("fn f() {\n    match a {\n        B => {} // TODO: b\n        C => g(),\n    }\n}", ("todo-marker", "stub")),
        ("fn f() {\n    match a {\n        B => Kind::X, // TODO: Y?\n        C => g(),\n    }\n}", ("todo-marker", "remark")),
        ("fn f() {\n    match a {\n        B => g(), // TODO: faster\n        C => false,\n    }\n}", ("todo-marker", "remark")),
        ("fn f() {\n    match a {\n        // TODO: faster\n        B => g(),\n        C => false,\n    }\n}", ("todo-marker", "remark")),
        ("fn f() {\n    match a {\n        // TODO: b\n        Err(_) if x() => g(),\n        C => false,\n    }\n}", ("todo-marker", "remark")),
        ("fn f() {\n    match a {\n        // TODO: b\n        Ok(_) => Err(Unsupported),\n    }\n}", ("todo-marker", "honest-error")),
        ("fn f() {\n    g(\n        x,\n        None, // TODO: two\n    )\n}", ("todo-marker", "remark")),
        ("fn f() {\n    g(S {\n        // TODO: count\n        seen: HashMap::new(),\n    })\n}", ("todo-marker", "remark")),
        ("trait T: U {\n    // TODO: methods\n}", ("todo-marker", "stub")),
        ("trait T: U {\n    // TODO: more methods\n    fn f();\n}", ("todo-marker", "remark")),
        ("fn f() {\n    g(S {\n        // TODO: fields\n    })\n}", ("todo-marker", "remark")),
        ("fn f() {\n    let x = if a { go() } else { 0 }; // TODO: why?\n    g(x)\n}", ("todo-marker", "remark")),
        ("fn f() {\n    // In a real **X** implementation this would retry\n    go()\n}", ("temporary-code", "remark")),
        ("fn f() {\n    // In a real world deployment we would shard.\n    go()\n}", ("temporary-code", "remark")),
        ("fn f(x: u8) {\n    g();\n    match x {\n        // Would vote in production\n        1 => {}\n        _ => g(),\n    }\n}", ("temporary-code", "stub")),
        ("fn f(g: &Graph) -> Graph {\n    if g.whole() {\n        return g.cut();\n    }\n    // For now, return original graph\n    g.clone()\n}", ("temporary-code", "stub")),
        ('fn f(q: &str) -> Vec<String> {\n    // In a real system this would search\n    vec![format!("{q}", q)]\n}', ("temporary-code", "stub")),
        ('fn f() {\n    // For now, just log\n    info!("f");\n}', ("temporary-code", "stub")),
        ('fn f() {\n    if let Err(e) = g() {\n        // TODO: retry\n        error!("{e}");\n    }\n    g();\n}', ("todo-marker", "remark")),
        ("fn f() -> usize {\n    g();\n    let total = 0; // Placeholder\n    h(total)\n}", ("placeholder", "stub")),
        ("fn f() {\n    let mut total = 0; // TODO: u128\n    g(&mut total);\n}", ("todo-marker", "remark")),
        ("/// Stub implementation without the feature\n#[cfg(not(x))]\nimpl S {\n    fn f() -> R { Err(E::Off) }\n    fn g() -> R { Err(E::Off) }\n}", ("placeholder", "honest-error")),
        ("// TODO: remove with #12\n#[allow(dead_code)]\nfn f() { g() }", ("todo-marker", "dead-code")),
        ("// Placeholder implementation\n#[allow(dead_code)]\nfn f() -> u8 { 0 }", ("placeholder", "stub")),
        ("fn f() {\n    // FIXME: not needed?\n    // old(x);\n    g();\n}", ("todo-marker", "dead-code")),
        ("struct S {\n    _placeholder: (),\n}", ("placeholder", "stub")),
        ("// the provider shim\nfn f() -> u8 { 0 }", ("shim", "stub")),
        ("fn f(x: &S) -> R<()> {\n    let _placeholder = x;\n    Ok(())\n}", ("placeholder", "stub")),
        ('/// Legacy format, with a comma.\n#[must_use]\n#[deprecated(note = "")]\nfn f() { go() }', ("legacy", "remark")),
        ("// Stub macros for the web\nmacro_rules! info {\n    ($($arg:tt)*) => {{}};\n}", ("placeholder", "stub")),
        ("impl S {\n    // FIXME: as default() does?\n    pub fn new() -> Self {\n        Self { on: true, most: 3 }\n    }\n}", ("todo-marker", "remark")),
        ("impl<T> S<T> {\n    // TODO: take flags\n    fn open(_flags: u8) -> S<T> {\n        S { on: true }\n    }\n}", ("todo-marker", "remark")),
        ("impl S {\n    // TODO: detect\n    fn find(&self) -> S {\n        S { on: true }\n    }\n}", ("todo-marker", "stub")),
        ("impl S {\n    // TODO: detect\n    fn find() -> Option<S> {\n        None\n    }\n}", ("todo-marker", "stub")),
        ("impl S {\n    // Placeholder implementation\n    fn new() -> Self {\n        Self { on: true }\n    }\n}", ("placeholder", "stub")),
        ("trait T {\n    // TODO: ask the system\n    fn on(&self) -> bool {\n        true\n    }\n}", ("todo-marker", "stub")),
        ("fn f(x: *mut S) {\n    g();\n    unsafe { *x = Default::default() }; // TODO\n    h();\n}", ("todo-marker", "stub")),
        ("fn f() {\n    match a {\n        B => (), // TODO: b\n        C => g(),\n    }\n}", ("todo-marker", "stub")),
        ("// TODO: the web\nimpl T for S {\n    fn f(&self) -> u8 {\n        unimplemented!()\n    }\n}", ("todo-marker", "stub")),
        ("// @todo more of it\nfn f() { go() }", ("todo-marker", "remark")),
        ("/// Lists.\n///  - @TODO: limit it\nfn f() { go() }", ("todo-marker", "remark")),
        ("fn f(x: &str) -> R<()> {\n    if x.is_empty() {\n        return Err(E::Empty);\n    }\n    // In a real implementation this would send it\n    Ok(())\n}", ("temporary-code", "stub")),
        ("fn f(x: &str) -> R<()> {\n    if x.is_empty() {\n        send(x);\n    }\n    // In a real implementation this would send it\n    Ok(())\n}", ("temporary-code", "remark")),
        ("/// Runs it (simulating real work)\nfn f() { go() }", ("placeholder", "simulation")),
        ("fn f() {\n    // In production the caller would give them\n    go()\n}", ("temporary-code", "remark")),
        ("async fn f(x: &str) -> R<String> {\n    g();\n    // In production this would ask the server\n    sleep(Duration::from_millis(50)).await;\n    Ok(h(x))\n}", ("temporary-code", "simulation")),
        ("fn f(x: &str) -> f64 {\n    g(x);\n    // In a real system this would be measured\n    let load = rand::random::<f64>();\n    load\n}", ("temporary-code", "simulation")),
        ('fn f(&self, _id: &str) -> R<Seen> {\n    self.count();\n    // In production this would query the server\n    let mut seen = Seen::open();\n    seen.put("cpu", 0.7);\n    Ok(seen)\n}', ("temporary-code", "simulation")),
        ("fn f(&self, id: &str) -> R<Seen> {\n    self.count();\n    // In production this would query the server\n    let mut seen = Seen::open();\n    seen.put(id, 0.7);\n    Ok(seen)\n}", ("temporary-code", "simulation")),
        ("fn f(&self, id: &str) -> R<Seen> {\n    // In production this would query the server again\n    let seen = self.query(id);\n    Ok(seen)\n}", ("temporary-code", "remark")),
        ("fn f(&self, id: &str) -> R<Seen> {\n    // Would make the actual HTTP call here\n    let seen = self.known(id);\n    Ok(seen)\n}", ("temporary-code", "simulation")),
        ("fn f(&self, id: &str) -> bool {\n    // Full implementation would look at the sensor\n    self.known(id)\n}", ("temporary-code", "remark")),
        ("fn f(&self, id: &str) -> Vec<u8> {\n    // This would need the sensor\n    Vec::new()\n}", ("temporary-code", "stub")),
        ("fn f(&self, id: &str) -> Vec<u8> {\n    // For now, fill in sample values\n    self.known(id)\n}", ("temporary-code", "simulation")),
        ("fn f(&self) -> Map {\n    // Simulate the conditions\n    let mut found = Map::new();\n    for one in &self.all {\n        found.insert(one, true);\n    }\n\n    found\n}", ("placeholder", "simulation")),
        ("fn f(_model: &str) -> Vec<Rule> {\n    // For now, the basic rules\n    let mut found = Vec::new();\n    found.push(Rule::new(A));\n    found\n}", ("temporary-code", "stub")),
        ("/// Placeholder for running it.\nfn f(&self, a: u8) -> R<()> {\n    if !self.on {\n        return Ok(());\n    }\n    eprintln!();\n    Ok(())\n}", ("placeholder", "stub")),
        ("/// Placeholder executor.\npub struct Executor {\n    rest: (),\n}", ("placeholder", "stub")),
        ("const KEY: &[u8] = &[\n    // Placeholder key\n    0x00, 0x01,\n];", ("placeholder", "stub")),
        ("fn f(&self) -> Option<Key> {\n    go();\n    if self.ad {\n        // For now, there is none\n        return None;\n    }\n    self.key()\n}", ("temporary-code", "stub")),
        ("fn f(&self) {\n    // Send it (replace with the actual client)\n    go()\n}", ("temporary-code", "remark")),
        ("fn f(&self) {\n    go();\n    if !kept {\n        // Storage not implemented yet.\n    }\n}", ("placeholder", "stub")),
        ("fn f(&self, of: &E) {\n    go();\n    if let E::Column { name, .. } = of {\n        // We would need the table in a real implementation\n    }\n}", ("temporary-code", "stub")),
        ('fn f(&self) -> R<Info> {\n    // In a real implementation this would be read\n    Ok(Info { name: "x".to_string(), until: Utc::now().timestamp() + (365 * 86400) })\n}', ("temporary-code", "stub")),
        ('fn f(&self, key: &K) -> R<P> {\n    go(key);\n    // Just a fixed stub value\n    Ok(Some(P::new("x").expect("x")))\n}', ("placeholder", "stub")),
        ("fn f(&self) -> Option<M> {\n    None // todo\n}", ("todo-marker", "stub")),
        ("fn f(x: &str) -> Sent {\n    // Simulate successful delivery\n    Sent {\n        success: true,\n        status: 200,\n    }\n}", ("placeholder", "simulation")),
        ("fn f(x: &str) -> R<bool> {\n    // Simulate success\n    Ok(true)\n}", ("placeholder", "stub")),
        ("fn f(&mut self, x: &str) -> R<()> {\n    // Simulate sending\n    self.sent += 1;\n    Ok(())\n}", ("placeholder", "simulation")),
        ("fn f(&mut self, x: &str) -> R<()> {\n    for y in x {\n        if let Ok(_) = g(y) {\n            self.sent += 1024; // Placeholder\n        }\n    }\n    Ok(())\n}", ("placeholder", "stub")),
        ('fn f(x: &R) -> E<()> {\n    let text = x.export()?;\n    // In a real system this would be sent\n    info!("to send: {}", text);\n    Ok(())\n}', ("temporary-code", "stub")),
        ('fn f(x: &R) -> E<String> {\n    let text = x.export()?;\n    // In a real system this would be sent\n    info!("to send: {}", text);\n    Ok(text.done())\n}', ("temporary-code", "remark")),
        ("fn f(_all: &[String]) -> Vec<C> {\n    // For now, return basic ones\n    vec![C::required(K::Name), C::most(K::Name, 3)]\n}", ("temporary-code", "stub")),
        ("fn f(_all: &[String]) -> R<Vec<C>> {\n    // For now, return what the disk has\n    fs::read(PATH)?\n}", ("temporary-code", "remark")),
        ("fn f(_x: &C) -> R<()> {\n    // This is a placeholder for enrichment\n    Ok(())\n}", ("placeholder", "stub")),
        ("/// Simulated training without the feature.\nfn train(data: &[f32]) -> Vec<f32> {\n    let mut loss = 2.5;\n    data.iter().map(|_| { loss *= 0.97; loss }).collect()\n}", ("placeholder", "simulation")),
        ("/// Stub when the feature is off.\npub fn f() {\n}", ("placeholder", "stub")),
        ("/// Fetches it (simulated)\nfn f(x: &str) -> R<()> {\n    self.add(x)\n}", ("placeholder", "simulation")),
        ("fn f(x: R) -> P {\n    g(S {\n        next: String::new(), // TODO: Implement paging\n    })\n}", ("todo-marker", "stub")),
        ("fn f(x: R) -> u8 {\n    // TODO: needed (if at all), drop\n    g(x)\n}", ("todo-marker", "remark")),
        ("// TODO: say why\n//pub(crate) trait T {\n//    fn f(x: &X) -> R<Self>;\n//}\nfn g() { go() }", ("todo-marker", "dead-code")),
        ("fn f(x: &V) {\n    // This is a placeholder for more checks\n    go(x)\n}", ("placeholder", "remark")),
        ("#[cfg(test)]\nmod t {\n    // TODO: more\n    fn f() {}\n}", ("todo-marker", "test")),
        ('fn f(x: &U) -> R<String> {\n    go(x)?;\n    // For now, return it as it came, and say so\n    if x.odd() {\n        warn!("odd");\n    }\n    Ok(x.to_string())\n}', ("temporary-code", "stub")),
        ("fn f(x: &U) -> R<String> {\n    go(x)?;\n    // For now, return it as it came, and say so\n    if x.odd() {\n        mend(x);\n    }\n    Ok(x.to_string())\n}", ("temporary-code", "remark")),
        ("fn f(x: &U) -> bool {\n    match x.next() {\n        A => {\n            if x.ends() {\n                return true;\n            }\n            // More of it for now is taken as a match\n            return true;\n        }\n        B => go(x),\n    }\n}", ("temporary-code", "stub")),
        ("fn f(x: &U) -> R<Vec<S>> {\n    if let Some(one) = g(x) {\n        if one.whole {\n            return Ok(one.all());\n        }\n        // A loop: return nothing for now\n        return Ok(Vec::new());\n    }\n    go(x)\n}", ("temporary-code", "stub")),
        ('fn f(x: &U) -> R<()> {\n    go(x)?;\n    // In production, this is sent\n    info!("to send");\n    Ok(())\n}', ("temporary-code", "stub")),
        ('fn f(x: &U) -> R<()> {\n    go(x)?;\n    // Simulated figures\n    println!("  Size: {}", "23.5 GB");\n    println!("  Used: {}", "47%");\n    Ok(())\n}', ("placeholder", "simulation")),
        ('fn f(x: &U) -> R<()> {\n    g(x).map_err(|e| E {\n        at: "0.0.0.0:0".parse().unwrap(), // Placeholder\n        e,\n    })?;\n    Ok(())\n}', ("placeholder", "stub")),
        ("fn f() -> R<Vec<D>> {\n    // In a real implementation this would ask the system\n    Ok(vec![D { can: Can::most(16, 76), used: 0 }])\n}", ("temporary-code", "stub")),
        ('async fn f(w: &mut W, x: &str) -> R<bool> {\n    match x {\n        "TLS" => {\n            // Mock TLS implementation: accept, and go on\n            w.write(b"220 Ready").await?;\n            Ok(true)\n        }\n        _ => go(x),\n    }\n}', ("placeholder", "stub")),
        ("fn f(x: U) {\n    // FIXME: the macro does not compile\n    let s = match x {\n        A(v) => g(v),\n        _ => Err(Error::Unsupported)?,\n    };\n    go(s)\n}", ("todo-marker", "remark")),
        ('trait T {\n    /// The default returns a "not implemented" error.\n    fn f(&self, x: U) -> R<()> {\n        let _ = x;\n        Err(E::memory(x))\n    }\n}', ("placeholder", "honest-error")),
        ("trait T {\n    /// Returns an error. To write it would show it to all.\n    fn f(&self, x: U) -> R<()> {\n        Err(E::new(x))\n    }\n}", ("temporary-code", "honest-error")),
        ("fn f(x: Option<S>) -> R<()> {\n    if let Some(s) = x {\n        // Schemas are not supported yet\n        return Err(E::Parse(s));\n    }\n    go()\n}", ("placeholder", "honest-error")),
        ("fn f(&self, _x: &P) -> R<U> {\n    // This would call: T::new().trace(x)\n    Err(E::NotThere)\n}", ("temporary-code", "honest-error")),
        ("fn f(&self, x: &U) -> f64 {\n    // In a real implementation, this would ask the sensor\n    50.0 + x.load * 0.3\n}", ("temporary-code", "simulation")),
        ("fn f(&self, x: &U) -> f64 {\n    // In a real implementation, this would ask the sensor\n    x.base + x.load * x.rate\n}", ("temporary-code", "remark")),
        ("// Stub: generated for builds without it.\nmacro_rules! check {\n    () => {{}};\n    ($x:expr) => {{ let _ = &$x; }};\n}", ("placeholder", "stub")),
        ("fn f(x: &U) {\n    // Ideally, we would do this in place\n    go(x.copy())\n}", ("temporary-code", "remark")),
        ("fn f(x: &U) -> u8 {\n    // Simple mock: based on overlap\n    go(x)\n}", ("placeholder", "remark")),
        ("/// A copy of the state (branching is not implemented).\nfn f(x: &U) -> u8 {\n    go(x)\n}", ("placeholder", "remark")),
        ("trait T {\n    fn f(&self) -> Option<U> {\n        None // default for backward compatibility\n    }\n}", ("legacy", "stub")),
        ("impl S {\n    fn new() -> Self {\n        Self {\n            on: false, // Off by default for backward compatibility\n        }\n    }\n}", ("legacy", "remark")),
    ],
)  # fmt: skip
def test_markers(text: str, expected: tuple[str, str]) -> None:
    assert _kinds(text) == [expected]


def test_what_a_function_says_of_itself_holds_for_its_other_comments() -> None:
    text = "fn f() -> C {\n    // In a real system this would ask\n    let id = next();\n    // Simulate three hops\n    C { id, hops: hops(3) }\n}"
    assert _kinds(text) == [("temporary-code", "simulation"), ("placeholder", "simulation")]


def test_what_a_function_says_inside_holds_for_its_documentation() -> None:
    text = "/// In a real implementation, this would:\n/// 1. Train\nfn f(&mut self) -> R<()> {\n    for e in 0..self.most {\n        // Simulate loss decrease\n        self.record(1.0 / e as f32);\n    }\n    Ok(())\n}"
    assert _kinds(text) == [("temporary-code", "simulation"), ("placeholder", "simulation")]


@pytest.mark.parametrize(
    "comment",
    [
        "// writes to a temporary directory", "// Shimmer is a voice", "// see workspace-hack", "/// The legacy index format.",
        "/// Replaces each SQL placeholder.", "// the `todo` macro", "// todo!() is no comment", "// mock_server is a crate",
        "// https://x.y/TODO/z", "// en este caso, todo va bien", "/// Starts the mock server.", "// stub_resolver",
        "// a dummy dense transition so that no state is empty", "// 0xXXX", "/// the value is simulated by the loop",
        "/// ```\n/// // TODO: in an example\n/// ```", "// Foo::PLACEHOLDER is kept", "// deprecated since 1.0",
        "/// Legacy format, with a comma.", "// GPT-3.5 (legacy)", "// Workspace hack", "// the provider shim", "// Gosper's hack: next combination",
        "// the placeholder for what the user types, `{}`, is used",
        "// only explicit\n// legacy registry rows go on", "// Legacy decimal zones hold values",
        "// Simulates the economy of the nodes:", "/// Dry run (simulate publish)", "// production is where it runs", "// temporarily removed from the map",
    ],
)  # fmt: skip
def test_nouns_identifiers_and_examples_are_none(comment: str) -> None:
    assert _kinds(f"{comment}\nfn f() {{ go() }}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "fn f(&self) -> bool {\n    // Always there (shows placeholder)\n    true\n}",
        "impl B for MockBackend {\n    fn f(&self) {\n        // Mock backend is synchronous, nothing to wait for\n    }\n}",
        "fn f(x: &U) -> R<()> {\n    if x.long() {\n        // one more would not fit\n        return Err(E::Full);\n    }\n    go(x)\n}",
        "fn f(x: &U) -> Option<u8> {\n    match x {\n        A => go(),\n        B => None, // not supported\n    }\n}",
        "fn f(x: &U) {\n    // Implement the sums for dummy types\n    go(x)\n}",
        "fn f(&mut self) -> Option<M> {\n    // Simulate a priority channel: only the last message counts.\n    if self.ends() {\n        value = self.last();\n    }\n    value\n}",
        "fn f(&self) -> E {\n    // For tools that know no fences, we simulate the effect of one.\n    let now = self.epoch.load(ORDER);\n    fence(now)\n}",
        "/// Simulate memory pressure\nfn simulate_pressure(mb: usize) {\n    let _memory = vec![0; mb];\n}",
        "/// Placeholder text of a field.\npub struct Text {\n    value: String,\n}",
        "fn simulate_loss() {\n    // Simulate a decline of 34 %\n    shocks.insert(id, -0.34);\n}",
        "fn f() {\n    // The value is given, rather than hardcoded.\n    go()\n}",
        "fn f(&self) -> R<Option<u8>> {\n    if self.odd {\n        // So that the real one surfaces instead of a fake\n        // empty rowset.\n        return Ok(None);\n    }\n    go()\n}",
        "/// Every code with its template, fields as\n/// placeholders shown literally.\nfn all() -> Vec<&str> {\n    vec![A, B]\n}",
    ],
)
def test_what_is_meant_to_be_so_is_none(text: str) -> None:
    assert _kinds(text) == []


@pytest.mark.parametrize(
    "text", ['fn f() { css(".x::placeholder"); }', 'fn f() { set("placeholder-text", x); }', "fn todo() {}"]
)
def test_strings_and_names_are_none(text: str) -> None:
    assert _kinds(text) == []


def test_reader_and_scanner_agree_on_a_type_that_holds_nothing() -> None:
    for body, noun in (("_placeholder: (),", False), ("value: u8,", True)):
        outline = Outline(f"/// Placeholder executor.\npub struct Executor {{\n    {body}\n}}\n".encode())
        assert is_noun(outline, "placeholder", 4) is noun
        assert any(one.start == 4 for one in markers(outline)) is not noun
