"""What the tests of the domain package share."""

from tests.fixtures.quick_ledger import ledger, ledger_file  # noqa: F401
