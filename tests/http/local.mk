# tests/http/: the server over its sockets.
