"""The block for telling people: whatever Apprise speaks."""

from __future__ import annotations

from prefect.blocks.core import Block
from pydantic import Field, SecretStr


class Notifier(Block):
    """Addresses that are told about runs: e-mail, Slack, webhooks and the rest of Apprise."""

    _block_type_name = "Notifier"
    _block_type_slug = "pressroom-notifier"
    _description = "Apprise addresses, e.g. slack://token or json://host/path."

    urls: list[SecretStr] = Field(default=[], description="Apprise addresses; they hold secrets.")

    def tell(self, title: str, body: str) -> bool:
        """Send to every address; False when one of them did not take it (or can't be understood)."""
        if not self.urls:
            return True
        import apprise  # 150 ms

        sender = apprise.Apprise()
        understood = [sender.add(url.get_secret_value()) for url in self.urls]
        return all(understood) and bool(sender.notify(title=title, body=body))
