"""Dossiers over HTTP: received, listed, moved, followed. Mounted at `/api/v1`."""

from haicap.domain.dossiers.api import cases, files, intake, lists, tracking
from haicap.domain.dossiers.api.base import router

__all__ = ["cases", "files", "intake", "lists", "router", "tracking"]
