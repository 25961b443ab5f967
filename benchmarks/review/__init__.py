"""A morning of 15 drafts in a browser, in review mode and page by page: keystrokes, requests, bytes, seconds."""
