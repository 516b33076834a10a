# tests/proc/: the processes of the server: crashes, reloads, signals.
