"""A reel of 30 seconds and 4 scenes: seconds over its length, peak memory, size; beside the same film by moviepy.

`python -m benchmarks film`; `--moviepy` makes it with moviepy as well, in an environment of its own.
"""
