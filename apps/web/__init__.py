"""The review desk's pages: server-rendered, with htmx where a part of a page is enough."""
