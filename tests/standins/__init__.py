"""Servers and clients that speak the real wire formats of services that tests cannot reach."""
