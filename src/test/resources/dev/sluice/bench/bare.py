# The least that answers Lambda's events: it sends each back as it came.
import os
import socket

host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].rsplit(":", 1)
connection = socket.create_connection((host, int(port)))
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
answers = connection.makefile("rb", 64 * 1024)
API = b" /2018-06-01/runtime/invocation/"
HOST = b" HTTP/1.1\r\nHost: runtime\r\n"


def answer():
    request_id = None
    length = 0
    for line in iter(answers.readline, b"\r\n"):
        name, _, value = line.partition(b":")
        name = name.lower()
        if name == b"content-length":
            length = int(value)
        elif name == b"lambda-runtime-aws-request-id":
            request_id = value.strip()
    return request_id, answers.read(length)


while True:
    connection.sendall(b"GET" + API + b"next" + HOST + b"\r\n")
    request_id, event = answer()
    connection.sendall(b"POST" + API + request_id + b"/response" + HOST + b"Content-Length: %d\r\n\r\n" % len(event) + event)
    answer()
