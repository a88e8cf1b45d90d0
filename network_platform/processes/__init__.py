"""What `make run` starts: web, worker, beat, an embedded broker and a local inbox, under one supervisor.

`python -m network_platform.processes` is the entry. Nothing here imports Django: the supervisor starts in an instant.
"""
