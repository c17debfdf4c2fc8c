"""An embedding service that costs nothing: OpenAI's `POST /v1/embeddings`, whose vectors come from a hash of the text.
A process of its own; prints its port. Ends with its standard input."""
import asyncio
import json
import os
import sys
import threading
import zlib

DIMENSIONS = 8


def vector(text):
    bits = zlib.crc32(text.encode("utf-8", "replace"))
    return [((bits >> shift) & 15) - 7.5 for shift in range(0, 4 * DIMENSIONS, 4)]


class Service(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.buffer = transport, bytearray()

    def data_received(self, data):
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            length = 0
            for line in bytes(self.buffer[:end]).lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line[15:])
            if len(self.buffer) < end + 4 + length:
                return
            body = bytes(self.buffer[end + 4 : end + 4 + length])
            del self.buffer[: end + 4 + length]
            texts = json.loads(body)["input"]
            texts = [texts] if isinstance(texts, str) else texts
            data = [{"object": "embedding", "index": index, "embedding": vector(text)} for index, text in enumerate(texts)]
            answer = json.dumps({"object": "list", "data": data, "model": "stub", "usage": {"prompt_tokens": 1, "total_tokens": 1}}).encode()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


async def main():
    server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=end_with_parent, daemon=True).start()
    await server.serve_forever()


asyncio.run(main())
