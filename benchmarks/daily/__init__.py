"""The daily run against a provider that answers after exactly one second, and beside plain asyncio and LangGraph."""
