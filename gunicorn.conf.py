"""How gunicorn serves; gunicorn reads this file from the directory it is started in."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True
# Its default place is the home directory, which a service account need not have.
control_socket_disable = True
