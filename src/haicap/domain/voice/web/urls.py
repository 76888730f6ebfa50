"""Addresses below `/desk/to-cao/`."""

from django.urls import path

from haicap.domain.voice.web import denunciations as pages

urlpatterns = [
    path("", pages.index, name="denunciations"),
    path("moi/", pages.new, name="denunciation-new"),
    path("<str:code>/", pages.show, name="denunciation"),
    path("<str:code>/nguoi-to-cao/", pages.identity, name="denouncer"),
    path("<str:code>/giao/", pages.give, name="denunciation-give"),
    path("<str:code>/<slug:move>/", pages.move, name="denunciation-move"),
]
