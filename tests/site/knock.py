"""Print, as JSON, which ports answer: SOURCE HOST PORT..., all tried at once."""

import asyncio
import json
import sys

PATIENCE_S = 1.0


async def answers(source: str, host: str, port: int) -> bool:
    """Whether anything comes back, be it a refusal."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(host, port, local_addr=(source, 0))
    except ConnectionRefusedError:
        return True
    except OSError:  # silence too
        return False
    writer.close()
    return True


async def main() -> None:
    """Try them all."""
    source, host, *ports = sys.argv[1:]
    tried = await asyncio.gather(*(answers(source, host, int(port)) for port in ports))
    print(json.dumps([int(port) for port, answered in zip(ports, tried, strict=True) if answered]))


asyncio.run(main())
