"""The review desk: find, edit, compare, approve, reject, delete and rewrite drafts."""
