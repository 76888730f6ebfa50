"""Dossiers over HTTP: received, listed, moved, followed. Mounted at `/api/v1`."""

from haicap.domain.dossiers.api import allotment, cases, files, intake, lists, slips, tracking
from haicap.domain.dossiers.api.base import router

__all__ = ["allotment", "cases", "files", "intake", "lists", "router", "slips", "tracking"]
