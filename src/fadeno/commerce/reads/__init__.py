"""Questions about commerce."""
