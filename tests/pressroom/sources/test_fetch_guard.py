"""A fetch never connects to what is not public: not at first, not behind a redirect, not when DNS changes its mind."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pressroom.errors import SourceForbidden, SourceUnreachable
from pressroom.sources.fetching import FetchLimits, Guard, fetch
from pressroom.sources.fetching.limits import resolve
from tests.pressroom.sources.outside import Outside, here_or_public, limits, only_here, page, redirect


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that a socket of this process was connected to."""
    found: list[Any] = []
    connect = socket.socket.connect

    def watched(self: socket.socket, address: Any) -> None:
        found.append(address[0])
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return found


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"])
def test_not_by_number(connected: list[Any], host: str) -> None:
    with pytest.raises(SourceForbidden, match="not on the public internet"):
        fetch(f"http://{host}:8080/")
    assert connected == []


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["fd00:ec2::254"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        ["2606:4700::1111%eth0"],
        ["not an address"],
    ],
)
def test_not_by_name(connected: list[Any], answers: list[str]) -> None:
    guard = Guard(resolve=lambda host, port: answers)
    with pytest.raises(SourceForbidden, match="not on the public internet") as refused:
        fetch("http://rebound.example/", limits=FetchLimits(guard=guard))
    assert connected == []
    assert "127" not in str(refused.value)  # what inner names resolve to is nobody's business


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://2130706433/",
        "http://localhost/",
        "http://metadata.google.internal/",
        "//192.168.1.1/",
        "http://inner.example/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://u:p@127.0.0.1/",
        "gopher://127.0.0.1:6379/_FLUSHALL",
    ],
)
def test_not_behind_a_redirect(outside: Outside, connected: list[Any], location: str) -> None:
    def names(host: str, port: int) -> Sequence[str]:
        return ["10.0.0.7"] if host == "inner.example" else ["127.0.0.1"]

    address = outside.on("/a", redirect(location))
    with pytest.raises(SourceForbidden):
        fetch(address, limits=limits(guard=Guard(is_allowed=only_here, resolve=names)))
    assert set(connected) == {"127.0.0.1"}
    assert outside.asked == ["/a"]


def test_the_message_names_both_ends_of_a_redirect(outside: Outside) -> None:
    address = outside.on("/a", redirect("http://10.0.0.1/inner?token=hidden")) + "?key=hidden"
    with pytest.raises(SourceForbidden) as refused:
        fetch(address, limits=limits())
    assert refused.value.message == (
        f"http://10.0.0.1/inner?token=***, where {outside.at('/a')}?key=*** leads, is not on the public internet."
    )


def test_a_name_is_resolved_once(outside: Outside, connected: list[Any]) -> None:
    """A name server that says something harmless first and an inner address next gets asked no second time."""
    asked: list[str] = []

    def changing(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    outside.on("/a", page("here"))
    address = outside.at("/a", host="rebound.example")
    content = fetch(address, limits=limits(guard=Guard(is_allowed=only_here, resolve=changing)))
    assert (content.data, asked, connected) == (b"here", ["rebound.example"], ["127.0.0.1"])
    assert outside.heard[0]["Host"] == f"rebound.example:{outside.server_port}"
    with pytest.raises(SourceForbidden):  # asked again, for another fetch: judged again
        fetch(address, limits=limits(guard=Guard(is_allowed=only_here, resolve=changing)))
    assert connected == ["127.0.0.1"]


def test_the_next_address_where_one_is_silent(outside: Outside) -> None:
    guard = Guard(is_allowed=lambda address: address.is_loopback, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    outside.on("/a", page("here"))
    assert fetch(outside.at("/a", host="twice.example"), limits=limits(guard=guard)).data == b"here"


def test_a_name_that_does_not_exist() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(SourceUnreachable, match="No host was found"):
        fetch("http://nowhere.example/", limits=limits(guard=Guard(resolve=unknown)))


def test_a_resolver_that_hangs_ends_with_the_total() -> None:
    stopped = threading.Event()

    def hanging(host: str, port: int) -> Sequence[str]:
        stopped.wait(5)
        return []

    begun = time.monotonic()
    with pytest.raises(SourceUnreachable, match="in time"):
        fetch("http://slow.example/", limits=limits(total=0.3, guard=Guard(resolve=hanging)))
    stopped.set()
    assert time.monotonic() - begun < 1


def test_the_systems_resolver() -> None:
    assert "127.0.0.1" in resolve("127.0.0.1", 80)


def test_the_certificate_is_that_of_the_name(outside: Outside, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(_certified(outside, tmp_path, "blog.example")))
    guard = Guard(is_allowed=here_or_public, resolve=lambda host, port: ["127.0.0.1"], tls=lambda: trusting)
    outside.on("/a", page("here"))
    assert fetch(outside.at("/a", "blog.example", "https"), limits=limits(guard=guard)).data == b"here"
    with pytest.raises(SourceUnreachable, match="certificate"):
        fetch(outside.at("/a", "other.example", "https"), limits=limits(guard=guard))
    with pytest.raises(SourceUnreachable, match="certificate"):  # by the authorities that ship: nobody knows it
        fetch(outside.at("/a", "blog.example", "https"), limits=limits())


def _certified(server: Outside, folder: Path, name: str) -> Path:
    """Give `server` a certificate for `name`, signed by itself; the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1, now, now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = folder / "server.pem"
    both.write_bytes(pem + plain)
    trusted = folder / "trusted.pem"
    trusted.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    server.secure(context)
    return trusted
