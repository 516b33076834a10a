"""ports.py: TCP ports for servers under test, never the same one for two tests
that run at the same time: a port is ours while we hold the abstract unix socket
"zigttp-test-port-N" (the tests in C take the same: tests/http/client.c)."""
import random, socket, sys

FIRST, LAST = 19000, 20999
_held = []

def take():
    """A port on which nobody listens; ours until this process ends."""
    for port in random.sample(range(FIRST, LAST + 1), LAST - FIRST + 1):
        lock = socket.socket(socket.AF_UNIX)
        probe = socket.socket()
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            lock.bind("\0zigttp-test-port-%d" % port)
            probe.bind(("127.0.0.1", port))
            _held.append(lock)
            return port
        except OSError:
            lock.close()
        finally:
            probe.close()
    sys.exit("no port is free")
