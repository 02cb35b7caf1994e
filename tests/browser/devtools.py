"""A headless Chromium, driven over its own pipe: no library and no port between a test and the browser.

The protocol (Chrome DevTools) sends JSON messages that end in a zero byte, to descriptor 3 of the browser and back from
its descriptor 4.
"""

import base64
import json
import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PATIENCE = 120.0

Event = dict[str, Any]


class Page:
    """One tab. ``events`` are what the browser said so far: console messages, exceptions, requests."""

    def __init__(self, program: str, profile: Path) -> None:
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()

        def pipes() -> None:  # the descriptors that Chromium expects
            os.dup2(os.dup(to_browser), 3)
            os.dup2(os.dup(from_browser), 4)

        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            preexec_fn=pipes,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._number, self._buffer, self._session = 0, b"", ""
        self.events: list[Event] = []
        targets = self._call("Target.getTargets")["targetInfos"]
        target = next(found["targetId"] for found in targets if found["type"] == "page")
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        self._call("Emulation.setFocusEmulationEnabled", enabled=True)  # as if the window were in front

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(30)
        os.close(self._out)
        os.close(self._in)

    def open(self, address: str) -> float:
        """Load the page and return the seconds until it was loaded and drawn for the first time."""
        self.events.clear()
        self._call("Page.navigate", url="about:blank")
        self.events.clear()
        self._call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")
        self.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
        entry = "performance.getEntriesByType('navigation')[0]"
        return float(self.run(f"{entry}.loadEventEnd - {entry}.startTime")) / 1000

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression (of a promise, when it is kept)."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{script}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Until the expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(condition):
            assert time.monotonic() < end, f"never: {condition}"

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key: a character, or Tab, Enter, Escape, ArrowDown."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38}
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        sent: dict[str, Any] = {"key": key, "modifiers": 8 if shift else 0}
        if key in codes:
            sent |= {"code": key, "windowsVirtualKeyCode": codes[key]}
        pressed = {"text": text} if text else {}
        self._call("Input.dispatchKeyEvent", type="keyDown", **sent, **pressed)
        self._call("Input.dispatchKeyEvent", type="keyUp", **sent)

    def write(self, text: str) -> None:
        """Press the keys of a text."""
        for character in text:
            self.press(character)

    def media(self, *, dark: bool = False, printed: bool = False) -> None:
        """Show the page in a dark scheme, or as on paper."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._call("Emulation.setEmulatedMedia", media="print" if printed else "", features=scheme)

    def resize(self, width: int, height: int) -> None:
        """The size of the window; narrow ones are telephones."""
        self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def screenshot(self, file: Path, *, whole: bool = False) -> None:
        """A picture of the window, or of the whole page."""
        found = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(found["data"]))

    def pdf(self) -> bytes:
        """The page as it is printed."""
        return base64.b64decode(self._call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def _call(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer.get('error')}"
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def _next(self) -> Event:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            assert ready, "the browser does not answer"
            read = os.read(self._in, 1 << 20)
            assert read, "the browser is gone"
            self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        found: Event = json.loads(message)
        return found
