"""Servers for the tests: S3 over HTTP by moto, a plain web server, and a proxy that cuts connections half-way."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_START = (
    "import sys; sys.argv = ['moto_server', '-H', '127.0.0.1', '-p', sys.argv[1]]; from moto.server import main; main()"
)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class S3:
    port: int

    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
        }

    def ask(self, method: str, path: str, data: bytes | None = None) -> bytes:
        plain = {"Content-Type": "text/plain"}
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, data=data, method=method, headers=plain if data else {})
        with urllib.request.urlopen(request) as answer:
            return bytes(answer.read())

    def refuse(self) -> None:
        """From here on nobody may do anything."""
        self.ask("POST", "/moto-api/reset-auth", b"0")

    def emptied(self) -> S3:
        self.ask("POST", "/moto-api/reset-auth", b"1e9")
        self.ask("POST", "/moto-api/reset")
        self.ask("PUT", "/logs")
        return self

    @cached_property
    def store(self) -> Any:
        from obstore.store import S3Store

        return S3Store(
            "logs",
            endpoint=f"http://127.0.0.1:{self.port}",
            access_key_id="somebody",
            secret_access_key="secret",
            region="us-east-1",
            client_options={"allow_http": True},
        )

    def put(self, name: str, data: bytes | str) -> None:
        from obstore import put

        put(self.store, name, data.encode() if isinstance(data, str) else data, use_multipart=False)


def s3_server() -> Iterator[S3]:
    port = free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", _START, str(port)], **quiet) as process:
        try:
            _wait(port, process)
            yield S3(port)
        finally:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port))):
            return
        assert process.poll() is None, "the server did not start"
        time.sleep(0.1)
    raise AssertionError("the server is not there")


@dataclass
class Web:
    port: int
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"


def web_server() -> Iterator[Web]:
    web = Web(0)

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(body=True)

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def answer(self, *, body: bool) -> None:
            span = self.headers.get("Range", "")
            web.asked.append((self.path, span))
            data = web.files.get(self.path.lstrip("/"))
            if data is None:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            part = re.fullmatch(r"bytes=(\d+)-(\d+)", span)
            given = data[int(part[1]) : int(part[2]) + 1] if part else data
            self.send_response(206 if part else 200)
            self.send_header("Content-Length", str(len(given)))
            self.send_header("Last-Modified", "Sat, 21 Nov 2026 01:00:00 GMT")
            if part:
                self.send_header("Content-Range", f"bytes {part[1]}-{int(part[1]) + len(given) - 1}/{len(data)}")
            self.end_headers()
            if body:
                self.wfile.write(given)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Cut:
    """A way to a server on which connections break after so many bytes, so many times; then it may be dead."""

    port: int
    times: int
    dies: bool
    broken: int = 0

    @property
    def dead(self) -> bool:
        return self.dies and self.broken >= self.times


@contextmanager
def cutting(port: int, *, after: int, times: int, dies: bool = False) -> Iterator[Cut]:
    """A proxy that cuts the answer to a GET when more than `after` bytes of it have gone through."""
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        cut = Cut(door.getsockname()[1], times, dies)
        threading.Thread(target=_accept, args=(door, port, cut, after), daemon=True).start()
        yield cut


def _accept(door: socket.socket, port: int, cut: Cut, after: int) -> None:
    while True:
        try:
            client, _ = door.accept()
        except OSError:
            # The test is over.
            return
        if cut.dead:
            client.close()
            continue
        server = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=_pump, args=(client, server, None, 0), daemon=True).start()
        threading.Thread(target=_pump, args=(server, client, cut, after), daemon=True).start()


def _pump(giver: socket.socket, taker: socket.socket, cut: Cut | None, after: int) -> None:
    passed = 0
    with suppress(OSError):
        while data := giver.recv(1 << 16):
            passed += len(data)
            if cut is not None and passed > after and cut.broken < cut.times:
                cut.broken += 1
                break
            taker.sendall(data)
    for end in (giver, taker):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
