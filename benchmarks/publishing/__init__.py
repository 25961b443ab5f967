"""1,000 due publications over ten platforms whose calls take 20 ms: rows a second, memory, and how late the last is.

Beside them, in the same run: the bare requests that those publications made, by the same number of threads.
"""
