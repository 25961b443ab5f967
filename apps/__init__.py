"""People use these: the command line, the API and the web page."""
