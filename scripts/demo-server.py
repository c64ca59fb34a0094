#!/usr/bin/env python3
"""A slow web server for the demo: one folder on loopback, a free port, plain Python.

Usage: demo-server.py FOLDER LOG [BYTES_PER_SECOND]

Prints its port and a newline when it listens. Answers GET and HEAD with Content-Length, ETag and Last-Modified, honours
Range with If-Range, keeps connections alive, and gives each transfer at most BYTES_PER_SECOND, so that there is some
progress to watch. LOG gets "METHOD PATH STATUS" per request.
"""
import email.utils
import os
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER, LOG = os.path.abspath(sys.argv[1]), open(sys.argv[2], "a", buffering=1)
RATE = int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 20
PIECE = 32 << 10


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer(with_body=True)

    def do_HEAD(self):
        self.answer(with_body=False)

    def answer(self, with_body):
        path = os.path.normpath(os.path.join(FOLDER, self.path.split("?")[0].lstrip("/")))
        if not path.startswith(FOLDER + os.sep) or not os.path.isfile(path):
            return self.refuse(404, b"no such shard\n", with_body)
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            etag = '"%x-%x"' % (status.st_mtime_ns, status.st_size)
            first, last = 0, status.st_size - 1
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            partial = asked is not None and self.headers.get("If-Range", etag) == etag
            if partial:
                first = int(asked[1])
                last = min(last, int(asked[2])) if asked[2] else last
                if first > last:
                    return self.refuse(416, b"", with_body)
            self.send_response(206 if partial else 200)
            if partial:
                self.send_header("Content-Range", "bytes %d-%d/%d" % (first, last, status.st_size))
            self.send_header("Content-Type", "application/x-tar")
            self.send_header("Content-Length", str(last - first + 1))
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", email.utils.formatdate(status.st_mtime, usegmt=True))
            self.end_headers()
            if with_body:
                file.seek(first)
                self.pour(file, last - first + 1)

    def pour(self, file, left):
        began, sent = time.monotonic(), 0
        while left > 0 and (piece := file.read(min(PIECE, left))):
            self.wfile.write(piece)
            left -= len(piece)
            sent += len(piece)
            time.sleep(max(0.0, sent / RATE - (time.monotonic() - began)))

    def refuse(self, status, body, with_body):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_request(self, code="-", size="-"):
        LOG.write("%s %s %s\n" % (self.command, self.path, int(code)))

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that went away is no news


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
