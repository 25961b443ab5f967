"""What the tests of the contracts share."""

from tests.fixtures.quick_ledger import ledger, ledger_file  # noqa: F401
