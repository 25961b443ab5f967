"""How long a person waits: for the help, for a first day of content in a fresh folder, and for a second one."""
