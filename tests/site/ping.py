"""Print how many pings are answered of those that are sent at once: SOURCE HOST COUNT."""

import socket
import struct
import sys

PATIENCE_S = 1.0
ECHO_REQUEST, ECHO_REPLY = 8, 0
IP_HEADER_BYTES = 20


def ping(sequence: int) -> bytes:
    """One that holds nothing, with its checksum."""
    words = (ECHO_REQUEST << 8, 1, sequence)
    folded = sum(words)
    folded = (folded & 0xFFFF) + (folded >> 16)
    return struct.pack("!4H", words[0], ~folded & 0xFFFF, *words[1:])


source, host, count = sys.argv[1:]
answered: set[int] = set()
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as line:
    line.bind((source, 0))
    line.settimeout(PATIENCE_S)
    for number in range(int(count)):
        line.sendto(ping(number), (host, 0))
    try:
        while len(answered) < int(count):
            kind, *_, sequence = struct.unpack_from("!4H", line.recv(1024), IP_HEADER_BYTES)
            if kind >> 8 == ECHO_REPLY:
                answered.add(sequence)
    except TimeoutError:
        pass
print(len(answered))
