"""The same work done without Pressroom: needs the OpenAI SDK, and one module LangGraph; nothing of ours."""
