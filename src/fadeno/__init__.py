"""fadeno keeps one thread per customer through every channel a company has."""

__version__ = "0.1.0"
