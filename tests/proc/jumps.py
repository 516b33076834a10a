#!/usr/bin/env python3
"""jumps.py: the wall clock jumps by a day, forth and back (libfaketime in the
daemon's processes): no deadline comes early or late, nothing is dropped, and the
Date header follows.
Usage: jumps.py ZIGTTPD LIBFAKETIME"""
import email.utils
import os
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import scratch

ZIGTTPD, LIB = os.path.abspath(sys.argv[1]), sys.argv[2]
PORT = int(os.environ.get("CLOCK_TEST_PORT", "21450"))
DAY = 86400
CODE = """function handler(r) {
	const end = r.path == "/loop" ? Infinity : 0;
	for (let i = 0; i < end; i++);
	return String(Date.now());
}"""


class Client:
    def __init__(self):
        self.sock = socket.create_connection(("127.0.0.1", PORT), 5)
        self.sock.settimeout(15)
        self.rest = b""

    def get(self, path):
        """Status, headers, body."""
        self.sock.sendall(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode())
        while b"\r\n\r\n" not in self.rest:
            self.more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        n = int(headers.get("content-length", 0))
        while len(self.rest) < n:
            self.more()
        body, self.rest = self.rest[:n], self.rest[n:]
        return int(lines[0].split()[1]), headers, body.decode()

    def more(self):
        got = self.sock.recv(4096)
        assert got, "the connection was closed"
        self.rest += got

    def closed_after(self):
        began = time.monotonic()
        assert self.sock.recv(1) == b""
        return time.monotonic() - began


def main():
    tmp = scratch.folder("zigttpd-clock-")
    stamp = os.path.join(tmp, "offset")

    def jump(seconds):
        with open(stamp + ".new", "w") as f:
            f.write("%+d" % seconds)
        os.rename(stamp + ".new", stamp)

    jump(0)
    env = dict(os.environ, LD_PRELOAD=LIB, FAKETIME_TIMESTAMP_FILE=stamp, FAKETIME_NO_CACHE="1",
               FAKETIME_DONT_FAKE_MONOTONIC="1", DONT_FAKE_MONOTONIC="1")
    err = open(os.path.join(tmp, "stderr"), "w+")
    # the sandbox would keep libfaketime from its file
    server = subprocess.Popen(
        [ZIGTTPD, "-q", "-n", "2", "-p", str(PORT), "-s", "sandbox=off", "-s", "limits.handler_timeout=500ms",
         "-s", "limits.keep_alive=3s", "-e", CODE], env=env, stderr=err)
    checks = 0
    try:
        end = time.monotonic() + 8
        while True:
            try:
                kept = Client()
                break
            except OSError:
                assert time.monotonic() < end and server.poll() is None, "does not start"
                time.sleep(0.02)
        assert kept.get("/")[0] == 200
        for offset in (DAY, -DAY):
            idle = Client()
            assert idle.get("/")[0] == 200
            began = time.monotonic()
            jump(offset)
            # an open connection goes on, whatever the wall clock says
            time.sleep(1.2)
            status, headers, body = kept.get("/")
            now = time.time() + offset
            assert status == 200 and abs(int(body) / 1000 - now) < 3, (offset, body, now)
            date = email.utils.parsedate_to_datetime(headers["date"]).timestamp()
            assert abs(date - now) < 3, (offset, headers["date"])
            # a handler has its time, not less and not much more
            looping = time.monotonic()
            status = Client().get("/loop")[0]
            took = time.monotonic() - looping
            assert status == 504 and 0.4 < took < 5, (offset, status, took)
            # an idle connection as well
            idle.closed_after()
            took = time.monotonic() - began
            assert 2.5 < took < 9, (offset, took)
            kept = Client()
            assert kept.get("/")[0] == 200
            checks += 4
        server.send_signal(signal.SIGTERM)
        assert server.wait(8) == 0
        err.seek(0)
        assert "stuck" not in err.read()
        print("%d passed, 0 failed" % checks)
        return 0
    except AssertionError as e:
        err.seek(0)
        print("FAIL", e, err.read())
        return 1
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
        subprocess.run(["rm", "-rf", tmp], check=False)


sys.exit(main())
