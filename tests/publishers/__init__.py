"""Publishing, against what the platforms themselves have released: their SDKs, their schemas, a server of theirs."""
