"""Transfers: looking up elsewhere, the handshake between two areas, their pages."""
