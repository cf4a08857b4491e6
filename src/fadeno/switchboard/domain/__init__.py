"""What the DNS says of the domain mails are sent from: may our server send, is what it signs known, what if neither.

Mails of a domain that says none of this end among spam, or anybody can write in its name.
"""

from fadeno.switchboard.domain.asking import Dns
from fadeno.switchboard.domain.examining import domain_check
from fadeno.switchboard.domain.model import DomainCheck, Finding, NoDomain, Record

__all__ = ["Dns", "DomainCheck", "Finding", "NoDomain", "Record", "domain_check"]
