"""The database: where it is, how it is started, and what it must hold before the application may use it."""
