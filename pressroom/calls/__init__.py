"""The one door for everything that costs money: chain, ledger, budget, circuit, limits, deadlines, prices."""
