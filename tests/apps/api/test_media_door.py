"""Files as platforms fetch them: without a sign-in, by a signed address, and nothing else."""

from __future__ import annotations

from starlette.testclient import TestClient

from pressroom.model import AssetKind, Medium
from pressroom.publishers.ledger.door import path_of


def test_a_platform_fetches_one_file_by_its_address(client: TestClient) -> None:
    desk = client.app.state.desk  # type: ignore[attr-defined]
    desk.store.put("attachments/w/1.jpg", b"\xff\xd8\xff")
    medium = Medium(position=0, kind=AssetKind.PICTURE, key="attachments/w/1.jpg", sha256="0" * 64, size=3,
                    media_type="image/jpeg")  # fmt: skip
    path = path_of(desk.vault, medium)
    found = client.get(path)
    assert (found.status_code, found.content, found.headers["content-type"]) == (200, b"\xff\xd8\xff", "image/jpeg")
    assert client.head(path).status_code == 200
    gone = path_of(desk.vault, medium.model_copy(update={"key": "attachments/w/2.jpg"}))
    for wrong in (gone, path.replace("/media/", "/media/x"), "/media/a.b/file.jpg"):
        assert client.get(wrong).status_code == 404, wrong
        assert client.head(wrong).status_code == 404, wrong
