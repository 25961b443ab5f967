"""Speech: a text spoken by a voice, and when each of its words is heard."""
