"""The door for assistants: the Model Context Protocol over stdio and HTTP, onto routes of the API."""
