"""How much of a provider's allowed rate is used, and how many calls it refuses, by one process and by four."""
