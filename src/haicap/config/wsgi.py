"""What the web server imports."""

import gc

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

# What was loaded stays for the life of the process: the collector need not walk it again and again, and a page that makes
# some thousand short-lived objects is done before a collection would find anything (measured: a tenth of a page's time).
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
