"""The ledger of publications: approval, moves, and the engine that brings each part out at most once."""
