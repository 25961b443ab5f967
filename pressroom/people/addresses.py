"""E-mail addresses in the one form they are kept and compared in."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from pressroom.errors import WrongInput


def normal_address(email: str) -> str:
    """`email` in lower case, with its Unicode composed. No network look-up checks that the mailbox exists.

    Raises:
        WrongInput: `email` is not an e-mail address.
    """
    try:
        found = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise WrongInput("That is not an e-mail address.", hint="It looks like name@example.com.") from None
    return found.normalized.lower()
