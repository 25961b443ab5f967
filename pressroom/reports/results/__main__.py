"""Prints the JSON schema of `results.json`, to be published beside this package."""

import sys

from pressroom.reports.results.schema import schema_text

sys.stdout.write(schema_text())
