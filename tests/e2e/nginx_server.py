"""nginx in front of a target: TLS, connections that it closes when it likes, pages of its own."""

import os
import pathlib
import signal
import socket
import subprocess

from certificates import make_certificates
from harness import find_free_port, wait_until

PACKAGES = ["nginx-light"]

CONFIGURATION = """
{user}
daemon off;
pid {folder}/nginx.pid;
worker_processes 1;
error_log {folder}/error.log notice;
events {{ worker_connections 256; }}
http {{
    log_format requests '$connection $request_method $status $ssl_protocol $server_protocol';
    access_log {folder}/access.log requests;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream target {{ server 127.0.0.1:{target}; keepalive 8; }}
    server {{
        listen 127.0.0.1:{port} ssl{http2};
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        {settings}
        location / {{
            proxy_pass http://target;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""


class Nginx:
    """Passes on to a port of loopback; `settings` are directives for the server."""

    def __init__(self, folder, target, settings="", has_http2=False):
        self.folder = pathlib.Path(folder)
        self.target = target
        self.settings = settings
        self.has_http2 = has_http2
        self.process = None
        make_certificates(self.folder)
        self.start()

    @property
    def authority(self):
        return self.folder / "ca.pem"

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"

    def start(self):
        """Starts it; where somebody took the port in between, on another."""
        for _ in range(10):
            self.port = find_free_port()
            text = CONFIGURATION.format(
                user="user root;" if os.geteuid() == 0 else "",
                folder=self.folder,
                target=self.target,
                port=self.port,
                settings=self.settings,
                http2=" http2" if self.has_http2 else "",
            )
            (self.folder / "nginx.conf").write_text(text)
            command = ["/usr/sbin/nginx", "-p", self.folder, "-c", self.folder / "nginx.conf"]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
            wait_until(lambda: self.is_listening() or self.process.poll() is not None, "it listens")
            if self.process.poll() is None:
                return
        raise AssertionError((self.folder / "error.log").read_text())

    def is_listening(self):
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def reload(self):
        """New workers take over; the old ones end what they have and close what is idle."""
        before = self.workers_started()
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.workers_started() > before, "new workers take over")

    def workers_started(self):
        return (self.folder / "error.log").read_text().count("start worker process ")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def requests(self):
        """(connection, method, status, TLS, HTTP) of each request that it has answered."""
        log = self.folder / "access.log"
        return [tuple(line.split()) for line in log.read_text().splitlines()]
