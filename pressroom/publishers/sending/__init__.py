"""The machinery that all publishers share: the interface, the way to the network, and the judgement of answers."""
