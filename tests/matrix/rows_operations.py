"""What machines read, and the local inbox of development."""

from tests.matrix.engine import ALL, Row


def _everybody_reads(path: str) -> Row:
    return Row(path=lambda world, side: path, allow={"GET": ALL})


ROWS: dict[str, Row] = {
    "health-live": _everybody_reads("/health/live"),
    "health-ready": _everybody_reads("/health/ready"),
    "robots": _everybody_reads("/robots.txt"),
    "favicon": _everybody_reads("/favicon.ico"),
    "sitemap": _everybody_reads("/sitemap.xml"),
    "security-txt": _everybody_reads("/.well-known/security.txt"),
    "inbox": _everybody_reads("/en/inbox/"),
    "picture": Row(path=lambda world, side: "/pictures/none.png", allow={}, absent=True),
}
