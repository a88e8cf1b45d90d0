"""How the processes are run: read by the process manager, by gunicorn's configuration and by the settings table."""

from network_platform.environment import declare, declare_int, group

group("Processes")
WEB_HOST = declare("WEB_HOST", "127.0.0.1", "Address that the web server listens on.")
PORT = declare("PORT", "8000", "Port that the web server listens on.")
WEB_BIND = declare(
    "WEB_BIND", "", "Where gunicorn listens instead of WEB_HOST:PORT, such as `unix:/run/speca/web.sock`."
)
WEB_WORKERS = declare_int("WEB_WORKERS", 2, "Web processes.")
WEB_THREADS = declare_int("WEB_THREADS", 4, "Threads of each web process.")
WEB_TIMEOUT = declare_int("WEB_TIMEOUT", 60, "Seconds after which a web process that hangs is replaced.")
WEB_MAX_REQUESTS = declare_int("WEB_MAX_REQUESTS", 2000, "Requests after which a web process is replaced (about).")
TASK_PROCESSES = declare_int("TASK_PROCESSES", 2, "Processes of the Celery worker.")
BROKER_SERVER = declare(
    "BROKER_SERVER",
    "",
    "Path of the valkey-server or redis-server that `make run` starts; empty: found.",
)
