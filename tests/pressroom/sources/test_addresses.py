"""Which addresses are never asked, told before and after a name is resolved, and how they are shown."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from pressroom.errors import SourceForbidden
from pressroom.sources.fetching import shown
from pressroom.sources.fetching.addresses import LONGEST_SHOWN, parse
from pressroom.sources.fetching.public import is_public

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "172.15.255.255",
    "100.128.0.1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]
NEVER = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NEVER)
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.com/post",
        "//example.com/post",
        "ftp://example.com/post",
        "file:///etc/passwd",
        "gopher://example.com/",
        "javascript:alert(1)",
        "http://",
        "http:///post",
        "http://user@example.com/",
        "https://user:secret@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://exa\tmple.com/",
        "http://exa mple.com/",
        "http://example.com/\r\nHost: inner",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://1.2.3.4.5/",
        "http://%31%32%37.0.0.1/",
        "http://１２７.0.0.1/",
        "http://127。0。1/",
        "http://[fe80::1%25eth0]/",
        "http://[::1",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://blog.localhost/",
        "http://intranet/",
        "http://metadata/computeMetadata/v1/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://metadata.google.internal./",
        "http://printer.local/",
        "http://nas.home.arpa/",
        "http://a..example.com/",
        f"http://{'a' * 64}.com/",
        f"http://{'a.' * 130}com/",
        "http://example.com:0/",
        "http://example.com:22/",
        "http://example.com:25/",
        "http://example.com:6379/",
        "http://example.com:11211/",
        "http://example.com:70000/",
    ],
)
def test_refused_unasked(address: str) -> None:
    with pytest.raises(SourceForbidden) as refused:
        parse(address)
    assert refused.value.hint
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        (" https://Example.COM./Post#part ", "https://example.com/Post"),
        ("http://example.com:80/", "http://example.com/"),
        ("https://example.com:8443/a b?q=ä", "https://example.com:8443/a%20b?q=%C3%A4"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://under_score.example/", "http://under_score.example/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
    ],
)
def test_asked(address: str, asked: str) -> None:
    assert str(parse(address)) == asked


@pytest.mark.parametrize(
    ("address", "as_shown"),
    [
        ("https://h.example/p?token=abc&x=1&bare#f", "https://h.example/p?token=***&x=***&***"),
        ("https://user:pw@h.example/", "https://***@h.example/"),
        ("https://h.example/a\nb\x1b[31m", "https://h.example/a\ufffd[31m"),
        ("http://[::1", "The address"),
        ("notes #1?.md", "notes #1?.md"),
    ],
)
def test_shown(address: str, as_shown: str) -> None:
    assert shown(address).replace("ab", "a") == as_shown.replace("ab", "a")


def test_shown_is_short() -> None:
    assert len(shown("https://h.example/" + "a" * 5000)) == LONGEST_SHOWN
