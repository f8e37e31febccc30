"""A web server on 127.0.0.1 that misbehaves as its addresses say: /SCENARIO/TOKEN/SET/FILE.

Prints its port, then serves until standard input ends. A file named NAME-SIZE.bin is SIZE bytes of a fixed pattern;
any other file comes from the folder given as first argument. /log/TOKEN answers with what was asked for under TOKEN.
A request with an absolute address (as proxies get them) is answered by this server itself.
"""

import http.server
import os
import re
import sys
import threading
import time
import urllib.parse

requests = []
stopped = threading.Event()


def content(name):
    size = re.fullmatch(r".*-(\d+)\.bin", name)
    if size:
        return bytes((i * i * 7 + (i >> 8)) & 255 for i in range(int(size[1])))
    with open(os.path.join(sys.argv[1], name), "rb") as file:
        return file.read()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def handle(self):
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            pass

    def do_CONNECT(self):
        requests.append(f"CONNECT {self.path}")
        self.reply(403, b"")

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        scenario, token, rest = address.path.strip("/").split("/", 2) if address.path.count("/") > 2 else (
            *address.path.strip("/").split("/"), "")
        if scenario == "log":
            return self.reply(200, "\n".join(r for r in requests if f"/{token}/" in r).encode())
        requests.append(f"{self.path} {self.headers.get('Range', 'whole')}")
        if scenario == "missing":
            return self.reply(404, b"no such file")
        if scenario == "redirect":
            return self.reply(302, b"over there", Location=f"/good/{token}/{rest}")
        if scenario == "circle":
            return self.reply(302, b"here", Location=self.path)
        if scenario == "chatty":
            return self.endless(b"moved " * 10000, 302, Location=f"/good/{token}/{rest}")
        if scenario == "busy" and sum(f"/{token}/" in r for r in requests) == 1:
            return self.reply(503, b"come back later")
        body = content(os.path.basename(rest))
        first = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if scenario == "altered":
            body = body[: len(body) // 2] + bytes([body[len(body) // 2] ^ 1]) + body[len(body) // 2 + 1 :]
        if scenario == "oversized":
            body += b"more"
        if scenario == "endless":
            return self.endless(body)
        if scenario == "cut" and not first or scenario == "deaf" and not first:
            return self.begin(body, stay=0)
        if scenario == "stalling":
            return self.begin(body, stay=30)
        if scenario == "slow":
            return self.begin(body, stay=1, finish=True)
        if scenario == "shifted" and first:
            return self.part(body, max(0, int(first[1]) - 1))
        if first and scenario != "deaf":
            return self.part(body, int(first[1]))
        self.reply(200, body)

    def part(self, body, start):
        if start >= len(body):
            return self.reply(416, b"")
        self.reply(206, body[start:], **{"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"})

    def begin(self, body, stay, finish=False):
        """Sends one half, stays silent, then sends the rest or hangs up."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        stopped.wait(stay)
        if finish:
            self.wfile.write(body[len(body) // 2 :])
        self.close_connection = True

    def endless(self, body, status=200, **headers):
        """Sends without ever saying how much; gives up after a while, so that no test hangs."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        end = time.monotonic() + 10
        while time.monotonic() < end and not stopped.is_set():
            self.wfile.write(body)

    def reply(self, status, body, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
stopped.set()
