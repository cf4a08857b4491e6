"""What carries messages to providers, by the transport a channel's label names."""

from fadeno.switchboard.wires.http import asked, http
from fadeno.switchboard.wires.smtp import sign_in, smtp

__all__ = ["asked", "http", "sign_in", "smtp"]
