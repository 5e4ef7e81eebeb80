"""Stands in for what runs on a node. Usage: stand-in.py PORT[:STATUS]...: with a status it answers HTTPS, as an API server does."""
import http.server
import socketserver
import ssl
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Greeting(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"here\n")


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def start(port, status):
    server = Server(("", port), Handler if status else Greeting)
    if status:
        server.status = status
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("/etc/stand-in.crt", "/etc/stand-in.key")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever).start()


for word in sys.argv[1:]:
    port, _, status = word.partition(":")
    start(int(port), int(status or 0))
