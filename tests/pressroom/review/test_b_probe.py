from collections import Counter
import test_review_machine as t
def test_probe(desk, operators, monkeypatch):
    c = Counter()
    for name in ("edit", "_worded", "_changed", "_moved", "write_anew", "a_draft", "it_is_as_it_should_be"):
        pass
    old = t.Desk._moved
    def moved(self, name, to, age):
        before = self.state, self.deleted, len(self.now().violations)
        old(self, name, to, age)
        c[(str(before), str(to), str(self.state))] += 1
    monkeypatch.setattr(t.Desk, "_moved", moved)
    import pressroom.store.approvals as a
    v = a.void
    def void(session, content, because):
        c["void " + because] += 1
    monkeypatch.setattr(a, "void", void)
    try:
        t.test_nothing_illegal_happens(desk, operators)
    finally:
        for k, n in c.items(): print(n, k)
