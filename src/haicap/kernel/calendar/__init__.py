"""The working calendar as data: days off, make-up days and opening hours, for the nation and for a province."""
