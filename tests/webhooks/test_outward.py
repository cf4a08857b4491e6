"""The guard on every request of ours: private addresses in any dress, names that change their mind, limits."""

import asyncio
import socket
import ssl
from datetime import timedelta
from email.utils import format_datetime

import pytest

from fadeno.kit import clock, outward
from tests.webhooks.endpoint import happen, receiving, subscribe, subscription, working

PRIVATE = """
0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8
192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1
255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::a00:1 64:ff9b::7f00:1 64:ff9b:1::1
100::1 2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1
""".split()  # noqa: SIM905
PUBLIC = "1.1.1.1 8.8.8.8 172.32.0.1 193.0.0.1 2606:4700::1111 2a00::1 ::ffff:8.8.8.8 64:ff9b::808:808".split()  # noqa: SIM905


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_of_the_public_internet_are_known(address):
    assert not outward.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_let_through(address):
    assert outward.is_public(address)


def names(monkeypatch, table: dict[str, list[list[str]]]) -> list[str]:
    """Names stand for these addresses, another list at each look; what was asked."""
    asked: list[str] = []

    def look(host, port, **how):
        asked.append(host)
        answers = table[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(outward.socket, "getaddrinfo", look)
    return asked


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "0x7f.0.0.1", "2130706433", "017700000001", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_no_dress_of_this_machine_is_reached(receiver, host):
    async with outward.client() as http:
        port = receiver.url.split(":")[2].split("/")[0]
        answer = await outward.post(http, f"http://{host}:{port}/hook", b"{}", {})
    assert answer.status is None
    assert receiver.got == []


async def test_a_name_with_one_private_address_is_refused(receiver, monkeypatch):
    names(monkeypatch, {"two.example": [["93.184.216.34", "127.0.0.1"]]})
    async with outward.client() as http:
        answer = await outward.post(http, receiver.url.replace("127.0.0.1", "two.example"), b"{}", {})
    assert "127.0.0.1, which is not a public address" in answer.error
    assert receiver.got == []


async def test_a_name_is_looked_up_once_and_the_connection_goes_where_was_looked(receiver, monkeypatch):
    asked = names(monkeypatch, {"rebind.example": [["127.0.0.1"], ["10.0.0.1"]]})
    async with outward.client(allow_private=True) as http:
        answer = await outward.post(http, receiver.url.replace("127.0.0.1", "rebind.example"), b"{}", {})
    assert answer.status == 204
    assert asked == ["rebind.example"]
    assert receiver.got[0][0]["host"].startswith("rebind.example:")


async def test_the_next_address_is_tried_when_one_does_not_answer(receiver, monkeypatch):
    names(monkeypatch, {"two.example": [["127.0.0.9", "127.0.0.1"]]})
    async with outward.client(allow_private=True) as http:
        answer = await outward.post(http, receiver.url.replace("127.0.0.1", "two.example"), b"{}", {})
    assert answer.status == 204


async def test_a_slow_answer_is_cut_off(receiver):
    receiver.delay_s = 300
    async with outward.client(allow_private=True) as http:
        answer = await outward.post(http, receiver.url, b"{}", {}, total_s=0.3)
    assert answer.error == "no answer within 0.3 s"
    assert 250 <= answer.duration_ms < 60_000


async def test_an_answer_that_drips_for_ever_is_cut_off():
    async def drip(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        try:
            while True:
                writer.write(b"1\r\nx\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with outward.client(allow_private=True) as http:
        answer = await outward.post(http, f"http://127.0.0.1:{port}/", b"{}", {}, total_s=0.5)
    server.close()
    assert answer.error == "no answer within 0.5 s"


async def test_an_answer_without_end_is_not_read_to_its_end():
    sent = 0

    async def flood(reader, writer):
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        try:
            while sent < 10**9:
                writer.write(b"x" * 65536)
                sent += 65536
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    server = await asyncio.start_server(flood, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with outward.client(allow_private=True) as http:
        answer = await outward.post(http, f"http://127.0.0.1:{port}/", b"{}", {}, total_s=5)
    server.close()
    assert answer.status == 200
    assert sent < 20_000_000


@pytest.mark.parametrize("bytes_", [b"\x00\x01nonsense", b"HTTP/1.1 999999 X\r\n\r\n", b"", b"\r\n" * 50000])
async def test_an_answer_that_is_no_http_is_a_failure_like_another(bytes_):
    async def nonsense(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(bytes_)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with outward.client(allow_private=True) as http:
        answer = await outward.post(http, f"http://127.0.0.1:{port}/", b"{}", {}, total_s=2)
    server.close()
    assert answer.status is None
    assert answer.error


async def test_the_certificate_must_be_that_of_the_name(monkeypatch, tmp_path):
    asked_for = []
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert, key = certificate("good.example", tmp_path)
    server_side.load_cert_chain(cert, key)
    server_side.sni_callback = lambda sock, name, context: asked_for.append(name)
    async with receiving() as receiver:
        server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=server_side)
        port = server.sockets[0].getsockname()[1]
        names(monkeypatch, {"good.example": [["127.0.0.1"]], "bad.example": [["127.0.0.1"]]})
        ours = ssl.create_default_context(cafile=cert)
        async with outward.client(allow_private=True, tls=ours) as http:
            good = await outward.post(http, f"https://good.example:{port}/", b"{}", {})
            bad = await outward.post(http, f"https://bad.example:{port}/", b"{}", {})
        server.close()
    assert good.status == 204
    assert "certificate is not valid" in bad.error
    assert asked_for == ["good.example", "bad.example"]
    assert len(receiver.got) == 1


def certificate(name, folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_retry_after_is_read_in_both_forms():
    assert outward.retry_after_s("120") == 120
    soon = format_datetime(clock.now() + timedelta(seconds=90), usegmt=False)
    assert 85 < outward.retry_after_s(soon) <= 90
    assert outward.retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    for nonsense in (None, "", "soon", "-5", "²", "1.5", "Wed, 99 Foo"):
        assert outward.retry_after_s(nonsense) is None


async def test_a_webhook_to_a_private_address_is_never_sent_when_that_is_not_allowed(db, receiver):
    made, _ = await subscribe(db, receiver.url)
    async with working(db, allow_private=False):
        await happen(db, "one")
        async with asyncio.timeout(40):
            while (await subscription(db, made.id)).failing_since is None:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert receiver.got == []
