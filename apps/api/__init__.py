"""The REST API of the review desk: what programs and the web page ask for, over HTTP."""
