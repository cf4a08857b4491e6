"""What carries messages to providers, by the transport a channel's label names."""

from fadeno.switchboard.wires.smtp import smtp

__all__ = ["smtp"]
