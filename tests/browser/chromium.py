"""A headless Chromium, told what to do over its debugging pipe: nothing to install but the browser itself."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# What a page says of these is not its own doing.
_SCHEMES = ("data:", "about:", "blob:")


def chromium() -> str:
    """The browser; without one the test is skipped, or fails where FASTLOGS_CHROMIUM=required says so."""
    asked = os.environ.get("FASTLOGS_CHROMIUM", "")
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and asked == "required":
        pytest.fail("FASTLOGS_CHROMIUM=required, and no chromium: apt-get install chromium")
    if found is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    return found


class Browser:
    """One browser with one page; what the page asks for, logs and throws is kept."""

    def __init__(self, profile: Path, *, width: int = 1280, height: int = 900) -> None:
        command = [
            chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            f"--user-data-dir={profile}", f"--window-size={width},{height}", "--remote-debugging-pipe", "about:blank",
        ]  # fmt: skip
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        self._process = subprocess.Popen(
            # The browser listens at 3 and answers at 4.
            ["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", *command],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._last, self._left, self._session = 0, b"", ""
        self.requests: list[str] = []
        self.errors: list[str] = []
        self._loaded = False
        page = next(t for t in self.tell("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self._session = self.tell("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.tell(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._out)
        os.close(self._in)

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to one command; what happens meanwhile is kept."""
        self._last += 1
        wanted = self._last
        message = {"id": wanted, "method": method, "params": params}
        message |= {"sessionId": self._session} if self._session else {}
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + 60
        while True:
            heard = self._hear(end)
            if heard.get("id") == wanted:
                assert "error" not in heard, heard["error"]
                return heard["result"]

    def _hear(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._left:
            assert select.select([self._in], [], [], max(end - time.monotonic(), 0))[0], "the browser says nothing"
            told = os.read(self._in, 1 << 20)
            assert told, "the browser has gone"
            self._left += told
        line, _, self._left = self._left.partition(b"\0")
        heard = json.loads(line)
        self._keep(heard.get("method", ""), heard.get("params", {}))
        return heard

    def _keep(self, method: str, said: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent" and not said["request"]["url"].startswith(_SCHEMES):
            self.requests.append(said["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(said["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif method == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning", "assert"):
            self.errors.append(" ".join(str(arg.get("value", "")) for arg in said["args"]))
        elif method == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
            self.errors.append(said["entry"]["text"])
        elif method == "Page.loadEventFired":
            self._loaded = True

    def open(self, path: Path) -> None:
        """Shows a file, and waits until it is loaded."""
        self._loaded = False
        self.tell("Page.navigate", url=path.absolute().as_uri())
        end = time.monotonic() + 60
        while not self._loaded:
            self._hear(end)

    def ask(self, script: str) -> Any:
        """The value of an expression in the page, awaited."""
        found = self.tell("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, script: str, seconds: float = 30) -> Any:
        """The value of an expression, once it is true."""
        end = time.monotonic() + seconds
        while not (value := self.ask(script)):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.05)
        return value

    def place(self, selector: str) -> tuple[float, float, float, float]:
        """Where an element is in the window, moved into it."""
        found = json.dumps(selector)
        self.ask(f"document.querySelector({found}).scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = self.ask(f"JSON.stringify(document.querySelector({found}).getBoundingClientRect())")
        return tuple(json.loads(box)[key] for key in ("left", "top", "width", "height"))  # type: ignore[return-value]

    def click(self, selector: str) -> None:
        """A real click in the middle of an element."""
        left, top, width, height = self.place(selector)
        self.drag((left + width / 2, top + height / 2), (left + width / 2, top + height / 2))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Presses at one place of the window, releases at another."""
        mouse: Callable[..., Any] = lambda kind, at, **how: self.tell(  # noqa: E731
            "Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left", buttons=1, clickCount=1, **how
        )
        self.tell("Input.dispatchMouseEvent", type="mouseMoved", x=start[0], y=start[1])
        mouse("mousePressed", start)
        for share in (0.25, 0.5, 0.75, 1.0) if start != end else ():
            mouse("mouseMoved", tuple(a + share * (b - a) for a, b in zip(start, end, strict=True)))
        mouse("mouseReleased", end)

    def press(self, key: str, code: int, **how: Any) -> None:
        """A key, down and up."""
        for kind in ("keyDown", "keyUp"):
            self.tell("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **how)

    def show_as(self, *, scheme: str = "light", media: str = "screen") -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.tell("Emulation.setEmulatedMedia", media=media, features=features)

    def picture(self, into: Path, *, whole: bool = False) -> Path:
        """A screenshot of the window, or of the whole page."""
        told = self.tell("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        into.write_bytes(base64.b64decode(told["data"]))
        return into

    def paper(self, into: Path) -> Path:
        """The page as it is printed."""
        self.show_as(media="")
        told = self.tell("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        into.write_bytes(base64.b64decode(told["data"]))
        return into
