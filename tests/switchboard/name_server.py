"""A name server of our own on this machine, over UDP as real ones are, that says what it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class NameServer:
    """Records by (name, type), each as a zone file writes it.

    Attributes:
        mood: answers, silent, fails (SERVFAIL), garbage.
    """

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    mood: str = "answers"
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""

    def says(self, name: str, kind: str, *values: str) -> None:
        self.records[name, kind] = [f'"{one}"' if kind == "TXT" else one for one in values]

    def answer(self, question: bytes) -> bytes | None:
        if self.mood == "silent":
            return None
        asked = dns.message.from_wire(question)
        answer = dns.message.make_response(asked)
        if self.mood == "garbage":
            return answer.to_wire()[:2] + b"\xff" * 40
        if self.mood == "fails":
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer.to_wire()
        (one,) = asked.question
        name, kind = one.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(one.rdtype)
        self.asked.append((name, kind))
        if values := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text_list(one.name, 60, "IN", kind, values))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


class _Line(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self.server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if (said := self.server.answer(data)) is not None:
            self.transport.sendto(said, addr)


@asynccontextmanager
async def name_server() -> AsyncIterator[NameServer]:
    """One that runs as long as the block."""
    server = NameServer()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Line(server), local_addr=("127.0.0.1", 0)
    )
    server.address = "127.0.0.1:{}".format(transport.get_extra_info("sockname")[1])
    yield server
    transport.close()
