"""Listen inside a container's network, and connect from this machine's: PID PORT:HOST:PORT..."""

import asyncio
import ctypes
import os
import socket
import sys

CLONE_NEWNET = 0x40000000


def listening_in(pid: int, ports: list[int]) -> list[socket.socket]:
    """Sockets that listen on the loopback of the network of the process `pid`."""
    own = os.open("/proc/self/ns/net", os.O_RDONLY)
    other = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.setns(other, CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
    sockets = [socket.create_server(("127.0.0.1", port)) for port in ports]
    assert libc.setns(own, CLONE_NEWNET) == 0
    return sockets


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on until the end."""
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


async def main() -> None:
    """Serve until killed."""
    ways = [(int(port), host, int(to)) for port, host, to in (word.split(":") for word in sys.argv[2:])]
    servers = []
    for listening, (_, host, to) in zip(listening_in(int(sys.argv[1]), [way[0] for way in ways]), ways, strict=True):

        async def serve(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str = host, to: int = to
        ) -> None:
            try:
                far_reader, far_writer = await asyncio.open_connection(host, to)
            except OSError:
                writer.close()
                return
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
            writer.close()
            far_writer.close()

        servers.append(await asyncio.start_server(serve, sock=listening))
    print("ready", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main())
