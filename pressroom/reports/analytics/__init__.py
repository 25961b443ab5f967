"""Results of posts as pure functions over snapshots, publications and costs; `docs/results.md` has the formulas."""
