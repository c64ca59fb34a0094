"""A server that speaks as much S3 as a listing needs: pages of ListObjectsV2 made up as they are asked for."""
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from benchmarks import pages


class Responder:
    """The bucket `keys` with this many keys, on a port of 127.0.0.1; `entry` writes one by its number."""

    def __init__(self, keys, entry=pages.entry):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_GET(self):
                query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
                if "versioning" in query:
                    return self.answer(b"<VersioningConfiguration/>")
                first = int(query.get("continuation-token", ["0"])[0])
                self.answer(pages.page(first, keys, entry).encode())

            def do_HEAD(self):
                self.answer(b"")

            def answer(self, body):
                self.send_response(200)
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)
                self.wfile.flush()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.endpoint = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
