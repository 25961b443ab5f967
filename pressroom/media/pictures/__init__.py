"""One photo in, the right picture for each platform out: intake, variants, their keys and a sheet to look at."""
